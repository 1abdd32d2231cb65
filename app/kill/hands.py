"""What gwanje-kill does at the venue by itself: cancel every order of the program, sell what it holds, prove it.

It never sells twice: what is held is the journal's word corrected by what the venue says of our own orders since, at
most what is free there, and every sale has a fixed identifier that the venue takes once only.
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
from app.domain.venue_reports import AccountSnapshot, OrderReport, ReportedState
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

    async def left(self) -> Left:
        """Read the venue. Raises VenueError: unknown is not flat."""
        snapshot = await self._client.read_account(self._books.since)
        open_orders = tuple(report for report in snapshot.open_orders if self._books.owns(report.order_id))
        held = await self._held(snapshot)
        if held and not self._rules:
            _, rules = await self._client.list_markets()
            self._rules = {rule.market: rule for rule in rules}
        free = {balance.asset: balance.free for balance in snapshot.balances}
        units: dict[Market, Decimal] = {}
        stuck: list[str] = []
        for market, quantity in held.items():
            rule = self._rules.get(market)
            if rule is None or not rule.active:
                stuck.append(f"{market}: {quantity} held, the market does not trade")
                continue
            there = rule.floor_volume(min(quantity, free.get(rule.base, ZERO)))
            bid = (await self._client.load_book(market)).best_bid
            if there <= ZERO:
                continue  # bound in an order that works, or sold by somebody else
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
            snapshot = await self._client.read_account()
            ours = [report for report in snapshot.open_orders if self._books.owns(report.order_id)]
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
        """Units per market: the journal's positions, and what our orders did that the journal does not know."""
        held: dict[Market, Decimal] = {}
        for position in self._books.positions:
            held[position.market] = held.get(position.market, ZERO) + position.quantity
        told = (*snapshot.open_orders, *snapshot.ended_orders)
        reports = {report.order_id: report for report in told if self._books.owns(report.order_id)}
        for order in self._books.orders.values():
            if order.is_working and order.order_id not in reports:
                found = await self._look_up(order.order_id)
                if found is not None:
                    reports[order.order_id] = found
        for order_id, report in reports.items():
            known = self._books.orders.get(order_id or "")
            more = report.executed_volume - (known.filled_volume if known is not None else ZERO)
            change = more if report.side is Side.BUY else -more
            if change:
                held[report.market] = held.get(report.market, ZERO) + change
        return {market: units for market, units in held.items() if units > ZERO}

    async def _look_up(self, order_id: str) -> OrderReport | None:
        try:
            return await self._client.look_up_order(order_id, None, Priority.LOOKUP)
        except VenueNotFoundError:
            return None

    async def _sell(self, market: Market, units: Decimal) -> None:
        number = 1
        while await self._look_up(self._books.order_id(market, number)) is not None:
            number += 1
        order_id, now = self._books.order_id(market, number), datetime.now(UTC)
        intent = OrderIntent(
            "gwanje-kill", market, Side.SELL, OrderType.MARKET, Purpose.EXIT, "gwanje-kill", volume=units
        )
        order = Order(order_id, intent, OrderState.INTENT, now, now)
        try:
            await self._client.place_order(order, Priority.LIQUIDATION)
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
            if report is not None and report.state is ReportedState.ENDED:
                return
            await asyncio.sleep(POLL_S)


def _now() -> float:
    return asyncio.get_running_loop().time()
