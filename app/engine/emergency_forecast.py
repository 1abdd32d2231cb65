"""The pre-flight card of the emergency control: what pressing now would do, how long it takes and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.breaker import BreakerState, CallBudget, CallGroup
from app.domain.emergency import EmergencyPreview, EmergencyScope, ResidueKind, Unsellable
from app.domain.messages import QueueStatus, StreamStateChanged
from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, ZERO, is_usable, ratio, total
from app.domain.order import Order
from app.domain.position import Position
from app.domain.slippage import short_ratio
from app.domain.values import Priority
from app.engine.circuit_breaker import CircuitBreaker
from app.engine.emergency_scope import covered, sale_walk
from app.engine.market_board import MarketBoard
from app.engine.order_desk import SILENT_MARKET_ORDER
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager
from app.engine.sale_ladder import pieces
from app.engine.send_queue import ROOM

#: Before the first word about the rate limits: Upbit's (12 orders and 30 other calls a second; upbit.md section 3).
USUAL_BUDGETS = (CallBudget(CallGroup.ORDER, 12, 1.0), CallBudget(CallGroup.CANCEL, 30, 1.0))
#: Usual and slow answers before any was measured, seconds.
USUAL_ANSWER_S, SLOW_ANSWER_S = 0.05, 0.25
#: A book older than this says nothing about what a sale costs.
OLDEST_BOOK = timedelta(seconds=60)
#: A next slot later than this is a ban, not the pace of the limit.
BAN_S = 1.5
LATENCIES_KEPT = 100
READINGS_KEPT = 20
#: A reading asks for balances and open orders, one after the other, and once more for a page that brings nothing new.
READING_CALLS = 3
#: How long buyers need to come back to a book that was sold empty, seconds: usually, and at the slowest, which is all
#: RETRY_PAUSES of an exit.
REFILL_S, SLOW_REFILL_S = 2.0, 20.0
MOST_ROUNDS = 5
#: Two clean readings are 2 s apart, and the second is asked for at the next tick (EmergencyLiquidation).
READING_GAP_S = 2.05
EVERYTHING = EmergencyScope()


@dataclass(frozen=True, slots=True)
class _Cost:
    """What the sales bring less than the middle of the books; ``priced`` is what they were computed on.

    ``rounds``: how often buyers have to come back until the largest is sold; ``more_pieces``: orders beyond one each.
    """

    value: Decimal
    priced: Decimal
    lost: Decimal
    unpriced: int
    beyond: int
    rounds: int
    more_pieces: int


class EmergencyForecast:
    """Computes the card from the books, the rate budget, the queue, the venue's health and its answers so far."""

    def __init__(
        self, board: MarketBoard, orders: OrderTracker, positions: PositionManager, breaker: CircuitBreaker
    ) -> None:
        self._board = board
        self._orders = orders
        self._positions = positions
        self._breaker = breaker
        self._latencies: list[float] = []
        self._readings: list[float] = []
        self._queue: QueueStatus | None = None
        self._down: dict[str, None] = {}

    def note_latency(self, seconds: float) -> None:
        """Remember how long the venue took to answer a call."""
        self._latencies = [*self._latencies[1 - LATENCIES_KEPT :], seconds]

    def note_reading(self, seconds: float) -> None:
        """Remember how long a reading of the account took."""
        self._readings = [*self._readings[1 - READINGS_KEPT :], seconds]

    @property
    def last_latency_ms(self) -> float | None:
        """Milliseconds the venue needed for the last order; None before the first."""
        return self._latencies[-1] * 1000 if self._latencies else None

    def on_queue(self, status: QueueStatus) -> None:
        """What waits to leave, and what the rate limits leave."""
        self._queue = status

    def on_stream(self, message: StreamStateChanged) -> None:
        """A stream that is down makes fills known by look-ups only."""
        if message.up:
            self._down.pop(message.stream, None)
        else:
            self._down[message.stream] = None

    def preview(self, now: datetime, scope: EmergencyScope = EVERYTHING) -> EmergencyPreview:
        """What pressing now would do and how long it takes until the proof, from the present book of orders."""
        reached = covered(scope, self._positions)
        live = [p for p in reached if p.quantity > ZERO or self._orders.working(p.position_id)]
        names = {p.position_id for p in reached}
        everything = scope.is_unfiltered
        working = [o for o in self._orders.working() if everything or o.intent.position_id in names]
        sells = [p for p in live if p.quantity > ZERO] if scope.action.sells else []
        unsellable = tuple(self._unsellable(sells, now))
        dust = sum(one.why is ResidueKind.DUST for one in unsellable)
        stuck = {one.market for one in unsellable if one.why not in (ResidueKind.DUST, ResidueKind.RATE_LIMITED)}
        kept = total(self._positions.value_of(p) for p in sells if p.market in stuck)
        cost = self._cost([p for p in sells if p.market not in stuck], scope, now)
        orders = len(sells) - dust + cost.more_pieces
        expected, slow = self._seconds(working, orders, cost.rounds, bool(stuck)) if live or working else (0.0, 0.0)
        return EmergencyPreview(
            positions=len(live),
            venues=len({p.market.venue for p in live} | {o.intent.market.venue for o in working}),
            cancels=len(working),
            orders=orders,
            expected_s=round(expected, 2),
            p95_s=round(slow, 2),
            unsellable=unsellable,
            made_at=now,
            value=MONEY_CONTEXT.add(cost.value, kept),
            slippage=short_ratio(ratio(cost.lost, cost.priced)) if cost.priced > ZERO else None,
            slippage_value=cost.lost if cost.priced > ZERO else None,
            unpriced=cost.unpriced,
            beyond_depth=cost.beyond,
            ahead=self._ahead(),
            troubles=tuple(self._troubles(now)),
        )

    # ---- time ---------------------------------------------------------------------------------------------------

    def _seconds(self, working: list[Order], orders: int, rounds: int, held_up: bool) -> tuple[float, float]:
        """Expected and 95 % seconds until the proof, or until all that can be sold is sold when something cannot.

        Cancels and sales wait for their rate limits side by side, and for a free line each; then come the answers, the
        fill reports, and two readings CONFIRM_GAP apart. What the visible book does not hold goes in ``rounds``, each
        of which waits for new buyers.
        """
        typical, slow = self._latency(0.5), self._latency(0.95)
        cancels = self._budget(CallGroup.CANCEL).wait_s(len(working))
        ahead = self._ahead()
        sales = self._budget(CallGroup.ORDER).wait_s(orders + ahead) if orders else 0.0
        turns = max(len(working) + orders + ahead - 1, 0) // ROOM[0]
        # cancel answers, then the sale's answer, its fill report, and the two readings
        trips = (2 if working else 0) + (2 if orders else 0) + turns + 2 * rounds
        blind = SILENT_MARKET_ORDER.total_seconds() if "private" in self._down else 0.0
        reading, slow_reading = self._reading_s()
        proof, slow_proof = (0.0, 0.0) if held_up else (READING_GAP_S + reading, READING_GAP_S + 2 * slow_reading)
        expected = max(cancels, sales) + trips * typical + rounds * REFILL_S + proof + blind
        late = 1.3 * (cancels + sales) + trips * slow + rounds * SLOW_REFILL_S + slow_proof
        return expected, late + 2 * blind + 0.5

    def _pieces(self, position: Position) -> int:
        book = self._board.books.get(position.market)
        price = (book.best_bid if book is not None else None) or self._positions.price_of(position.market)
        return pieces(position.quantity, self._board.constraints.get(position.market), price)

    def _budget(self, group: CallGroup) -> CallBudget:
        known = self._queue.budgets if self._queue is not None and self._queue.budgets else USUAL_BUDGETS
        return next(budget for budget in (*known, *USUAL_BUDGETS) if budget.group is group)

    def _ahead(self) -> int:
        """Calls of the same rank that are queued already."""
        waiting = self._queue.waiting if self._queue is not None else ()
        return sum(count for priority, count in waiting if priority is Priority.LIQUIDATION)

    def _reading_s(self) -> tuple[float, float]:
        """How long a reading of the account takes, usually and at its slowest lately."""
        if not self._readings:
            return READING_CALLS * USUAL_ANSWER_S, READING_CALLS * SLOW_ANSWER_S
        ordered = sorted(self._readings)
        return ordered[len(ordered) // 2], ordered[-1]

    def _latency(self, quantile: float) -> float:
        if not self._latencies:  # no order yet: what a reading needs, call by call
            usual, slow = (seconds / READING_CALLS for seconds in self._reading_s())
            return usual if quantile < 0.9 else slow
        ordered = sorted(self._latencies)
        return ordered[min(int(len(ordered) * quantile), len(ordered) - 1)]

    # ---- what stands in the way ---------------------------------------------------------------------------------

    def _troubles(self, now: datetime) -> Iterable[ResidueKind]:
        open_lines = [group for group in CallGroup if self._breaker.state(group, now) is BreakerState.OPEN]
        if self._down or CallGroup.ORDER in open_lines or CallGroup.CANCEL in open_lines:
            yield ResidueKind.UNREACHABLE
        if self._budget(CallGroup.ORDER).next_slot_s >= BAN_S:
            yield ResidueKind.RATE_LIMITED

    def _unsellable(self, sells: Iterable[Position], now: datetime) -> Iterable[Unsellable]:
        slot = self._budget(CallGroup.ORDER).next_slot_s
        until = now + timedelta(seconds=slot) if slot >= BAN_S else None
        for position in sells:
            why = why_unsellable(position, self._board, self._positions)
            if why is not None:
                yield Unsellable(position.market, why)
            elif until is not None:
                yield Unsellable(position.market, ResidueKind.RATE_LIMITED, until)

    def _cost(self, sells: Iterable[Position], scope: EmergencyScope, now: datetime) -> _Cost:
        values: list[Decimal] = []
        priced: list[Decimal] = []
        lost: list[Decimal] = []
        unpriced = beyond = rounds = more = 0
        for position in sells:
            volume = MONEY_CONTEXT.multiply(position.quantity, ratio(Decimal(scope.share), HUNDRED))
            more += self._pieces(position) - 1
            book = self._board.books.get(position.market)
            fresh = book is not None and now - book.received_at <= OLDEST_BOOK
            walk = sale_walk(position, volume, self._board) if fresh else None
            if walk is None:
                unpriced += 1
                values.append(self._positions.value_of(position))
                continue
            if walk.filled_share < 1:
                beyond += 1
                often = int(ratio(ONE, walk.filled_share)) if walk.filled_share > ZERO else MOST_ROUNDS
                rounds = max(rounds, min(often, MOST_ROUNDS))
            worth = MONEY_CONTEXT.multiply(volume, walk.mid)
            bias = self._board.slippage.bias(position.market, now).decisive
            values.append(worth)
            priced.append(worth)
            lost.append(MONEY_CONTEXT.multiply(worth, MONEY_CONTEXT.add(walk.against_mid, bias)))
        return _Cost(total(values), total(priced), total(lost), unpriced, beyond, rounds, more)


def why_unsellable(position: Position, board: MarketBoard, positions: PositionManager) -> ResidueKind | None:
    """Why the venue would not take a sale of the position now; None when nothing known speaks against it."""
    rules, book = board.constraints.get(position.market), board.books.get(position.market)
    if rules is None:
        return ResidueKind.NO_RULES
    if not rules.active:
        return ResidueKind.HALTED
    if book is not None and not book.bids:
        return ResidueKind.NO_BUYERS
    return ResidueKind.DUST if is_too_small(position, position.quantity, board, positions) else None


def is_too_small(position: Position, volume: Decimal, board: MarketBoard, positions: PositionManager) -> bool:
    """True when ``volume`` units of it are below the venue's minimum at the highest price that is known."""
    rules, book = board.constraints.get(position.market), board.books.get(position.market)
    if rules is None:
        return False
    prices = (book.best_bid if book is not None else None, positions.price_of(position.market), position.average_cost)
    best = max((price for price in prices if price is not None and is_usable(price)), default=ZERO)
    units = rules.floor_volume(volume)
    return units <= ZERO or (best > ZERO and MONEY_CONTEXT.multiply(units, best) < rules.min_total)
