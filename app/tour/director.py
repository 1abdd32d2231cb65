"""Runs the acts of the tour in child processes, kills one of them, and judges by the exchange's ledger."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.adapters.host.practice_admin import ExchangeAdmin, depth_disagreements, flat_proof, last_prices
from app.adapters.host.practice_process import PracticeProcess
from app.domain.errors import GwanjeError, InvalidInputError

ACT_PATIENCE_S = 240.0
MAX_LINE = 1_000_000
#: The first minutes of a recording become the history of the chart.
HISTORY_MINUTES = 60
CHECKOUT = Path(__file__).resolve().parents[2]

#: A blueprint of a person's own: rests far below the market, so that the emergency has working orders to cancel.
RESTING_BLUEPRINT = """schema = 1
id = "tour-resting"
version = 1
timeframe = "1m"
warmup_bars = 0
entry_when = "true"
default_budget = 1000000
max_spread_percent = 5
[name]
ko = "대기 매수 (둘러보기)"
en = "Resting buy (tour)"
[description]
ko = "시장가 아래에 지정가로 걸어 둡니다."
en = "Rests below the market with a limit order."
[entry_order]
order_type = "limit"
offset_ticks = -25
timeout_s = 3600
[exits]
stop_loss_percent = 5
"""


@dataclass(frozen=True, slots=True)
class TourOptions:
    """What the command line decided."""

    out: Path
    language: str = "ko"
    theme: str = "dark"
    replay: Path | None = None
    speed: float = 60.0
    seed: int = 7


class Summary(msgspec.Struct):
    """summary.json of a tour. Times in seconds."""

    ok: bool = False
    states_seen: list[str] = []
    orders: int = 0
    fills: int = 0
    duplicates: int = 0
    flat_proof: dict[str, object] = {}
    predicted_s: float | None = None
    actual_s: float | None = None
    restart_recovered: bool = False
    depth_disagreements: list[str] = []
    pictures: list[str] = []
    failures: list[str] = []


class Note(msgspec.Struct):
    """One line an act prints: a fact for the summary, or a wish (``move``) for the director."""

    kind: str
    text: str = ""
    number: float | None = None
    number2: float | None = None


@dataclass(slots=True)
class _Act:
    name: str
    killed: bool
    orders_before: set[str] = field(default_factory=set)


async def run_tour(options: TourOptions) -> Summary:
    """Run all acts and write ``summary.json`` and the pictures into ``options.out``.

    Raises:
        InvalidInputError: the folder or the replay file cannot be used.
    """
    home = _prepare(options)
    summary = Summary()
    arguments = ["--venue", "upbit", "--port", "0", "--seed", str(options.seed)]
    if options.replay is not None:
        arguments += ["--replay", str(options.replay), "--speed", str(options.speed)]
        arguments += ["--replay-skip", str(HISTORY_MINUTES)]
    exchange = PracticeProcess(arguments)
    try:
        address = await exchange.start(os.getpid())
        address_file = options.out / "practice.json"
        address_file.write_bytes(msgspec.json.encode(address))
        admin = ExchangeAdmin(address.admin)
        for name, killed in (("first", True), ("second", False)):
            known = {order.uuid for order in (await admin.ledger()).orders}
            await _play(_Act(name, killed, known), options, home, address_file, admin, summary)
            if summary.failures:
                break
        await _judge(admin, options, summary)
    except GwanjeError as error:
        summary.failures.append(str(error))
    finally:
        await exchange.stop()
    summary.pictures = sorted(path.name for path in options.out.glob("*.png"))
    summary.ok = not summary.failures and _complete(summary)
    (options.out / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    return summary


def _prepare(options: TourOptions) -> Path:
    if options.replay is not None and not options.replay.is_file():
        raise InvalidInputError(f"--replay {options.replay}: no such file")
    home = options.out / "profile"
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        if home.exists():
            raise InvalidInputError(f"{options.out}: holds an earlier tour; choose another folder or remove it")
        blueprints = home / "config" / "blueprints"
        blueprints.mkdir(parents=True, mode=0o700)
        (blueprints / "tour-resting.toml").write_text(RESTING_BLUEPRINT, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"{options.out}: cannot be written ({error.strerror})") from error
    return home


async def _play(
    act: _Act, options: TourOptions, home: Path, address_file: Path, admin: ExchangeAdmin, summary: Summary
) -> None:
    process = await asyncio.create_subprocess_exec(
        *_command(act, options, address_file),
        cwd=CHECKOUT,
        env={**os.environ, "GWANJE_HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE,
    )
    try:
        await asyncio.wait_for(_listen(process, act, admin, summary), ACT_PATIENCE_S)
    except TimeoutError:
        summary.failures.append(f"act '{act.name}' did not end within {ACT_PATIENCE_S:.0f} s")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        code = await process.wait()
    if not act.killed and code != 0:
        summary.failures.append(f"act '{act.name}' ended with status {code}")


def _command(act: _Act, options: TourOptions, address_file: Path) -> Sequence[str]:
    command = [sys.executable, "-m", "app", "--attach", str(address_file), "--act", act.name]
    command += ["--act-out", str(options.out), "--lang", options.language, "--theme", options.theme]
    return [*command, "--act-replay"] if options.replay is not None else command


async def _listen(process: asyncio.subprocess.Process, act: _Act, admin: ExchangeAdmin, summary: Summary) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        try:
            note = msgspec.json.decode(line, type=Note)
        except msgspec.DecodeError:
            continue
        if note.kind == "move":
            await admin.move(note.text, note.number or 0.0)
        elif note.kind == "kill":
            process.kill()  # kill -9: no handler runs, nothing is written down any more
            await process.wait()
            return
        elif note.kind == "recovered":
            summary.restart_recovered = True
            # whatever was bought since the kill was bought a second time: nobody has clicked anything yet
            fresh = [order for order in (await admin.ledger()).orders if order.uuid not in act.orders_before]
            summary.duplicates += sum(1 for order in fresh if order.side == "bid")
        else:
            _take(note, summary)
    if act.killed:
        summary.failures.append(f"act '{act.name}' ended before it was to be killed")
    await process.wait()


def _take(note: Note, summary: Summary) -> None:
    match note.kind:
        case "state":
            if note.text not in summary.states_seen:
                summary.states_seen.append(note.text)
        case "failure":
            summary.failures.append(note.text)
        case "emergency":
            summary.predicted_s, summary.actual_s = note.number, note.number2


async def _judge(admin: ExchangeAdmin, options: TourOptions, summary: Summary) -> None:
    ledger = await admin.ledger()
    proof = flat_proof(ledger, last_prices(ledger))
    summary.orders = len(ledger.orders)
    summary.fills = sum(len(order.fills) for order in ledger.orders)
    summary.duplicates += sum(max(again.accepted - 1, 0) for again in ledger.repeated_identifiers)
    summary.flat_proof = {"flat": proof.holds, "open_orders": proof.open_orders, "holdings": proof.holdings}
    if not ledger.conservation.ok:
        summary.failures.extend(ledger.conservation.problems)
    if options.replay is not None:
        summary.depth_disagreements = depth_disagreements(ledger)


def _complete(summary: Summary) -> bool:
    wanted = {"pending", "active", "closing", "closed"}
    missing = wanted - set(summary.states_seen)
    if missing:
        summary.failures.append(f"states never seen: {', '.join(sorted(missing))}")
    if summary.duplicates:
        summary.failures.append(f"{summary.duplicates} duplicate orders")
    if not summary.flat_proof.get("flat"):
        summary.failures.append("the ledger does not prove flat")
    if not summary.restart_recovered:
        summary.failures.append("the restart did not find the positions again")
    if summary.actual_s is None:
        summary.failures.append("the emergency control was not timed")
    if summary.depth_disagreements:
        summary.failures.append(f"{len(summary.depth_disagreements)} fills disagree with the recorded depth")
    if summary.orders == 0 or summary.fills == 0:
        summary.failures.append("nothing was traded")
    return not summary.failures
