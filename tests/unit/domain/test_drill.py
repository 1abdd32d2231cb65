"""Drills: what is kept of them."""

from datetime import UTC, datetime

from app.domain.drill import DRILLS_KEPT, DrillRecord, DrillVerdict, keep_drill

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def record(name: str, verdict: DrillVerdict = DrillVerdict.PASSED) -> DrillRecord:
    return DrillRecord(name, NOW, "0123456789ab", 1, False, verdict)


def test_only_a_passed_drill_counts_as_passed() -> None:
    assert [verdict for verdict in DrillVerdict if record("d", verdict).passed] == [DrillVerdict.PASSED]


def test_the_oldest_drill_makes_room() -> None:
    drills: dict[str, DrillRecord] = {}
    for number in range(DRILLS_KEPT + 3):
        keep_drill(drills, record(f"d-{number}"))
    assert len(drills) == DRILLS_KEPT and next(iter(drills)) == "d-3"
