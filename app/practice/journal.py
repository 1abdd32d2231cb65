"""What happens to the account, as records; a plain `Journal` drops them, `account_memory` keeps them.

Played again in their order the records rebuild every order, every posting and every used identifier.
"""

from __future__ import annotations

from decimal import Decimal
from types import TracebackType
from typing import TypeAlias

import msgspec

from .order import Fill, OrderRequest, State


class _Record(msgspec.Struct, frozen=True, tag_field="t", tag=str.lower, forbid_unknown_fields=True):
    """One fact; times in epoch microseconds."""


class Started(_Record, frozen=True):
    """The venue opened its doors for the `number`th time on this account."""

    version: int
    venue: str
    number: int
    time_us: int
    seed: int


class Deposited(_Record, frozen=True):
    """Money came from outside (negative: left)."""

    time_us: int
    currency: str
    amount: Decimal


class Claimed(_Record, frozen=True):
    """An identifier was submitted, whether or not its order was accepted."""

    identifier: str


class Opened(_Record, frozen=True):
    """An order was accepted and its money locked."""

    uuid: str
    request: OrderRequest
    created_us: int
    reserved_fee: Decimal
    source: str


class Rested(_Record, frozen=True):
    """An order has met the market and queues in the book."""

    uuid: str


class CancelAsked(_Record, frozen=True):
    """A cancel was accepted; it is carried out later."""

    uuid: str


class Filled(_Record, frozen=True):
    uuid: str
    fill: Fill


class Busted(_Record, frozen=True):
    """A fill was taken back."""

    uuid: str
    trade_uuid: str
    time_us: int


class Prevented(_Record, frozen=True):
    """Self-match prevention cut `volume` out of an order and gave `amount` back."""

    uuid: str
    volume: Decimal
    amount: Decimal
    time_us: int


class Ended(_Record, frozen=True):
    uuid: str
    state: State
    time_us: int


Record: TypeAlias = (
    Started | Deposited | Claimed | Opened | Rested | CancelAsked | Filled | Busted | Prevented | Ended
)  # fmt: skip


class Journal:
    """Keeps nothing. As a context it makes one step: what is noted inside becomes durable together."""

    def note(self, record: Record) -> None:
        """Add a record to the step under way."""

    def commit(self) -> None:
        """Make the step durable; must be done before anybody is told of it."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Also after a refusal: the identifier it used up has been noted.
        self.commit()
