"""What is known about the API key of the live account, and how the screen may ask about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

#: Characters of the access key that a person types to start with real money.
TAIL = 4


class KeyFinding(StrEnum):
    """Why a key cannot be used. What cannot be found out counts as found."""

    NOT_A_KEY = "not_a_key"
    UNKNOWN_KEY = "unknown_key"
    WRONG_SECRET = "wrong_secret"
    WRONG_ADDRESS = "wrong_address"
    EXPIRED = "expired"
    CANNOT_READ_ACCOUNT = "cannot_read_account"
    CANNOT_READ_ORDERS = "cannot_read_orders"
    MAY_WITHDRAW = "may_withdraw"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class KeyReport:
    """Outcome of a check; ``tail`` are the last characters of the access key. Usable when nothing was found."""

    tail: str
    findings: tuple[KeyFinding, ...] = ()
    expires_at: datetime | None = None
    detail: str = ""

    @property
    def is_usable(self) -> bool:
        """True when orders may be placed with it."""
        return not self.findings


def key_tail(access_key: str) -> str:
    """The last characters of an access key: what a person types, and all that is ever shown of it."""
    return access_key[-TAIL:]


class KeyKeeper(Protocol):
    """The one key of the live account. Every method raises VaultError when the key store cannot be used."""

    async def tail(self) -> str | None:
        """Last characters of the kept access key; None when there is none."""
        ...

    async def check(self, access_key: str, secret_key: str) -> KeyReport:
        """Ask the venue about a key that is not kept yet."""
        ...

    async def check_kept(self) -> KeyReport | None:
        """Ask the venue about the kept key; None when there is none."""
        ...

    async def keep(self, access_key: str, secret_key: str) -> None:
        """Keep a key in place of the present one."""
        ...

    async def forget(self) -> None:
        """Delete the kept key."""
        ...
