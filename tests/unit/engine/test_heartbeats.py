"""Signs of life are kept until the engine looks."""

from datetime import timedelta

from app.domain.heartbeat import TaskBeat
from app.engine.heartbeats import Heartbeats
from tests.unit.engine.playbook import START


class Hands:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> object:
        return self.time


def test_the_last_beat_of_each_counts_and_who_rests_owes_nothing() -> None:
    clock = Hands()
    kept = Heartbeats(clock)  # type: ignore[arg-type]
    kept.beat("a", 1.0)
    kept.beat("b", 2.0)
    clock.time += timedelta(seconds=3)
    kept.beat("a", 4.0)
    kept.beat("b", None)
    kept.beat("c", None)
    assert kept.message().beats == (TaskBeat("a", START + timedelta(seconds=3), 4.0),)
