"""What a press of the emergency control is about: which positions, which orders, in which order they are sold."""

from collections.abc import Iterable
from decimal import Decimal

from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationRun, Outcome, SellFirst
from app.domain.money import ONE, ZERO
from app.domain.order import Order
from app.domain.position import Position, PositionState
from app.domain.slippage import SlippageEstimate
from app.domain.values import Market, Purpose, Side
from app.domain.venue_reports import OrderReport
from app.engine.market_board import MarketBoard
from app.engine.position_manager import PositionManager
from app.engine.slippage_estimator import walk_book

A = EmergencyAction


def reaches(scope: EmergencyScope, position: Position) -> bool:
    """True when the filters by market, venue and strategy let the position through; its outcome is not looked at."""
    return (
        _reaches_market(scope, position.market)
        and (not scope.strategies or position.blueprint.id in scope.strategies)
    )  # fmt: skip


def covered(scope: EmergencyScope, positions: PositionManager) -> list[Position]:
    """Positions a press is about now."""
    return [p for p in positions.live() if reaches(scope, p) and _has_outcome(scope, positions.unrealised(p))]


def is_about(run: LiquidationRun, position: Position) -> bool:
    """True when the run covers the position: named in a line, or reached by a scope that asks for no outcome."""
    if any(line.position_id == position.position_id for line in run.lines):
        return True
    return any(scope.outcome is Outcome.ALL and reaches(scope, position) for scope in run.scopes)


def must_end(run: LiquidationRun, order: Order, position: Position | None) -> bool:
    """True for a working order that may not be left when the run is proven.

    One without a known position counts unless the run is about some strategies or outcomes only.
    """
    return any(_ends(scope, run, order, position) for scope in run.scopes)


def must_end_stray(run: LiquidationRun, report: OrderReport) -> bool:
    """The same for an order of ours at the venue that our books do not know: it has no position.

    What it was made for is not known either; a purchase counts as an entry.
    """
    return any(_ends_stray(scope, report.market, report.side is Side.BUY) for scope in run.scopes)


def share_to_sell(run: LiquidationRun, position: Position) -> int:
    """Percent of the position the run sells; 0 when it sells none of it."""
    named = any(line.position_id == position.position_id for line in run.lines)
    shares = [
        scope.share for scope in run.scopes if reaches(scope, position) and (scope.outcome is Outcome.ALL or named)
    ]
    return max(shares, default=0)


def ranked(
    positions: Iterable[Position], first: SellFirst, board: MarketBoard, manager: PositionManager
) -> list[Position]:
    """The largest risk first; equal ones in the order in which they were opened."""

    def risk(position: Position) -> Decimal:
        if first is SellFirst.LOSS:
            return -manager.unrealised(position)
        if first is SellFirst.ILLIQUID:
            walk = sale_walk(position, position.quantity, board)
            # What the visible book does not hold costs more than anything it does.
            return ONE + ONE if walk is None else walk.against_mid + (ONE - walk.filled_share)
        return manager.value_of(position)

    return sorted(positions, key=risk, reverse=True)


def sale_walk(position: Position, volume: Decimal, board: MarketBoard) -> SlippageEstimate | None:
    """What selling ``volume`` units into the last book brings; None without a sound book or the market's rules."""
    book, rules = board.books.get(position.market), board.constraints.get(position.market)
    if book is None or rules is None:
        return None
    return walk_book(book, Side.SELL, rules, rules.floor_volume(volume))


def _reaches_market(scope: EmergencyScope, market: Market) -> bool:
    return (not scope.markets or market in scope.markets) and (not scope.venues or market.venue in scope.venues)


def _has_outcome(scope: EmergencyScope, profit: Decimal) -> bool:
    if scope.outcome is Outcome.ALL:
        return True
    return profit > ZERO if scope.outcome is Outcome.WINNERS else profit < ZERO


def _ends_kind(scope: EmergencyScope, entry: bool) -> bool:
    return scope.action is not A.BLOCK_ENTRIES and (entry or scope.action is not A.CANCEL_ENTRIES)


def _ends_stray(scope: EmergencyScope, market: Market, entry: bool) -> bool:
    if not _ends_kind(scope, entry) or not _reaches_market(scope, market):
        return False
    return not scope.strategies and scope.outcome is Outcome.ALL


def _ends(scope: EmergencyScope, run: LiquidationRun, order: Order, position: Position | None) -> bool:
    intent = order.intent
    if position is None:
        return _ends_stray(scope, intent.market, intent.purpose is Purpose.ENTRY)
    if not _ends_kind(scope, intent.purpose is Purpose.ENTRY) or not reaches(scope, position):
        return False
    if scope.outcome is not Outcome.ALL and all(line.position_id != position.position_id for line in run.lines):
        return False
    # The exit of a closing position is what is wanted; it is not taken back where nothing else would be sold.
    return not (scope.action is A.CANCEL_ALL and intent.side is Side.SELL and position.state is PositionState.CLOSING)
