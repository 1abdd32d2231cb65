"""Past fire drills for the screen: most passed, one was late, one left something."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.emergency import EmergencyPreview, Residue, ResidueKind, Unsellable
from app.domain.values import Market

D = Decimal
DOGE = Market("upbit", "KRW-DOGE")


def card(expected_s: float, p95_s: float, now: datetime) -> EmergencyPreview:
    return EmergencyPreview(6, 1, 3, 6, expected_s, p95_s, (), now, D(18_240_000), D("0.0021"), D(38_300))


def drill(number: int, now: datetime) -> DrillRecord:
    """The ``number``-th of a row of drills, a day apart."""
    expected = 2.4 + 0.1 * (number % 5)
    return DrillRecord(
        f"drill-{number}",
        now - timedelta(days=14 - number),
        "3f9a1c0b77de" if number > 7 else "a01b22c4d5e6",
        4 + number % 4,
        number < 3,
        DrillVerdict.PASSED,
        card(expected, expected * 1.6, now),
        expected + 0.05 * (number % 7) - 0.1,
        D("0.0019"),
    )


def drills(now: datetime) -> list[DrillEnded]:
    """Fourteen of them, oldest first."""
    made = [drill(number, now) for number in range(1, 15)]
    made[4] = replace(made[4], verdict=DrillVerdict.LATE, took_s=5.2, detail="5.20 s, p95 was 3.84 s")
    flagged = replace(card(0.4, 1.9, now), unsellable=(Unsellable(DOGE, ResidueKind.HALTED),))
    left = (Residue(ResidueKind.HALTED, DOGE, D(2100), "market_offline"),)
    made[9] = replace(made[9], card=flagged, took_s=0.6, left=left)
    return [DrillEnded(one) for one in made]
