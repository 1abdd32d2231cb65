"""A fire drill: the emergency control pressed on a copy of the positions, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.emergency import EmergencyPreview, Residue

#: Drills that the trend shows.
DRILLS_KEPT = 50


class DrillVerdict(StrEnum):
    """PASSED, or the first reason why not, judged by the drill exchange's own ledger.

    LEFT: an order works, or more than dust is held beyond what the card named. SOLD: something the card called
    unsellable was sold. LATE: sold, but slower than the p95 of the card. UNFINISHED: no end in the time a
    drill has. BROKEN: it could not be run.
    """

    PASSED = "passed"
    LEFT = "left"
    SOLD = "sold"
    LATE = "late"
    UNFINISHED = "unfinished"
    BROKEN = "broken"


class DrillStep(StrEnum):
    """How far a drill is."""

    COPYING = "copying"
    OPENING = "opening"
    WATCHING = "watching"
    PRESSED = "pressed"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """One drill. Times in seconds from the press; ``slippage`` is what the sales brought less than the middle (ratio).

    ``code`` names the state of the program it was run with. ``sample``: the positions were made up. ``card`` is what
    was foretold at the press; None when it never came to one. ``took_s`` ends with the proof, or, when something was
    named as unsellable, with the last thing that was done. ``detail`` is what the verdict rests on.
    """

    drill_id: str
    began_at: datetime
    code: str
    positions: int
    sample: bool
    verdict: DrillVerdict
    card: EmergencyPreview | None = None
    took_s: float | None = None
    slippage: Decimal | None = None
    left: tuple[Residue, ...] = ()
    detail: str = ""

    @property
    def passed(self) -> bool:
        """True when everything came as it was foretold."""
        return self.verdict is DrillVerdict.PASSED


@dataclass(frozen=True, slots=True)
class DrillProgress:
    """A drill is on: its step, the seconds since it began, and lines done of all."""

    step: DrillStep
    elapsed_s: float
    done: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class DrillEnded:
    """A fire drill came to its end; it says nothing about the real account."""

    drill: DrillRecord


@dataclass(frozen=True, slots=True)
class DrillMoved:
    """How far the present fire drill is."""

    progress: DrillProgress


def keep_drill(drills: dict[str, DrillRecord], drill: DrillRecord) -> None:
    """Store a drill; beyond DRILLS_KEPT the oldest goes."""
    drills[drill.drill_id] = drill
    if len(drills) > DRILLS_KEPT:
        del drills[next(iter(drills))]
