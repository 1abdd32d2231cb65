"""Counts what a world has exercised: every feature of order execution by name, read from what the engine tells.

A feature that hardly any world gets to is a feature whose bugs nobody finds; ``python -m tests.simulation`` prints in
how many worlds each of them happened.
"""

from collections.abc import Iterable
from datetime import timedelta

from app.domain.blueprint import RestPolicy
from app.domain.breaker import BreakerChanged, BreakerState
from app.domain.dead_letter import DeadLetterSettled, LetterOutcome
from app.domain.instruction import ConditionKind, Instruction, InstructionChanged, InstructionState
from app.domain.messages import CommandRefused, Event, ExitTriggered, IntentRefused, OrderChanged, PositionChanged
from app.domain.money import ZERO
from app.domain.order import Order, OrderState, OrderTrigger
from app.domain.position import Position, PositionState
from app.domain.refusal import RefusalReason
from app.domain.slicing import SliceAlgorithm
from app.domain.slippage import AboveTolerance
from app.domain.values import OrderType, Purpose, Side
from tests.simulation.venue_ledger import VenueLedger

#: Refusals that are limits or guards; the others say that the world was out of order.
BOUNDS = (
    "position_too_large", "too_many_positions", "too_many_orders", "cool_down", "market_limit", "daily_entries_limit",
    "daily_value_limit", "monthly_entries_limit", "monthly_value_limit", "daily_loss_limit", "monthly_loss_limit",
    "exposure", "queue_full", "insufficient_balance", "slippage_too_high", "breaker_open", "stale_price", "expired",
    "price_collar", "ticks_away", "order_value", "book_multiple", "already_met", "below_minimum",
)  # fmt: skip
KINDS = ("stop", "stop_limit", "trailing", "price", "time", "rule", "order")
ORDERS = (
    "market", "limit_gtc", "limit_ioc", "limit_fok", "limit_post_only", "best_ioc", "best_fok",
)  # fmt: skip
FEATURES: tuple[str, ...] = (
    "rest_waited", "rest_cancelled_for_drift", "rest_cancelled_for_time", "rest_bought_at_market",
    *(f"{algorithm}_{what}" for algorithm in SliceAlgorithm for what in ("completed", "resumed", "after_restart")),
    "chase_priced_again", "chase_crossed",
    *(f"{kind}_{what}" for kind in KINDS for what in ("fired", "after_restart")),
    "oco_decided", "oco_after_restart", "bracket_left", "bracket_after_restart",
    "amended_waiting", "amended_at_venue", "amended_sent_anew", "dust_left", "slices_left_dust",
    "breaker_opened", "breaker_half_open", "breaker_closed", "breaker_tripped", "breaker_reset", "letter_retried",
    "slippage_refused", "slippage_split", "slippage_waited",
    *(f"refused_{bound}" for bound in BOUNDS), *(f"sent_{kind}" for kind in ORDERS),
)  # fmt: skip
#: A rest that works on for so long waits.
WAITS = timedelta(seconds=10)
#: Words of the gate by which one reason is told from another.
_WORDS = {
    "ticks from": "ticks_away", "for one order": "order_value", "offered": "book_multiple",
    "total exposure": "exposure",
}  # fmt: skip
C = ConditionKind


def kind_of(instruction: Instruction) -> str | None:
    """What a person would call the condition; None for an order that goes at once."""
    kind, draft = instruction.condition.kind, instruction.draft
    names = {C.TRAILING: "trailing", C.TIME: "time", C.RULE: "rule", C.AFTER: "order"}
    if kind in (C.AT_OR_ABOVE, C.AT_OR_BELOW):
        if (kind is C.AT_OR_BELOW) is not (draft.side is Side.SELL):
            return "price"
        return "stop_limit" if draft.order_type is OrderType.LIMIT else "stop"
    return names.get(kind)


class FeatureWatch:
    """Notes in ``seen`` what happened in one world; through restarts."""

    def __init__(self, ledger: VenueLedger) -> None:
        self._ledger = ledger
        self.seen: set[str] = set()
        self._orders: dict[str, Order] = {}
        self._positions: dict[str, Position] = {}
        self._instructions: dict[str, Instruction] = {}
        self._waited: set[str] = set()
        #: Instructions and positions that an earlier run has left.
        self._old: set[str] = set()

    def restarted(self, instructions: Iterable[Instruction], positions: Iterable[Position]) -> None:
        """What a run of the program found."""
        self._instructions = {one.instruction_id: one for one in instructions}
        self._positions = {one.position_id: one for one in positions}
        self._old = {name for name, one in self._instructions.items() if one.state.is_live}
        self._old.update(p.position_id for p in self._positions.values() if p.is_live)
        self._orders.clear()
        self._waited.clear()

    def on_submit(self, order: Order) -> None:
        """Bytes of an order leave."""
        intent = order.intent
        kind = intent.order_type.value
        self.seen.add(f"sent_{kind}" if kind == "market" else f"sent_{kind}_{intent.time_in_force.value}")

    def on_event(self, event: Event) -> None:
        """Everything the engine publishes, in order."""
        match event:
            case OrderChanged(order, trigger):
                self._on_order(order, trigger)
            case PositionChanged(position):
                self._positions[position.position_id] = position
                if position.state is PositionState.CLOSED and position.dust:
                    self.seen.add("dust_left")
            case InstructionChanged(instruction, trigger):
                self._on_instruction(instruction, trigger)
            case ExitTriggered(position_id):
                if position_id in self._positions and self._positions[position_id].blueprint.is_manual:
                    self._note("bracket", "left", position_id)
            case IntentRefused(intent, refusal):
                self._refused(refusal.reason.value, refusal.detail)
                position = self._positions.get(intent.position_id)
                if position is not None and refusal.reason is RefusalReason.SLIPPAGE_TOO_HIGH:
                    policy = position.blueprint.slippage.when_above
                    self.seen.update({"slippage_refused"} if policy is AboveTolerance.REFUSE else ())
                    self._waited.update({position.position_id} if policy is AboveTolerance.WAIT else ())
            case CommandRefused(_, refusal):
                self._refused(refusal.reason.value, refusal.detail)
            case BreakerChanged(state=state, reason=reason):
                by_hand = reason.startswith("by hand")
                names = {BreakerState.OPEN: ("opened", "tripped"), BreakerState.CLOSED: ("closed", "reset")}
                self.seen.add(f"breaker_{names.get(state, ('half_open', 'half_open'))[by_hand]}")
            case DeadLetterSettled(_, LetterOutcome.RETRIED):
                self.seen.add("letter_retried")
            case _:
                pass

    def _note(self, what: str, happened: str, name: str) -> None:
        self.seen.add(f"{what}_{happened}")
        if name in self._old:
            self.seen.add(f"{what}_after_restart")

    def _refused(self, reason: str, detail: str) -> None:
        name = next((name for words, name in _WORDS.items() if words in detail), reason)
        self.seen.add(f"refused_{name}")

    # ---- orders -------------------------------------------------------------------------------------------------

    def _on_order(self, order: Order, trigger: str) -> None:
        before, self._orders[order.order_id] = self._orders.get(order.order_id), order
        intent = order.intent
        if order.state is OrderState.EXPIRED:
            reason, _, detail = order.note.removeprefix("withdrawn: ").partition(": ")
            self._refused(reason, detail)
        if intent.purpose is not Purpose.ENTRY or intent.instruction_id:
            return
        if trigger == "intent":
            self._on_entry(order)
        position = self._positions.get(intent.position_id)
        if position is not None and before is not None and before.filled_volume and intent.price is not None:
            self._on_rest(before, order, trigger, position)

    def _on_entry(self, order: Order) -> None:
        intent = order.intent
        if intent.part > 1:
            self.seen.add("rest_bought_at_market" if intent.reason.endswith("at market") else "slippage_split")
        if intent.position_id in self._waited:
            self.seen.add("slippage_waited")

    def _on_rest(self, before: Order, order: Order, trigger: str, position: Position) -> None:
        """A limit entry that is filled in part moves on."""
        intent, policy = order.intent, position.blueprint.entry_order
        if policy.rest is RestPolicy.WAIT:
            if order.updated_at - before.updated_at >= WAITS:
                self.seen.add("rest_waited")
        elif trigger == OrderTrigger.CANCEL_SENT and position.state is PositionState.ACTIVE:
            patience = timedelta(seconds=intent.timeout_s or 0.0)
            price = self._ledger.markets[intent.market.symbol].price
            if order.updated_at - order.created_at >= patience:
                self.seen.add("rest_cancelled_for_time")
            elif intent.bid is not None and policy.has_drifted(price, intent.bid):
                self.seen.add("rest_cancelled_for_drift")

    # ---- instructions -------------------------------------------------------------------------------------------

    def _on_instruction(self, new: Instruction, trigger: str) -> None:
        name = new.instruction_id
        old, self._instructions[name] = self._instructions.get(name), new
        kind = kind_of(new)
        if trigger == "fired" and kind is not None:
            self._note(kind, "fired", name)
        if new.note == "its alternative came first":
            self._note("oco", "decided", name)
        if trigger == "amended":
            self.seen.add("amended_at_venue" if new.amending else "amended_waiting")
        if trigger == "sent" and old is not None and old.amending:
            self.seen.add("amended_sent_anew")
        if new.plan is not None:
            self._on_plan(old, new, trigger)

    def _on_plan(self, old: Instruction | None, new: Instruction, trigger: str) -> None:
        plan, progress = new.plan, new.progress
        assert plan is not None
        if trigger == "resumed" and progress is not None:
            self.seen.add(f"{plan.algorithm}_resumed")
        if new.state is InstructionState.DONE and not new.left:
            self.seen.add(f"{plan.algorithm}_completed")
        if new.note == "the rest is too small to be sent":
            self.seen.add("slices_left_dust")
        if trigger != "sent" or progress is None or old is None or old.progress is None:
            return
        if new.instruction_id in self._old and new.filled_volume > ZERO:
            self.seen.add(f"{plan.algorithm}_after_restart")
        if plan.chase is not None and progress.working_crosses:
            self.seen.add("chase_crossed")
        elif plan.chase is not None and progress.number == old.progress.number:
            self.seen.add("chase_priced_again")
