"""Commands and orders that ended without effect, kept so that a person can have them done again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.blueprint import StrategyBlueprint
from app.domain.order import OrderIntent
from app.domain.values import Market

#: The newest ones are kept; what falls out is still in the journal.
MOST_DEAD_LETTERS = 200
#: The code with which a dry run refuses every order: what was to be seen has been seen, nothing is to be done again.
DRY_RUN = "dry_run"
#: ``what`` of an order; every other dead letter names its command.
ORDER = "Order"


class LetterOutcome(StrEnum):
    """Why a dead letter left the list."""

    RETRIED = "retried"
    ARRIVED = "arrived"
    POSITION_CLOSED = "position_closed"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One command or order without effect. ``code`` is a RefusalReason's value or the venue's own word.

    An order carries ``intent`` and has its order id as ``dead_letter_id``; StartStrategy carries ``blueprint`` and
    ``budget`` (quote currency), CancelOrder the ``order_id`` it was about.
    """

    dead_letter_id: str
    at: datetime
    what: str
    code: str
    detail: str
    position_id: str = ""
    order_id: str = ""
    market: Market | None = None
    strategy: str = ""
    intent: OrderIntent | None = None
    blueprint: StrategyBlueprint | None = None
    budget: Decimal | None = None


def keep_letter(letters: dict[str, DeadLetter], letter: DeadLetter) -> None:
    """Add ``letter``; the oldest ones beyond MOST_DEAD_LETTERS fall out."""
    letters[letter.dead_letter_id] = letter
    while len(letters) > MOST_DEAD_LETTERS:
        del letters[next(iter(letters))]


@dataclass(frozen=True, slots=True)
class RetryDeadLetter:
    """Do it again, as something new that passes all checks anew. Same command id = same wish."""

    command_id: str
    dead_letter_id: str


@dataclass(frozen=True, slots=True)
class DeadLetterAdded:
    """A command or an order ended without effect."""

    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class DeadLetterSettled:
    """A dead letter left the list; nothing can be done again with it."""

    dead_letter_id: str
    outcome: LetterOutcome
    position_id: str = ""
