"""``python -m tests.crash``: kill -9 at named points and at random times; one JSON object on standard output.

    python -m tests.crash --points 40x25 --random 1000     40 of the points, 25 kills each, and 1,000 random times
    python -m tests.crash --points allx25                  every point
    python -m tests.crash --only place.bytes.after --seed 7 --points 1x1 --random 0     one run again
    python -m tests.crash --count                          only fly once and count how often each point is passed
    python -m tests.crash --torn                           torn and flipped files in full, see torn.py

The exit status is 1 when anything was lost, doubled or different, or a point was not reached.
"""

import argparse
import json
import os
import select
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec

from tests.crash import judge, pilot, processes, torn
from tests.crash.points import POINTS
from tests.crash.run import RANDOM, Job, Result, count_points, slot

#: Runs on one exchange; its ledger grows with them.
RUNS_PER_VENUE = 20
PROGRESS_S = 10.0


@dataclass(slots=True)
class Tally:
    """What all runs together have shown."""

    results: list[Result] = field(default_factory=list)
    dead_slots: int = 0

    def summary(self, seconds: float) -> dict[str, object]:
        """The JSON object."""
        kinds = Counter(kind for result in self.results for kind, _ in result.findings)
        points = Counter(result.name for result in self.results if result.reached)
        return {
            "runs": len(self.results),
            "kills": sum(result.kills for result in self.results),
            "points": dict(sorted(points.items())),
            "duplicates": kinds[judge.DUPLICATE],
            "lost": kinds[judge.LOST],
            "chain_breaks": kinds[judge.CHAIN],
            "mismatches": [
                {"seed": result.seed, "point": result.name, "kind": kind, "words": words, "folder": result.folder}
                for result in self.results
                for kind, words in result.findings
            ],
            "not_reached": [[result.name, result.seed] for result in self.results if not result.reached],
            "dead_slots": self.dead_slots,
            "seconds": round(seconds, 1),
        }

    @property
    def is_clean(self) -> bool:
        """Nothing found, and every run did what it was to do."""
        return not self.dead_slots and all(result.reached and not result.findings for result in self.results)


def main(argv: Sequence[str] | None = None) -> int:
    """Run; returns the exit status."""
    options = _parser().parse_args(argv)
    scratch = Path(tempfile.mkdtemp(prefix="gwanje-crash-"))
    started = time.monotonic()
    try:
        if options.torn:
            return _print(torn.full(scratch, progress, options.stride))
        pilot.warm_up(scratch / "warm")
        counts = count_points(scratch / "count", options.seed)
        missing = sorted({point.name for point in POINTS} - counts.keys())
        if options.count or missing:
            print(json.dumps({"points": counts, "missing": missing}))
            return 1 if missing else 0
        tally = work_off(make_jobs(options, counts), options.jobs, scratch)
        print(json.dumps(tally.summary(time.monotonic() - started)))
        if tally.is_clean:
            shutil.rmtree(scratch, ignore_errors=True)
        return 0 if tally.is_clean else 1
    finally:
        if options.torn or options.count:
            shutil.rmtree(scratch, ignore_errors=True)


def make_jobs(options: argparse.Namespace, counts: dict[str, int]) -> list[Job]:
    """All jobs in an order that mixes points and random times."""
    names = [point.name for point in POINTS] if options.only is None else [options.only]
    many, times = options.points
    chance = Random(options.seed)
    chosen = names if many is None or many >= len(names) else chance.sample(names, many)
    jobs = [Job(name, options.seed + number, counts[name]) for name in chosen for number in range(times)]
    jobs += [Job(RANDOM, options.seed + number) for number in range(options.random)]
    if len(jobs) > 1:
        chance.shuffle(jobs)
    return jobs


def work_off(jobs: list[Job], at_once: int, scratch: Path) -> Tally:
    """Keep ``at_once`` workers busy until every job is done."""
    size = max(1, min(RUNS_PER_VENUE, -(-len(jobs) // at_once)))
    batches = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    tally, workers, next_word, total = Tally(), dict[int, tuple[int, bytes]](), time.monotonic(), len(jobs)
    number = 0
    while batches or workers:
        while batches and len(workers) < at_once:
            reading, writing = os.pipe()
            batch, folder = batches.pop(0), scratch / f"slot-{number}"
            pid = processes.fork(lambda b=batch, f=folder, w=writing: slot(b, f, w), scratch / "slots.log")
            os.close(writing)
            workers[reading] = (pid, b"")
            number += 1
        ready, _, _ = select.select(list(workers), [], [], 1.0)
        for reading in ready:
            _read_results(reading, workers, tally, scratch)
        if time.monotonic() >= next_word:
            next_word = time.monotonic() + PROGRESS_S
            found = sum(len(result.findings) for result in tally.results)
            progress(f"{len(tally.results)} of {total} runs, {found} findings")
    return tally


def _read_results(reading: int, workers: dict[int, tuple[int, bytes]], tally: Tally, scratch: Path) -> None:
    pid, rest = workers[reading]
    data = os.read(reading, 65536)
    *lines, rest = (rest + data).split(b"\n")
    workers[reading] = (pid, rest)
    for line in lines:
        result = msgspec.json.decode(line, type=Result)
        tally.results.append(result)
        for kind, words in result.findings:
            progress(f"{kind}: {result.name} seed {result.seed}: {words} ({result.folder})")
    if not data:
        os.close(reading)
        del workers[reading]
        if os.waitpid(pid, 0)[1] != 0:
            tally.dead_slots += 1
            progress(f"a worker failed:\n{(scratch / 'slots.log').read_text()[-2000:]}")


def progress(text: str) -> None:
    """Tell the person who waits."""
    print(f"crash: {text}", file=sys.stderr, flush=True)


def _print(report: dict[str, object]) -> int:
    print(json.dumps(report))
    return 1 if report["bad"] else 0


def _points(text: str) -> tuple[int | None, int]:
    many, _, times = text.partition("x")
    if not times.isdigit() or not (many == "all" or many.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not POINTSxTIMES, as in 40x25 or allx1")
    return (None if many == "all" else int(many)), int(times)


def _name(text: str) -> str:
    if text not in {point.name for point in POINTS}:
        raise argparse.ArgumentTypeError(f"{text!r} is no point; see tests/crash/points.py")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=_points, default=(None, 1), help="points x kills at each, default allx1")
    parser.add_argument("--random", type=int, default=0, help="kills at random times")
    parser.add_argument("--only", type=_name, help="this point alone")
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--jobs", type=int, default=8, help="runs at the same time; most of them wait")
    parser.add_argument("--count", action="store_true", help="count how often each point is passed")
    parser.add_argument("--torn", action="store_true", help="cut and flip files instead")
    parser.add_argument("--stride", type=int, default=1, help="with --torn: only every n-th byte")
    return parser


if __name__ == "__main__":
    sys.exit(main())
