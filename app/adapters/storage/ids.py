"""Identifiers that never repeat: installation, durable epoch of this run, counter."""

import secrets
from itertools import count

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
INSTALL_LENGTH = 6


def new_install_id() -> str:
    """Random name of an installation: 6 base-32 characters (30 bits)."""
    return "".join(secrets.choice(_BASE32) for _ in range(INSTALL_LENGTH))


def base36(number: int) -> str:
    """``number`` (>= 0) in digits and small letters."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
        if number == 0:
            return digits


class DurableIds:
    """IdSource for one run. Unique across restarts because ``epoch`` was made durable before the first call."""

    def __init__(self, install: str, epoch: int) -> None:
        self._mine = f"gw-{install}-"
        self._run = f"{install}-{base36(epoch)}"
        self._orders = count(1)
        self._positions = count(1)
        self._runs = count(1)

    def order_id(self) -> str:
        """``gw-<install>-<epoch>-<n>``: letters, digits and dashes, at most 64 characters; the venue sees it."""
        return f"gw-{self._run}-{base36(next(self._orders))}"

    def position_id(self) -> str:
        """``p-<install>-<epoch>-<n>``."""
        return f"p-{self._run}-{base36(next(self._positions))}"

    def run_id(self) -> str:
        """``kill-<install>-<epoch>-<n>``."""
        return f"kill-{self._run}-{base36(next(self._runs))}"

    def owns(self, order_id: str | None) -> bool:
        """True for every order identifier of this installation, whichever run drew it."""
        return order_id is not None and order_id.startswith(self._mine)
