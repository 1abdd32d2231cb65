"""The sans-I/O core: ``handle(message, now)`` changes the state and returns events and effects, in order.

No clock, no I/O, no randomness of its own: the same messages at the same times give the same results. So one core runs
live, in a replay and under a simulator.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from app.domain.breaker import CandlesFailed, ResetBreaker, TripBreaker
from app.domain.commands import (
    COMMANDS,
    CancelOrder,
    ClosePosition,
    Command,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
    StartStrategy,
    WatchMarket,
    command_problems,
)
from app.domain.dead_letter import RetryDeadLetter
from app.domain.effects import Effect
from app.domain.emergency import LiquidationRun
from app.domain.errors import BrokenRuleError
from app.domain.exit_plan import ExitReason
from app.domain.heartbeat import LoopStarved, TasksBeat
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    ConditionKind,
    PauseInstruction,
    PlaceInstruction,
    ResumeInstruction,
)
from app.domain.kill import AskUnlock, ChangeKillPassword, EndProgram, PasswordChecked, SetKillPassword
from app.domain.limits import TradingLimits
from app.domain.loss import AcknowledgeLoss
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    AlertRaised,
    BalancesReported,
    CancelAnswered,
    CandlesLoaded,
    CommandRefused,
    Event,
    LookupFailed,
    MarketsListed,
    Message,
    OrderAccepted,
    OrderLookedUp,
    OrderNotSent,
    OrderOutcomeUnknown,
    OrderRefused,
    OrderReported,
    OrderSent,
    PositionChanged,
    QueueStatus,
    ReplacementTaken,
    StreamStateChanged,
    TimePassed,
)
from app.domain.money import in_money_context
from app.domain.order import OrderState
from app.domain.ports import IdSource, RecoveredState
from app.domain.position import PositionState
from app.domain.promotion import OverridePromotion
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.domain.values import Side, TradingState
from app.domain.venue_health import USUAL_HEALTH, BookFailed, CallTimed, HealthSettings, VenueChecked, VenueCheckFailed
from app.engine.account_book import AccountBook
from app.engine.account_desk import AccountDesk
from app.engine.circuit_breaker import CircuitBreaker
from app.engine.dead_letters import DeadLetters
from app.engine.emergency_desk import EmergencyDesk
from app.engine.emergency_liquidation import EmergencyLiquidation
from app.engine.figures import Figures
from app.engine.health_desk import HealthDesk
from app.engine.instruction_intake import InstructionIntake
from app.engine.kill_desk import KillDesk
from app.engine.kill_switch import KillSwitch
from app.engine.market_board import MarketBoard
from app.engine.market_desk import MarketDesk
from app.engine.order_desk import OrderDesk, OrderStep
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.position_intake import PositionIntake
from app.engine.position_manager import PositionManager, realised_of
from app.engine.promotion_gate import PromotionGate
from app.engine.risk_gate import GateView, RiskGate
from app.engine.safety_desk import SafetyDesk
from app.engine.slippage_estimator import measure

#: Looked at by VenueHealth or the watchdog alone, before anything is routed.
_SEEN_BEFORE = (VenueChecked, VenueCheckFailed, BookFailed, CallTimed, TasksBeat, LoopStarved)


class TradingCore:
    """One venue account: everything that is decided about it."""

    def __init__(
        self,
        venue: str,
        quote: str,
        limits: TradingLimits,
        ids: IdSource,
        health: HealthSettings = USUAL_HEALTH,
        promotion: PromotionGate | None = None,
    ) -> None:
        self.venue, self._ids = venue, ids
        self.board = MarketBoard()
        self.tracker = OrderTracker()
        self.positions = PositionManager()
        self.account = AccountBook(quote, limits)
        self.switch = KillSwitch()
        self.breaker = CircuitBreaker(venue)
        self.desk = OrderDesk(self.tracker, RiskGate(limits, ids))
        self.position_desk = PositionDesk(self.positions, self.desk, ids)
        self.safety = SafetyDesk(self.switch, self.account, self.position_desk, self.board, self._on_liquidate)
        self.markets = MarketDesk(self.board, self.positions, self.position_desk, self.view)
        self.instructions = self.markets.instructions
        self.health = HealthDesk(health, self.breaker, self.board, self.position_desk, self.instructions)
        self.position_intake = PositionIntake(self.position_desk, ids, promotion or PromotionGate())
        self.intake = InstructionIntake(
            self.board, self.instructions, self.position_intake, self.position_desk, self.view
        )
        self.account_desk = AccountDesk(venue, self.account, self.board, self.desk, self.position_desk, ids, self.view)
        self.kill = KillDesk(self.switch, self.account_desk, self.desk)
        hold = self.position_desk.hold
        self.emergency = EmergencyLiquidation(self.board, self.tracker, self.positions, self.breaker, ids, hold)
        self.emergency_desk = EmergencyDesk(
            self.emergency, self.switch, self.board, self.position_desk, self.instructions, self.account_desk, ids
        )
        sources = (self.account, self.account_desk, self.emergency, self.health, self.safety)
        self.figures = Figures(self.board, self.tracker, self.positions, *sources)
        self.dead_letters = DeadLetters(self.tracker, self.position_desk, self.markets, self.view)
        self._routes = self._make_routes()
        self._routes.update({kind: _sound_only(self._routes[kind]) for kind in COMMANDS})

    # ---- the doors; whatever is computed behind them is computed in MONEY_CONTEXT --------------------------------

    @in_money_context
    def recover(self, state: RecoveredState, run: LiquidationRun | None, now: datetime) -> list[Event | Effect]:
        """Take over what the journal knew; exits go on, entries stay off until a person enables them."""
        self.breaker.restore(state.breakers, now)
        self.dead_letters.restore(state.dead_letters)
        self.position_intake.promotion.restore(state.overrides)
        out = Outbox()
        self.tracker.restore(state.orders, state.fills)
        self.positions.restore(state.positions)
        self.instructions.restore(state.instructions)
        self.board.slippage.restore(state.executions)
        self.account.restore(_realised(state, self.tracker), (fill.traded_at for fill in state.fills))
        self.safety.loss.restore(state.loss_book)
        self.account.unmanaged = dict(state.unmanaged)
        changed = self.switch.start(state.trading_state, state.clean, state.kill, state.epoch, now)
        if changed is not None:
            out.tell(changed)
        self.emergency.restore(run)
        self.desk.gate.restore(self.tracker.limits, state.orders, state.earlier, now)
        self.figures.limits.restore(state.limit_alerts)
        if not state.clean:
            out.tell(AlertRaised("unclean_end", "the last run did not end properly; entries stay off"))
        if not state.clean or state.kill.rewrite:  # a record that differs: gwanje-kill may have sold since the end
            self.account_desk.search_lost(state.agreed_at or now, now)
        self.desk.resume(now, out)
        for position in self.positions.live():
            self.markets.need_bars(position.market, position.blueprint.seconds, out)
        self.emergency_desk.resume(self.view(), now, out)
        self.markets.need_slice_bars(out)
        self.kill.follow(now, out)
        return out.items

    @in_money_context
    def handle(self, message: Message, now: datetime) -> list[Event | Effect]:
        """Change the state by one message. A broken rule stops the position and makes the engine REDUCING."""
        out = Outbox()
        try:
            self.health.follow(message, self.account, self.account_desk, now, out)
            self.safety.before(message, now, out)
            self._routes[type(message)](message, now, out)
            self.instructions.sweep(now, out)
            self.safety.after(message, now, out)
            if not isinstance(message, Trade | Book | Ticker):  # prices move nothing that the tick does not see
                self.emergency_desk.follow(self.view(), now, out)
        except BrokenRuleError as error:
            self.safety.broken(message, error, now, out)
        self.kill.follow(now, out)
        self.dead_letters.follow(message, now, out)
        return out.items

    @in_money_context
    def may_send(self, order_id: str, now: datetime) -> str | None:
        """Second look before the bytes of an order leave: None to go ahead, else why not."""
        order = self.tracker.get(order_id)
        if order is None or order.state.is_terminal:
            return "the order is over"
        if order.intent.side is Side.SELL and self.position_desk.hold.holds(order.intent.market):
            return "what may be ours no more is asked for first"
        refusal = self.desk.gate.recheck(order, self.view(), now)
        if refusal is not None:
            return f"{refusal.reason}: {refusal.detail}"
        position = self.positions.positions.get(order.intent.position_id)
        running = (PositionState.PENDING, PositionState.ACTIVE)
        if not order.intent.purpose.reduces_risk and (position is None or position.state not in running):
            return "the position does not want to enter any more"
        words = self.instructions.send_refusal(order)
        if words is not None:
            return words
        self.breaker.leaving(order_id, now)
        return None

    def view(self) -> GateView:
        """What the gate looks at."""
        return GateView(
            state=self.kill.state,
            liquidating=self.emergency.is_running,
            board=self.board,
            account=self.account,
            orders=self.tracker,
            positions=self.positions,
            breaker=self.breaker,
            loss=self.safety.loss,
            health=self.health.venue,
            halts=self.health.halts,
        )

    # ---- commands -----------------------------------------------------------------------------------------------

    def _on_start(self, command: StartStrategy, now: datetime, out: Outbox) -> None:
        position = self.position_intake.start(command, self.view(), now, out)
        if position is not None and not self.markets.need_bars(position.market, position.blueprint.seconds, out):
            self.markets.evaluate(position, now, out)

    def _on_place(self, command: PlaceInstruction, now: datetime, out: Outbox) -> None:
        self.intake.place(command, now, out)
        if command.condition.kind is ConditionKind.RULE and f"i-{command.command_id}" in self.instructions.live:
            self.markets.need_bars(command.market, command.condition.seconds, out)
        if command.plan is not None:
            self.markets.need_slice_bars(out)

    def _on_close(self, command: ClosePosition, now: datetime, out: Outbox) -> None:
        position = self.positions.positions.get(command.position_id)
        if position is None or not position.is_live:
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "there is no such running position")
            out.tell(CommandRefused("ClosePosition", refusal, command.position_id))
            return
        price = self.positions.price_of(position.market)
        self.position_desk.begin_exit(position, ExitReason.USER, price, self.view(), now, out)

    def _on_cancel(self, command: CancelOrder, now: datetime, out: Outbox) -> None:
        order = self.tracker.get(command.order_id)
        if order is None or order.state is OrderState.INTENT or not order.is_working:
            refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, "there is no such working order at the venue")
            out.tell(CommandRefused("CancelOrder", refusal))
            return
        self.desk.cancel(order, now, out)

    def _on_set_state(self, command: SetTradingState, now: datetime, out: Outbox) -> None:
        if not self.safety.refuses(command, out):
            self.kill.on_set_state(command, now, out)
        if self.switch.state is TradingState.ENABLED:
            for position in self.positions.live():
                self.markets.evaluate(position, now, out)

    def _on_liquidate(self, command: LiquidateAll, now: datetime, out: Outbox) -> None:
        self.emergency_desk.press(command, self.view(), now, out)

    # ---- what the venue says ------------------------------------------------------------------------------------

    def _follow(self, step: OrderStep | None, now: datetime, out: Outbox) -> None:
        if step is not None and (step.fills or step.ended):
            measured = measure(step.order, now) if step.ended else None
            if measured is not None:
                self.board.slippage.learn(measured)
                out.tell(measured)
            self.position_desk.after_order(step, self.view(), now, out)
            self.instructions.after_order(step, now, out)

    def _on_accepted(self, message: OrderAccepted, now: datetime, out: Outbox) -> None:
        order = self.tracker.get(message.order_id)
        if order is not None:
            self.emergency.forecast.note_latency((now - order.created_at).total_seconds())
            self._follow(self.desk.on_report(order, message.report, now, out), now, out)

    def _on_refused(self, message: OrderRefused, now: datetime, out: Outbox) -> None:
        words = f"{message.code}: {message.detail}"
        self._follow(self.desk.on_refused(message.order_id, words, now, out), now, out)
        if message.code.startswith("insufficient_funds"):
            self.account_desk.read(now, out)

    def _on_not_sent(self, message: OrderNotSent, now: datetime, out: Outbox) -> None:
        self._follow(self.desk.on_not_sent(message.order_id, message.detail, now, out), now, out)

    def _on_unknown(self, message: OrderOutcomeUnknown, now: datetime, out: Outbox) -> None:
        self.desk.on_unknown(message.order_id, message.detail, now, out)

    def _on_looked_up(self, message: OrderLookedUp, now: datetime, out: Outbox) -> None:
        if message.report is None:
            self._follow(self.desk.on_not_found(message.order_id, now, out), now, out)
            return
        order = self.tracker.get(message.order_id)
        if order is not None:
            self._follow(self.desk.on_report(order, message.report, now, out), now, out)
            self.desk.lookup_answered(message.order_id, now)

    def _on_reported(self, message: OrderReported, now: datetime, out: Outbox) -> None:
        order = self.tracker.get(message.report.order_id)
        if order is not None:
            self._follow(self.desk.on_report(order, message.report, now, out), now, out)

    def _on_account_read(self, message: AccountRead, now: datetime, out: Outbox) -> None:
        self.account_desk.on_read(message, self._follow, now, out)
        self.emergency.forecast.note_reading((now - message.snapshot.started_at).total_seconds())
        self.emergency_desk.on_account(message, self.view(), now, out)

    def _on_stream(self, message: StreamStateChanged, now: datetime, out: Outbox) -> None:
        out.tell(message)
        self.emergency.forecast.on_stream(message)
        self.account_desk.on_stream(message, now, out)

    def _on_queue(self, message: QueueStatus, now: datetime, out: Outbox) -> None:
        self.emergency.forecast.on_queue(message)
        out.tell(message)

    def _on_read_failed(self, message: AccountReadFailed, now: datetime, out: Outbox) -> None:
        self.account_desk.read_failed()
        self.emergency.reading_failed()

    # ---- time ---------------------------------------------------------------------------------------------------

    def _on_time(self, message: TimePassed, now: datetime, out: Outbox) -> None:
        self.health.on_time(self.account.reconciled, now, out)
        press = self.health.liquidation(self.emergency.is_flattening, now, out)
        if press is not None:
            self._on_liquidate(LiquidateAll(press), now, out)
        self.markets.on_time(now, out)
        self.desk.on_time(now, out)
        self.position_desk.on_time(self.view(), now, out)
        self.account_desk.on_time(now, out)
        self.instructions.on_time(now, out)
        self.emergency_desk.on_time(now, out)
        for position in self.positions.high_waters_to_write(now):
            out.tell(PositionChanged(position, "high_water"))
        self.figures.tell(now, out)

    def _make_routes(self) -> dict[type, Callable[..., None]]:
        return {
            Trade: self.markets.on_trade,
            Book: self.markets.on_book,
            Ticker: self.markets.on_ticker,
            TimePassed: self._on_time,
            StartStrategy: self._on_start,
            PausePosition: lambda m, now, out: self.position_intake.pause(m.position_id, now, out),
            ResumePosition: lambda m, now, out: self.position_intake.resume(m.position_id, now, out),
            ClosePosition: self._on_close,
            CancelOrder: self._on_cancel,
            PlaceInstruction: self._on_place,
            CancelInstruction: lambda m, now, out: self.intake.withdraw(m.instruction_id, now, out),
            PauseInstruction: lambda m, now, out: self.intake.pause(m.instruction_id, now, out),
            ResumeInstruction: lambda m, now, out: self.intake.resume(m.instruction_id, now, out),
            AmendInstruction: self.intake.amend,
            SetTradingState: self._on_set_state,
            AskUnlock: self.kill.on_ask_unlock,
            SetKillPassword: self.kill.on_password,
            ChangeKillPassword: self.kill.on_change_password,
            EndProgram: self.kill.on_end,
            PasswordChecked: self.kill.on_checked,
            LiquidateAll: self._on_liquidate,
            AcknowledgeLoss: self.safety.acknowledge,
            ReconcileNow: self.account_desk.on_reconcile,
            WatchMarket: self.markets.on_watch,
            TripBreaker: self.breaker.trip,
            ResetBreaker: self.breaker.reset,
            OverridePromotion: self.position_intake.promotion.override,
            RetryDeadLetter: lambda m, now, out: self.dead_letters.retry(m, self._routes, now, out),
            OrderSent: lambda m, now, out: self.desk.on_sending(m.order_id, now, out),
            OrderAccepted: self._on_accepted,
            OrderRefused: self._on_refused,
            OrderNotSent: self._on_not_sent,
            OrderOutcomeUnknown: self._on_unknown,
            ReplacementTaken: lambda m, now, out: self.desk.on_replacement_taken(m.order_id, now, out),
            OrderLookedUp: self._on_looked_up,
            LookupFailed: lambda m, now, out: self.desk.on_lookup_failed(m.order_id, now),
            CancelAnswered: lambda m, now, out: self.desk.on_cancel_answered(m.order_id, m.accepted, now, out),
            OrderReported: self._on_reported,
            BalancesReported: lambda m, now, out: self.account_desk.on_balances(m),
            AccountRead: self._on_account_read,
            AccountReadFailed: self._on_read_failed,
            MarketsListed: self.markets.on_listed,
            CandlesLoaded: self.markets.on_candles,
            CandlesFailed: lambda m, now, out: None,  # the executor asks again; only the breaker counts it
            **dict.fromkeys(_SEEN_BEFORE, lambda m, now, out: None),
            StreamStateChanged: self._on_stream,
            QueueStatus: self._on_queue,
        }


def _sound_only(route: Callable[..., None]) -> Callable[..., None]:
    """A command with a value that could not be written down is refused before anybody looks at it."""

    def checked(command: Command, now: datetime, out: Outbox) -> None:
        problems = command_problems(command)
        if problems:
            out.tell(CommandRefused(type(command).__name__, unusable(problems)))
        else:
            route(command, now, out)

    return checked


def _realised(state: RecoveredState, tracker: OrderTracker) -> list[tuple[datetime, Decimal]]:
    """Profits of the month: each sale of the orders that are known, one sum per earlier day."""
    by_position: dict[str, list[str]] = {}
    for order in state.orders:
        by_position.setdefault(order.intent.position_id, []).append(order.order_id)
    sales = [realised_of(f for oid in ids for f in tracker.fills_of(oid)) for ids in by_position.values()]
    return [entry for sale in sales for entry in sale] + [(day.day, day.realised) for day in state.earlier]
