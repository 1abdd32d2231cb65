"""Signs of life of the parts that must not stand still, as the engine hears of them and as the screen shows them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TaskBeat:
    """A part did its work at ``beat_at`` and owes the next sign of life within ``due_s`` seconds."""

    name: str
    beat_at: datetime
    due_s: float


@dataclass(frozen=True, slots=True)
class TasksBeat:
    """The last sign of life of every part that owes one, about twice a second."""

    beats: tuple[TaskBeat, ...]


@dataclass(frozen=True, slots=True)
class LoopStarved:
    """For so many seconds the event loop did not get its turn; a thread beside it saw that."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TaskAge:
    """How long ago a part gave its last sign of life, in seconds the computer was awake, and what it owes."""

    name: str
    age_s: float
    due_s: float

    @property
    def is_overdue(self) -> bool:
        """True when the part stands still, or has died."""
        return self.age_s > self.due_s


@dataclass(frozen=True, slots=True)
class TasksMarked:
    """The ages for the screen, about once a second; the most overdue first."""

    tasks: tuple[TaskAge, ...]
    marked_at: datetime
