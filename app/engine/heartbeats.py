"""Where the parts of the program leave their signs of life, until the engine looks."""

from app.domain.heartbeat import TaskBeat, TasksBeat
from app.domain.ports import Clock


class Heartbeats:
    """Last sign of life per part. A part that may be quiet for ever rests; it owes nothing then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beats: dict[str, TaskBeat] = {}

    def beat(self, name: str, due_s: float | None) -> None:
        """The part is alive, and beats again within ``due_s`` seconds; None: it rests until further notice."""
        if due_s is None:
            self._beats.pop(name, None)
        else:
            self._beats[name] = TaskBeat(name, self._clock.now(), due_s)

    def message(self) -> TasksBeat:
        """Everything as the engine takes it."""
        return TasksBeat(tuple(self._beats.values()))
