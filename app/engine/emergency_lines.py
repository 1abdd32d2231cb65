"""The lines of an emergency run: one per position, recomputed from its orders and what is held."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.domain.emergency import LineState, LiquidationLine, LiquidationRun, ResidueKind
from app.domain.money import HUNDRED, MONEY_CONTEXT, ZERO, ratio, total
from app.domain.order import Order, OrderState
from app.domain.position import Position, PositionState
from app.engine.emergency_forecast import is_too_small
from app.engine.emergency_scope import must_end, sale_walk
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager
from app.engine.sale_ladder import VENUE_SAYS_DUST

K = ResidueKind
#: How the note of a refused or unsent sale begins, and what that means.
_NOTES = (
    ("market_offline", K.HALTED),
    ("insufficient_funds", K.LOCKED),
    ("no_free_place", K.RATE_LIMITED),
    ("rate_limited", K.RATE_LIMITED),
    ("too_many_requests", K.RATE_LIMITED),
    ("connect_failed", K.UNREACHABLE),
    ("connection_lost", K.UNREACHABLE),
    ("timed_out", K.UNREACHABLE),
    ("server_error", K.UNREACHABLE),
    ("maintenance", K.UNREACHABLE),
    ("never_arrived", K.UNREACHABLE),
    ("cancelled", K.NO_BUYERS),
    ("expired", K.REFUSED),
)
#: Lines of which nothing more is to be done.
OVER = (LineState.SOLD, LineState.DUST, LineState.CANCELLED, LineState.CONFIRMED)


class EmergencyLines:
    """Reads positions and orders; it keeps nothing of its own."""

    def __init__(self, board: MarketBoard, orders: OrderTracker, positions: PositionManager) -> None:
        self._board = board
        self._orders = orders
        self._positions = positions

    def new_line(self, position: Position, share: int) -> LiquidationLine:
        """A line as it begins: ``share`` percent of what is held now is to be sold."""
        sold, earned = self._sales_of(position.position_id)
        walk = sale_walk(position, position.quantity, self._board)
        return LiquidationLine(
            position.position_id,
            position.market,
            LineState.WAITING,
            wanted=self._share_of(position, position.quantity, share),
            sold=ZERO,
            share=share,
            arrival=None if walk is None else walk.mid,
            sold_before=sold,
            earned_before=earned,
        )

    def line(self, run: LiquidationRun, line: LiquidationLine) -> LiquidationLine:
        """The line as it is now."""
        position = self._positions.positions.get(line.position_id)
        if position is None:  # closed before a restart: the journal hands back live positions only
            over = line.state in OVER
            return line if over else replace(line, state=LineState.SOLD, sold=line.wanted, residue="", why=None)
        sold, earned = self._sales_of(line.position_id)
        sold, earned = max(sold - line.sold_before, ZERO), earned - line.earned_before
        wanted = self._share_of(position, position.quantity + sold, line.share)
        if line.share == 100:
            wanted = max(wanted, line.wanted)
        working = self._orders.working(line.position_id)
        state, residue, why = self._line_state(run, line.share, wanted - sold, position, working)
        if any(order.state is OrderState.UNKNOWN for order in working):
            residue, why = "unknown order", K.UNKNOWN_ORDER
        return replace(line, wanted=wanted, sold=sold, proceeds=earned, state=state, residue=residue, why=why)

    def _line_state(
        self, run: LiquidationRun, share: int, rest: Decimal, position: Position, working: Sequence[Order]
    ) -> tuple[LineState, str, ResidueKind | None]:
        """State of a line of which ``rest`` units are wanted still, the words of what holds it up, and their kind."""
        if position.state is PositionState.CLOSED:
            return (LineState.DUST, str(position.dust), K.DUST) if position.dust > ZERO else (LineState.SOLD, "", None)
        if share == 0:
            waits = any(must_end(run, order, position) for order in working)
            return (LineState.CANCELLING if waits else LineState.CANCELLED, "", None)
        if self._orders.has_working_sale(position.position_id):
            return LineState.SELLING, "", None
        if working:
            return LineState.CANCELLING, "", None
        if share < 100 and position.state is not PositionState.CLOSING:
            if rest <= ZERO:
                return LineState.SOLD, "", None
            too_small = is_too_small(position, rest, self._board, self._positions)
            if too_small or self._was_too_small(position.position_id, rest, run.started_at):
                return LineState.DUST, str(rest), K.DUST
        if position.note:
            return LineState.STUCK, position.note, kind_of(position.note)
        return (LineState.SELLING if position.quantity > ZERO else LineState.WAITING), "", None

    def _was_too_small(self, position_id: str, units: Decimal, since: datetime) -> bool:
        """True when the venue has said so of as many units in this run, whatever they cost once: its word counts."""
        return any(
            order.state is OrderState.REJECTED
            and order.note.startswith(VENUE_SAYS_DUST)
            and (order.intent.volume or ZERO) >= units
            for order in self._orders.sales_of(position_id)
            if order.created_at >= since
        )

    def _share_of(self, position: Position, held: Decimal, share: int) -> Decimal:
        """``share`` percent of ``held``, on the venue's step."""
        if share == 100:
            return held
        part = MONEY_CONTEXT.multiply(held, ratio(Decimal(share), HUNDRED))
        rules = self._board.constraints.get(position.market)
        return part if rules is None else rules.floor_volume(part)

    def _sales_of(self, position_id: str) -> tuple[Decimal, Decimal]:
        """Units sold and money earned by all sales of a position so far."""
        sales = self._orders.sales_of(position_id)
        return total(order.filled_volume for order in sales), total(order.filled_funds for order in sales)


def kind_of(note: str) -> ResidueKind:
    """What the note of a position that is still held means."""
    return next((kind for start, kind in _NOTES if note.startswith(start)), K.REFUSED)
