"""What the screen needs from the rest of the program, handed over by bootstrap."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.domain.api_key import KeyKeeper
from app.domain.blueprint import StrategyBlueprint
from app.domain.emergency import SellFirst
from app.domain.limits import TradingLimits
from app.domain.messages import Event, Message
from app.domain.ports import OrderArchive
from app.domain.promotion import PromotionCard
from app.domain.refusal import Refusal
from app.domain.values import TradingMode
from app.engine.event_bus import EventBus
from app.ui.alerts.alert_door import AlertDoor, NoDoor
from app.ui.archive_door import Spawn


class HaltDoor(Protocol):
    """The way out of HALTED."""

    @property
    def has_password(self) -> bool:
        """False until the first one is set."""
        ...

    def obstacle(self) -> Refusal | None:
        """Why books and venue are not known to agree."""
        ...

    def wait_s(self) -> float:
        """Seconds until the next attempt is taken; 0 = now."""
        ...

    async def set_password(self, password: str) -> str:
        """Set the first password; returns what is in the way, empty when nothing is."""
        ...

    async def change_password(self, present: str, new: str) -> str:
        """One attempt to change it; returns why the new one is not taken, else how it went comes as events."""
        ...

    async def leave_halt(self, password: str, phrase: str) -> None:
        """One attempt; how it went comes as events."""
        ...


@dataclass(frozen=True, slots=True)
class UiServices:
    """Doors of the screen: ``post`` takes commands, ``bus`` tells what happened.

    ``recovered`` is replayed through the feed before the first event, so that a restart shows what it found.
    ``new_command_id`` makes one id per click; ``watch_market`` asks for book, trades and candles of one market.
    ``loop_lag_ms`` returns the p99 delay of the event loop over the last seconds (ms); ``queue_depth`` is the
    number of orders waiting to leave; ``profile`` is the folder of this profile (window state is kept there).
    ``sell_first`` is which risk the emergency control sells first.
    ``start_drill`` begins a fire drill on a copy of the positions (True: on made-up ones) and returns whether it did.
    ``keys`` holds the key of the live account, ``promotion`` tells how the strategies stand at the gate to it.
    ``archive`` holds all orders ever made; what is asked of it runs as tasks started by ``spawn``. ``alerts`` leads to
    the channels that tell people besides the screen.
    """

    post: Callable[[Message], None]
    bus: EventBus
    blueprints: Sequence[StrategyBlueprint]
    limits: TradingLimits
    mode: TradingMode
    profile: Path
    recovered: Sequence[Event]
    new_command_id: Callable[[], str]
    watch_market: Callable[[str, str], None]
    loop_lag_ms: Callable[[], float]
    queue_depth: Callable[[], int]
    storage_name: str
    clean_start: bool
    archive: OrderArchive
    spawn: Spawn
    halt: HaltDoor
    keys: KeyKeeper
    promotion: Callable[[], Awaitable[tuple[PromotionCard, ...]]]
    sell_first: SellFirst = SellFirst.VALUE
    alerts: AlertDoor = field(default_factory=NoDoor)
    start_drill: Callable[[bool], bool] = lambda sample: False
