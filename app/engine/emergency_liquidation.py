"""The emergency run: lines, stages, proof; and the preview of what pressing now would do."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.emergency import EmergencyPreview, LineState, LiquidationLine, LiquidationRun, LiquidationStage
from app.domain.money import ZERO, is_usable
from app.domain.order import OrderState
from app.domain.position import Position, PositionState
from app.domain.values import Side
from app.domain.venue_reports import AccountSnapshot
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager

#: Two venue readings this far apart must both be clean before the run says FLAT.
CONFIRM_GAP = timedelta(seconds=2)
#: Readings are asked for a little later than that, because the first may have begun late.
ASK_GAP = CONFIRM_GAP + timedelta(milliseconds=150)
#: Without any progress for this long the run names its residues; the engine keeps trying all the same.
PATIENCE = timedelta(seconds=20)
#: Sending slots of the venue in calls per second, at the share we allow ourselves (Upbit: 12 orders/s, 30 others/s).
ORDER_RATE = 12 * 0.9
CANCEL_RATE = 30 * 0.9


class EmergencyLiquidation:
    """State of the present run. It decides nothing about orders; it watches them and says how far the run is."""

    def __init__(self, board: MarketBoard, orders: OrderTracker, positions: PositionManager) -> None:
        self._board = board
        self._orders = orders
        self._positions = positions
        self._progress_at: datetime | None = None
        self._last_read: datetime | None = None
        self._first_clean: datetime | None = None
        self._latencies: list[float] = []
        self.run: LiquidationRun | None = None

    @property
    def is_running(self) -> bool:
        """True from the press until the proof; ATTENTION still counts as running, because the engine keeps trying."""
        return self.run is not None and self.run.stage is not LiquidationStage.FLAT

    @property
    def is_only_about_strangers(self) -> bool:
        """True when everything of ours is closed and the run hangs on holdings that somebody else brought meanwhile.

        A second press then counts them as not ours: it begins a new run that leaves them alone.
        """
        return self.run is not None and self.run.stage is LiquidationStage.ATTENTION and self._nothing_left()

    def restore(self, run: LiquidationRun | None) -> None:
        """Resume a run the journal left unfinished."""
        if run is not None and run.stage is not LiquidationStage.FLAT:
            self.run = replace(run, stage=LiquidationStage.CANCELLING, ended_at=None, clean_reads=0, residues=())

    def note_latency(self, seconds: float) -> None:
        """Remember how long the venue took to answer a call."""
        self._latencies = [*self._latencies[-99:], seconds]

    @property
    def last_latency_ms(self) -> float | None:
        """Milliseconds the venue needed for the last order; None before the first."""
        return self._latencies[-1] * 1000 if self._latencies else None

    def preview(self, now: datetime) -> EmergencyPreview:
        """What pressing now would do and how long it takes until the proof, from the present book of orders."""
        live = [p for p in self._positions.live() if p.quantity > ZERO or self._orders.working(p.position_id)]
        working = self._orders.working()
        sells = [p for p in live if p.quantity > ZERO]
        unsellable = tuple(str(p.market) for p in sells if not self._sellable(p))
        typical, slow = self._latency(0.5), self._latency(0.95)
        sending = len(working) / CANCEL_RATE + max(len(sells) - 1, 0) / ORDER_RATE
        # cancel answers, then the sale's answer, its fill report, and two readings CONFIRM_GAP apart
        trips = (2 if working else 0) + (2 if sells else 0) + 2
        gap = ASK_GAP.total_seconds() if live or working else 0.0
        return EmergencyPreview(
            positions=len(live),
            venues=1 if live or working else 0,
            cancels=len(working),
            orders=len(sells),
            expected_s=round(sending + trips * typical + gap, 2) if live or working else 0.0,
            p95_s=round(1.3 * sending + trips * slow + gap + 0.5, 2) if live or working else 0.0,
            unsellable=unsellable,
            made_at=now,
        )

    def begin(self, run_id: str, unmanaged: dict[str, Decimal], now: datetime) -> LiquidationRun:
        """Start a run over every live position. ``unmanaged`` is what the account holds besides them, per asset:
        it must still be there afterwards, and is no residue."""
        live = self._positions.live()
        lines = tuple(
            LiquidationLine(p.position_id, p.market, LineState.WAITING, wanted=p.quantity, sold=ZERO) for p in live
        )
        self._progress_at, self._last_read = now, None
        predicted = self.preview(now).expected_s
        kept = tuple(unmanaged.items())
        self.run = LiquidationRun(run_id, LiquidationStage.CANCELLING, lines, now, predicted, unmanaged=kept)
        return self.run

    def advance(self, now: datetime) -> LiquidationRun | None:
        """Recompute lines and stage; returns the run when it changed, else None."""
        run = self.run
        if run is None or run.stage is LiquidationStage.FLAT:
            return None
        lines = tuple(self._line(line) for line in run.lines)
        if lines != run.lines or self._progress_at is None:
            self._progress_at = now
        stage = self._stage(lines)
        clean_reads = run.clean_reads if stage is LiquidationStage.CONFIRMING else 0
        residues = run.residues if stage is run.stage is LiquidationStage.CONFIRMING else ()
        ended_at = None
        if now - self._progress_at > PATIENCE:
            residues = self._residues() or run.residues or ("the venue did not confirm yet",)
            stage, ended_at = LiquidationStage.ATTENTION, run.ended_at or now
        changed = replace(run, lines=lines, stage=stage, clean_reads=clean_reads, residues=residues, ended_at=ended_at)
        if changed == run:
            return None
        self.run = changed
        return changed

    def _stage(self, lines: tuple[LiquidationLine, ...]) -> LiquidationStage:
        if self._nothing_left():
            return LiquidationStage.CONFIRMING
        if any(line.state is LineState.SELLING for line in lines):
            return LiquidationStage.SELLING
        return LiquidationStage.CANCELLING

    def read_is_due(self, now: datetime) -> bool:
        """True when the venue should be read (again) to confirm."""
        if self.run is None or self.run.stage is LiquidationStage.FLAT or not self._nothing_left():
            return False
        return self._last_read is None or now - self._last_read >= ASK_GAP

    def reading_asked(self, now: datetime) -> None:
        """A confirming read is on its way."""
        self._last_read = now

    def on_account(self, snapshot: AccountSnapshot, now: datetime) -> LiquidationRun | None:
        """Judge a reading; two clean ones, CONFIRM_GAP apart, after the last order ended, make FLAT."""
        run = self.run
        if run is None or run.stage is LiquidationStage.FLAT or self._last_read is None or not self._nothing_left():
            return None
        if snapshot.started_at < self._last_read:
            return None  # begun before the last order ended: proves nothing
        residues = self._venue_residues(snapshot)
        if residues:
            self.run = replace(run, clean_reads=0, residues=residues)
        elif run.clean_reads == 0:
            self._first_clean = snapshot.started_at
            self.run = replace(run, clean_reads=1, residues=())
        elif snapshot.started_at - (self._first_clean or now) >= CONFIRM_GAP:
            lines = tuple(_confirmed(line) for line in run.lines)
            self.run = replace(run, stage=LiquidationStage.FLAT, lines=lines, clean_reads=2, residues=(), ended_at=now)
        return self.run if self.run != run else None

    # ---- looking ------------------------------------------------------------------------------------------------

    def _nothing_left(self) -> bool:
        return not self._orders.working() and not self._positions.live()

    def _line(self, line: LiquidationLine) -> LiquidationLine:
        position = self._positions.positions.get(line.position_id)
        if position is None:  # closed before a restart: the journal hands back live positions only
            over = line.state in (LineState.SOLD, LineState.DUST)
            return line if over else replace(line, state=LineState.SOLD, sold=line.wanted, residue="")
        sold = line.wanted - position.quantity if position.quantity < line.wanted else ZERO
        wanted = max(line.wanted, position.quantity)
        working = self._orders.working(line.position_id)
        residue = ""
        if position.state is PositionState.CLOSED:
            state = LineState.DUST if position.dust > ZERO else LineState.SOLD
            residue = str(position.dust) if position.dust > ZERO else ""
        elif any(order.intent.side is Side.SELL for order in working):
            state = LineState.SELLING
        elif working:
            state = LineState.CANCELLING
        elif position.note:
            state, residue = LineState.STUCK, position.note
        else:
            state = LineState.SELLING if position.quantity > ZERO else LineState.WAITING
        if any(order.state is OrderState.UNKNOWN for order in working):
            residue = "unknown order"
        return replace(line, state=state, wanted=wanted, sold=sold, residue=residue)

    def _residues(self) -> tuple[str, ...]:
        words = [f"{order.intent.market}: order {order.order_id} is {order.state}" for order in self._orders.working()]
        words += [
            f"{p.market}: {p.quantity} held, {p.note or p.state}" for p in self._positions.live() if p.quantity > ZERO
        ]
        return tuple(words)

    def _venue_residues(self, snapshot: AccountSnapshot) -> tuple[str, ...]:
        run = self.run
        markets = dict.fromkeys(line.market for line in run.lines) if run else {}  # in the order of the lines
        words = [
            f"{report.market}: order {report.venue_order_id} is open at the venue"
            for report in snapshot.open_orders
            if self._orders.get(report.order_id) is not None
        ]
        held = {balance.asset: balance.total for balance in snapshot.balances}
        unmanaged = dict(run.unmanaged) if run else {}
        for market in markets:
            rules = self._board.constraints.get(market)
            mark = self._positions.marks.get(market)
            if rules is None:
                continue
            extra = held.get(rules.base, ZERO) - unmanaged.get(rules.base, ZERO)
            worth = extra * mark.price if mark is not None and is_usable(mark.price) else extra
            if extra > ZERO and worth >= rules.min_total:
                words.append(f"{market}: {extra} still held at the venue")
        return tuple(words)

    def _sellable(self, position: Position) -> bool:
        rules = self._board.constraints.get(position.market)
        book = self._board.books.get(position.market)
        if rules is None or not rules.active or book is None:
            return False
        bid = book.best_bid
        return bid is not None and is_usable(bid) and position.quantity * bid >= rules.min_total

    def _latency(self, quantile: float) -> float:
        if not self._latencies:
            return 0.05 if quantile < 0.9 else 0.25
        ordered = sorted(self._latencies)
        return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)]


def _confirmed(line: LiquidationLine) -> LiquidationLine:
    return line if line.state is LineState.DUST else replace(line, state=LineState.CONFIRMED)
