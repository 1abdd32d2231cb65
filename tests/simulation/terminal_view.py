"""What the judges may know of a running terminal."""

from datetime import datetime
from typing import Protocol


class TerminalView(Protocol):
    """A terminal from outside: its clock, how often its engine ticked, whether an episode is on."""

    ticks: int

    @property
    def is_lively(self) -> bool:
        """True while the engine ticks at its usual pace."""
        ...

    def now(self) -> datetime:
        """Clock of its computer."""
        ...
