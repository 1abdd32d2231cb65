"""Brings a person's password from the screen to its hash; the password itself enters no message and no record."""

from collections.abc import Callable
from itertools import count

from app.domain.errors import GwanjeError, StorageError
from app.domain.kill import AskUnlock, ChangeKillPassword, PasswordChecked, SetKillPassword
from app.domain.messages import Message
from app.domain.ports import Clock, Journal, PasswordVault
from app.domain.refusal import Refusal
from app.engine.kill_desk import KillDesk
from app.engine.kill_switch import KillSwitch


class Unlocker:
    """Asks the switch, has the password looked at, and tells the switch; it decides nothing."""

    def __init__(
        self,
        post: Callable[[Message], None],
        switch: KillSwitch,
        desk: KillDesk,
        journal: Journal,
        vault: PasswordVault,
        clock: Clock,
    ) -> None:
        self._post = post
        self._desk = desk
        self._clock = clock
        self._switch = switch
        self._journal = journal
        self._vault = vault
        self._numbers = count(1)

    @property
    def has_password(self) -> bool:
        """False until the first one is set."""
        return self._switch.mark is not None and bool(self._switch.mark.password)

    def obstacle(self) -> Refusal | None:
        """Why books and venue are not known to agree; None when they do."""
        return self._desk.unclean(self._clock.now())

    def wait_s(self) -> float:
        """Seconds until the next attempt is taken; 0 = now."""
        return self._switch.wait_s(self._clock.now())

    async def set_password(self, password: str) -> str:
        """Set the first password; returns what is in the way, empty when nothing is."""
        if self.has_password:
            return "a password is set already"
        try:
            fingerprint = await self._vault.set(password)
        except GwanjeError as error:
            return str(error)
        self._post(SetKillPassword(fingerprint))
        return "" if self.has_password else "the switch did not take the password"

    async def change_password(self, present: str, new: str) -> str:
        """One attempt to change it; returns why the new one is not taken, else how it went comes as events.

        The new hash is kept beside the present one before anything names it: an end in between loses neither. The mark
        that names the present one is on disk first: the new hash takes the place of the one before.
        """
        if not self.has_password:
            return "set a password first"
        try:
            await self._journal.durable()
            mark = self._switch.mark
            assert mark is not None
            fingerprint = await self._vault.set(new, keep=mark.password)
        except GwanjeError as error:
            return str(error)
        command_id = f"change-{next(self._numbers)}"
        self._post(ChangeKillPassword(command_id, fingerprint))
        await self._look_at(command_id, present)
        return ""

    async def leave_halt(self, password: str, phrase: str) -> None:
        """One attempt to leave HALTED; how it went comes as events."""
        command_id = f"unlock-{next(self._numbers)}"
        self._post(AskUnlock(command_id, phrase))
        await self._look_at(command_id, password)

    async def _look_at(self, command_id: str, password: str) -> None:
        mark = self._switch.mark
        if self._switch.asked != command_id or mark is None:
            return  # refused, and told
        try:
            await self._journal.durable()  # the attempt counts before it can succeed
        except StorageError as error:
            self._post(PasswordChecked(command_id, correct=False, trouble=str(error)))
            return
        correct, trouble = await self._vault.check(password, mark.password)
        self._post(PasswordChecked(command_id, correct, trouble))
