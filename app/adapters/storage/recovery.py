"""What the journal says when the program starts; the chain is checked from its first record on."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, Select, Text, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.storage import tables
from app.adapters.storage.books import load_known
from app.adapters.storage.chain import ChainHead, genesis, link
from app.adapters.storage.codec import decode
from app.adapters.storage.database import Database
from app.adapters.storage.ids import new_install_id
from app.adapters.storage.projections import EPOCH_KEY, INSTALL_KEY, TRADING_STATE_KEY, upsert
from app.adapters.storage.types import parse_utc
from app.domain.alert import DailyReported, Notice, NoticeChanged, RemoteTaken
from app.domain.breaker import BreakerChanged
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, keep_letter
from app.domain.drill import DrillEnded, DrillRecord, keep_drill
from app.domain.emergency import LiquidationRun, keep_run
from app.domain.errors import StorageError
from app.domain.instruction import Instruction, InstructionChanged
from app.domain.kill import KillMark, KillMarked, KillRecord, UnlockAttempted
from app.domain.limits import LIMIT_ALERT, DayUse
from app.domain.loss import LossBook, LossBookChanged
from app.domain.messages import (
    AlertRaised,
    EngineStarted,
    EngineStopped,
    FillBooked,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StateEvent,
    TradingStateChanged,
)
from app.domain.order import Fill, Order
from app.domain.position import Position
from app.domain.promotion import PromotionOverridden
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured
from app.domain.values import Market, TradingState

#: Finished orders younger than this are handed back, so that late fills of them are still known as ours.
ORDERS_KEPT = timedelta(days=7)
#: Measured executions handed back per market, the newest; the engine forgets older ones as well.
EXECUTIONS_KEPT = 100
#: Identifiers of remote commands handed back, the newest; older ones are refused by their age.
REMOTE_KEPT = 200
#: Records read at once while the chain is checked; small enough for the screen to stay alive in between.
BATCH = 2000


@dataclass(slots=True)
class Recovered:
    """RecoveredState port, and what journal and ids of this run need: ``install`` and the verified ``head``.

    ``agreed_at`` is when journal and venue last were known to agree (a comparison, or a proper end), else the time of
    the first record; None in an empty journal. ``unmanaged`` is what the account held besides our positions then.
    ``liquidation`` is the last emergency run; the engine goes on with one that did not reach its proof, ``runs`` are
    the newest ones for the screen, ``drills`` the newest fire drills. ``kill`` is what the journal alone says of the
    switch; sentinel and keyring have a say too (app.domain.kill.judge). ``breakers`` holds
    the last word on each call group, ``dead_letters`` what can still be done again, oldest first. ``notices`` are those
    nobody has acknowledged, ``remote_ids`` the update ids of remote commands, ``reported_day`` the last day reported,
    ``emergencies`` when each emergency run of the last days began.
    """

    epoch: int
    clean: bool
    trading_state: TradingState
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    install: str
    head: ChainHead
    liquidation: LiquidationRun | None = None
    agreed_at: datetime | None = None
    unmanaged: tuple[tuple[str, Decimal], ...] = ()
    instructions: tuple[Instruction, ...] = ()
    earlier: tuple[DayUse, ...] = ()
    limit_alerts: tuple[tuple[str, datetime], ...] = ()
    breakers: tuple[BreakerChanged, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()
    executions: tuple[ExecutionMeasured, ...] = ()
    loss_book: LossBook | None = None
    kill: KillRecord = field(default_factory=KillRecord)
    runs: tuple[LiquidationRun, ...] = ()
    notices: tuple[Notice, ...] = ()
    remote_ids: tuple[int, ...] = ()
    reported_day: datetime | None = None
    emergencies: tuple[datetime, ...] = ()
    drills: tuple[DrillRecord, ...] = ()
    overrides: tuple[PromotionOverridden, ...] = ()


@dataclass(slots=True)
class FoldedBooks:
    """State folded from the journal alone: the last record of each order, fill and position, and the trading state."""

    orders: dict[str, Order] = field(default_factory=dict)
    fills: dict[tuple[str, str], Fill] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    trading_state: TradingState = TradingState.DISABLED
    stopped_epoch: int | None = None

    def take(self, event: StateEvent) -> None:
        """Apply one record."""
        self.stopped_epoch = None
        match event:
            case OrderChanged(order):
                self.orders[order.order_id] = order
            case FillBooked(fill, _):
                self.fills[(fill.order_id, fill.trade_id)] = fill
            case PositionChanged(position):
                self.positions[position.position_id] = position
            case TradingStateChanged(_, after):
                self.trading_state = after
            case EngineStopped(epoch):
                self.stopped_epoch = epoch
            case _:
                pass


async def recover(
    database: Database,
    now: datetime,
    epoch_floor: int = 0,
    install_source: Callable[[], str] = new_install_id,
    mode: str | None = None,
) -> Recovered:
    """Verify the journal, begin a new epoch (durable on return) and load the state to go on from.

    ``epoch_floor`` is the highest epoch known from elsewhere (a restored backup must not repeat identifiers). ``mode``
    is the only one whose runs the journal may hold.

    Raises:
        StorageError: the chain is broken (names the first bad record), tables disagree with it, the journal belongs to
            another mode (nothing is written to it then), or the database fails.
    """
    async with database.reading() as connection:
        known = await _read_state(connection)
        install = known.get(INSTALL_KEY)
        checked = await _check_journal(connection, install)
        check_mode(checked.modes, mode, database.where)
    async with database.writing() as connection:
        if install is None:
            install = install_source()
            checked.head = genesis(install)
            await connection.execute(upsert(tables.state, database.dialect), {"key": INSTALL_KEY, "value": install})
        before = _stored_epoch(known)
        epoch = max(before, checked.epoch, epoch_floor) + 1
        await connection.execute(upsert(tables.state, database.dialect), {"key": EPOCH_KEY, "value": str(epoch)})
    async with database.reading() as connection:
        books = await load_known(connection, now - ORDERS_KEPT, now)
    return Recovered(
        epoch=epoch,
        clean=before == 0 or checked.stopped_epoch == before,
        trading_state=checked.trading_state,
        positions=books.positions,
        orders=books.orders,
        fills=books.fills,
        install=install,
        head=checked.head,
        liquidation=checked.liquidation,
        agreed_at=datetime.fromisoformat(checked.agreed_at) if checked.agreed_at else None,
        unmanaged=checked.unmanaged,
        runs=tuple(checked.runs.values()),
        drills=tuple(checked.drills.values()),
        instructions=tuple(checked.instructions.values()),
        earlier=books.earlier,
        limit_alerts=tuple((key, parse_utc(at)) for key, at in checked.limit_alerts.items()),
        breakers=tuple(checked.breakers.values()),
        dead_letters=tuple(checked.dead_letters.values()),
        executions=tuple(one for recent in checked.executions.values() for one in recent),
        loss_book=checked.loss_book,
        kill=_kill_record(checked),
        notices=tuple(checked.notices.values()),
        remote_ids=tuple(checked.remote_ids),
        reported_day=checked.reported_day,
        emergencies=tuple(at for at in checked.emergencies.values() if at >= now - ORDERS_KEPT),
        overrides=tuple(checked.overrides.values()),
    )


async def verified_modes(connection: AsyncConnection) -> set[str]:
    """Verify a journal nobody writes to; returns the modes whose runs it holds. Raises StorageError."""
    known = await _read_state(connection)
    return (await _check_journal(connection, known.get(INSTALL_KEY))).modes


def check_mode(found: set[str], mode: str | None, where: str) -> None:
    """Raises StorageError when a journal holds runs of another mode than ``mode`` (None: any)."""
    others = sorted(found - {mode})
    if mode is not None and others:
        raise StorageError(
            f"{where}: this is the journal of mode {', '.join(others)}, not of {mode}; nothing was changed. Each mode "
            f"has a journal of its own: put the right one back, or start with --mode {others[0]}"
        )


async def fold_journal(database: Database) -> FoldedBooks:
    """Read the whole journal and fold it, without looking at any projection. Slow; for audits and tests.

    Raises:
        StorageError: a record cannot be read.
    """
    books = FoldedBooks()
    async with database.reading() as connection:
        async for rows in _records(connection):
            for seq, _, _, kind, payload, *_ in rows:
                books.take(decode(kind, payload, seq))
    return books


class _OrderKey(msgspec.Struct):
    order_id: str


class _FillKey(msgspec.Struct):
    order_id: str
    trade_id: str


class _PositionKey(msgspec.Struct):
    position_id: str


class _OrderPeek(msgspec.Struct):
    order: _OrderKey


class _FillPeek(msgspec.Struct):
    fill: _FillKey


class _PositionPeek(msgspec.Struct):
    position: _PositionKey


_ORDER, _FILL, _POSITION = OrderChanged.__name__, FillBooked.__name__, PositionChanged.__name__
_TRADING_STATE, _STOPPED = TradingStateChanged.__name__, EngineStopped.__name__
_LIQUIDATION = LiquidationChanged.__name__
_RECONCILED = Reconciled.__name__
_ALERT = AlertRaised.__name__
_WHOLE = frozenset(
    kind.__name__
    for kind in (
        EngineStarted,
        Reconciled,
        BreakerChanged,
        DeadLetterAdded,
        DeadLetterSettled,
        InstructionChanged,
        SlicingReported,
        ExecutionMeasured,
        LossBookChanged,
        KillMarked,
        UnlockAttempted,
        NoticeChanged,
        RemoteTaken,
        DailyReported,
        DrillEnded,
        PromotionOverridden,
    )
)
_AGREED = (_RECONCILED, _STOPPED)
_PEEK_ORDER = msgspec.json.Decoder(_OrderPeek)
_PEEK_FILL = msgspec.json.Decoder(_FillPeek)
_PEEK_POSITION = msgspec.json.Decoder(_PositionPeek)


@dataclass(slots=True)
class _Checked:
    """What one pass over the chain found out; ``orders`` and so on map keys to the seq of their last record."""

    head: ChainHead
    agreed_at: str = ""
    epoch: int = 0
    stopped_epoch: int | None = None
    trading_state: TradingState = TradingState.DISABLED
    liquidation: LiquidationRun | None = None
    runs: dict[str, LiquidationRun] = field(default_factory=dict)
    drills: dict[str, DrillRecord] = field(default_factory=dict)
    unmanaged: tuple[tuple[str, Decimal], ...] = ()
    instructions: dict[str, Instruction] = field(default_factory=dict)
    limit_alerts: dict[str, str] = field(default_factory=dict)
    breakers: dict[tuple[str, str], BreakerChanged] = field(default_factory=dict)
    dead_letters: dict[str, DeadLetter] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    fills: dict[tuple[str, str], int] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    executions: dict[Market, deque[ExecutionMeasured]] = field(default_factory=dict)
    loss_book: LossBook | None = None
    kill: KillMark | None = None
    unlock_tries: int = 0
    notices: dict[str, Notice] = field(default_factory=dict)
    remote_ids: deque[int] = field(default_factory=lambda: deque(maxlen=REMOTE_KEPT))
    reported_day: datetime | None = None
    emergencies: dict[str, datetime] = field(default_factory=dict)
    modes: set[str] = field(default_factory=set)
    overrides: dict[str, PromotionOverridden] = field(default_factory=dict)

    def take(self, seq: int, epoch: int, happened_at: str, kind: str, payload: str, previous: str, sealed: str) -> None:
        """Check one record against the chain and note what it is about. Raises StorageError with its number."""
        wanted = self.head.seq + 1
        if seq != wanted:
            raise StorageError(f"journal record {wanted} is missing: the journal was damaged or altered")
        # A flipped bit can turn a stored text into bytes or a number, whatever the table says.
        texts = {happened_at.__class__, kind.__class__, payload.__class__}
        head = link(self.head, epoch, happened_at, kind, payload) if texts == {str} and epoch.__class__ is int else None
        if head is None or previous != self.head.hash or sealed != head.hash:
            raise StorageError(
                f"journal record {wanted} does not fit the hash chain: the journal was damaged or altered there; "
                "keep the file and start with a backup or another data folder"
            )
        self.head, self.epoch = head, max(self.epoch, epoch)
        if kind in _AGREED or not self.agreed_at:
            self.agreed_at = happened_at
        self.stopped_epoch = epoch if kind == _STOPPED else None
        try:
            self._note(seq, kind, payload, happened_at)
        except (msgspec.MsgspecError, ValueError) as error:
            raise StorageError(f"journal record {seq}: {kind} cannot be read: {error}") from error

    def _note(self, seq: int, kind: str, payload: str, happened_at: str) -> None:
        if kind == _ORDER:
            self.orders[_PEEK_ORDER.decode(payload).order.order_id] = seq
        elif kind == _POSITION:
            self.positions[_PEEK_POSITION.decode(payload).position.position_id] = seq
        elif kind == _FILL:
            fill = _PEEK_FILL.decode(payload).fill
            self.fills[(fill.order_id, fill.trade_id)] = seq
        elif kind == _TRADING_STATE:
            event = decode(kind, payload, seq)
            if isinstance(event, TradingStateChanged):
                self.trading_state = event.after
        elif kind == _LIQUIDATION:
            event = decode(kind, payload, seq)
            if isinstance(event, LiquidationChanged):
                self.liquidation = event.run
                keep_run(self.runs, event.run)
                self.emergencies[event.run.run_id] = event.run.started_at
        elif kind == _ALERT and LIMIT_ALERT in payload:
            event = decode(kind, payload, seq)
            if isinstance(event, AlertRaised) and event.key.startswith(LIMIT_ALERT):
                self.limit_alerts[event.key] = happened_at
        elif kind in _WHOLE:
            self._note_whole(decode(kind, payload, seq))

    def _note_whole(self, event: StateEvent) -> None:
        """Records that are read whole, because no table holds what they say."""
        match event:
            case EngineStarted(mode=mode):
                self.modes.add(mode)
            case Reconciled(unmanaged=tuple() as unmanaged):
                self.unmanaged = unmanaged
            case BreakerChanged(venue, group):
                self.breakers[(venue, group)] = event
            case DeadLetterAdded(letter):
                keep_letter(self.dead_letters, letter)
            case DeadLetterSettled(letter_id):
                self.dead_letters.pop(letter_id, None)
            case InstructionChanged(instruction):
                self.instructions.pop(instruction.instruction_id, None)
                if instruction.state.is_live or instruction.progress is not None:
                    self.instructions[instruction.instruction_id] = instruction
            case SlicingReported(instruction_id):
                self.instructions.pop(instruction_id, None)
            case NoticeChanged(notice):
                self.notices.pop(notice.notice_id, None)
                if notice.is_open:
                    self.notices[notice.notice_id] = notice
            case RemoteTaken(update_id):
                self.remote_ids.append(update_id)
            case DailyReported(report):
                self.reported_day = report.day
            case DrillEnded(drill):
                keep_drill(self.drills, drill)
            case ExecutionMeasured(market=market):
                self.executions.setdefault(market, deque(maxlen=EXECUTIONS_KEPT)).append(event)
            case LossBookChanged(book):
                self.loss_book = book
            case KillMarked(mark):
                self.kill = mark
            case UnlockAttempted(tries=tries):
                self.unlock_tries = tries
            case PromotionOverridden(key):
                self.overrides[key] = event
            case _:
                pass


def _kill_record(checked: _Checked) -> KillRecord:
    mark = checked.kill
    stopped = (mark.reason or "halted") if mark is not None and mark.halted else ""
    return KillRecord(mark, stopped, keyring=mark is not None and mark.keyring, tries=checked.unlock_tries)


async def _check_journal(connection: AsyncConnection, install: str | None) -> _Checked:
    checked = _Checked(genesis(install or ""))
    async for rows in _records(connection):
        if install is None and rows:
            raise StorageError("the journal has records but no installation id: the file is damaged; use a backup")
        for row in rows:
            checked.take(*row)
    await _compare_projections(connection, checked)
    return checked


async def _records(connection: AsyncConnection) -> AsyncIterator[Sequence[tuple[Any, ...]]]:
    """All journal records in order, batch by batch, as rows of ``seq, epoch, *_STORED_TEXTS``.

    The cells come as they are stored: what the hash covers is the text itself.
    """
    table, last = tables.journal, 0
    stored = [type_coerce(table.c[name], Text()).label(name) for name in _STORED_TEXTS]
    integers = [type_coerce(table.c[name], Integer()).label(name) for name in ("seq", "epoch")]
    columns: list[ColumnElement[Any]] = [*integers, *stored]
    query: Select[Any] = select(*columns).order_by(table.c.seq).limit(BATCH)
    while True:
        rows: Sequence[tuple[Any, ...]] = (await connection.execute(query.where(table.c.seq > last))).all()
        yield rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


_STORED_TEXTS = ("happened_at", "kind", "payload", "previous", "hash")


async def _compare_projections(connection: AsyncConnection, checked: _Checked) -> None:
    orders, fills, positions = tables.orders.c, tables.fills.c, tables.positions.c
    found_orders = {row[0]: row[1] for row in await connection.execute(select(orders.order_id, orders.seq))}
    found_positions = {row[0]: row[1] for row in await connection.execute(select(positions.position_id, positions.seq))}
    fill_query = select(fills.order_id, fills.trade_id, fills.seq)
    found_fills = {(row[0], row[1]): row[2] for row in await connection.execute(fill_query)}
    _must_match("orders", found_orders, checked.orders)
    _must_match("fills", found_fills, checked.fills)
    _must_match("positions", found_positions, checked.positions)
    known = await _read_state(connection)
    if known.get(TRADING_STATE_KEY, TradingState.DISABLED) != checked.trading_state:
        raise StorageError("table state disagrees with the journal about the trading state: the file is damaged")


def _must_match(table: str, found: dict[Any, int], wanted: dict[Any, int]) -> None:
    if found == wanted:
        return
    differing = [seq for key, seq in wanted.items() if found.get(key) != seq]
    differing += [seq for key, seq in found.items() if key not in wanted]
    raise StorageError(
        f"table {table} disagrees with journal record {min(differing)}: the file is damaged or records at the end "
        "are missing; keep it and start with a backup"
    )


async def _read_state(connection: AsyncConnection) -> dict[str, str]:
    return {row.key: row.value for row in await connection.execute(select(tables.state))}


def _stored_epoch(known: dict[str, str]) -> int:
    text = known.get(EPOCH_KEY, "0")
    if not text.isascii() or not text.isdigit():
        raise StorageError(f"table state holds a damaged epoch {text!r}; use a backup")
    return int(text)
