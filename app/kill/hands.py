"""What gwanje-kill does at the venue by itself: cancel every order of the program, sell what it holds, prove it.

It never sells twice, not even where the user has own coins of the same currency: what is held is the journal's word
corrected by what the venue says of our own orders since, at most what is free there. Every sale has a fixed identifier
that the venue takes once only, and each is asked for by name: a list of orders may be an old one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.errors import OutcomeUnknownError, VenueError, VenueNotFoundError
from app.domain.money import MONEY_CONTEXT, ZERO
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.ports import VenueClient
from app.domain.values import Market, OrderType, Priority, Purpose, Side
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedState
from app.kill.account import Books

POLL_S = 0.3
#: Two readings this far apart must both show nothing before it is said.
CONFIRM_S = 2.0
#: An order the venue does not know for so long did not arrive (freqtrade#3638: 20 s).
HORIZON_S = 30.0


@dataclass(frozen=True, slots=True)
class Left:
    """What is still there: orders of ours that work, units to sell by market, and what cannot be sold, with why."""

    orders: tuple[OrderReport, ...] = ()
    units: dict[Market, Decimal] = field(default_factory=dict)
    stuck: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """One line each."""
        lines = [f"{report.market}: order {report.order_id} works" for report in self.orders]
        return lines + [f"{market}: {units} held" for market, units in self.units.items()] + list(self.stuck)


class Hands:
    """Calls of one venue account. ``say`` gets one line for everything that was done."""

    def __init__(self, client: VenueClient, books: Books, say: Callable[[str], None]) -> None:
        self._client = client
        self._books = books
        self._say = say
        self._rules: dict[Market, ExchangeConstraints] = {}
        #: The furthest that was ever seen of each order, and when (loop time): a venue may show an older state later.
        self._seen: dict[str, tuple[OrderReport, float]] = {}
        #: Number of the next sale of each market.
        self._next: dict[Market, int] = {}

    async def left(self) -> Left:
        """Read the venue. Raises VenueError: unknown is not flat."""
        snapshot = await self._client.read_account(self._books.since)
        held = await self._held(snapshot)
        open_orders = self._open()
        if held and not self._rules:
            _, rules = await self._client.list_markets()
            self._rules = {rule.market: rule for rule in rules}
        balances = {balance.asset: balance for balance in snapshot.balances}
        units: dict[Market, Decimal] = {}
        stuck: list[str] = []
        for market, quantity in held.items():
            rule = self._rules.get(market)
            if rule is None or not rule.active:
                stuck.append(f"{market}: {quantity} held, the market does not trade")
                continue
            balance = balances.get(rule.base, Balance(rule.base, ZERO, ZERO))
            there = rule.floor_volume(min(quantity, balance.free))
            bound = rule.floor_volume(min(quantity - there, balance.locked))
            if bound > ZERO and not any(report.market == market for report in open_orders):
                stuck.append(f"{market}: {bound} held, bound in an order made elsewhere")
            if there <= ZERO:
                continue  # bound in an order, or sold by somebody else
            bid = (await self._client.load_book(market)).best_bid
            if bid is None:
                stuck.append(f"{market}: {there} held, nobody bids")
            elif MONEY_CONTEXT.multiply(there, bid) < rule.min_total:
                stuck.append(f"{market}: {there} held, too small to be sold")
            else:
                units[market] = there
        return Left(open_orders, units, tuple(stuck))

    async def cancel_all(self, give_up: float) -> None:
        """Cancel what works until nothing does, or ``give_up`` (loop time)."""
        while True:
            await self._update(await self._client.read_account())
            ours = self._open()
            if not ours or _now() >= give_up:
                return
            for report in ours:
                try:
                    await self._client.cancel_order(report.order_id or "", report.venue_order_id, Priority.LIQUIDATION)
                    self._say(f"{report.market}: asked to cancel {report.order_id}")
                except VenueError as error:
                    self._say(f"{report.market}: cancel of {report.order_id} failed: {error}")
            await asyncio.sleep(POLL_S)

    async def flatten(self, give_up: float) -> Left:
        """Cancel and sell until two readings CONFIRM_S apart show nothing, or ``give_up``; returns what is left."""
        clean_at: float | None = None
        while True:
            await self.cancel_all(give_up)
            left = await self.left()
            if left.orders or left.units:
                clean_at = None
                if _now() >= give_up:
                    return left
                for market, units in left.units.items():
                    await self._sell(market, units)
                await asyncio.sleep(POLL_S)
            elif clean_at is not None and _now() - clean_at >= CONFIRM_S:
                return left
            else:
                clean_at = _now() if clean_at is None else clean_at
                await asyncio.sleep(CONFIRM_S)

    # ---- inside -------------------------------------------------------------------------------------------------

    async def _held(self, snapshot: AccountSnapshot) -> dict[Market, Decimal]:
        """Units per market: the journal's positions, and what our orders did that the journal does not know.

        What a sale of ours that still works may sell is not ours to sell any more.
        """
        await self._update(snapshot)
        for order in self._books.orders.values():
            if order.is_working and order.order_id not in self._seen:
                await self._ask(order.order_id)
        for market in sorted(self._sum_up(), key=str):
            await self._ask_for_sales(market)
        return {market: units for market, units in self._sum_up().items() if units > ZERO}

    async def _update(self, snapshot: AccountSnapshot) -> None:
        """Learn what is listed; what worked before and is not listed any more is asked for."""
        for report in (*snapshot.ended_orders, *snapshot.open_orders):
            self._learn(report.order_id, report)
        listed = {report.order_id for report in snapshot.open_orders}
        for order_id, (report, _) in list(self._seen.items()):
            if report.state is ReportedState.OPEN and order_id not in listed:
                await self._ask(order_id)

    def _open(self) -> tuple[OrderReport, ...]:
        return tuple(report for report, _ in self._seen.values() if report.state is ReportedState.OPEN)

    def _sum_up(self) -> dict[Market, Decimal]:
        held: dict[Market, Decimal] = {}
        for position in self._books.positions:
            held[position.market] = held.get(position.market, ZERO) + position.quantity
        for order_id, (report, _) in sorted(self._seen.items(), key=lambda item: item[1][0].side is Side.SELL):
            known = self._books.orders.get(order_id)
            done = known.filled_volume if known is not None else ZERO
            more = max(report.executed_volume - done, ZERO)
            if report.side is Side.SELL and report.state is ReportedState.OPEN:
                rest = report.remaining_volume
                more += held.get(report.market, ZERO) if rest is None else rest
            change = more if report.side is Side.BUY else -more
            held[report.market] = held.get(report.market, ZERO) + change
        return held

    async def _ask_for_sales(self, market: Market) -> None:
        """Our own sales in ``market``, one after the other, until there is none of that number."""
        number = 1
        while await self._ask(self._books.order_id(market, number)):
            number += 1
        self._next[market] = number

    async def _ask(self, order_id: str) -> bool:
        """Learn what the venue says of one order; False when nobody knows it."""
        report = await self._look_up(order_id)
        if report is not None:
            self._learn(order_id, report)
            return True
        seen = self._seen.get(order_id)
        if seen is not None and seen[0].state is ReportedState.OPEN and _now() - seen[1] >= HORIZON_S:
            del self._seen[order_id]
        return order_id in self._seen

    def _learn(self, order_id: str | None, report: OrderReport) -> None:
        if order_id is None or not (self._books.owns(order_id) or order_id in self._books.orders):
            return
        before, _ = self._seen.get(order_id, (report, 0.0))
        if _progress(report) >= _progress(before):
            self._seen[order_id] = (report, _now())

    async def _look_up(self, order_id: str) -> OrderReport | None:
        try:
            return await self._client.look_up_order(order_id, None, Priority.LOOKUP)
        except VenueNotFoundError:
            return None

    async def _sell(self, market: Market, units: Decimal) -> None:
        order_id, now = self._books.order_id(market, self._next[market]), datetime.now(UTC)
        intent = OrderIntent(
            "gwanje-kill", market, Side.SELL, OrderType.MARKET, Purpose.EXIT, "gwanje-kill", volume=units
        )
        order = Order(order_id, intent, OrderState.INTENT, now, now)
        try:
            self._learn(order_id, await self._client.place_order(order, Priority.LIQUIDATION))
            self._say(f"{market}: selling {units} at market as {order_id}")
        except OutcomeUnknownError as error:
            self._say(f"{market}: no answer to the sale of {units} ({error}); looking it up")
        except VenueError as error:
            self._say(f"{market}: sale of {units} refused: {error}")
            return
        await self._ended(order_id)

    async def _ended(self, order_id: str) -> None:
        """Wait until the venue calls it ended, or has not known it for HORIZON_S: nothing is sold beside it."""
        give_up = _now() + HORIZON_S
        while _now() < give_up:
            try:
                report = await self._look_up(order_id)
            except VenueError as error:
                self._say(f"{order_id}: cannot be looked up: {error}")
                report = None
            if report is not None:
                self._learn(order_id, report)
                if report.state is ReportedState.ENDED:
                    return
            await asyncio.sleep(POLL_S)


def _progress(report: OrderReport) -> tuple[Decimal, bool]:
    return report.executed_volume, report.state is ReportedState.ENDED


def _now() -> float:
    return asyncio.get_running_loop().time()
