"""The named places at which a run is killed: one table, wrapped around the real functions from outside."""

import asyncio
import functools
import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: Told of every point that is passed.
Hit = Callable[[str], None]
#: Looks at the arguments and, after the call, its result: is this call one of the point's?
Only = Callable[[tuple[Any, ...], Any], bool]

#: A request's bytes get this long to leave, and perhaps to be carried out, before the point counts as passed.
LINGER_S = 0.002


class Stage(StrEnum):
    """Which start of the program passes a point."""

    BIRTH = "birth"  # only the very first start on an empty folder
    OPENING = "opening"  # every start
    FLIGHT = "flight"  # while it trades and when it ends


@dataclass(frozen=True, slots=True)
class Point:
    """``when`` is before, middle or after the call of ``attribute`` of ``owner`` (``module`` or ``module:Class``)."""

    name: str
    owner: str
    attribute: str
    when: str
    stage: Stage = Stage.FLIGHT
    only: Only | None = None
    lingers: bool = False


def message(*names: str) -> Only:
    """Calls whose second argument is one of these messages or events."""
    return lambda args, _: type(args[1]).__name__ in names


def call(method: str, path: str) -> Only:
    """REST calls of our transport."""
    return lambda args, _: (args[1].method, args[1].path) == (method, path)


def answer(method: str, path: str) -> Only:
    """The HTTP library's answers to a request."""
    return lambda args, _: (args[0].method, args[0].url.path) == (method, path)


def purpose(name: str) -> Only:
    """Submits of one purpose."""
    return lambda args, _: args[1].approved.order.intent.purpose.value == name


def reason(name: str) -> Only:
    """Exits of one reason."""
    return lambda args, _: args[2].value == name


def run_reached(**wanted: object) -> Only:
    """Emergency runs whose fields have these values."""
    return lambda _, run: run is not None and all(getattr(run, name) == value for name, value in wanted.items())


_DATABASE = "app.adapters.storage.database"
_RECOVERY = "app.adapters.storage.recovery"
_JOURNAL = "app.adapters.storage.journal:SqlJournal"
_REST = "app.adapters.upbit.rest_client:UpbitRestApiClient"
_TRANSPORT = "app.adapters.upbit.rest_transport:RestTransport"
_ANSWER = "aiohttp:ClientResponse"
_FRAMES = "app.adapters.upbit.ws_client:PrivateStream"
_ENGINE = "app.engine.trading_engine:TradingEngine"
_EXECUTOR = "app.engine.order_executor:OrderExecutor"
_ORDERS = "app.engine.order_desk:OrderDesk"
_POSITIONS = "app.engine.position_desk:PositionDesk"
_EMERGENCY = "app.engine.emergency_liquidation:EmergencyLiquidation"
_PLACE, _CANCEL = ("POST", "/v1/orders"), ("DELETE", "/v1/order")


def _has_fill(args: tuple[Any, ...], _: Any) -> bool:
    frame = args[1].encode() if isinstance(args[1], str) else bytes(args[1])
    return b'"trade"' in frame and b"trade_uuid" in frame


POINTS: tuple[Point, ...] = (
    # ---- a start ----
    Point("database.open.before", f"{_DATABASE}:Database", "open", "before", Stage.OPENING),
    Point("database.file.after", _DATABASE, "_create_private_file", "after", Stage.OPENING),
    Point("database.pragmas.after", _DATABASE, "_set_pragmas", "after", Stage.OPENING),
    Point("migration.before", _DATABASE, "_migrate", "before", Stage.BIRTH),
    Point("migration.table.after", "alembic.op", "create_table", "after", Stage.BIRTH),
    Point("migration.index.after", "alembic.op", "create_index", "after", Stage.BIRTH),
    Point("migration.before_commit", _DATABASE, "_migrate", "after", Stage.BIRTH),
    Point("database.open.after", f"{_DATABASE}:Database", "open", "after", Stage.OPENING),
    Point("recovery.before", "app.bootstrap", "recover", "before", Stage.OPENING),
    Point("recovery.checked", _RECOVERY, "_check_journal", "after", Stage.OPENING),
    Point("recovery.epoch.before", _RECOVERY, "_stored_epoch", "before", Stage.OPENING),
    Point("recovery.epoch.after", "app.adapters.storage.books", "_positions_to_know", "before", Stage.OPENING),
    Point("recovery.after", "app.bootstrap", "recover", "after", Stage.OPENING),
    Point("journal.start.before", _JOURNAL, "start", "before", Stage.OPENING),
    Point("journal.start.after", _JOURNAL, "start", "after", Stage.OPENING),
    Point("engine.start.before", _ENGINE, "start", "before", Stage.OPENING),
    Point("core.recovered", "app.engine.trading_core:TradingCore", "recover", "after", Stage.OPENING),
    Point("engine.start.after", _ENGINE, "start", "after", Stage.OPENING),
    # ---- the journal ----
    Point("journal.append.before", _JOURNAL, "append", "before"),
    Point("journal.append.after", _JOURNAL, "append", "after"),
    Point("journal.group.before", _JOURNAL, "_commit_group", "before"),
    Point("journal.project.after", "app.adapters.storage.journal", "project", "after"),
    Point("journal.commit.before", "app.adapters.storage.sqlite_driver:LeanConnection", "commit_all", "before"),
    Point("journal.commit.middle", "app.adapters.storage.sqlite_driver", "_commit_all", "middle"),
    Point("journal.commit.after", "app.adapters.storage.sqlite_driver:LeanConnection", "commit_all", "after"),
    Point("journal.acknowledge.before", _JOURNAL, "_wake_waiters", "before"),
    Point("journal.durable.before", _JOURNAL, "_reached", "before"),
    Point("journal.durable.after", _JOURNAL, "_reached", "after"),
    Point("journal.equity.after", _JOURNAL, "sample_equity", "after"),
    # ---- an order leaves ----
    Point("intent.approved", "app.engine.risk_gate:RiskGate", "check", "after"),
    Point("submit.before", _EXECUTOR, "_submit", "before"),
    Point("submit.written", _EXECUTOR, "_is_written", "after"),
    Point("order.sent.before", _ENGINE, "_decide", "before", only=message("OrderSent")),
    Point("order.sent.after", _ENGINE, "_decide", "after", only=message("OrderSent")),
    Point("place.before", _REST, "place_order", "before"),
    Point("place.bytes.before", _TRANSPORT, "_exchange", "before", only=call(*_PLACE)),
    Point("place.bytes.after", _ANSWER, "start", "before", only=answer(*_PLACE), lingers=True),
    Point("place.answer.begun", _ANSWER, "start", "after", only=answer(*_PLACE)),
    Point("place.answer.after", _TRANSPORT, "_exchange", "after", only=call(*_PLACE)),
    Point("order.accepted.before", _ENGINE, "_decide", "before", only=message("OrderAccepted")),
    Point("order.accepted.after", _ENGINE, "_decide", "after", only=message("OrderAccepted")),
    # ---- a cancel, a look-up, a reading ----
    Point("cancel.asked.before", _ORDERS, "cancel", "before"),
    Point("cancel.asked.after", _ORDERS, "cancel", "after"),
    Point("cancel.send.before", _REST, "cancel_order", "before"),
    Point("cancel.bytes.after", _ANSWER, "start", "before", only=answer(*_CANCEL), lingers=True),
    Point("cancel.answer.after", _REST, "cancel_order", "after"),
    Point("cancel.answered.after", _ENGINE, "_decide", "after", only=message("CancelAnswered")),
    Point("lookup.before", _REST, "look_up_order", "before"),
    Point("lookup.after", _REST, "look_up_order", "after"),
    Point("looked_up.after", _ENGINE, "_decide", "after", only=message("OrderLookedUp")),
    Point("account.read.before", _REST, "read_account", "before"),
    Point("account.read.after", _REST, "read_account", "after"),
    Point("account.compared.after", _ENGINE, "_decide", "after", only=message("AccountRead")),
    # ---- a fill arrives ----
    Point("fill.frame.before", _FRAMES, "on_frame", "before", only=_has_fill),
    Point("fill.frame.after", _FRAMES, "on_frame", "after", only=_has_fill),
    Point("fill.applied.after", "app.engine.position_manager:PositionManager", "apply_fill", "after"),
    Point("fill.booked.before", _ENGINE, "_write", "before", only=message("FillBooked")),
    Point("fill.booked.after", _ENGINE, "_write", "after", only=message("FillBooked")),
    Point("position.changed.before", _ENGINE, "_write", "before", only=message("PositionChanged")),
    Point("position.changed.after", _ENGINE, "_write", "after", only=message("PositionChanged")),
    Point("exit.begin.before", _POSITIONS, "begin_exit", "before"),
    Point("exit.begin.after", _POSITIONS, "begin_exit", "after"),
    # ---- the trading state and the emergency control ----
    Point("trading_state.before", _ENGINE, "_write", "before", only=message("TradingStateChanged")),
    Point("trading_state.after", _ENGINE, "_write", "after", only=message("TradingStateChanged")),
    Point("emergency.begin.before", _EMERGENCY, "begin", "before"),
    Point("emergency.begin.after", _EMERGENCY, "begin", "after"),
    Point("emergency.pressed.after", _ENGINE, "_decide", "after", only=message("LiquidateAll")),
    Point("emergency.exit.after", _POSITIONS, "begin_exit", "after", only=reason("emergency")),
    Point("emergency.sell.before", _EXECUTOR, "_submit", "before", only=purpose("liquidation")),
    Point("emergency.sell.after", _EXECUTOR, "_submit", "after", only=purpose("liquidation")),
    Point("emergency.told.after", _ENGINE, "_write", "after", only=message("LiquidationChanged")),
    Point("emergency.reading.asked", _EMERGENCY, "reading_asked", "after"),
    Point("emergency.first_flat", _EMERGENCY, "on_account", "after", only=run_reached(clean_reads=1)),
    Point("emergency.confirmed", _EMERGENCY, "on_account", "after", only=run_reached(stage="flat")),
    # ---- the end ----
    Point("engine.stop.before", _ENGINE, "stop", "before"),
    Point("engine.stopped.before", _ENGINE, "_write", "before", only=message("EngineStopped")),
    Point("engine.stop.after", _ENGINE, "stop", "after"),
    Point("journal.stop.before", _JOURNAL, "stop", "before"),
    Point("journal.stop.after", _JOURNAL, "stop", "after"),
    Point("database.close.before", f"{_DATABASE}:Database", "close", "before"),
    Point("database.close.after", f"{_DATABASE}:Database", "close", "after"),
)
BY_NAME = {point.name: point for point in POINTS}


def install(hit: Hit) -> None:
    """Wrap every function of the table in this process; ``hit`` is called with the name of each point passed."""
    places: dict[tuple[str, str], list[Point]] = {}
    for point in POINTS:
        places.setdefault((point.owner, point.attribute), []).append(point)
    for (owner_name, attribute), points in places.items():
        owner = _owner(owner_name)
        setattr(owner, attribute, _wrapped(getattr(owner, attribute), points, hit))


def _owner(name: str) -> Any:
    module, _, inside = name.partition(":")
    found = importlib.import_module(module)
    return getattr(found, inside) if inside else found


def _wrapped(real: Callable[..., Any], points: list[Point], hit: Hit) -> Callable[..., Any]:
    before = [point for point in points if point.when == "before"]
    middle = [point for point in points if point.when == "middle"]
    after = [point for point in points if point.when == "after"]

    def pass_by(which: Iterable[Point], args: tuple[Any, ...], result: Any) -> None:
        for point in which:
            if point.only is None or point.only(args, result):
                hit(point.name)

    @functools.wraps(real)
    async def waiting(*args: Any, **kwargs: Any) -> Any:
        if any(point.lingers and (point.only is None or point.only(args, None)) for point in before):
            await asyncio.sleep(LINGER_S)
        pass_by(before, args, None)
        result = await real(*args, **kwargs)
        pass_by(after, args, result)
        return result

    @functools.wraps(real)
    def plain(*args: Any, **kwargs: Any) -> Any:
        pass_by(before, args, None)
        if middle:
            args = (*args[:-1], _between(args[-1], lambda: pass_by(middle, args, None)))
        result = real(*args, **kwargs)
        pass_by(after, args, result)
        return result

    return waiting if inspect.iscoroutinefunction(real) else plain


def _between(parts: Iterable[Any], passed: Callable[[], None]) -> Iterator[Any]:
    """The last argument part by part: the point lies after each part, the last one included."""
    for part in parts:
        yield part
        passed()
