"""The order history for the screen: widgets ask without waiting, and are told when the answer is there."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from app.domain.errors import InvalidInputError, StorageError
from app.domain.order_chain import OrderChain
from app.domain.order_query import OrderChoices, OrderPage, OrderQuery
from app.domain.ports import OrderArchive
from app.domain.position import Position

#: Starts a supervised task under a name.
Spawn = Callable[[Coroutine[object, object, None], str], object]
Failed = Callable[[str], None]
Answer = TypeVar("Answer")


class ArchiveDoor:
    """Every question ends with exactly one call: the answer, or the words of what went wrong."""

    def __init__(self, archive: OrderArchive, spawn: Spawn) -> None:
        self._archive = archive
        self._spawn = spawn

    def find(self, query: OrderQuery, found: Callable[[OrderPage], None], failed: Failed) -> None:
        """Ask for one page of orders."""
        self._spawn(_answer(lambda: self._archive.find(query), found, failed), "order-history")

    def choices(self, found: Callable[[OrderChoices], None], failed: Failed) -> None:
        """Ask what occurs in the history."""
        self._spawn(_answer(lambda: self._archive.choices(), found, failed), "order-choices")

    def dust(self, found: Callable[[tuple[Position, ...]], None], failed: Failed) -> None:
        """Ask what was left that is too small to be sold."""
        self._spawn(_answer(lambda: self._archive.dust(), found, failed), "dust")

    def why(self, order_id: str, found: Callable[[OrderChain], None], failed: Failed) -> None:
        """Ask why an order traded."""
        self._spawn(_answer(lambda: self._archive.why(order_id), found, failed), "order-chain")


async def _answer(ask: Callable[[], Awaitable[Answer]], found: Callable[[Answer], None], failed: Failed) -> None:
    try:  # asked in here: a task that is cancelled before it begins leaves no question behind
        answer = await ask()
    except (StorageError, InvalidInputError) as error:
        failed(str(error))
    else:
        found(answer)
