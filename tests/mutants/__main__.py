"""``python -m tests.mutants [--patch FILE] [--seeds 300] [--jobs 2] [--only NAME]``: does the simulation find bugs?

Applies planted bugs (tests/mutants/planted) one at a time to a private copy of the tree and runs the simulation there:
usual worlds, and between them worlds aimed at one property (tests/simulation/focus.py).
Ends with one JSON object on standard output. Exit status 1 when fewer than 95 % are found, 2 when the untouched tree
breaks an invariant on the same seeds, or a diff does not fit.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from tests.mutants.contest import Trials, Verdict, check_untouched, copies, planted, read_mutant, try_all
from tests.mutants.patches import PatchError
from tests.simulation.focus import FAMILY, Focus

WANTED = 0.95
#: Seeds of every family of aimed worlds, one family after each so many usual seeds.
AIMED, EVERY = 20, 3


def main(words: list[str] | None = None) -> int:
    """Run; returns the exit status."""
    arguments = _parser().parse_args(words)
    try:
        mutants = [read_mutant(Path(arguments.patch))] if arguments.patch else planted()
    except (OSError, UnicodeDecodeError) as error:
        return _sorry(f"{arguments.patch} cannot be read: {error}")
    if arguments.only:
        mutants = [mutant for mutant in mutants if any(name in mutant.name for name in arguments.only)]
        if not mutants:
            return _sorry(f"no planted bug is called {' or '.join(arguments.only)}; see tests/mutants/planted")
    seeds = _seeds(arguments.start, arguments.seeds)
    trials = Trials()
    begun = time.monotonic()
    try:
        with copies() as place:
            verdicts = try_all(mutants, place, trials, seeds, arguments.jobs, _tell)
            used = sorted({verdict.seed for verdict in verdicts if verdict.seed is not None and verdict.seed >= 0})
            _progress(f"the untouched tree on the {len(used)} seeds that found something")
            wrong = check_untouched(place, trials, used)
    except PatchError as error:
        return _sorry(str(error))
    except KeyboardInterrupt:
        return _sorry("interrupted", 130)
    finally:
        trials.end()
    summary = _summary(verdicts, round(time.monotonic() - begun, 1))
    if wrong:
        summary["untouched"] = [{"invariant": n.invariant, "seed": n.seed, "words": n.words} for n in wrong]
        _progress("the untouched tree breaks invariants itself: these findings prove nothing; fix that first")
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    if wrong:
        return 2
    return 0 if summary["found"] >= WANTED * len(verdicts) else 1  # type: ignore[operator]


def _seeds(start: int, usual: int) -> list[int]:
    """Usual worlds, and aimed ones between them: what only those find does not wait for all of the others."""
    seeds = list(range(start, start + usual))
    aimed = [focus * FAMILY + number for number in range(AIMED) for focus in Focus]
    for place, seed in enumerate(aimed, 1):
        seeds.insert(place * (EVERY + 1) - 1, seed)
    return seeds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Does the simulation find planted bugs?")
    parser.add_argument("--patch", metavar="FILE", help="try this unified diff (paths a/app/... b/app/...) instead")
    parser.add_argument("--seeds", type=int, default=300, help="most usual seeds per mutant (default 300)")
    parser.add_argument("--start", type=int, default=0, help="first seed (default 0)")
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at the same time (default 2)")
    parser.add_argument("--only", metavar="NAME", action="append", help="only mutants whose name contains this")
    return parser


def _terminated(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _sorry(words: str, status: int = 2) -> int:
    _progress(words)
    return status


def _progress(words: str) -> None:
    print(f"mutants: {words}", file=sys.stderr, flush=True)


def _tell(verdict: Verdict) -> None:
    if verdict.invariant is None:
        _progress(f"MISSED  {verdict.name} ({verdict.seconds} s): {verdict.words}")
    else:
        _progress(
            f"found   {verdict.name}: {verdict.invariant} by seed {verdict.seed} ({verdict.seconds} s): "
            f"{verdict.said[:110]}"
        )


def _summary(verdicts: list[Verdict], seconds: float) -> dict[str, object]:
    return {
        "planted": len(verdicts),
        "found": sum(1 for verdict in verdicts if verdict.invariant is not None),
        "missed": [verdict.name for verdict in verdicts if verdict.invariant is None],
        "seconds": seconds,
        "mutants": [
            {
                "name": verdict.name,
                "file": verdict.file,
                "found_by": verdict.invariant,
                "seed": verdict.seed,
                "seconds": verdict.seconds,
            }
            for verdict in verdicts
        ],
    }


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminated)
    raise SystemExit(main())
