"""The emergency control: what it will do, line by line what it does, and the proof."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.values import Market


class LiquidationStage(StrEnum):
    """How far a run is. FLAT needs two venue readings without working order and holding; ATTENTION names residues."""

    CANCELLING = "cancelling"
    SELLING = "selling"
    CONFIRMING = "confirming"
    FLAT = "flat"
    ATTENTION = "attention"

    @property
    def is_over(self) -> bool:
        """True when the run has ended, one way or the other."""
        return self in (LiquidationStage.FLAT, LiquidationStage.ATTENTION)


class LineState(StrEnum):
    """How far one position of the run is."""

    WAITING = "waiting"
    CANCELLING = "cancelling"
    SELLING = "selling"
    SOLD = "sold"
    CONFIRMED = "confirmed"
    DUST = "dust"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class LiquidationLine:
    """One position in the run; quantities in units. ``residue`` is the refusal or trouble that keeps it alive."""

    position_id: str
    market: Market
    state: LineState
    wanted: Decimal
    sold: Decimal
    residue: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyPreview:
    """What pressing now would do; the screen shows it all the time. Times in seconds."""

    positions: int
    venues: int
    cancels: int
    orders: int
    expected_s: float
    p95_s: float
    unsellable: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LiquidationRun:
    """One run from press to proof. ``unmanaged`` is what the account held besides our positions: (asset, units)."""

    run_id: str
    stage: LiquidationStage
    lines: tuple[LiquidationLine, ...]
    started_at: datetime
    predicted_s: float
    ended_at: datetime | None = None
    clean_reads: int = 0
    residues: tuple[str, ...] = ()
    unmanaged: tuple[tuple[str, Decimal], ...] = ()

    @property
    def actual_s(self) -> float | None:
        """Seconds from press to the end; None while it runs."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()
