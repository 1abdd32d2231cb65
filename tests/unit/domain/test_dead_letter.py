from datetime import UTC, datetime

from app.domain.dead_letter import MOST_DEAD_LETTERS, DeadLetter, keep_letter


def test_the_newest_ones_are_kept() -> None:
    letters: dict[str, DeadLetter] = {}
    for number in range(MOST_DEAD_LETTERS + 3):
        keep_letter(letters, DeadLetter(f"gw-{number}", datetime(2026, 1, 1, tzinfo=UTC), "Order", "expired", ""))
    assert len(letters) == MOST_DEAD_LETTERS
    assert next(iter(letters)) == "gw-3"
