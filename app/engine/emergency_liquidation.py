"""The emergency run: its lines, its stages, what is left, and the proof."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.emergency import (
    EmergencyPreview,
    EmergencyScope,
    LineState,
    LiquidationLine,
    LiquidationRun,
    LiquidationStage,
    Residue,
    ResidueKind,
)
from app.domain.money import ZERO, is_usable
from app.domain.order import Order, OrderState
from app.domain.ports import IdSource
from app.domain.position import Position, PositionState
from app.domain.values import Purpose
from app.domain.venue_reports import AccountSnapshot, OrderReport
from app.engine.circuit_breaker import CircuitBreaker
from app.engine.emergency_forecast import EmergencyForecast, why_unsellable
from app.engine.emergency_lines import OVER, EmergencyLines, kind_of
from app.engine.emergency_scope import is_about, must_end, must_end_stray, share_to_sell
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager
from app.engine.sale_hold import SaleHold

#: Two venue readings this far apart must both be clean before the run says FLAT.
CONFIRM_GAP = timedelta(seconds=2)
#: One that proved nothing is asked for again after this long.
ASK_GAP = timedelta(seconds=2.15)
#: Without any progress for this long the run names what is left; the engine keeps trying all the same.
PATIENCE = timedelta(seconds=20)

K = ResidueKind


class EmergencyLiquidation:
    """State of the present run. It decides nothing about orders; it watches them and says how far the run is."""

    def __init__(
        self,
        board: MarketBoard,
        orders: OrderTracker,
        positions: PositionManager,
        breaker: CircuitBreaker,
        ids: IdSource,
        hold: SaleHold,
    ) -> None:
        self._board = board
        self._hold = hold
        self._ids = ids
        self._orders = orders
        self._positions = positions
        self._lines = EmergencyLines(board, orders, positions)
        self.forecast = EmergencyForecast(board, orders, positions, breaker)
        self._progress_at: datetime | None = None
        #: What had been reached by then: a sale that is refused again and again reaches nothing.
        self._progress_seen: tuple[object, ...] = ()
        self._last_read: datetime | None = None
        self._read_failed = False
        self._first_clean: datetime | None = None
        self.run: LiquidationRun | None = None

    @property
    def is_running(self) -> bool:
        """True from the press until the proof; ATTENTION still counts as running, because the engine keeps trying."""
        return self.run is not None and not self.run.stage.is_proven

    @property
    def is_flattening(self) -> bool:
        """True while a run is at work that leaves nothing of ours."""
        return self.run is not None and self.is_running and self.run.is_everything

    @property
    def is_only_about_strangers(self) -> bool:
        """True when everything of ours is closed and the run hangs on holdings that somebody else brought meanwhile.

        A second press then counts them as not ours: it begins a new run that leaves them alone.
        """
        return self.run is not None and self.run.stage is LiquidationStage.ATTENTION and self._nothing_left(self.run)

    def restore(self, run: LiquidationRun | None) -> None:
        """Resume a run the journal left unfinished."""
        if run is not None and not run.stage.is_proven:
            self.run = replace(run, stage=LiquidationStage.CANCELLING, ended_at=None, clean_reads=0, left=())

    def preview(self, now: datetime) -> EmergencyPreview:
        """What pressing now would do."""
        return self.forecast.preview(now)

    # ---- the press ----------------------------------------------------------------------------------------------

    def begin(
        self,
        run_id: str,
        scope: EmergencyScope,
        positions: Sequence[Position],
        unmanaged: dict[str, Decimal],
        now: datetime,
    ) -> LiquidationRun:
        """Start a run over ``positions``. ``unmanaged`` is what the account holds besides them, per asset: it must
        still be there afterwards, and is no residue."""
        self._progress_at, self._last_read = now, None
        card = self.forecast.preview(now, scope)
        lines = tuple(self._lines.new_line(position, scope.share) for position in positions)
        kept = () if scope.whole_account else tuple(unmanaged.items())
        self.run = LiquidationRun(
            run_id,
            LiquidationStage.CANCELLING,
            lines,
            now,
            card.expected_s,
            unmanaged=kept,
            scopes=(scope,),
            forecast=card,
        )
        return self.run

    def widen(self, scope: EmergencyScope, positions: Sequence[Position], now: datetime) -> LiquidationRun | None:
        """Another press while the run is under way: it reaches that far too. None when it does so already."""
        run = self.run
        if run is None or scope in run.scopes or any(_includes(known, scope) for known in run.scopes):
            return None
        known_lines = {line.position_id for line in run.lines}
        more = tuple(self._lines.new_line(p, scope.share) for p in positions if p.position_id not in known_lines)
        kept = () if scope.whole_account else run.unmanaged
        self._progress_at, self._last_read = now, None
        lines = (*(self._widened(line, scope, positions) for line in run.lines), *more)
        self.run = replace(
            run,
            stage=LiquidationStage.CANCELLING,
            scopes=(*run.scopes, scope),
            lines=lines,
            unmanaged=kept,
            ended_at=None,
            clean_reads=0,
            left=(),
        )
        return self.run

    @staticmethod
    def _widened(line: LiquidationLine, scope: EmergencyScope, positions: Iterable[Position]) -> LiquidationLine:
        named = any(position.position_id == line.position_id for position in positions)
        return replace(line, share=max(line.share, scope.share)) if named else line

    # ---- progress -----------------------------------------------------------------------------------------------

    def advance(self, now: datetime) -> LiquidationRun | None:
        """Recompute lines and stage; returns the run when it changed, else None."""
        run = self.run
        if run is None or run.stage.is_proven:
            return None
        named = {line.position_id for line in run.lines}
        late = [p for p in self._positions.live() if p.position_id not in named and is_about(run, p)]
        known = (*run.lines, *(self._lines.new_line(position, share_to_sell(run, position)) for position in late))
        lines = tuple(self._lines.line(run, line) for line in known)
        progress = self._progress(lines)
        if progress != self._progress_seen or self._progress_at is None:
            self._progress_at, self._progress_seen = now, progress
        run = replace(run, lines=lines)
        stage = self._stage(run)
        clean_reads = run.clean_reads if stage is LiquidationStage.CONFIRMING else 0
        left = run.left if stage is run.stage is LiquidationStage.CONFIRMING else ()
        ended_at = None
        if now - self._progress_at > PATIENCE:
            left = self._residues(run) or run.left or (Residue(K.UNREACHABLE if self._read_failed else K.UNCONFIRMED),)
            stage, ended_at = LiquidationStage.ATTENTION, run.ended_at or now
        changed = replace(run, stage=stage, clean_reads=clean_reads, left=left, ended_at=ended_at)
        if changed == self.run:
            return None
        self.run = changed
        return changed

    def _progress(self, lines: Iterable[LiquidationLine]) -> tuple[object, ...]:
        """What changes only when something is reached: units sold, lines done, purchases and old sales gone."""
        orders = (o.order_id for o in self.orders_in_the_way() if o.intent.purpose is not Purpose.LIQUIDATION)
        return (tuple((line.position_id, line.sold, line.state in OVER) for line in lines), tuple(orders))

    def _stage(self, run: LiquidationRun) -> LiquidationStage:
        if self._nothing_left(run):
            return LiquidationStage.CONFIRMING
        if any(line.state is LineState.SELLING for line in run.lines):
            return LiquidationStage.SELLING
        return LiquidationStage.CANCELLING

    def read_is_due(self, now: datetime) -> bool:
        """True when the venue should be read (again) to confirm."""
        if self.run is None or self.run.stage.is_proven or not self._nothing_left(self.run):
            return False
        if self._last_read is None:
            return True
        if self.run.clean_reads and self._first_clean is not None and self._last_read <= self._first_clean:
            return now - self._first_clean >= CONFIRM_GAP  # the second one; asked once
        return now - self._last_read >= ASK_GAP

    def reading_asked(self, now: datetime) -> None:
        """A confirming read is on its way."""
        self._last_read = now

    def reading_failed(self) -> None:
        """The venue did not answer a reading: unknown is not flat."""
        self._read_failed = True

    def on_account(self, snapshot: AccountSnapshot, now: datetime) -> LiquidationRun | None:
        """Judge a reading; two clean ones, CONFIRM_GAP apart, after the last order ended, are the proof."""
        run = self.run
        self._read_failed = False
        if run is None or run.stage.is_proven or self._last_read is None or not self._nothing_left(run):
            return None
        if snapshot.started_at < self._last_read:
            return None  # begun before the last order ended: proves nothing
        left = self._venue_residues(run, snapshot)
        if left:
            self.run = replace(run, clean_reads=0, left=left)
        elif run.clean_reads == 0:
            self._first_clean = snapshot.started_at
            self.run = replace(run, clean_reads=1, left=())
        elif snapshot.started_at - (self._first_clean or now) >= CONFIRM_GAP:
            lines = tuple(_confirmed(line) for line in run.lines)
            stage = LiquidationStage.FLAT if run.is_everything else LiquidationStage.DONE
            dust = tuple(Residue(K.DUST, x.market, Decimal(x.residue)) for x in lines if x.state is LineState.DUST)
            self.run = replace(run, stage=stage, lines=lines, clean_reads=2, left=dust, ended_at=now)
        return self.run if self.run != run else None

    # ---- looking ------------------------------------------------------------------------------------------------

    def orders_in_the_way(self) -> list[Order]:
        """Working orders that may not be left at the end of the run."""
        run = self.run
        if run is None:
            return []
        if run.is_everything:  # looked at after every message, with a thousand of them in the queue
            return self._orders.working()
        known = self._positions.positions
        return [o for o in self._orders.working() if must_end(run, o, known.get(o.intent.position_id))]

    def strays(self, snapshot: AccountSnapshot) -> list[OrderReport]:
        """Open orders that our books do not know and that may not be left: ours by their identifier, or, of a whole
        account, anybody's."""
        run = self.run
        if run is None:
            return []
        return [
            report
            for report in snapshot.open_orders
            if self._orders.get(report.order_id) is None
            and (run.whole_account or (self._ids.owns(report.order_id) and must_end_stray(run, report)))
        ]

    def parts_to_sell(self) -> list[tuple[Position, Decimal]]:
        """Positions of which a part is still to be sold, and how many units."""
        run = self.run
        if run is None or run.stage.is_proven:
            return []
        # As they are now, not as last told: a sale may have ended since.
        lines = (self._lines.line(run, line) for line in run.lines if 0 < line.share < 100)
        parts = [(self._positions.positions.get(line.position_id), line) for line in lines]
        return [
            (position, line.wanted - line.sold)
            for position, line in parts
            if position is not None
            and position.is_live
            and position.state is not PositionState.CLOSING
            and line.state not in OVER
            and line.wanted > line.sold
        ]

    def _nothing_left(self, run: LiquidationRun) -> bool:
        if run.is_everything:
            return not self._orders.working() and not self._positions.live()
        if self.orders_in_the_way():
            return False
        return all(self._is_done(run, position) for position in self._positions.live() if is_about(run, position))

    def _is_done(self, run: LiquidationRun, position: Position) -> bool:
        share = share_to_sell(run, position)
        line = next((line for line in run.lines if line.position_id == position.position_id), None)
        if share == 0:
            return True
        return share < 100 and line is not None and self._lines.line(run, line).state in OVER

    # ---- what is left -------------------------------------------------------------------------------------------

    def _residues(self, run: LiquidationRun) -> tuple[Residue, ...]:
        left = [_order_residue(order) for order in self.orders_in_the_way()]
        for position in self._positions.live():
            if position.quantity > ZERO and is_about(run, position) and not self._is_done(run, position):
                why, detail = self._why_held(position)
                left.append(Residue(why, position.market, position.quantity, detail))
        return tuple(left)

    def _why_held(self, position: Position) -> tuple[ResidueKind, str]:
        why = why_unsellable(position, self._board, self._positions)
        if why is not None and why is not K.DUST:
            return why, position.note
        if position.market in self._hold.known:
            return K.LOST_SALE, ""
        if self._hold.until_told:
            return K.SEARCHING, ""
        if position.note:
            return kind_of(position.note), position.note
        return K.HELD, ""

    def _venue_residues(self, run: LiquidationRun, snapshot: AccountSnapshot) -> tuple[Residue, ...]:
        markets = dict.fromkeys(line.market for line in run.lines if line.share == 100)  # in the order of the lines
        left = [self._stray_residue(report) for report in self.strays(snapshot)]
        for report in snapshot.open_orders:
            order = self._orders.get(report.order_id)
            position = self._positions.positions.get(order.intent.position_id) if order is not None else None
            if order is not None and must_end(run, order, position):
                left.append(Residue(K.WORKING_ORDER, report.market, detail=order.order_id))
        held = {balance.asset: balance.total for balance in snapshot.balances}
        if run.whole_account:
            markets |= {m: None for m, rules in self._board.constraints.items() if held.get(rules.base, ZERO) > ZERO}
        unmanaged = dict(run.unmanaged)
        for market in markets:
            rules = self._board.constraints.get(market)
            mark = self._positions.marks.get(market)
            if rules is None:
                continue
            extra = held.get(rules.base, ZERO) - unmanaged.get(rules.base, ZERO)
            worth = extra * mark.price if mark is not None and is_usable(mark.price) else extra
            if extra > ZERO and worth >= rules.min_total:
                left.append(Residue(K.HELD, market, extra))
        return tuple(left)

    def _stray_residue(self, report: OrderReport) -> Residue:
        ours = self._ids.owns(report.order_id)
        kind, name = (K.WORKING_ORDER, report.order_id) if ours else (K.FOREIGN_ORDER, report.venue_order_id)
        return Residue(kind, report.market, detail=name or "")


def _includes(wide: EmergencyScope, narrow: EmergencyScope) -> bool:
    """True when a press of ``narrow`` adds nothing to one of ``wide``."""
    return (
        wide.is_unfiltered
        and wide.action.flattens
        and not (narrow.whole_account and not wide.whole_account)
    )  # fmt: skip


def _order_residue(order: Order) -> Residue:
    kind = K.UNKNOWN_ORDER if order.state is OrderState.UNKNOWN else K.WORKING_ORDER
    return Residue(kind, order.intent.market, order.remaining_volume, order.order_id)


def _confirmed(line: LiquidationLine) -> LiquidationLine:
    return line if line.state is LineState.DUST else replace(line, state=LineState.CONFIRMED)
