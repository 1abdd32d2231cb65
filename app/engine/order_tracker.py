"""Every order of ours and what the venue said about it. Fills are booked exactly once per (order, trade)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.money import MONEY_CONTEXT, ZERO, floor_to_step, total
from app.domain.order import Fill, Order, OrderState, OrderTrigger
from app.domain.values import Market, OrderType, Purpose, Side
from app.domain.venue_reports import OrderReport, ReportedFill, ReportedState
from app.engine.limit_ledger import LimitLedger

#: A venue may not see a new order for a while; before this time "not found" proves nothing (freqtrade#3638: 20 s).
VISIBILITY_HORIZON = timedelta(seconds=30)
#: Explicit not-founds needed, after the horizon, before an order counts as never arrived.
NOT_FOUND_NEEDED = 3
#: Shares of a fee are cut to this step, so that they are short numbers and add up to the last digit.
FEE_STEP = Decimal("1e-12")


class OrderTracker:
    """All orders of this run and the recent ones of earlier runs, indexed for the checks that need them."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        #: What the entries among them use of the limits.
        self.limits = LimitLedger()
        #: When an order that has fills last moved; None before the first.
        self.last_fill_at: datetime | None = None
        self._fills: dict[str, dict[str, Fill]] = {}
        self._working: dict[str, Order] = {}
        self._by_position: dict[str, dict[str, Order]] = {}
        # A press asks both of every position, again and again, with a thousand entries in the queue.
        self._working_of: dict[str, dict[str, Order]] = {}
        self._sales_of: dict[str, dict[str, Order]] = {}
        self._unknown_since: dict[str, datetime] = {}

    def restore(self, orders: Iterable[Order], fills: Iterable[Fill]) -> None:
        """Take over what the journal knew."""
        for order in orders:
            self.put(order)
        for fill in fills:
            self._fills.setdefault(fill.order_id, {})[fill.trade_id] = fill

    def put(self, order: Order) -> Order:
        """Store the newest version of an order."""
        self.orders[order.order_id] = order
        self.limits.take(order)
        position_id = order.intent.position_id
        self._by_position.setdefault(position_id, {})[order.order_id] = order
        if order.intent.side is Side.SELL:
            self._sales_of.setdefault(position_id, {})[order.order_id] = order
        if order.filled_volume and (self.last_fill_at is None or order.updated_at > self.last_fill_at):
            self.last_fill_at = order.updated_at
        if order.is_working:
            self._working[order.order_id] = order
            self._working_of.setdefault(position_id, {})[order.order_id] = order
        else:
            self._working.pop(order.order_id, None)
            self._working_of.get(position_id, {}).pop(order.order_id, None)
        if order.state is OrderState.UNKNOWN:
            self._unknown_since.setdefault(order.order_id, order.updated_at)
        return order

    def get(self, order_id: str | None) -> Order | None:
        """The order, or None when the id is not ours."""
        return self.orders.get(order_id) if order_id is not None else None

    def of_position(self, position_id: str) -> list[Order]:
        """All orders of a position, oldest first."""
        return list(self._by_position.get(position_id, {}).values())

    def working(self, position_id: str | None = None, market: Market | None = None) -> list[Order]:
        """Orders that are, or may be, at the venue; UNKNOWN ones included."""
        found = self._working if position_id is None else self._working_of.get(position_id, {})
        return [order for order in found.values() if market is None or order.intent.market == market]

    def sales_of(self, position_id: str) -> list[Order]:
        """All sales of a position, oldest first."""
        return list(self._sales_of.get(position_id, {}).values())

    def entry_under_way(self, besides: str = "", sent: bool = False) -> bool:
        """True while an entry has no answer yet; ``sent``: only those whose bytes have left, or may have."""
        left = (OrderState.SENT, OrderState.UNKNOWN)
        return any(
            order.intent.purpose is Purpose.ENTRY
            and (order.state in left or (order.state is OrderState.INTENT and not sent))
            and order.order_id != besides
            for order in self._working.values()
        )

    def working_sell_volume(self, position_id: str) -> Decimal:
        """Units bound in working exits of a position."""
        return total(order.remaining_volume or ZERO for order in self.sales_of(position_id) if order.is_working)

    def has_working_sale(self, position_id: str) -> bool:
        """True while a sale of the position is, or may be, at the venue."""
        return any(order.is_working for order in self._sales_of.get(position_id, {}).values())

    def has_working_entry(self, position_id: str) -> bool:
        """True while an entry of the position is, or may be, at the venue."""
        return any(order.intent.purpose is Purpose.ENTRY for order in self.working(position_id))

    def fills_of(self, order_id: str) -> list[Fill]:
        """Booked fills of an order."""
        return list(self._fills.get(order_id, {}).values())

    def apply_report(self, order: Order, report: OrderReport, now: datetime) -> tuple[Order, list[Fill], OrderTrigger]:
        """Merge a report, whatever order reports arrive in.

        Returns the order, the fills that are new, and the trigger that was taken. An end is only believed when every
        execution up to the reported total is booked; otherwise the order stays working and ``needs_fills`` says so.
        """
        fresh = self._new_fills(order, report)
        book = self._fills.setdefault(order.order_id, {})
        for fill in fresh:
            book[fill.trade_id] = fill
        filled = total(fill.volume for fill in book.values())
        changes: dict[str, object] = {
            "venue_order_id": report.venue_order_id or order.venue_order_id,
            "filled_volume": filled,
            "filled_funds": total(fill.funds for fill in book.values()),
            "paid_fee": total(fill.fee for fill in book.values()),
            "not_found_count": 0,
        }
        order = _cut_to(order, report)
        trigger = _trigger(order, report, filled, bool(fresh))
        moved = order.after(trigger, now, **changes)
        if moved.state.is_terminal:
            moved = replace(moved, reserved=ZERO)
        return self.put(moved), fresh, trigger

    def needs_fills(self, order: Order, report: OrderReport) -> bool:
        """True when the venue reports more executed than is booked: the full list must be read."""
        return report.executed_volume > total(fill.volume for fill in self.fills_of(order.order_id))

    def not_found(self, order: Order, now: datetime) -> tuple[Order, OrderTrigger]:
        """The venue explicitly does not know the order; proof only after the horizon and repeated answers.

        An order that replaces another may still be made as long as that one has not ended: till then nothing counts.
        """
        replaced = self.get(order.intent.replaces)
        if replaced is not None and replaced.is_working:
            return order, OrderTrigger.NO_ANSWER
        count = order.not_found_count + 1
        # Not from its creation: an order may wait for the rate limit before its bytes leave.
        since = self._unknown_since.get(order.order_id, now)
        since = since if replaced is None else max(since, replaced.updated_at)
        proven = count >= NOT_FOUND_NEEDED and now - since >= VISIBILITY_HORIZON
        if proven and order.state is OrderState.UNKNOWN and not order.filled_volume:
            # The trigger comes first: such an end is no word of the venue.
            words = ": ".join(part for part in (OrderTrigger.NEVER_ARRIVED.value, order.note) if part)
            moved = order.after(OrderTrigger.NEVER_ARRIVED, now, not_found_count=count, reserved=ZERO, note=words)
            return self.put(moved), OrderTrigger.NEVER_ARRIVED
        return self.put(replace(order, not_found_count=count)), OrderTrigger.NO_ANSWER

    def _new_fills(self, order: Order, report: OrderReport) -> list[Fill]:
        known = self._fills.get(order.order_id, {})
        new = [fill for fill in _distinct(report.fills) if fill.trade_id not in known]
        if not report.fills_complete:
            # Its sum of fees covers fills it does not list: what has no fee of its own waits for the whole list.
            new = [fill for fill in new if fill.fee is not None]
        if not new:
            return []
        # An older list does not know of fills that came since: their fees are no part of its sum.
        named = {fill.trade_id for fill in report.fills}
        fees = _fees(new, report, total(fill.fee for key, fill in known.items() if key in named))
        return [
            Fill(
                order_id=order.order_id,
                trade_id=fill.trade_id,
                market=order.intent.market,
                side=order.intent.side,
                price=fill.price,
                volume=fill.volume,
                fee=fee,
                traded_at=fill.traded_at,
            )
            for fill, fee in zip(new, fees, strict=True)
        ]


def _distinct(fills: tuple[ReportedFill, ...]) -> list[ReportedFill]:
    return list({fill.trade_id: fill for fill in fills}.values())


def _fees(new: list[ReportedFill], report: OrderReport, booked: Decimal) -> list[Decimal]:
    """Fees of new fills: their own where the venue tells it, else their exact share of the order's paid fee."""
    if all(fill.fee is not None for fill in new):
        return [fill.fee for fill in new if fill.fee is not None]
    told = total(fill.fee for fill in new if fill.fee is not None)
    rest = max(report.paid_fee - booked - told, ZERO)
    silent = total(MONEY_CONTEXT.multiply(fill.price, fill.volume) for fill in new if fill.fee is None)
    fees: list[Decimal] = []
    left = rest
    last = max(index for index, fill in enumerate(new) if fill.fee is None)
    for index, fill in enumerate(new):
        if fill.fee is not None:
            fees.append(fill.fee)
            continue
        part = MONEY_CONTEXT.multiply(rest, MONEY_CONTEXT.multiply(fill.price, fill.volume))
        share = left if index == last else floor_to_step(MONEY_CONTEXT.divide(part, silent), FEE_STEP)
        left = MONEY_CONTEXT.subtract(left, share)
        fees.append(share)
    return fees


def _cut_to(order: Order, report: OrderReport) -> Order:
    """An order that replaces another gets what was left of that one: the venue's report says how much it became."""
    asked, left = order.intent.volume, report.remaining_volume
    if not order.intent.replaces or asked is None or left is None:
        return order
    became = report.executed_volume + left
    return replace(order, intent=replace(order.intent, volume=became)) if ZERO < became < asked else order


def _trigger(order: Order, report: OrderReport, filled: Decimal, fresh: bool) -> OrderTrigger:
    complete = filled >= report.executed_volume
    if report.state is ReportedState.ENDED and complete:
        wanted = order.intent.volume
        by_money = order.intent.order_type is not OrderType.LIMIT and wanted is None
        # Upbit ends a market buy as "cancel" with money dust left: what was executed decides, not the word.
        if filled > ZERO and (by_money or (wanted is not None and filled >= wanted)):
            return OrderTrigger.ALL_FILLED
        return OrderTrigger.ENDED
    if fresh or (filled > ZERO and order.state in (OrderState.SENT, OrderState.UNKNOWN)):
        return OrderTrigger.PART_FILLED
    return OrderTrigger.ACCEPTED
