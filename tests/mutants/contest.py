"""Mutants against the simulation: each in a private copy of the tree, several at a time, nothing left behind."""

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.patches import PatchError, apply_patch

ROOT = Path(__file__).resolve().parents[2]
PLANTED = Path(__file__).resolve().parent / "planted"
#: Wall seconds one seed may take; usual are 0.4, several times that on a busy machine.
SEED_PATIENCE_S = 60.0
HANG = "hang"
_SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")
#: Compiled once, instead of at the start of every mutant.
_IMPORTED = ("app/domain", "app/engine", "app/adapters/storage", "tests/simulation", "tests/mutants")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted bug: ``words`` is the line above its diff."""

    name: str
    words: str
    diff: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant. ``invariant`` is None when no seed noticed it."""

    name: str
    file: str
    words: str
    invariant: str | None
    seed: int | None
    seconds: float
    said: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """The first thing a run of seeds noticed."""

    invariant: str
    seed: int
    words: str


def planted(folder: Path = PLANTED) -> list[Mutant]:
    """Every mutant of the folder, by name."""
    return [read_mutant(path) for path in sorted(folder.glob("*.diff"))]


def read_mutant(path: Path) -> Mutant:
    """One diff file; the words above the first ``---`` describe the bug."""
    text = path.read_text(encoding="utf-8")
    words = text.split("--- ", 1)[0].strip().splitlines()
    return Mutant(path.stem, words[0] if words else "", text)


class Copies:
    """Private copies of app/ and tests/, taken from one state of the tree; removed at the end."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._pristine = base / "pristine"
        for name in ("app", "tests"):
            shutil.copytree(ROOT / name, self._pristine / name, ignore=_SKIPPED)
        for name in _IMPORTED:
            compileall.compile_dir(self._pristine / name, quiet=2)

    @contextmanager
    def fresh(self, name: str) -> Iterator[Path]:
        """A copy to change and run in."""
        folder = self.base / name
        shutil.copytree(self._pristine, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copies() -> Iterator[Copies]:
    """A place for copies, in memory where the system offers it."""
    memory = Path("/dev/shm")
    base = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="gwanje-mutants-", dir=base))
    try:
        yield Copies(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Trials:
    """Starts and ends the processes. ``end`` may be called at any time and ends all of them."""

    def __init__(self, patience_s: float = SEED_PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False

    def run(self, folder: Path, seeds: Sequence[int], every: bool = False) -> Iterator[Noticed]:
        """Seeds in a fresh interpreter with ``folder`` as its tree; yields what they notice."""
        words = [str(self.patience_s), "every" if every else "first", *map(str, seeds)]
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            process = self._start(folder, words, environment, errors)
            scratch: list[str] = []
            try:
                yield from self._follow(process, list(seeds), scratch, errors)
            finally:
                self._finish(process)
                for left in scratch:  # a child that was killed could not tidy up
                    shutil.rmtree(left, ignore_errors=True)

    def end(self) -> None:
        """Kill everything that runs; nothing new starts."""
        with self._lock:
            self._ended = True
            for process in self._running:
                process.kill()

    def _start(
        self, folder: Path, words: list[str], environment: dict[str, str], errors: object
    ) -> "subprocess.Popen[str]":
        with self._lock:
            if self._ended:
                raise KeyboardInterrupt
            process = subprocess.Popen(
                [sys.executable, "-B", "-m", "tests.mutants.trial", *words],
                cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,  # type: ignore[call-overload]
                text=True, encoding="utf-8",
            )  # fmt: skip
            self._running.add(process)
        return process

    def _follow(
        self, process: "subprocess.Popen[str]", left: list[int], scratch: list[str], errors: object
    ) -> Iterator[Noticed]:
        assert process.stdout is not None
        # The child's own watch cannot end a child that cannot run: stopped, or swapped out.
        watch = threading.Timer(self.patience_s * (len(left) + 1), process.kill)
        watch.start()
        try:
            for line in process.stdout:
                said = json.loads(line)
                if "scratch" in said:
                    scratch.append(said["scratch"])
                    continue
                left.remove(said["seed"])
                if "invariant" in said:
                    yield Noticed(said["invariant"], said["seed"], said["words"])
            status = process.wait()
        finally:
            watch.cancel()
        if self._ended:
            raise KeyboardInterrupt  # killed on request: that says nothing about the mutant
        if status:
            errors.seek(0)  # type: ignore[attr-defined]
            last = errors.read()[-4000:]  # type: ignore[attr-defined]
            kind = HANG if "Timeout (" in last else "crash"
            yield Noticed(kind, left[0] if left else -1, last.strip().splitlines()[-1] if last.strip() else str(status))

    def _finish(self, process: "subprocess.Popen[str]") -> None:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
        with self._lock:
            self._running.discard(process)


def try_mutant(mutant: Mutant, place: Copies, trials: Trials, seeds: Sequence[int]) -> Verdict:
    """One mutant against the seeds, up to the first violation.

    Raises:
        PatchError: its diff does not fit the tree; the text begins with the mutant's name.
    """
    begun = time.monotonic()
    with place.fresh(mutant.name) as folder:
        try:
            files = apply_patch(mutant.diff, folder)
        except PatchError as error:
            raise PatchError(f"{mutant.name}: {error}") from error
        for path in files:  # the compiled twin is told apart by time and size only
            for stale in (folder / path).parent.glob(f"__pycache__/{Path(path).stem}.*.pyc"):
                stale.unlink()
        noticed = next(trials.run(folder, seeds), None)
    spent = round(time.monotonic() - begun, 1)
    if noticed is None:
        return Verdict(mutant.name, ", ".join(files), mutant.words, None, None, spent, "")
    return Verdict(mutant.name, ", ".join(files), mutant.words, noticed.invariant, noticed.seed, spent, noticed.words)


def check_untouched(place: Copies, trials: Trials, seeds: Sequence[int]) -> list[Noticed]:
    """What the tree without any mutant does on the seeds: must be nothing, else a finding proves nothing."""
    if not seeds:
        return []
    with place.fresh("untouched") as folder:
        return list(trials.run(folder, seeds, every=True))


def try_all(
    mutants: Sequence[Mutant], place: Copies, trials: Trials, seeds: Sequence[int], jobs: int,
    told: Callable[[Verdict], None],
) -> list[Verdict]:  # fmt: skip
    """Every mutant, ``jobs`` at a time; in the order of ``mutants``.

    Raises:
        PatchError: a diff does not fit.
    """
    waiting = list(reversed(mutants))
    verdicts: dict[str, Verdict] = {}
    failures: list[BaseException] = []

    def work() -> None:
        while waiting and not failures:
            try:
                mutant = waiting.pop()
                verdicts[mutant.name] = try_mutant(mutant, place, trials, seeds)
            except (Exception, KeyboardInterrupt) as error:  # raised again below, in the caller's thread
                failures.append(error)
                return
            told(verdicts[mutant.name])

    threads = [threading.Thread(target=work, name=f"mutants-{number}") for number in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # short, so that Ctrl-C is heard on every system
    finally:
        if any(thread.is_alive() for thread in threads):
            trials.end()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return [verdicts[mutant.name] for mutant in mutants]
