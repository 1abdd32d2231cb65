"""``python -m tests.bench``: one JSON object on standard output, progress on standard error.

The exit status is 1 when the figures must not be believed; ``reasons`` then says why.

Rounds are interleaved ({floor, no window, window} x rates within each round), so that a machine that gets slower or
busier meanwhile hurts all of them alike. Every run is a fresh pair of processes on loopback.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

from tests.bench import emergency, memory, orders, report, starts
from tests.bench.children import BenchError, environment
from tests.bench.display import Display, display
from tests.bench.runs import TESTED, Setting, measure

#: Parts that are measured once, beside the configurations in TESTED.
PARTS = ("journal", "starts", "memory", "overhead", "sustained", "urgent", "emergency")
MOST_SECONDS = 600
MOST_ROUNDS = 50
MOST_RATE = 50_000
JOURNAL_PATIENCE_S = 60


def progress(text: str) -> None:
    """Tell the person who waits."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Session:
    """One call of the bench; what fails becomes a reason, and the rest is measured all the same."""

    def __init__(self, options: argparse.Namespace, scratch: Path, shown: Display) -> None:
        self._options = options
        self._scratch = scratch
        self._shown = shown
        self._tested = [name for name in options.only if name in TESTED]
        self._runs: dict[str, dict[str, list[dict[str, Any]]]] = {name: {} for name in self._tested}
        self.reasons: list[str] = []

    async def run(self) -> dict[str, Any]:
        """Everything, one after the other."""
        begun = time.time()
        result: dict[str, Any] = {"valid": False, "reasons": self.reasons}
        result["machine"] = report.machine(self._scratch)
        result["display"] = self._shown.name
        if self._wanted("journal"):
            result["journal"] = await self._part("journal", self._journal())
        for number in range(self._options.rounds):
            for rate in self._options.rates:
                for name in self._tested:
                    await self._round(number, name, rate)
        found = {
            name: {rate: report.configuration(name, int(rate), runs) for rate, runs in by_rate.items()}
            for name, by_rate in self._runs.items()
        }
        if self._tested:
            result["configurations"] = found
            result["ratios"] = report.ratios(found, self._options.rates)
        await self._orders(result)
        if self._options.starts and self._wanted("starts"):
            run = starts.measure(self._scratch / "starts", self._options.starts, self._shown.env)
            result["start"] = await self._part("cold and warm start", run)
        if self._options.memory_minutes and self._wanted("memory"):
            minutes = self._options.memory_minutes
            course = memory.measure(self._scratch / "memory", minutes, self._shown.env)
            result["memory_mb"] = await self._part(f"memory, {minutes:g} minutes", course)
            self._doubt_memory(result["memory_mb"])
        result["notes"] = report.notes(found)
        result["explained"] = {**report.EXPLAINED, **orders.EXPLAINED, **emergency.EXPLAINED}
        result["arguments"] = {**vars(self._options), "out": None, "profile": None}
        result["took_s"] = round(time.time() - begun)
        result["valid"] = not self.reasons
        return result

    def _wanted(self, part: str) -> bool:
        return part in self._options.only

    async def _orders(self, result: dict[str, Any]) -> None:
        """What one order costs, how many leave, and how long an urgent one waits."""
        seconds = self._options.seconds
        measured = {
            "overhead": lambda: orders.overhead(self._scratch / "overhead", seconds),
            "sustained": lambda: orders.sustained(self._scratch / "sustained", seconds),
            "urgent": lambda: orders.urgent(self._scratch / "urgent"),
            "emergency": lambda: emergency.emergency(self._scratch / "emergency"),
        }
        for name, work in measured.items():
            if self._wanted(name):
                result[name] = await self._part(name, work())

    async def _part(self, name: str, work: Awaitable[dict[str, Any]]) -> dict[str, Any] | None:
        progress(name)
        try:
            return await work
        except BenchError as error:
            self.reasons.append(f"{name}: {error}")
            return None

    async def _round(self, number: int, name: str, rate: int) -> None:
        options = self._options
        env = self._shown.env if name == "window" else {}
        setting = Setting(name, rate, options.seconds, options.stops_per_s, number + 1, env, options.profile)
        folder = self._scratch / f"{number}-{name}-{rate}"
        what = f"round {number + 1}/{options.rounds}: {name} at {rate}/s"
        run = await self._part(what, measure(setting, folder))
        shutil.rmtree(folder, ignore_errors=True)
        if run is None:
            return
        self._runs[name].setdefault(str(rate), []).append(run)
        self.reasons += report.doubts(name, rate, run)

    async def _journal(self) -> dict[str, Any]:
        folder = self._scratch / "journal"
        folder.mkdir()
        command = [sys.executable, "-m", "tests.bench.journal_cost", "--folder", str(folder)]
        env = environment(folder)
        try:
            done = await asyncio.to_thread(
                subprocess.run,
                command,
                env=env,
                capture_output=True,
                text=True,
                timeout=JOURNAL_PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BenchError(f"not finished within {JOURNAL_PATIENCE_S} s") from None
        if done.returncode:
            raise BenchError(done.stderr.strip()[-500:])
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def _doubt_memory(self, found: dict[str, Any] | None) -> None:
        if found is not None and found["messages_per_s"] < memory.RATE * report.LEAST_RATE:
            self.reasons.append(f"memory: only {found['messages_per_s']} messages/s were handled")


def _rates(text: str) -> list[int]:
    rates = [int(part) for part in text.split(",")]
    if not all(1 <= rate <= MOST_RATE for rate in rates) or len(set(rates)) != len(rates):
        raise argparse.ArgumentTypeError(f"different whole numbers of 1 to {MOST_RATE}, separated by commas")
    return rates


def _tested(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= {*TESTED, *PARTS} or len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"some of {', '.join((*TESTED, *PARTS))}, separated by commas")
    return names


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure latency, start-up and memory.")
    parser.add_argument("--seconds", type=float, default=20, help="measured seconds of each run (default 20)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3)")
    parser.add_argument("--rates", type=_rates, default=[1000, 5000], help="messages per second (default 1000,5000)")
    parser.add_argument("--memory-minutes", type=float, default=10, help="0 leaves the memory part out (default 10)")
    parser.add_argument("--starts", type=int, default=3, help="cold and warm starts (default 3, 0 leaves them out)")
    parser.add_argument("--stops-per-s", type=float, default=5, help="stops per second, two orders each (default 5)")
    parser.add_argument(
        "--only", type=_tested, default=[*TESTED, *PARTS], help=f"some of {','.join((*TESTED, *PARTS))}"
    )
    parser.add_argument("--quick", action="store_true", help="one short round of everything; proves that it works")
    parser.add_argument("--scratch", type=Path, help="where profiles and journals are written (default: system's)")
    parser.add_argument("--profile", type=Path, help="folder for cProfile files of the terminals; distorts the figures")
    parser.add_argument("--out", type=Path, help="write the JSON to this file too")
    options = parser.parse_args(argv)
    if options.quick:
        options.seconds, options.rounds, options.starts = min(options.seconds, 5.0), 1, min(options.starts, 1)
        options.memory_minutes = min(options.memory_minutes, 0.25)
    if not 1 <= options.seconds <= MOST_SECONDS or not 1 <= options.rounds <= MOST_ROUNDS:
        parser.error(f"--seconds is 1 to {MOST_SECONDS}, --rounds 1 to {MOST_ROUNDS}")
    if not 0 <= options.memory_minutes <= 120 or not 0 <= options.starts <= 20 or not 0.1 <= options.stops_per_s <= 50:
        parser.error("--memory-minutes is 0 to 120, --starts 0 to 20, --stops-per-s 0.1 to 50")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit status whether the figures may be believed."""
    options = _parse(sys.argv[1:] if argv is None else argv)
    if options.profile is not None:
        options.profile = options.profile.absolute()
        options.profile.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gwanje-bench-", dir=options.scratch) as folder, display() as shown:
        options.scratch = None
        result = asyncio.run(Session(options, Path(folder).resolve(), shown).run())
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    for reason in result["reasons"]:
        progress(f"do not believe this: {reason}")
    return 0 if result["valid"] else 1


if __name__ == "__main__":
    sys.exit(main())
