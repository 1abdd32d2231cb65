"""Decides for one position: enter now, add a rung, or leave because the strategy says so. Never sends anything."""

from datetime import datetime
from decimal import Decimal

from app.domain.blueprint import EntryStep, StrategyBlueprint
from app.domain.constraints import ExchangeConstraints
from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, ZERO, floor_to_step, is_usable
from app.domain.order import OrderIntent
from app.domain.position import Position, PositionState
from app.domain.values import OrderType, Purpose, Side
from app.engine.indicators import IndicatorBoard
from app.engine.market_board import MarketBoard
from app.engine.position_manager import PositionManager
from app.engine.rule_language import condition_holds

#: Reason of a first entry; further ones name their rung.
ENTRY_SIGNAL = "entry signal"


class StrategyEvaluator:
    """Evaluates blueprints over closed bars; ladder rungs are looked at on every price."""

    def __init__(self, board: MarketBoard, positions: PositionManager) -> None:
        self._board = board
        self._positions = positions
        self._boards: dict[tuple[str, int], tuple[datetime | None, IndicatorBoard]] = {}

    def entry_on_bar(self, position: Position) -> OrderIntent | None:
        """First entry of a pending position when its condition holds on the last closed bar."""
        if position.state is not PositionState.PENDING or position.entries_done > 0:
            return None
        if not self._holds(position, position.blueprint.entry_when):
            return None
        return self._entry(position, position.blueprint.steps[0], ENTRY_SIGNAL)

    def rung_on_price(self, position: Position, price: Decimal) -> OrderIntent | None:
        """Next rung of an active ladder when ``price`` fell far enough below the last entry."""
        steps = position.blueprint.steps
        number = position.entries_done
        if position.state is not PositionState.ACTIVE or not 0 < number < len(steps):
            return None
        last = position.last_entry_price
        step = steps[number]
        if last is None or price > MONEY_CONTEXT.multiply(last, ONE - step.drop_percent / HUNDRED):
            return None
        return self._entry(position, step, _rung(number, position))

    def entry_again(self, position: Position, reason: str) -> OrderIntent | None:
        """The entry called ``reason`` at today's prices, whether or not its condition holds; None when it is not the
        next one of a running position."""
        steps, number = position.blueprint.steps, position.entries_done
        if position.state is PositionState.PENDING and number == 0 and reason == ENTRY_SIGNAL:
            return self._entry(position, steps[0], reason)
        running = position.state is PositionState.ACTIVE and 0 < number < len(steps)
        if running and reason == _rung(number, position):
            return self._entry(position, steps[number], reason)
        return None

    def exit_on_bar(self, position: Position) -> bool:
        """True when the strategy's own exit condition holds; a paused strategy decides nothing."""
        if position.state is not PositionState.ACTIVE or position.blueprint.exit_when is None:
            return False
        return self._holds(position, position.blueprint.exit_when)

    def _holds(self, position: Position, rule: str) -> bool:
        series = self._board.series(position.market, position.blueprint.seconds)
        return len(series.closed) >= position.blueprint.warmup_bars and self.holds(position, rule, series.seconds)

    def holds(self, position: Position, rule: str, seconds: int) -> bool:
        """True when the rule is met on the last closed bar of this length; without history nothing is."""
        series = self._board.series(position.market, seconds)
        if not series.loaded:
            return False
        bar = series.closed[-1] if series.closed else None
        mark = self._positions.marks.get(position.market)
        gain = None
        if position.average_cost is not None and mark is not None:
            gain = (mark.price / position.average_cost - ONE) * HUNDRED
        values = {
            "open": bar.open if bar else None,
            "high": bar.high if bar else None,
            "low": bar.low if bar else None,
            "close": bar.close if bar else None,
            "volume": bar.volume if bar else None,
            "price": mark.price if mark else None,
            "spread_percent": self._board.spread_percent(position.market),
            "held_percent": gain,
        }
        return condition_holds(rule, values, self._indicators(position, seconds, bar.opened_at if bar else None))

    def _indicators(self, position: Position, seconds: int, bar_at: datetime | None) -> IndicatorBoard:
        key = (str(position.market), seconds)
        known = self._boards.get(key)
        if known is None or known[0] != bar_at:
            series = self._board.series(position.market, seconds)
            known = (bar_at, IndicatorBoard(tuple(series.closed)))
            self._boards[key] = known
        return known[1]

    def _entry(self, position: Position, step: EntryStep, reason: str) -> OrderIntent | None:
        rules = self._board.constraints.get(position.market)
        if rules is None:
            return None
        share = position.budget * step.share_percent / HUNDRED
        # The fee comes on top of what is spent; the budget is the most that leaves the account.
        funds = floor_to_step(MONEY_CONTEXT.divide(share, ONE + rules.buy_fee), ONE)
        if position.blueprint.entry_order.order_type is OrderType.LIMIT:
            return self._limit_entry(position, position.blueprint, rules, funds, reason)
        return OrderIntent(
            position_id=position.position_id,
            market=position.market,
            side=Side.BUY,
            order_type=position.blueprint.entry_order.order_type,
            purpose=Purpose.ENTRY,
            reason=reason,
            funds=funds,
            timeout_s=position.blueprint.entry_order.lasts_s,
        )

    def _limit_entry(
        self, position: Position, blueprint: StrategyBlueprint, rules: ExchangeConstraints, funds: Decimal, reason: str
    ) -> OrderIntent | None:
        book = self._board.books.get(position.market)
        if book is None or book.best_bid is None or not is_usable(book.best_bid):
            return None
        wanted = book.best_bid + rules.tick_at(book.best_bid) * blueprint.entry_order.offset_ticks
        price = rules.floor_price(wanted)
        if price <= ZERO:
            return None
        return OrderIntent(
            position_id=position.position_id,
            market=position.market,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            purpose=Purpose.ENTRY,
            reason=reason,
            price=price,
            volume=rules.floor_volume(MONEY_CONTEXT.divide(funds, price)),
            timeout_s=blueprint.entry_order.lasts_s,
            bid=book.best_bid,
        )


def _rung(number: int, position: Position) -> str:
    return f"rung {number + 1} of {len(position.blueprint.steps)}"
