"""Carries the kill switch's decisions through the core: marks to write, entries to cancel, attempts to leave HALTED."""

from datetime import datetime, timedelta

from app.domain.commands import SetTradingState
from app.domain.kill import AskUnlock, ChangeKillPassword, EndProgram, PasswordChecked, SetKillPassword, UnlockOutcome
from app.domain.messages import AlertRaised, CommandRefused
from app.domain.order import OrderState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Priority, Purpose, TradingState
from app.engine.account_desk import AccountDesk
from app.engine.kill_switch import KillSwitch
from app.engine.order_desk import OrderDesk
from app.engine.outbox import Outbox

#: A reading of the venue that agreed proves it for so long; the next one comes every 30 s.
AGREED_FOR = timedelta(seconds=60)


class KillDesk:
    """Trips, releases and the end of the program. Exits are none of its business: they go on in every state."""

    def __init__(self, switch: KillSwitch, account: AccountDesk, desk: OrderDesk) -> None:
        self._switch = switch
        self._account = account
        self._desk = desk
        #: The program is ending: no entry is decided any more.
        self.ending = False

    @property
    def state(self) -> TradingState:
        """What the gate goes by."""
        if self.ending and self._switch.state.allows_entries:
            return TradingState.DISABLED
        return self._switch.state

    def on_set_state(self, command: SetTradingState, now: datetime, out: Outbox) -> None:
        """Every state but HALTED may be left by asking."""
        changed = self._switch.ask(command.state, command.reason, unlocked=False)
        if changed is not None:
            out.tell(changed)
        elif command.state is not self._switch.state:
            refusal = Refusal(RefusalReason.HALTED, "trading is halted and has to be unlocked first")
            out.tell(CommandRefused("SetTradingState", refusal))

    def on_password(self, command: SetKillPassword, now: datetime, out: Outbox) -> None:
        """The first password goes into the mark."""
        refusal = self._switch.set_password(command.fingerprint)
        if refusal is not None:
            out.tell(CommandRefused("SetKillPassword", refusal))

    def on_change_password(self, command: ChangeKillPassword, now: datetime, out: Outbox) -> None:
        """Count the attempt, then let the present password be looked at."""
        refusal = self._switch.ask_change(command.command_id, command.fingerprint, now)
        if refusal is None:
            self._tell_attempt(UnlockOutcome.CHANGE_ASKED, command.command_id, now, out)
        else:
            out.tell(CommandRefused("ChangeKillPassword", refusal))

    def on_ask_unlock(self, command: AskUnlock, now: datetime, out: Outbox) -> None:
        """Count the attempt, then let the password be looked at; unclean books are read again."""
        unclean = self.unclean(now)
        refusal = self._switch.ask_unlock(command.command_id, command.phrase, unclean, now)
        if refusal is None:
            self._tell_attempt(UnlockOutcome.ASKED, command.command_id, now, out)
            return
        out.tell(CommandRefused("AskUnlock", refusal))
        if refusal is unclean:
            self._account.read(now, out)

    def on_checked(self, message: PasswordChecked, now: datetime, out: Outbox) -> None:
        """The right password opens, if the books still agree; HALTED becomes DISABLED, never more."""
        if self._switch.asked != message.command_id:
            return  # halted anew meanwhile, or no attempt of this run
        if message.trouble:
            out.tell(AlertRaised("unlock_password", message.trouble, critical=True))
        unclean = self.unclean(now)
        if not message.correct:
            self._tell_attempt(UnlockOutcome.WRONG, message.command_id, now, out)
        elif self._switch.change_password():
            self._tell_attempt(UnlockOutcome.CHANGED, message.command_id, now, out)
        elif unclean is not None:
            self._tell_attempt(UnlockOutcome.UNCLEAN, message.command_id, now, out)
            out.tell(CommandRefused("AskUnlock", unclean))
        else:
            self._tell_attempt(UnlockOutcome.UNLOCKED, message.command_id, now, out)
            changed = self._switch.ask(TradingState.DISABLED, "unlocked by password", unlocked=True)
            if changed is not None:
                out.tell(changed)

    def unclean(self, now: datetime) -> Refusal | None:
        """Why books and venue are not known to agree right now; None when they do."""
        unknown = [order for order in self._desk.tracker.working() if order.state is OrderState.UNKNOWN]
        if unknown:
            words = f"{len(unknown)} orders without an answer from the venue"
            return Refusal(RefusalReason.UNRESOLVED_ORDER, words)
        agreed = self._account.agreed_at
        if self._account.is_searching or agreed is None or now - agreed > AGREED_FOR:
            return Refusal(RefusalReason.NOT_RECONCILED, "no fresh reading of the venue agrees with the books")
        return None

    def on_end(self, command: EndProgram, now: datetime, out: Outbox) -> None:
        """From now on no entry is decided, and those that work are cancelled. Nothing is sold."""
        self.ending = True

    def follow(self, now: datetime, out: Outbox) -> None:
        """After every message: write what changed down, and let no entry rest while halted or ending."""
        marked = self._switch.take_mark(now)
        if marked is not None:
            out.tell(marked)
        if not self.ending and self._switch.state is not TradingState.HALTED:
            return
        for order in self._desk.tracker.working():
            if order.intent.purpose is Purpose.ENTRY:
                self._desk.cancel(order, now, out, Priority.CANCEL)

    def _tell_attempt(self, outcome: UnlockOutcome, command_id: str, now: datetime, out: Outbox) -> None:
        for event in self._switch.attempt(outcome, command_id, now):
            out.tell(event)
