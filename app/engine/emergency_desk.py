"""Carries out the emergency control: blocks, cancels, sells, and goes on until the venue confirms it.

Whatever it decides is in the journal before it leaves, and follows from the journal after a crash: the run, its lines
and the closing positions are enough to go on from any point.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.domain.commands import LiquidateAll
from app.domain.effects import ReadAccount, SendCancel
from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationRun, scope_problem
from app.domain.exit_plan import ExitReason
from app.domain.instruction import InstructionState, InstructionTrigger
from app.domain.messages import AccountRead, CommandRefused, LiquidationChanged, PositionChanged
from app.domain.money import MONEY_CONTEXT, ZERO
from app.domain.order import OrderState
from app.domain.ports import IdSource
from app.domain.position import Position, PositionState, held_position
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, OrderType, Priority, Side, TimeInForce, TradingState
from app.domain.venue_reports import OrderReport
from app.engine.account_desk import AccountDesk
from app.engine.emergency_liquidation import EmergencyLiquidation
from app.engine.emergency_scope import covered, is_about, ranked, reaches
from app.engine.instruction_desk import InstructionDesk
from app.engine.kill_switch import KillSwitch
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.risk_gate import GateView

REASON = "emergency control"


class EmergencyDesk:
    """The hands of the emergency control; ``EmergencyLiquidation`` is its eyes."""

    def __init__(
        self,
        run: EmergencyLiquidation,
        switch: KillSwitch,
        board: MarketBoard,
        positions: PositionDesk,
        instructions: InstructionDesk,
        account_desk: AccountDesk,
        ids: IdSource,
    ) -> None:
        self._watch = run
        self._switch = switch
        self._board = board
        self._positions = positions
        self._instructions = instructions
        self._account_desk = account_desk
        self._ids = ids

    def press(self, command: LiquidateAll, view: GateView, now: datetime, out: Outbox) -> None:
        """Entries are blocked before anything else; then cancels leave, then sales, the largest risk first."""
        scope = command.scope
        problem = scope_problem(scope)
        if problem:
            out.tell(CommandRefused("LiquidateAll", Refusal(RefusalReason.BAD_NUMBER, problem)))
            return
        locks = scope.action is EmergencyAction.FLATTEN_AND_LOCK
        changed = self._switch.ask(TradingState.HALTED if locks else TradingState.REDUCING, REASON, unlocked=False)
        if changed is not None:
            out.tell(changed)
        if scope.action is EmergencyAction.BLOCK_ENTRIES:
            return
        if scope.whole_account and view.account.reconciled:
            self._take_over(view, now, out)
        watch, reached = self._watch, covered(scope, self._positions.positions)
        if not watch.is_running or watch.is_only_about_strangers:
            run: LiquidationRun | None = watch.begin(self._ids.run_id(), scope, reached, view.account.unmanaged, now)
        else:
            run = watch.widen(scope, reached, now)
        self._tell(run, out)
        fresh = replace(view, liquidating=True)
        self._withdraw_instructions(now, out)
        for order in watch.orders_in_the_way():
            self._positions.desk.cancel(order, now, out, Priority.LIQUIDATION)
        self._leave(reached, scope, fresh, now, out)

    def resume(self, view: GateView, now: datetime, out: Outbox) -> None:
        """After a restart: the crash may have come between the press and the last position's order."""
        run = self._watch.run
        if run is None or not self._watch.is_running:
            return
        for scope in run.scopes:
            about = [p for p in self._positions.positions.live() if is_about(run, p) and reaches(scope, p)]
            self._leave([p for p in about if p.state is not PositionState.CLOSING], scope, view, now, out)

    def on_account(self, message: AccountRead, view: GateView, now: datetime, out: Outbox) -> None:
        """A reading came: it may be the proof, or show what our books do not know and has to go too."""
        run = self._watch.run
        if run is not None and self._watch.is_running:
            for report in self._watch.strays(message.snapshot):
                if not self._take_stray(report, run, view, now, out):
                    name = report.order_id or report.venue_order_id
                    out.ask(SendCancel(report.market, name, report.venue_order_id, Priority.LIQUIDATION))
            if run.whole_account and self._account_desk.unmanaged_at == message.snapshot.started_at:
                taken = self._take_over(view, now, out)
                self._leave(taken, EmergencyScope(whole_account=True), view, now, out)
        self._tell(self._watch.on_account(message.snapshot, now), out)

    def follow(self, view: GateView, now: datetime, out: Outbox) -> None:
        """After every message: go on with what is not done yet, tell how far it is, ask for the proof."""
        watch = self._watch
        if not watch.is_running:
            return
        for position, volume in watch.parts_to_sell():
            self._positions.sell_part(position.position_id, volume, view, now, out)
        self._tell(watch.advance(now), out)
        if watch.read_is_due(now):
            watch.reading_asked(now)
            out.ask(ReadAccount(self._account_desk.venue))

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Ask again for what rests in the way; a cancel of an order nobody had heard of yet comes to nothing."""
        if not self._watch.is_running:
            return
        for order in self._watch.orders_in_the_way():
            at_once = order.intent.order_type is not OrderType.LIMIT or order.intent.time_in_force is TimeInForce.IOC
            resting = order.intent.side is Side.BUY or not at_once
            if resting and order.state in (OrderState.OPEN, OrderState.PARTIAL):
                self._positions.desk.cancel(order, now, out, Priority.LIQUIDATION)

    # ---- inside -------------------------------------------------------------------------------------------------

    @staticmethod
    def _tell(run: LiquidationRun | None, out: Outbox) -> None:
        if run is not None:
            out.tell(LiquidationChanged(run))

    def _leave(
        self, reached: list[Position], scope: EmergencyScope, view: GateView, now: datetime, out: Outbox
    ) -> None:
        """Begin the exits a press asks for; a position of which a part is sold stays as it is."""
        if not scope.action.flattens:
            return
        for position in ranked(reached, scope.first, self._board, self._positions.positions):
            price = self._positions.positions.price_of(position.market)
            self._positions.begin_exit(position, ExitReason.EMERGENCY, price, view, now, out)

    def _withdraw_instructions(self, now: datetime, out: Outbox) -> None:
        """What would place orders again ends; sales that wait for their price stay armed, they protect what is kept."""
        run = self._watch.run
        for instruction in list(self._instructions.live.values()):
            position = self._positions.positions.positions.get(instruction.position_id)
            known = self._instructions.live.get(instruction.instruction_id)
            if run is None or position is None or known is None or not is_about(run, position):
                continue
            sale = known.draft.side is Side.SELL
            if sale and (known.state is InstructionState.ARMED or self._only_entries(run, position)):
                continue
            self._instructions.end(known, InstructionTrigger.WITHDRAWN, REASON, now, out)

    @staticmethod
    def _only_entries(run: LiquidationRun, position: Position) -> bool:
        scopes = [scope for scope in run.scopes if reaches(scope, position)]
        return all(scope.action is EmergencyAction.CANCEL_ENTRIES for scope in scopes)

    def _take_over(self, view: GateView, now: datetime, out: Outbox) -> list[Position]:
        """What the account holds besides our positions becomes positions, at the venue's own average price."""
        by_base = {rules.base: market for market, rules in self._board.constraints.items()}
        taken: list[Position] = []
        for asset, units in view.account.unmanaged.items():
            market = by_base.get(asset)
            if market is None or units <= ZERO or self._is_too_small(market, units, view):
                continue
            taken.append(self._taken(market, units, view.account.balance(asset).average_price, now, out))
        ours = {self._board.constraints[position.market].base for position in taken}
        view.account.unmanaged = {asset: units for asset, units in view.account.unmanaged.items() if asset not in ours}
        return taken

    def _is_too_small(self, market: Market, units: Decimal, view: GateView) -> bool:
        price = (
            self._positions.positions.price_of(market)
            or view.account.balance(self._board.constraints[market].base).average_price
        )
        worth = MONEY_CONTEXT.multiply(units, price)
        return ZERO < worth < self._board.constraints[market].min_total

    def _taken(self, market: Market, units: Decimal, average: Decimal, now: datetime, out: Outbox) -> Position:
        cost = MONEY_CONTEXT.multiply(units, average)
        position = self._positions.positions.put(held_position(self._ids.position_id(), market, units, cost, now))
        out.tell(PositionChanged(position, "taken_over"))
        return position

    def _take_stray(self, report: OrderReport, run: LiquidationRun, view: GateView, now: datetime, out: Outbox) -> bool:
        """A purchase of ours that no position of the books can have made gets one: what it bought is ours to sell.

        True when it was taken; its exit cancels it. A sale buys nothing: it is cancelled, and that is all.
        """
        ours = run.is_everything and self._ids.owns(report.order_id) and report.side is Side.BUY
        if not ours or self._positions.positions.live_in(report.market):
            return False
        position = self._taken(report.market, ZERO, ZERO, now, out)
        self._positions.adopt(report, view, now, out)
        self._leave([position], EmergencyScope(), view, now, out)
        return True
