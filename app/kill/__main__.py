"""gwanje-kill: trip the kill switch now; with --cancel or --flatten see to it that it is done, terminal or not."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from app.adapters.files.profile import find_profile
from app.domain.errors import InvalidInputError
from app.kill.program import Wish, run_kill


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 all of it is done and proven, 1 something is left (named), 2 unusable input, 3 not tripped."""
    parser = argparse.ArgumentParser(
        prog="gwanje-kill", description="Stop every account of this profile at once. Entries stay off until unlocked."
    )
    parser.add_argument("--cancel", action="store_true", help="also cancel every open order of the program")
    parser.add_argument("--flatten", action="store_true", help="also cancel, and sell everything the program holds")
    parser.add_argument("--attach", type=Path, metavar="FILE", help="address file of the practice exchange")
    parser.add_argument("--wait", type=float, default=60.0, metavar="SECONDS", help="how long to see to it (60)")
    parsed = parser.parse_args(argv)
    wish = Wish.FLATTEN if parsed.flatten else Wish.CANCEL if parsed.cancel else Wish.TRIP
    try:
        return asyncio.run(run_kill(find_profile(), wish, parsed.attach, parsed.wait, print))
    except InvalidInputError as error:
        print(f"gwanje-kill: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
