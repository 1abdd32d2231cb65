"""One mutant in a process of its own: runs seeds until one breaks an invariant. Started in the mutated copy.

``python -B -m tests.mutants.trial SECONDS first|every SEED...`` writes JSON lines: its scratch folder, then one per
seed; "first" ends it with the first violation. It also ends when its standard input does: nobody listens any more.
"""

import faulthandler
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import Outcome

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

#: A mutant that eats memory must not take the machine with it.
MEMORY_LIMIT = 3 * 1024**3


def main() -> int:
    """Run the seeds of the command line."""
    seconds, every = float(sys.argv[1]), sys.argv[2] == "every"
    seeds = [int(word) for word in sys.argv[3:]]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    logging.disable(logging.CRITICAL)
    faulthandler.dump_traceback_later(seconds, exit=True)
    from tests.simulation.runner import run_seed, scratch

    with scratch() as folder:
        print(json.dumps({"scratch": str(folder)}), flush=True)
        for seed in seeds:
            faulthandler.dump_traceback_later(seconds, exit=True)
            begun = time.monotonic()
            found = _try(seed, lambda seed=seed: run_seed(seed, folder))  # type: ignore[misc]
            print(json.dumps({"seed": seed, "seconds": round(time.monotonic() - begun, 2), **found}), flush=True)
            if found and not every:
                break
        faulthandler.cancel_dump_traceback_later()
    return 0


def _try(seed: int, run: "Callable[[], Outcome]") -> dict[str, str]:
    try:
        violations = run().violations
    except Exception as error:  # whatever a planted bug does to the simulation itself
        return {"invariant": "crash", "words": f"seed {seed}: {error!r}"}
    if not violations:
        return {}
    return {"invariant": violations[0].invariant, "words": violations[0].words}


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    raise SystemExit(main())
