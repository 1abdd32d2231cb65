"""Start: arguments, QApplication, event loop, one call to bootstrap; nothing else."""

import argparse
import asyncio
import dataclasses
import functools
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import GwanjeError, InvalidInputError
from app.domain.values import TradingMode


def main(argv: Sequence[str] | None = None) -> int:
    """Run the terminal, the guided tour or a replay; returns the exit status (2 = unusable input)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["tour"]:
            return _tour(arguments[1:])
        if arguments[:1] == ["replay"]:
            return _replay(arguments[1:])
        return _terminal(arguments)
    except InvalidInputError as error:
        print(f"gwanje: {error}", file=sys.stderr)
        return 2
    except GwanjeError as error:
        print(f"gwanje: {error}", file=sys.stderr)
        return 1


def _terminal(arguments: list[str]) -> int:
    from app.bootstrap import StartOptions
    from app.desktop import Act, ScreenOptions, remembered_mode, run_desktop

    parsed = _terminal_parser().parse_args(arguments)
    act: Act | None = None
    if parsed.act is not None:
        from app.tour.acts import play_act

        act = functools.partial(play_act, out=parsed.act_out, name=parsed.act, replay=parsed.act_replay)
    own = parsed.attach is None and parsed.replay is None and act is None
    mode = TradingMode(parsed.mode) if parsed.mode else remembered_mode() if own else TradingMode.PRACTICE
    start = StartOptions(mode, parsed.attach, parsed.replay, parsed.speed, parsed.seed, parsed.record)
    return run_desktop(start, ScreenOptions(parsed.lang, parsed.theme), act)


def _tour(arguments: list[str]) -> int:
    from app.tour.director import TourOptions, run_tour

    parser = argparse.ArgumentParser(prog="run.py tour", description="Drive the real window and prove what it did.")
    parser.add_argument("--out", type=Path, required=True, help="new folder for pictures and summary.json")
    parser.add_argument("--lang", choices=("ko", "en"), default="ko")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--replay", type=Path, help="recorded market data that drives the practice exchange")
    parser.add_argument("--speed", type=_speed, default=60.0, help="how much faster than recorded")
    parser.add_argument("--seed", type=int, default=7)
    parsed = parser.parse_args(arguments)
    replay = parsed.replay.absolute() if parsed.replay is not None else None
    options = TourOptions(parsed.out.absolute(), parsed.lang, parsed.theme, replay, parsed.speed, parsed.seed)
    summary = asyncio.run(run_tour(options))
    print(f"tour: {'all held' if summary.ok else 'FAILED: ' + '; '.join(summary.failures)}; pictures in {options.out}")
    return 0 if summary.ok else 1


def _replay(arguments: list[str]) -> int:
    from app.adapters.storage.flight_log import DecisionStream
    from app.adapters.storage.flight_reader import FlightLog
    from app.lab.flight_replay import replay_flight

    parser = argparse.ArgumentParser(prog="run.py replay", description="Run the engine again over a flight log.")
    parser.add_argument("file", type=Path, metavar="FILE", help="flight log made with --record")
    log = FlightLog(parser.parse_args(arguments).file)
    report = replay_flight(log, DecisionStream())
    print(json.dumps({**dataclasses.asdict(report), "identical": report.identical, "note": log.note}))
    if not report.identical:
        print(f"gwanje: entry {report.first_difference} decides differently now", file=sys.stderr)
    return 0 if report.identical else 1


def _terminal_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="Gwanje, a trading terminal.")
    parser.add_argument("--lang", choices=("ko", "en"), help="language of the screen (remembered)")
    parser.add_argument("--theme", choices=("dark", "light"), help="colours of the screen (remembered)")
    parser.add_argument("--mode", choices=[mode.value for mode in TradingMode], help="mode of the run (remembered)")
    parser.add_argument("--attach", type=Path, metavar="FILE", help="address file of a running practice exchange")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="drive the practice market by recorded data")
    parser.add_argument("--speed", type=_speed, default=1.0, help="speed of the replay (1 = as recorded)")
    parser.add_argument("--seed", type=int, help="seed of the practice market")
    parser.add_argument("--record", type=Path, metavar="FILE", help="new file for a flight log (see run.py replay)")
    for option in ("--act", "--act-out"):
        parser.add_argument(option, type=Path if option.endswith("out") else str, help=argparse.SUPPRESS)
    parser.add_argument("--act-replay", action="store_true", help=argparse.SUPPRESS)
    return parser


def _speed(text: str) -> float:
    value = float(text)
    if not 0.01 <= value <= 10_000:
        raise argparse.ArgumentTypeError("must be 0.01 to 10000")
    return value


if __name__ == "__main__":
    sys.exit(main())
