"""What is overdue."""

from app.domain.heartbeat import TaskAge


def test_a_part_is_overdue_after_its_time_not_at_it() -> None:
    assert not TaskAge("a", 5.0, 5.0).is_overdue and TaskAge("a", 5.01, 5.0).is_overdue
