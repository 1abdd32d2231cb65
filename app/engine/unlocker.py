"""Brings a person's password from the screen to its hash; the password itself enters no message and no record."""

from collections.abc import Callable
from itertools import count

from app.domain.errors import GwanjeError, StorageError
from app.domain.kill import AskUnlock, PasswordChecked, SetKillPassword
from app.domain.messages import Message
from app.domain.ports import Journal, PasswordVault
from app.engine.kill_switch import KillSwitch


class Unlocker:
    """Asks the switch, has the password looked at, and tells the switch; it decides nothing."""

    def __init__(
        self, post: Callable[[Message], None], switch: KillSwitch, journal: Journal, vault: PasswordVault
    ) -> None:
        self._post = post
        self._switch = switch
        self._journal = journal
        self._vault = vault
        self._numbers = count(1)

    async def set_password(self, password: str) -> str:
        """Set the first password; returns what is in the way, empty when nothing is."""
        if self._switch.mark is None or self._switch.mark.password:
            return "a password is set already"
        try:
            fingerprint = await self._vault.set(password)
        except GwanjeError as error:
            return str(error)
        self._post(SetKillPassword(fingerprint))
        return ""

    async def leave_halt(self, password: str, phrase: str) -> None:
        """One attempt to leave HALTED; how it went comes as events."""
        command_id = f"unlock-{next(self._numbers)}"
        self._post(AskUnlock(command_id, phrase))
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
