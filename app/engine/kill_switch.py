"""DISABLED, ENABLED, REDUCING, HALTED: what may leave. A start never finds itself enabled.

It sits in the send path: the gate asks for its state at the decision and again right before the bytes leave. HALTED is
left only by a password, a phrase and books that agree with the venue.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.kill import (
    OUTSIDE,
    SUSPICIOUS_TRIES,
    UNLOCK_PHRASES,
    KillMark,
    KillMarked,
    KillRecord,
    UnlockAttempted,
    UnlockOutcome,
    unlock_delay,
)
from app.domain.messages import AlertRaised, TradingStateChanged
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import TradingState

#: A password that was not looked at for so long after the pause is not looked at any more.
CHECK_PATIENCE = timedelta(seconds=30)


class KillSwitch:
    """The present trading state and the only way to change it. Marks to be written wait in ``take_mark``."""

    def __init__(self) -> None:
        self.state = TradingState.DISABLED
        self.mark: KillMark | None = None
        self.tries = 0
        self._asked: str | None = None
        #: Fingerprint of the password it shall change to; empty when it asks to leave HALTED.
        self._changes_to = ""
        #: No attempt is taken before; measured by this run's clock, so that no clock set meanwhile shortens it.
        self._next_at: datetime | None = None
        self._keyring = False
        self._run = 0
        self._due: tuple[bool, str] | None = None

    @property
    def asked(self) -> str | None:
        """The attempt whose password is being checked."""
        return self._asked

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next attempt to leave HALTED is taken."""
        return 0.0 if self._next_at is None else max((self._next_at - now).total_seconds(), 0.0)

    def start(
        self, before: TradingState, clean: bool, record: KillRecord, run: int, now: datetime
    ) -> TradingStateChanged | None:
        """State after a start: HALTED stays; an unclean end gives REDUCING; all else is DISABLED.

        The pause after failed attempts begins anew.
        """
        self.mark, self._keyring, self._run, self.tries = record.mark, record.keyring, run, record.tries
        self._next_at = now + unlock_delay(record.tries) if record.tries else None
        reason = "start" if clean else "start after an unclean end"
        if before is TradingState.HALTED or record.stopped or (self.mark is not None and self.mark.halted):
            after = TradingState.HALTED
            reason = record.stopped or reason
            if record.rewrite or self.mark is None or not self.mark.halted:
                self._due = (True, reason)
        else:
            after = TradingState.DISABLED if clean else TradingState.REDUCING
            if self.mark is None or self.mark.epoch == 0:
                self._due = (False, "first start")
        self.state = after
        return None if after is before else TradingStateChanged(before, after, reason)

    def ask(self, wanted: TradingState, reason: str, unlocked: bool) -> TradingStateChanged | None:
        """Change the state; HALTED is left only with ``unlocked``. Returns None when nothing changes."""
        if wanted is self.state and wanted is TradingState.HALTED and reason in OUTSIDE:
            self._due = (True, reason)  # who tripped it from outside waits for our mark
        if wanted is self.state or (self.state is TradingState.HALTED and not unlocked):
            return None
        before, self.state = self.state, wanted
        if TradingState.HALTED in (before, wanted):
            self._due, self._asked = (wanted is TradingState.HALTED, reason), None
        return TradingStateChanged(before, wanted, reason)

    def take_mark(self, now: datetime) -> KillMarked | None:
        """The mark that is due to be written, once."""
        if self._due is None:
            return None
        halted, reason = self._due
        self._due = None
        mark = self.mark or KillMark(0, not halted, "", now, self._run, self._keyring)
        if mark.halted is halted:  # halted before, or given its password: since when and by which run stays
            self.mark = replace(mark, epoch=mark.epoch + 1, reason=reason, keyring=self._keyring)
        else:
            self.mark = KillMark(mark.epoch + 1, halted, reason, now, self._run, self._keyring, mark.password)
        return KillMarked(self.mark)

    # ---- leaving HALTED -----------------------------------------------------------------------------------------

    def set_password(self, fingerprint: str) -> Refusal | None:
        """Take the first password; one that is set stays."""
        if self.mark is not None and self.mark.password:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "a password is set already")
        if self.mark is None or not fingerprint:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "the switch has not started yet")
        self.mark = replace(self.mark, password=fingerprint)
        self._due = (self.mark.halted, self.mark.reason)
        return None

    def ask_change(self, command_id: str, fingerprint: str, now: datetime) -> Refusal | None:
        """Whether the present password may be looked at now, to be changed."""
        if self.mark is None or not self.mark.password:
            return Refusal(RefusalReason.NO_PASSWORD, "set a password first")
        refusal = self._too_soon(now)
        if refusal is None:
            self._asked, self._changes_to = command_id, fingerprint
        return refusal

    def change_password(self) -> bool:
        """The present password was right: take the one that was asked for. False when none was."""
        if not self._changes_to or self.mark is None:
            return False
        self.mark = replace(self.mark, password=self._changes_to)
        self._due = (self.mark.halted, self.mark.reason)
        return True

    def ask_unlock(self, command_id: str, phrase: str, clean: Refusal | None, now: datetime) -> Refusal | None:
        """Whether the password may be looked at now; ``clean`` is why the books are not known to agree."""
        if self.state is not TradingState.HALTED:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "trading is not halted")
        if self.mark is None or not self.mark.password:
            return Refusal(RefusalReason.NO_PASSWORD, "set a password first")
        delayed = self._too_soon(now)
        if delayed is not None:
            return delayed
        if " ".join(phrase.split()).casefold() not in {known.casefold() for known in UNLOCK_PHRASES.values()}:
            return Refusal(RefusalReason.WRONG_PHRASE, "the phrase is not the one that is asked for")
        if clean is not None:
            return clean
        self._asked, self._changes_to = command_id, ""
        return None

    def _too_soon(self, now: datetime) -> Refusal | None:
        if self._asked is not None and self._next_at is not None and now < self._next_at + CHECK_PATIENCE:
            return Refusal(RefusalReason.NOT_POSSIBLE_NOW, "another attempt is being checked")
        if self._next_at is not None and now < self._next_at:
            left = (self._next_at - now).total_seconds()
            return Refusal(RefusalReason.UNLOCK_DELAYED, f"{self.tries} failed attempts; the next in {left:.0f} s")
        return None

    def attempt(self, outcome: UnlockOutcome, command_id: str, now: datetime) -> list[UnlockAttempted | AlertRaised]:
        """What is written down of an attempt. A question counts as failed until the password proves right, so that
        an end of the program in between gives no free try."""
        asked = outcome in (UnlockOutcome.ASKED, UnlockOutcome.CHANGE_ASKED)
        if asked:
            self.tries += 1
        elif outcome in (UnlockOutcome.UNLOCKED, UnlockOutcome.CHANGED):
            self.tries = 0
        if not asked:
            self._asked, self._changes_to = None, ""
        self._next_at = now + unlock_delay(self.tries)
        told: list[UnlockAttempted | AlertRaised] = [UnlockAttempted(command_id, outcome, self.tries, self._next_at)]
        if outcome is UnlockOutcome.WRONG and self.tries >= SUSPICIOUS_TRIES:
            words = f"{self.tries} wrong passwords in a row"
            told.append(AlertRaised("unlock_failing", words, critical=True))
        return told
