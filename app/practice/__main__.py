"""`python -m app.practice`: run the practice exchange until it is told to stop or its parent ends."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import logging
import signal
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from .line_file import StateFileError
from .outside_venue import UPBIT, MirrorError, OutsideVenue
from .parent_watch import ParentWatch, watch_stdin
from .recordings import BadRecording
from .server import PracticeServer
from .settings import Settings

EXIT_BAD_ARGUMENTS = 2
EXIT_BROKEN_RULE = 3
EXIT_NOTHING_TO_MIRROR = 4


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(EXIT_BAD_ARGUMENTS, f"practice: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or the parent's end; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="practice: %(levelname)s %(message)s")
    options = _parser().parse_args(argv)
    try:
        settings = _settings(options)
        return asyncio.run(_run(settings, options))
    except MirrorError as error:
        print(f"practice: {error}", file=sys.stderr)
        return EXIT_NOTHING_TO_MIRROR
    except (BadRecording, StateFileError, OSError, ValueError) as error:
        print(f"practice: {error}", file=sys.stderr)
        return EXIT_BAD_ARGUMENTS
    except KeyboardInterrupt:
        return 0


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    server = await _server(settings)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    endpoints = await server.start()
    try:
        print(json.dumps(dataclasses.asdict(endpoints)), flush=True)
        waiting: list[asyncio.Task[Any]] = [
            asyncio.create_task(stop.wait(), name="told-to-stop"),
            asyncio.create_task(server.failed.wait(), name="broken-rule"),
        ]
        if options.parent_pid is not None or options.watch_stdin:
            waiting.append(asyncio.create_task(_parent_gone(options), name="parent-gone"))
        _, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    finally:
        await server.stop()
    return EXIT_BROKEN_RULE if server.failed.is_set() else 0


async def _server(settings: Settings) -> PracticeServer:
    if not settings.mirror:
        return PracticeServer(settings)
    outside = OutsideVenue(settings.mirror)
    try:
        await outside.open()
        return PracticeServer(settings, outside=outside)
    except (MirrorError, StateFileError):
        await outside.close()
        raise


async def _parent_gone(options: argparse.Namespace) -> None:
    """Return when the parent has ended and the time to linger is over."""
    ended = asyncio.Event()
    if options.watch_stdin:
        watch_stdin(asyncio.get_running_loop(), ended.set)
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(ended.wait(), name="stdin-ended")]
    if options.parent_pid is not None:
        watch = ParentWatch(options.parent_pid)
        waits.append(asyncio.create_task(watch.wait_for_end(), name="parent-watch"))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waits:
            task.cancel()
    await asyncio.sleep(options.linger)


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _settings(options: argparse.Namespace) -> Settings:
    if options.replay is not None and not options.replay.is_file():
        raise BadRecording(f"{options.replay}: no such file; give --replay a recorded file")
    if options.replay is not None and options.state is not None:
        raise ValueError("--state remembers a simulated market, --replay plays a recorded one; give only one of them")
    if options.replay is not None and options.mirror:
        raise ValueError("--mirror shows real prices, --replay plays recorded ones; give only one of them")
    return Settings(
        seed=options.seed,
        port=options.port,
        admin_port=options.admin_port,
        cash=options.cash,
        replay=options.replay,
        replay_market=options.replay_market,
        replay_skip_minutes=options.replay_skip,
        speed=options.speed,
        access_key=options.access_key,
        secret_key=options.secret_key,
        lenient=options.lenient,
        state=options.state,
        mirror=options.mirror,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="practice", description=__doc__)
    add = parser.add_argument
    add("--venue", choices=["upbit"], default="upbit", help="whose protocol to speak")
    add("--port", type=_port, default=0, help="REST and WebSocket port, 0 = any")
    add("--admin-port", type=_port, default=0, help="admin port, 0 = any")
    add("--seed", type=int, default=1, help="seed of the simulated markets")
    add("--cash", type=_cash, default=Decimal(50_000_000), help="KRW on the account at the start")
    add("--replay", type=Path, help="drive the market from a recorded file")
    add("--replay-market", help="which market of a recording with several, or the name of an unnamed one")
    add("--replay-skip", type=_not_negative, default=0.0, help="recorded minutes that become candle history")
    add("--speed", type=_positive, default=1.0, help="recorded seconds per second")
    add("--state", type=Path, help="remember account and prices in this file (and FILE.prices) across restarts")
    add("--mirror", nargs="?", const=UPBIT, default="", metavar="ORIGIN", help=f"show real prices (from {UPBIT})")
    add("--access-key", default="", help="fix the key (else a fresh one is made)")
    add("--secret-key", default="", help="fix the secret")
    add("--lenient", action="store_true", help="accept pyupbit's GET and DELETE bodies")
    add("--parent-pid", type=int, help="end when this process ends")
    add("--watch-stdin", action="store_true", help="end when standard input ends")
    add("--linger", type=_not_negative, default=0.0, help="seconds to go on after the parent ended")
    return parser


def _port(text: str) -> int:
    value = int(text) if text.isdigit() else -1
    if not 0 <= value <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0-65535)")
    return value


def _positive(text: str) -> float:
    value = _not_negative(text)
    if value == 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} must not be negative")
    return value


def _cash(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text} is not an amount") from None
    if not amount.is_finite() or not 0 <= amount <= 10**12:
        raise argparse.ArgumentTypeError("must be between 0 and 1,000,000,000,000 KRW")
    return amount


if __name__ == "__main__":
    sys.exit(main())
