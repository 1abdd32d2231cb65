"""Readings of the account: when they are due, what they change, and what somebody else did to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.commands import ReconcileNow
from app.domain.constraints import ExchangeConstraints
from app.domain.effects import ReadAccount
from app.domain.messages import (
    AccountRead,
    AlertRaised,
    BalancesReported,
    ExternalChangeFound,
    Reconciled,
    StreamStateChanged,
)
from app.domain.money import MONEY_CONTEXT, ZERO, is_usable
from app.domain.ports import IdSource
from app.domain.position import Position, PositionState
from app.domain.values import OrderType, Side
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport
from app.engine.account_book import AccountBook
from app.engine.market_board import MarketBoard
from app.engine.order_desk import OrderDesk, OrderStep
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.reconciler import QUIET, Findings, Reconciler
from app.engine.risk_gate import GateView

RECONCILE_EVERY = timedelta(seconds=30)
#: A reading that brought no answer for this long is asked for again.
READ_PATIENCE = timedelta(seconds=10)

#: An order may be this much older than the last journal record by the venue's clock.
LOST_MARGIN = timedelta(hours=1)
#: How long exits wait, after an unclean end, for the venue's word on what the journal lost. It usually takes a second;
#: a venue that answers no reading for minutes takes no orders either, and a sale made twice takes the user's own coins.
LOST_PATIENCE = timedelta(seconds=120)
#: A longer gap between two ticks is a computer that slept: nobody could answer meanwhile.
TICK_AT_MOST = timedelta(seconds=1)
#: Pause between two such questions until the first answer; later ones come with READ_PATIENCE.
LOST_AGAIN = timedelta(seconds=1)
#: For so long after the start a lost order may still show up: its request was held up on its way, and a venue may not
#: list a new order for a while (freqtrade#3638: 20 s).
LOST_HORIZON = timedelta(seconds=60)

Follow = Callable[[OrderStep | None, datetime, Outbox], None]


class AccountDesk:
    """Keeps our books and the venue's account in agreement. Entries wait until that is so."""

    def __init__(
        self,
        venue: str,
        account: AccountBook,
        board: MarketBoard,
        desk: OrderDesk,
        positions: PositionDesk,
        ids: IdSource,
        view: Callable[[], GateView],
    ) -> None:
        self.venue = venue
        self._ids = ids
        self._view = view
        self._lost_since: datetime | None = None
        #: When the search began.
        self._lost_from: datetime | None = None
        #: Beginning of the last reading that agreed.
        self._looked: datetime | None = None
        #: Until when late ones are looked for, and whether the venue has answered at all.
        self._lost_until: datetime | None = None
        self._lost_told = True
        #: Lost orders that were named and have to wait: the next reading may be an older one of the venue.
        self._owed: dict[str, OrderReport] = {}
        #: How long exits have waited while the computer was awake.
        self._ticked: datetime | None = None
        self._waited = timedelta()
        self.public_up = False
        self.private_up = False
        #: When the last reading began, if it found no difference.
        self.agreed_at: datetime | None = None
        self._account = account
        self._board = board
        self._desk = desk
        self._positions = positions
        self._reconciler = Reconciler()
        self._asked: datetime | None = None
        self._pending = False
        self._reading = False
        self._written_unmanaged: dict[str, Decimal] | None = None
        #: Beginning of the last quiet reading, which told what is not ours; None before the first.
        self.unmanaged_at: datetime | None = None

    @property
    def is_searching(self) -> bool:
        """True until the venue has told what the journal of an unclean run may have lost."""
        return self._lost_since is not None

    def search_lost(self, agreed_at: datetime, now: datetime) -> None:
        """After an unclean end the journal may lack orders: an exit leaves even when the disk does not answer.

        Until the venue has named those made since ``agreed_at`` entries stay off, and exits wait for LOST_PATIENCE.
        The question is asked again until LOST_HORIZON.
        """
        since = min(agreed_at, now) - LOST_MARGIN
        self._lost_since = since if self._lost_since is None else min(since, self._lost_since)
        self._lost_from, self._lost_until, self._lost_told = now, now + LOST_HORIZON, False
        self._positions.hold.until_told = True
        self._ticked, self._waited = now, timedelta()

    def on_reconcile(self, command: ReconcileNow, now: datetime, out: Outbox) -> None:
        """Read now. Lost orders in the middle of a run: another program sold in our place, perhaps while we slept."""
        if command.lost:
            self._account.reconciled = False
            self.search_lost(self._looked or self._ticked or now, now)
        self.read(now, out)

    def read(self, now: datetime, out: Outbox) -> None:
        """Ask for a reading."""
        self._asked, self._pending, self._reading = now, True, True
        out.ask(ReadAccount(self.venue, self._lost_since))

    def read_failed(self) -> None:
        """A reading brought nothing: it is still owed, and asked for again READ_PATIENCE after the last time."""
        self._pending, self._reading = True, False

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Ask for the periodic reading; exits that waited long enough wait no more."""
        if self._positions.hold.until_told and self._ticked is not None:
            self._waited += min(max(now - self._ticked, timedelta()), TICK_AT_MOST)
            self._positions.hold.until_told = self._waited < LOST_PATIENCE
        self._ticked = now
        if self._owed:
            self._adopt({}, now, out)
        soon = self._pending or not self._account.reconciled or self._lost_since is not None
        pause = READ_PATIENCE if soon else RECONCILE_EVERY
        if not self._lost_told and not self._reading:
            pause = LOST_AGAIN
        if self._asked is None or now - self._asked >= pause:
            self.read(now, out)

    def on_stream(self, message: StreamStateChanged, now: datetime, out: Outbox) -> None:
        """After the private stream came up nothing of the gap is known: read before entries go on."""
        if message.stream == "public":
            self.public_up = message.up
        if message.stream == "private":
            self.private_up = message.up
            self._account.reconciled = False
            if message.up:
                self.read(now, out)

    def on_balances(self, message: BalancesReported) -> None:
        """The private stream spoke about some assets."""
        self._account.take_balances(message.balances, message.reported_at, complete=False)

    def on_read(self, message: AccountRead, follow: Follow, now: datetime, out: Outbox) -> None:
        """Merge a reading; ``follow`` carries on what orders of ours turn out to have done."""
        self._pending = self._reading = False
        snapshot = message.snapshot
        self._account.take_balances(snapshot.balances, snapshot.started_at, complete=True)
        self._adopt_lost(snapshot, now, out)
        findings = self._reconciler.compare(snapshot, self._desk.tracker, self._positions.positions, self._board)
        for order, report in findings.reports:
            follow(self._desk.on_report(order, report, now, out), now, out)
        for order in findings.to_look_up:
            self._desk.expect_lookup(order, now)
        for order, report in findings.revived:
            self._desk.withdraw(order, report, now, out)
        self._tell_external(findings, out)
        self._cap_closing(now, out)
        self._note_unmanaged(message)
        self.agreed_at = None if findings.differences else snapshot.started_at
        self._looked = self.agreed_at or self._looked
        if not self._lost_told:
            return
        news = not self._account.reconciled or self._account.unmanaged != self._written_unmanaged
        if self.private_up:
            self._account.reconciled = True
        if findings.differences or (self.private_up and news):
            self._written_unmanaged = self._account.unmanaged
            out.tell(Reconciled(self.venue, findings.differences, tuple(self._account.unmanaged.items())))

    def _adopt_lost(self, snapshot: AccountSnapshot, now: datetime, out: Outbox) -> None:
        """Book orders of ours that the journal does not know, as a reading names them."""
        reports = (*snapshot.open_orders, *snapshot.ended_orders)
        self._adopt({r.order_id: r for r in reports if r.order_id is not None}, now, out)
        if snapshot.ended_since is None or (self._lost_from is not None and snapshot.started_at < self._lost_from):
            return  # nobody asked for it, or before there was anything to find
        if self._owed:
            self._lost_told, self._positions.hold.until_told = False, self._waited < LOST_PATIENCE
            return
        self._lost_told, self._positions.hold.until_told = True, False
        if self._lost_until is not None and snapshot.started_at >= self._lost_until:
            self._lost_since = None

    def _is_bound_elsewhere(self, balance: Balance, rules: ExchangeConstraints, position: Position) -> bool:
        """True when what is free is too little to be sold and more is bound in orders: it is waited for."""
        price = self._positions.positions.price_of(position.market)
        too_little = is_usable(price) and MONEY_CONTEXT.multiply(balance.free, price) < rules.min_total
        return balance.locked > ZERO and too_little

    def _adopt(self, named: dict[str, OrderReport], now: datetime, out: Outbox) -> None:
        """Book lost orders, new ones and those that had to wait: one at a time per market, purchases first.

        A purchase waits for the end of other purchases. A sale waits for all orders of the market and cancels what may
        rest: booked before a purchase it would sell nothing in the books, and the units would be sold a second time.
        Until then nothing is sold beside it, however long: unlike silence of the venue, it is known to be there.
        """
        tracker = self._desk.tracker
        found, self._owed = self._owed | named, {}
        for order_id, report in sorted(found.items(), key=lambda item: item[1].side is Side.SELL):
            if not self._ids.owns(order_id) or tracker.get(order_id) is not None:
                continue
            sold = report.side is Side.SELL
            before = [o for o in tracker.working(market=report.market) if sold or o.intent.side is Side.BUY]
            if before:
                self._owed[order_id] = report
                for order in before if sold else ():
                    if order.intent.side is Side.BUY or order.intent.order_type is OrderType.LIMIT:
                        self._desk.cancel(order, now, out)
                continue
            words = f"order {order_id} in {report.market} is ours, and the journal does not know it"
            out.tell(ExternalChangeFound(self.venue, words))
            if self._positions.adopt(report, self._view(), now, out):
                out.tell(AlertRaised("order_recovered", words))
        self._positions.hold.known = frozenset(r.market for r in self._owed.values() if r.side is Side.SELL)

    def _note_unmanaged(self, message: AccountRead) -> None:
        """What the account holds besides our positions; only a quiet reading tells, balances lag behind fills."""
        tracker, started = self._desk.tracker, message.snapshot.started_at
        moved = tracker.last_fill_at
        if tracker.working() or (moved is not None and started - moved < QUIET):
            return
        self.unmanaged_at = started
        beyond = {balance.asset: balance.total for balance in message.snapshot.balances}
        for position in self._positions.positions.live():
            rules = self._board.constraints.get(position.market)
            if rules is not None and rules.base in beyond:
                beyond[rules.base] -= position.quantity
        self._account.unmanaged = {
            asset: amount for asset, amount in beyond.items() if amount > ZERO and asset != self._account.quote
        }

    def _tell_external(self, findings: Findings, out: Outbox) -> None:
        for report in findings.foreign:
            words = f"open order {report.venue_order_id} in {report.market} was not made here"
            out.tell(ExternalChangeFound(self.venue, words))
        for position, missing in findings.short:
            words = f"{position.market}: {missing} units fewer at the venue than in our books"
            out.tell(ExternalChangeFound(self.venue, words))
            out.tell(AlertRaised("holding_missing", words, critical=True))

    def _cap_closing(self, now: datetime, out: Outbox) -> None:
        """An exit the venue refused for lack of units sells what is really there, or ends when nothing is."""
        for position in self._positions.positions.live():
            rules = self._board.constraints.get(position.market)
            refused = position.note.startswith("insufficient_funds")
            if position.state is not PositionState.CLOSING or not refused or rules is None:
                continue
            balance = self._account.balance(rules.base)
            if balance.total <= ZERO and not self._desk.tracker.working(position.position_id):
                self._positions.close_as_external(position, now, out)
                out.tell(ExternalChangeFound(self.venue, f"{position.market}: nothing left at the venue to sell"))
            elif balance.free > ZERO and not self._is_bound_elsewhere(balance, rules, position):
                self._positions.limit_sellable(position.position_id, balance.free)
