"""`python -m tests.simulation.wire --seeds N [--start S]`: seeds in virtual time; one JSON object at the end."""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.simulation.wire.script import Outcome, play


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 without a violation, 1 with one."""
    options = _parser().parse_args(argv)
    logging.disable(logging.CRITICAL)  # a world full of faults logs little else; the outcome is what counts
    if options.replay is not None:
        outcomes = [play(options.replay, options.hours, traced=True)]
        print("\n".join(outcomes[0].trace))
    else:
        outcomes = []
        for seed in range(options.start, options.start + options.seeds):
            began = time.perf_counter()
            outcomes.append(play(seed, options.hours))
            _progress(outcomes[-1], time.perf_counter() - began)
    told = _summary(outcomes)
    print(json.dumps(told, ensure_ascii=False))
    return 1 if told["violations"] else 0


def _summary(outcomes: list[Outcome]) -> dict[str, object]:
    faults: Counter[str] = sum((outcome.faults for outcome in outcomes), Counter())
    actions: Counter[str] = sum((outcome.actions for outcome in outcomes), Counter())
    return {
        "seeds": len(outcomes),
        "virtual_hours": round(sum(outcome.virtual_s for outcome in outcomes) / 3600, 2),
        "orders": sum(outcome.orders for outcome in outcomes),
        "fills": sum(outcome.fills for outcome in outcomes),
        "crashes": sum(outcome.crashes for outcome in outcomes),
        "restarts": sum(outcome.restarts for outcome in outcomes),
        "too_many_requests": sum(outcome.too_many for outcome in outcomes),
        "knobs": dict(sorted(faults.items())),
        "actions": dict(sorted(actions.items())),
        "trace_hashes": {str(outcome.seed): outcome.trace_hash for outcome in outcomes},
        "violations": [
            {"invariant": found.invariant, "seed": outcome.seed, "at_s": found.at_s, "words": found.words}
            for outcome in outcomes
            for found in outcome.violations
        ],
    }


def _progress(outcome: Outcome, seconds: float) -> None:
    verdict = f"{len(outcome.violations)} violations" if outcome.violations else "ok"
    print(
        f"seed {outcome.seed}: {verdict}, {outcome.orders} orders, {outcome.crashes} crashes, {seconds:.1f} s",
        file=sys.stderr,
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.wire")
    parser.add_argument("--seeds", type=int, default=10, help="how many seeds")
    parser.add_argument("--start", type=int, default=1, help="the first seed")
    parser.add_argument("--hours", type=float, default=1.0, help="virtual hours with faults, per seed")
    parser.add_argument("--replay", type=int, help="one seed, with a readable trace")
    return parser


if __name__ == "__main__":
    sys.exit(main())
