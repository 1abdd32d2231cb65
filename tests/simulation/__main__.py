"""``python -m tests.simulation``: worlds by the hundred; one JSON object on standard output, progress on the other.

``--replay SEED`` runs one world again, byte for byte, and prints everything that happened in it.
"""

import argparse
import json
import logging
import os
import sys
import time
from collections import Counter
from dataclasses import asdict
from itertools import combinations
from typing import Any

from tests.simulation.features import FEATURES
from tests.simulation.focus import FAMILY, Focus
from tests.simulation.knobs import FAULTS
from tests.simulation.runner import run_seed, run_seeds, scratch
from tests.simulation.world import Outcome

EVERY = 100


class Tally:
    """What many seeds brought."""

    def __init__(self) -> None:
        self.seeds = self.orders = self.crashes = 0
        self.virtual_s = 0.0
        self.knobs: Counter[str] = Counter({name: 0 for name in FAULTS})
        self.features: Counter[str] = Counter({name: 0 for name in FEATURES})
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.violations: list[dict[str, Any]] = []

    def add(self, outcome: Outcome) -> None:
        """Count one seed in."""
        self.seeds += 1
        self.orders += outcome.orders
        self.crashes += outcome.crashes
        self.virtual_s += outcome.virtual_s
        self.knobs.update(outcome.happened)
        self.features.update(outcome.features & set(FEATURES))
        self.pairs.update(combinations(sorted(outcome.happened), 2))
        self.violations += [asdict(violation) for violation in outcome.violations]

    def report(self) -> dict[str, Any]:
        """The JSON object: ``knobs`` counts occurrences, ``features`` worlds, ``pairs`` worlds where two faults met."""
        met = {pair: self.pairs.get(pair, 0) for pair in combinations(sorted(FAULTS), 2)}
        rarest = min(met, key=lambda pair: met[pair])
        return {
            "seeds": self.seeds,
            "virtual_hours": round(self.virtual_s / 3600, 1),
            "orders": self.orders,
            "crashes": self.crashes,
            "knobs": dict(self.knobs),
            "features": dict(self.features),
            "pairs": {"of": len(met), "rarest": [*rarest, met[rarest]], "below_20": sum(n < 20 for n in met.values())},
            "violations": self.violations,
        }


def main() -> int:
    """0 when nothing was broken, 1 when an invariant was, 2 for unusable arguments."""
    parser = argparse.ArgumentParser(prog="run.py simulate", description="Whole engine against a hostile world.")
    parser.add_argument("--seeds", type=_count, default=300, help="how many worlds")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=_count, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--replay", type=int, metavar="SEED", help="run one world again and print its trace")
    names = [focus.name.lower() for focus in Focus]
    parser.add_argument("--focus", choices=names, help="worlds aimed at one property; --start counts from the first")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.replay is not None:
        return _replay(options.replay)
    tally, begun = Tally(), time.monotonic()
    first = options.start + (Focus[options.focus.upper()] * FAMILY if options.focus else 0)
    for outcome in run_seeds(list(range(first, first + options.seeds)), options.jobs):
        tally.add(outcome)
        for violation in outcome.violations:
            _tell(f"{violation.invariant} seed {violation.seed} step {violation.step}: {violation.words}")
        if tally.seeds % EVERY == 0:
            speed = tally.seeds / (time.monotonic() - begun)
            _tell(f"{tally.seeds} seeds, {speed:.1f} a second, {len(tally.violations)} violations")
    print(json.dumps(tally.report()))
    return 1 if tally.violations else 0


def _replay(seed: int) -> int:
    with scratch() as folder:
        outcome = run_seed(seed, folder, traced=True)
    for line in outcome.trace:
        print(line)
    tally = Tally()
    tally.add(outcome)
    print(json.dumps(tally.report() | {"digest": outcome.digest}))
    return 1 if outcome.violations else 0


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _tell(text: str) -> None:
    print(f"simulate: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
