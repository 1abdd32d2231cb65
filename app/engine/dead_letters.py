"""Keeps what ended without effect, and does it again when a person asks: as something new, through every check.

An order whose outcome is unknown is never in the list: only an end that is proven makes a dead letter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.commands import (
    CancelOrder,
    ClosePosition,
    Command,
    PausePosition,
    ResumePosition,
    StartStrategy,
    command_problems,
)
from app.domain.dead_letter import (
    DRY_RUN,
    ORDER,
    DeadLetter,
    DeadLetterAdded,
    DeadLetterSettled,
    LetterOutcome,
    RetryDeadLetter,
    keep_letter,
)
from app.domain.effects import SendCancel
from app.domain.instruction import InstructionChanged, PlaceInstruction, draft_of
from app.domain.kill import AskUnlock, ChangeKillPassword, SetKillPassword
from app.domain.messages import CommandRefused, Message, OrderChanged, PositionChanged
from app.domain.order import Order, OrderState, OrderTrigger
from app.domain.refusal import Refusal, RefusalReason
from app.engine.market_desk import MarketDesk
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.risk_gate import GateView

RETRY = RetryDeadLetter.__name__
#: Refused, these are asked anew by the person, who has to be there.
_NEVER_AGAIN = frozenset({RETRY, AskUnlock.__name__, SetKillPassword.__name__, ChangeKillPassword.__name__})
_WATCHED = frozenset({CommandRefused, InstructionChanged, OrderChanged, PositionChanged, SendCancel})
_ENDS = frozenset({OrderTrigger.REFUSED, OrderTrigger.EXPIRED_UNSENT, OrderTrigger.NEVER_ARRIVED})
Routes = Mapping[type, Callable[..., None]]


class DeadLetters:
    """The newest commands and orders without effect, by id, oldest first."""

    def __init__(
        self, tracker: OrderTracker, positions: PositionDesk, markets: MarketDesk, view: Callable[[], GateView]
    ) -> None:
        self.letters: dict[str, DeadLetter] = {}
        self._tracker = tracker
        self._positions = positions
        self._markets = markets
        self._view = view
        self._commands: set[str] = set()

    def restore(self, letters: Iterable[DeadLetter]) -> None:
        """Take over what the journal knew."""
        for letter in letters:
            keep_letter(self.letters, letter)

    # ---- in and out of the list ---------------------------------------------------------------------------------

    def follow(self, message: Message, now: datetime, out: Outbox) -> None:
        """Look at what a step did: who ended without effect, and whose letter has become pointless."""
        for item in [item for item in out.items if type(item) in _WATCHED]:
            match item:
                case CommandRefused() if item.command not in _NEVER_AGAIN:
                    self._add(_of_command(item, message, now), out)
                case OrderChanged(order, trigger):
                    self._on_order(order, trigger, now, out)
                case PositionChanged(position) if not position.is_live:
                    self._settle_all(position.position_id, out)
                case InstructionChanged(instruction, "sent"):
                    self._settle_earlier(instruction.instruction_id, instruction.order_id, out)
                case SendCancel(order_id=order_id) if order_id in self.letters:
                    self._settle(order_id, LetterOutcome.ARRIVED, out)  # given up here, and it works there
                case _:
                    pass

    def _on_order(self, order: Order, trigger: str, now: datetime, out: Outbox) -> None:
        if _has_arrived(order):
            self._settle(order.order_id, LetterOutcome.ARRIVED, out)
        elif order.intent.replaces:
            return  # its instruction goes on without it: by hand it would be done twice
        elif order.state in (OrderState.REJECTED, OrderState.EXPIRED) and trigger in _ENDS:
            if order.note.startswith(f"{DRY_RUN}:"):
                return
            position = self._positions.positions.positions.get(order.intent.position_id)
            strategy = position.blueprint.label if position is not None else ""
            self._add(_of_order(order, trigger, strategy, now), out)

    def _add(self, letter: DeadLetter, out: Outbox) -> None:
        keep_letter(self.letters, letter)
        out.tell(DeadLetterAdded(letter))

    def _settle(self, letter_id: str, outcome: LetterOutcome, out: Outbox) -> None:
        letter = self.letters.pop(letter_id, None)
        if letter is not None:
            out.tell(DeadLetterSettled(letter_id, outcome, letter.position_id))

    def _settle_all(self, position_id: str, out: Outbox) -> None:
        """Orders of a position that is closed cannot be wanted any more."""
        gone = [x.dead_letter_id for x in self.letters.values() if x.what == ORDER and x.position_id == position_id]
        for letter_id in gone:
            self._settle(letter_id, LetterOutcome.POSITION_CLOSED, out)

    def _settle_earlier(self, instruction_id: str, order_id: str, out: Outbox) -> None:
        """The engine has tried again by itself: done by hand as well it would be done twice."""
        for letter in [x for x in self.letters.values() if x.dead_letter_id != order_id]:
            if letter.intent is not None and letter.intent.instruction_id == instruction_id:
                self._settle(letter.dead_letter_id, LetterOutcome.RETRIED, out)

    # ---- again --------------------------------------------------------------------------------------------------

    def retry(self, command: RetryDeadLetter, routes: Routes, now: datetime, out: Outbox) -> None:
        """Do it again, once. A refusal leaves the letter where it is: nothing has been done."""
        if command.command_id in self._commands:
            return
        self._commands.add(command.command_id)
        letter = self.letters.get(command.dead_letter_id)
        if letter is None:
            words = "there is no such dead letter, or it was done again already"
            out.tell(CommandRefused(RETRY, Refusal(RefusalReason.NOT_POSSIBLE_NOW, words)))
            return
        trial = Outbox()
        if letter.what == ORDER:
            refusal = self._order_again(letter, routes, now, trial)
        else:
            refusal = _command_again(letter, routes, now, trial)
        if refusal is None:
            # Written down before what it brings: a crash in between loses the wish, and never doubles it.
            self._settle(letter.dead_letter_id, LetterOutcome.RETRIED, out)
        else:
            out.tell(CommandRefused(RETRY, refusal, letter.position_id))
        out.items += [item for item in trial.items if not isinstance(item, CommandRefused)]

    def _order_again(self, letter: DeadLetter, routes: Routes, now: datetime, out: Outbox) -> Refusal | None:
        before, intent = self._tracker.get(letter.dead_letter_id), letter.intent
        position = self._positions.positions.positions.get(letter.position_id)
        if before is None or intent is None or position is None:
            return Refusal(RefusalReason.EXPIRED, "the order is too old to know what became of it")
        if before.is_working or _has_arrived(before):
            return Refusal(RefusalReason.DUPLICATE_ORDER, f"{before.order_id} did arrive at the venue")
        if intent.instruction_id in self._markets.instructions.live:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "its instruction goes on by itself")
        if intent.instruction_id:
            ticket = PlaceInstruction(f"again {letter.dead_letter_id}", intent.market, draft_of(intent))
            return _carried_out(ticket, routes, now, out)
        if intent.purpose.reduces_risk:
            return self._positions.exit_again(letter.position_id, self._view(), now, out)
        return self._markets.enter_again(position, intent.reason, now, out)


def _has_arrived(order: Order) -> bool:
    return order.venue_order_id is not None or bool(order.filled_volume)


def _of_order(order: Order, trigger: str, strategy: str, now: datetime) -> DeadLetter:
    code, detail = _reason(order.note, trigger)
    return DeadLetter(
        dead_letter_id=order.order_id,
        at=now,
        what=ORDER,
        code=code,
        detail=detail,
        position_id=order.intent.position_id,
        order_id=order.order_id,
        market=order.intent.market,
        strategy=strategy,
        intent=order.intent,
    )


def _reason(note: str, trigger: str) -> tuple[str, str]:
    """Code and words of an end. What the last look stopped stands behind "withdrawn"; our own words have no code."""
    if trigger == OrderTrigger.NEVER_ARRIVED:
        return OrderTrigger.NEVER_ARRIVED.value, note.removeprefix(trigger).removeprefix(": ")
    words = note.removeprefix("withdrawn: ")
    code, _, detail = words.partition(": ")
    return (RefusalReason.NOT_POSSIBLE_NOW.value, words) if not code or " " in code else (code, detail)


def _of_command(event: CommandRefused, message: Message, now: datetime) -> DeadLetter:
    subject = event.position_id
    letter = DeadLetter(
        dead_letter_id="",
        at=now,
        what=event.command,
        code=event.refusal.reason.value,
        detail=event.refusal.detail,
        position_id=event.position_id,
    )
    if command_problems(message):
        pass  # it holds what cannot be written down
    elif isinstance(message, StartStrategy):
        subject, plan = message.command_id, message.blueprint
        letter = replace(letter, market=message.market, strategy=plan.label, blueprint=plan, budget=message.budget)
    elif isinstance(message, CancelOrder):
        subject = message.order_id
        letter = replace(letter, order_id=message.order_id)
    return replace(letter, dead_letter_id=f"{event.command} {subject} {now.isoformat()}")


def _command_again(letter: DeadLetter, routes: Routes, now: datetime, out: Outbox) -> Refusal | None:
    command = _rebuilt(letter)
    if command is None:
        return Refusal(RefusalReason.NOT_POSSIBLE_NOW, f"{letter.what} has to be asked for anew by a person")
    return _carried_out(command, routes, now, out)


def _carried_out(command: Command, routes: Routes, now: datetime, out: Outbox) -> Refusal | None:
    """Why it was refused, or None."""
    routes[type(command)](command, now, out)
    return next((item.refusal for item in out.items if isinstance(item, CommandRefused)), None)


def can_be_done_again(letter: DeadLetter) -> bool:
    """True when RetryDeadLetter can do something with it; everything else a person has to ask for anew."""
    return letter.what == ORDER or _rebuilt(letter) is not None


def _rebuilt(letter: DeadLetter) -> Command | None:
    if letter.blueprint is not None and letter.market is not None and letter.budget is not None:
        return StartStrategy(f"again {letter.dead_letter_id}", letter.market, letter.blueprint, letter.budget)
    match letter.what:
        case ClosePosition.__name__:
            return ClosePosition(letter.position_id)
        case PausePosition.__name__:
            return PausePosition(letter.position_id)
        case ResumePosition.__name__:
            return ResumePosition(letter.position_id)
        case CancelOrder.__name__:
            return CancelOrder(letter.order_id)
        case _:
            return None
