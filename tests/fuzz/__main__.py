"""``python -m tests.fuzz --runs 20000 [--target NAME]``: damage inputs until a parser does something it should not.

Uses atheris (coverage-guided) where it is installed, in one process per target; else a random mutator. Ends with one
JSON object on standard output; exit status 1 when something was found.
"""

import argparse
import base64
import faulthandler
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: A single input that takes this long ends the process with a traceback: it would never come back.
HANGS_AFTER_S = 120


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.child:
        return _child(arguments)
    from tests.fuzz.targets import BY_NAME

    names = arguments.target or list(BY_NAME)
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        print(f"no target {', '.join(unknown)}; there are: {', '.join(BY_NAME)}", file=sys.stderr)
        return 2
    guided = arguments.engine != "dice" and importlib.util.find_spec("atheris") is not None
    engine = "atheris" if guided else "dice"
    if not guided:
        print("atheris is not installed or not wanted: inputs come from the random mutator", file=sys.stderr)
    started, results = time.monotonic(), {}
    for name in names:
        results[name] = _in_child(name, engine, arguments.runs, arguments.seed)
        print(f"{name}: {json.dumps(results[name])[:2000]}", file=sys.stderr)
    found = sum(len(result["found"]) for result in results.values())
    summary = {"engine": engine, "seconds": round(time.monotonic() - started, 1), "found": found, "targets": results}
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--runs", type=int, default=20_000, help="inputs per target")
    parser.add_argument("--target", action="append", help="only this one; may be given several times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("auto", "dice"), default="auto", help="dice: the random mutator")
    parser.add_argument("--child", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--guided", action="store_true", help=argparse.SUPPRESS)
    return parser


def _in_child(name: str, engine: str, runs: int, seed: int) -> dict[str, object]:
    """One target in a process of its own: a hang, a crash or spilt memory concerns nobody else."""
    with tempfile.TemporaryDirectory(prefix="gwanje-fuzz-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "tests.fuzz", "--child", str(report), "--target", name]
        command += ["--runs", str(runs), "--seed", str(seed)] + (["--guided"] if engine == "atheris" else [])
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        result: dict[str, object] = json.loads(report.read_text()) if report.exists() else {"runs": 0, "found": []}
    complete = isinstance(result["runs"], int) and result["runs"] >= runs
    if ended.returncode != 0 or not complete:
        entry = {"what": "TheProcessDied", "where": name, "words": ended.stderr[-1500:], "input": ""}
        result["found"] = [*result["found"], entry]  # type: ignore[misc]
    return result


def _child(arguments: argparse.Namespace) -> int:
    report, name = Path(arguments.child), arguments.target[0]
    if arguments.guided:
        return _guided(report, name, arguments.runs, arguments.seed)
    from tests.fuzz.damage import Dice
    from tests.fuzz.targets import BY_NAME

    target = BY_NAME[name]
    tally = _Tally(report, name, arguments.runs)
    dice = Dice(target.seeds, arguments.seed)
    for _ in range(arguments.runs):
        tally.take(dice.roll())
    return 0


def _guided(report: Path, name: str, runs: int, seed: int) -> int:
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["app"]):
        from tests.fuzz.targets import BY_NAME
    from tests.fuzz.damage import TOKENS, Dice

    tally = _Tally(report, name, runs)
    with tempfile.TemporaryDirectory(prefix="gwanje-corpus-") as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, data in enumerate(BY_NAME[name].seeds):
            (corpus / f"seed-{number}").write_bytes(data)
        words = Path(folder, "words")
        words.write_text("".join(f'"{_escaped(token)}"\n' for token in TOKENS if len(token) < 60))
        options = [
            f"-runs={runs + 50}",
            f"-seed={seed}",
            f"-dict={words}",
            "-max_len=8000",
            "-len_control=0",  # else damage that makes an input longer is cut off at its end
            f"-timeout={HANGS_AFTER_S}",
        ]
        dice = Dice(BY_NAME[name].seeds, seed)

        def mutated(data: bytes, longest: int, chance: int) -> bytes:
            """Half of the time damage that knows what breaks parsers, else what the fuzzer itself thinks of."""
            return dice.damage(data)[:longest] if chance % 2 else atheris.Mutate(data, longest)

        command = [sys.argv[0], *options, "-verbosity=0", str(corpus)]
        atheris.Setup(command, tally.take, custom_mutator=mutated)
        atheris.Fuzz()  # does not return
    return 0


def _escaped(token: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token)


class _Tally:
    """Counts runs, keeps one input per finding, and writes the report while it goes on: the fuzzer may never return."""

    def __init__(self, report: Path, name: str, runs: int) -> None:
        from tests.fuzz.attempts import Finding, attempt, smaller
        from tests.fuzz.targets import BY_NAME

        self._attempt, self._smaller = attempt, smaller
        self._target = BY_NAME[name]
        self._report = report
        self._wanted = runs
        self._runs = 0
        self._found: dict[tuple[str, str], Finding] = {}

    def take(self, data: bytes) -> None:
        faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True)
        found = self._attempt(self._target, bytes(data))
        self._runs += 1
        if found is not None and (found.what, found.where) not in self._found:
            self._found[(found.what, found.where)] = self._smaller(self._target, found)
            self._write()
        faulthandler.cancel_dump_traceback_later()
        if self._runs % 1000 == 0 or self._runs == self._wanted:
            self._write()

    def _write(self) -> None:
        found = [
            {"what": f.what, "where": f.where, "words": f.words, "input": _shown(f.data)} for f in self._found.values()
        ]
        self._report.write_text(json.dumps({"runs": self._runs, "found": found}))


def _shown(data: bytes) -> str:
    return repr(data) if len(data) <= 400 else f"base64:{base64.b64encode(data).decode()}"


if __name__ == "__main__":
    sys.exit(main())
