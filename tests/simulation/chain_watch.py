"""Judges the order history: every order of the ledger is found once, and its story adds up to the venue's figures."""

from collections.abc import Callable
from decimal import Decimal

from app.adapters.storage.database import Database
from app.adapters.storage.order_history import OrderHistory
from app.domain.errors import GwanjeError
from app.domain.grounds import CheckName
from app.domain.order_chain import OrderChain, SignalKind
from app.domain.order_query import OrderQuery
from app.domain.values import Purpose
from tests.simulation.venue_ledger import VenueLedger, VenueOrder

#: Stories read per world; each costs as much as a minute of the day.
READ = 12
PAGE = 3
_PERSONAL = (SignalKind.BY_HAND, SignalKind.INSTRUCTION)


class ChainWatch:
    """Asks the history as the screen does, and compares with the ledger."""

    def __init__(self, broken: Callable[[str, str], None], ledger: VenueLedger) -> None:
        self._broken = broken
        self._ledger = ledger

    async def check(self, database: Database, hidden: Callable[[str], bool]) -> None:
        """I45, when everything has settled. ``hidden`` tells the orders nobody can know."""
        history = OrderHistory(database)
        try:
            found, cursor = await self._page(history, "")
            while cursor:
                more, cursor = await self._page(history, cursor)
                found += more
            theirs = {name: order for name, order in self._ledger.by_identifier.items() if not hidden(name)}
            if len(set(found)) != len(found) or not set(theirs) <= set(found):
                self._broken("I45", f"the pages hold {len(found)} orders, the venue has {len(theirs)}")
            ours = [order_id for order_id in found if order_id in theirs]
            for order_id in ours[:: max(len(ours) // READ, 1)]:
                self._compare(await history.why(order_id), theirs[order_id])
        except GwanjeError as error:
            self._broken("I45", f"the history cannot be read: {error}")

    async def _page(self, history: OrderHistory, cursor: str) -> tuple[list[str], str]:
        page = await history.find(OrderQuery(limit=PAGE, cursor=cursor))
        return [order.order_id for order in page.orders], page.cursor

    def _compare(self, chain: OrderChain, theirs: VenueOrder) -> None:
        """Fills and cost are the venue's; each link is there and in order; what was measured was within its bound."""
        oid, signal, intent = chain.order.order_id, chain.signal, chain.order.intent
        real = sorted((fill.trade_id, fill.price, fill.volume, fill.fee) for fill in theirs.fills)
        if sorted((fill.trade_id, fill.price, fill.volume, fill.fee) for fill in chain.fills) != real:
            self._broken("I45", f"{oid}: its story tells other fills than the venue")
        told = (chain.cost.volume, chain.cost.funds, chain.cost.fee) if chain.cost is not None else (Decimal(0),) * 3
        if told != (theirs.executed, theirs.spent, theirs.paid_fee):
            self._broken("I45", f"{oid}: its cost is told as {told}")
        seqs = [step.seq for step in chain.steps]
        adopted = chain.steps[0].trigger == "adopted"
        if seqs != sorted(set(seqs)) or signal.seq > seqs[0] or not (adopted or chain.steps[0].trigger == "intent"):
            self._broken("I45", f"{oid}: the story is not in order: {signal.seq}, {seqs}")
        wanted = (
            (SignalKind.RECOVERED,)
            if adopted
            else _PERSONAL
            if intent.instruction_id
            else (SignalKind.STRATEGY,)
            if intent.purpose is Purpose.ENTRY
            else (SignalKind.EMERGENCY,)
            if intent.purpose is Purpose.LIQUIDATION
            else tuple(SignalKind)
        )
        if signal.kind not in wanted or (intent.instruction_id and signal.instruction is None and not adopted):
            self._broken("I45", f"{oid}: {intent.purpose} for '{intent.reason}' is told as {signal.kind}")
        if chain.grounds is None:
            if not adopted:
                self._broken("I45", f"{oid}: nothing tells what it was decided on")
            return
        for check in chain.grounds.checks:
            least = check.name is CheckName.MINIMUM
            if check.bound is not None and (check.found < check.bound if least else check.found > check.bound):
                self._broken("I45", f"{oid}: approved with {check.name} {check.found}, bound {check.bound}")
