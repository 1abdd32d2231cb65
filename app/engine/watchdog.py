"""Judges whether a part of the program stands still, by the time the computer was awake.

A computer that slept, or a loop that was held up, makes every sign of life old at once; that is nobody's fault: of a
gap between two ticks no more than TICK_AT_MOST counts. The loop itself is watched by a thread (LoopWatch).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.heartbeat import LoopStarved, TaskAge, TaskBeat, TasksBeat, TasksMarked
from app.domain.messages import AlertRaised, Message, TimePassed
from app.engine.outbox import Outbox

TICK_AT_MOST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A sign of life, when the engine first heard of it, and how much time had not counted by then.

    The sign itself may be older by a night in which the computer slept.
    """

    beat: TaskBeat
    at: datetime
    asleep: timedelta


class Watchdog:
    """Follows TasksBeat and the engine's tick. A part is told once, and again after it has come back."""

    def __init__(self) -> None:
        self._ticked: datetime | None = None
        #: Time that does not count, in all.
        self._asleep = timedelta()
        self._heard: dict[str, _Heard] = {}
        self._late: set[str] = set()

    def follow(self, message: Message, now: datetime, out: Outbox) -> str:
        """Why nothing that adds risk may leave any more; empty while all is well."""
        if isinstance(message, TasksBeat):
            heard = self._heard
            self._heard = {}
            for beat in message.beats:
                before = heard.get(beat.name)
                known = before is not None and before.beat == beat
                self._heard[beat.name] = before if known and before else _Heard(beat, now, self._asleep)
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
        heard = self._heard.items()
        ages = [TaskAge(name, self._age(name, now).total_seconds(), one.beat.due_s) for name, one in heard]
        return TasksMarked(tuple(sorted(ages, key=lambda age: (not age.is_overdue, age.name))), now)

    def _judge(self, now: datetime, out: Outbox) -> str:
        if self._ticked is not None:
            self._asleep += max(now - self._ticked - TICK_AT_MOST, timedelta())
        self._ticked = now
        words = ""
        for name, heard in self._heard.items():
            age = self._age(name, now)
            if age <= timedelta(seconds=heard.beat.due_s):
                self._late.discard(name)
            elif name not in self._late:
                self._late.add(name)
                words = f"{name}: no sign of life for {age.total_seconds():.1f} s"
                out.tell(AlertRaised("task_hung", words, critical=True))
        return words

    def _age(self, name: str, now: datetime) -> timedelta:
        heard = self._heard[name]
        return max(now - heard.at - (self._asleep - heard.asleep), timedelta())
