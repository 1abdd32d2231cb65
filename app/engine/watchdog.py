"""Judges whether a part of the program stands still, by the time the computer was awake.

A computer that slept, or a loop that was held up, makes every sign of life old at once; that is nobody's fault: of a
gap between two ticks no more than TICK_AT_MOST counts. The loop itself is watched by a thread (LoopWatch).
"""

from datetime import datetime, timedelta

from app.domain.heartbeat import LoopStarved, TaskAge, TaskBeat, TasksBeat, TasksMarked
from app.domain.messages import AlertRaised, Message, TimePassed
from app.engine.outbox import Outbox

TICK_AT_MOST = timedelta(seconds=1)


class Watchdog:
    """Follows TasksBeat and the engine's tick. A part is told once, and again after it has come back."""

    def __init__(self) -> None:
        self._ticked: datetime | None = None
        #: Time that does not count, in all; and how much of it there was when a part was last heard.
        self._asleep = timedelta()
        self._heard: dict[str, tuple[TaskBeat, timedelta]] = {}
        self._late: set[str] = set()

    def follow(self, message: Message, now: datetime, out: Outbox) -> str:
        """Why nothing that adds risk may leave any more; empty while all is well."""
        if isinstance(message, TasksBeat):
            heard = self._heard
            self._heard = {
                beat.name: heard[beat.name]
                if beat.name in heard and heard[beat.name][0] == beat
                else (beat, self._asleep)
                for beat in message.beats
            }
            self._late &= self._heard.keys()
        elif isinstance(message, TimePassed):
            return self._judge(now, out)
        elif isinstance(message, LoopStarved):
            words = f"the event loop stood still for {message.seconds:.1f} s"
            out.tell(AlertRaised("loop_starved", words, critical=True))
            return words
        return ""

    def marked(self, now: datetime) -> TasksMarked:
        """Ages for the screen."""
        ages = [
            TaskAge(name, self._age(name, now).total_seconds(), beat.due_s) for name, (beat, _) in self._heard.items()
        ]
        return TasksMarked(tuple(sorted(ages, key=lambda age: (not age.is_overdue, age.name))), now)

    def _judge(self, now: datetime, out: Outbox) -> str:
        if self._ticked is not None:
            self._asleep += max(now - self._ticked - TICK_AT_MOST, timedelta())
        self._ticked = now
        words = ""
        for name, (beat, _) in self._heard.items():
            age = self._age(name, now)
            if age <= timedelta(seconds=beat.due_s):
                self._late.discard(name)
            elif name not in self._late:
                self._late.add(name)
                words = f"{name}: no sign of life for {age.total_seconds():.1f} s"
                out.tell(AlertRaised("task_hung", words, critical=True))
        return words

    def _age(self, name: str, now: datetime) -> timedelta:
        beat, asleep = self._heard[name]
        return max(now - beat.beat_at - (self._asleep - asleep), timedelta())
