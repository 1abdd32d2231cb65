"""Named troubles that can be switched on with a probability and a duration; `fault_names` lists them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from .clock import US_PER_S, VenueClock
from .fault_names import DEFAULT_VALUES, MEANINGS, STANDING

EVERYTHING = "all"
_Choice = TypeVar("_Choice")


class UnknownFault(ValueError):
    """The request names no known fault or has an impossible figure."""


@dataclass(slots=True)
class ActiveFault:
    """Probability `rate` per occasion until `until_us` ticks, at most `count` times."""

    name: str
    rate: float
    until_us: int
    value: Decimal
    count: int | None
    path: str
    happened: int = 0


class Faults:
    """What is switched on now; draws are seeded, so a run can be repeated.

    `standing_changed` is called when a standing fault has begun or ended.
    """

    def __init__(self, clock: VenueClock, seed: int) -> None:
        self._clock = clock
        self._random = random.Random(f"faults-{seed}")
        self._active: dict[str, ActiveFault] = {}
        self.standing_changed: Callable[[], None] | None = None

    def switch(
        self,
        name: str,
        rate: float,
        seconds: float = 3600.0,
        value: Decimal | None = None,
        count: int | None = None,
        path: str = "",
    ) -> None:
        """Switch a fault on, or off with rate 0; the name `all` with rate 0 clears everything."""
        self._refuse_nonsense(name, rate, seconds, value, count)
        if rate == 0:
            for known in list(self._active) if name == EVERYTHING else [name]:
                self._end(known)
            return
        amount = value if value is not None else DEFAULT_VALUES.get(name, Decimal(0))
        until = self._clock.ticks_us + int(seconds * US_PER_S)
        self._active[name] = ActiveFault(name, rate, until, amount, count, path)
        if name in STANDING:
            self._active[name].happened = 1
            self._clock.call_later(int(seconds * US_PER_S), self._forget_ended)
            self._tell(name)

    def hits(self, name: str, path: str = "") -> bool:
        """Draw whether the fault happens on this occasion."""
        fault = self._living(name)
        if fault is None or not path.startswith(fault.path):
            return False
        if fault.rate < 1 and self._random.random() >= fault.rate:
            return False
        fault.happened += 1
        if fault.count is not None and fault.happened >= fault.count:
            self._end(name)
        return True

    def standing(self, name: str, path: str = "") -> Decimal | None:
        """The figure of a standing fault while it is on."""
        fault = self._living(name)
        return fault.value if fault is not None and path.startswith(fault.path) else None

    def draw(self, name: str, path: str = "") -> Decimal | None:
        """Draw a fault: its figure, or None when it does not happen."""
        figure = self.value(name)
        return figure if self.hits(name, path) else None

    def delay_us(self, name: str, path: str = "") -> int:
        """Draw a delaying fault: its figure in microseconds, or 0."""
        return int((self.draw(name, path) or 0) * US_PER_S)

    def value(self, name: str) -> Decimal:
        """The fault's figure; the default when it is not active."""
        fault = self._active.get(name)
        return fault.value if fault is not None else DEFAULT_VALUES.get(name, Decimal(0))

    def choose(self, options: Sequence[_Choice]) -> _Choice:
        """Draw how a fault that happens looks."""
        return self._random.choice(options)

    def targets(self, name: str, path: str) -> bool:
        """Whether `path` is one the fault may strike, without drawing."""
        fault = self._living(name)
        return fault is not None and path.startswith(fault.path)

    @property
    def quiet(self) -> bool:
        """True when nothing is switched on."""
        return not self._active

    def active(self) -> list[ActiveFault]:
        return [fault for name in list(self._active) if (fault := self._living(name)) is not None]

    def _forget_ended(self) -> None:
        for name in list(self._active):
            self._living(name)

    def _living(self, name: str) -> ActiveFault | None:
        fault = self._active.get(name)
        if fault is not None and self._clock.ticks_us >= fault.until_us:
            self._end(name)
            return None
        return fault

    def _end(self, name: str) -> None:
        if self._active.pop(name, None) is not None and name in STANDING:
            self._tell(name)

    def _tell(self, name: str) -> None:
        fault = self._active.get(name)
        if name == "clock_skew":
            self._clock.offset_ms = int(fault.value * 1000) if fault is not None else 0
        elif self.standing_changed is not None:
            self.standing_changed()

    @staticmethod
    def _refuse_nonsense(name: str, rate: float, seconds: float, value: Decimal | None, count: int | None) -> None:
        if name not in MEANINGS and not (name == EVERYTHING and rate == 0):
            raise UnknownFault(f"unknown fault {name!r}; valid names: {', '.join(sorted(MEANINGS))}")
        if not 0 <= rate <= 1:
            raise UnknownFault(f"rate must be between 0 and 1, not {rate}")
        if not 0 < seconds <= 86_400 * 30:
            raise UnknownFault(f"seconds must be above 0 and at most 30 days, not {seconds}")
        if value is not None and value <= 0 and name != "clock_skew":
            raise UnknownFault(f"value must be above 0, not {value}; switch a fault off with rate 0")
        if count is not None and count < 1:
            raise UnknownFault(f"count must be at least 1, not {count}")
