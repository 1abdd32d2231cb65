"""Decides what is told to whom and when: repeats, quiet hours, and critical notices that nobody acknowledged.

State and event in, records and deliveries out; it reads no clock and sends nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.alert import AlertPolicy, ChannelName, Notice, NoticeChanged, Severity
from app.domain.emergency import LiquidationRun
from app.domain.messages import Event
from app.engine.alert_rules import Draft, draft_of

#: More open notices than anybody reads; beyond, the oldest is given up with a record that says so.
MOST_OPEN = 200
#: What was told within the window of repeats, beyond which the oldest is forgotten.
MOST_REMEMBERED = 500
#: A channel that cannot be used is told of on the others.
CHANNEL_DOWN = "channel_down_"
_FIGURES = re.compile(r"[\d.,]+")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice goes out through a channel."""

    channel: ChannelName
    notice: Notice


Item = NoticeChanged | Delivery


class AlertDesk:
    """Notices of one run. The same notice, but for its figures, within the window is counted, and told once more with
    its count at the end of the window.
    """

    def __init__(self, policy: AlertPolicy, run: str) -> None:
        self.policy = policy
        self.channels: set[ChannelName] = set()
        #: Notices nobody has acknowledged, oldest first.
        self.open: dict[str, Notice] = {}
        self._run = run
        self._made = 0
        self._recent: dict[tuple[str, str], Notice] = {}
        self._told_count: dict[tuple[str, str], int] = {}
        self._once: dict[tuple[str, str], None] = {}
        self._restored: set[str] = set()
        self._joined: set[ChannelName] = set()

    def restore(self, notices: Iterable[Notice], run: LiquidationRun | None) -> None:
        """Take over what nobody acknowledged before a restart; it is told again at once, in case it never went out."""
        self.open = {notice.notice_id: notice for notice in notices}
        self._restored = set(self.open)
        for notice in self.open.values():
            self._recent[_same(notice.key, notice.detail)] = notice
            self._told_count[_same(notice.key, notice.detail)] = notice.count
        if run is not None:
            self._once[f"emergency_{run.stage}", run.run_id] = None

    def take(self, event: Event, now: datetime) -> list[Item]:
        """Something happened."""
        draft = draft_of(event)
        if draft is None or (draft.once and not self._first(draft)):
            return []
        same = (draft.key, draft.once) if draft.once else _same(draft.key, draft.detail)
        known = self._recent.get(same)
        if known is not None and (self._within_window(known, now) or known.notice_id in self.open):
            return self._again(same, known, draft, now)
        return self._new(same, draft, now)

    def on_time(self, now: datetime) -> list[Item]:
        """Counts of repeats whose window is over, and open notices that are due again."""
        items: list[Item] = []
        for same, notice in list(self._recent.items()):
            if self._within_window(notice, now):
                continue
            if notice.count > self._told_count.get(same, 1):
                self._told_count[same] = notice.count
                notice = self._keep(replace(notice, told_at=now))
                if notice.is_open:
                    items.append(NoticeChanged(notice, "repeated"))
                items += self._deliveries(notice, now)
            elif notice.notice_id not in self.open:
                self._forget(same)
        for notice in list(self.open.values()):
            if notice.notice_id in self._restored or self._is_due(notice, now):
                self._restored.discard(notice.notice_id)
                again = self._keep(replace(notice, reminders=notice.reminders + 1, told_at=now))
                items += [NoticeChanged(again, "reminded"), *self._deliveries(again, now)]
        return items

    def join(self, channel: ChannelName, now: datetime) -> list[Item]:
        """A channel is there from now on; the first time in a run it is told what is open and what was just told."""
        self.channels.add(channel)
        if channel in self._joined:
            return []
        self._joined.add(channel)
        waiting = {notice.notice_id: notice for notice in (*self.open.values(), *self._recent.values())}
        items = [item for notice in waiting.values() for item in self._deliveries(notice, now)]
        return [item for item in items if isinstance(item, Delivery) and item.channel is channel]

    def acknowledge(self, notice_id: str | None, by: str, now: datetime) -> list[Item]:
        """Somebody has read one open notice, or (None) all of them."""
        wanted = list(self.open) if notice_id is None else [notice_id]
        return [self._close(self.open[one], by, now) for one in wanted if one in self.open]

    @property
    def is_waiting(self) -> bool:
        """True while time alone can bring something: a reminder, or the count of repeats."""
        return bool(self.open or self._recent)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _first(self, draft: Draft) -> bool:
        mark = (draft.key, draft.once)
        if mark in self._once:
            return False
        self._once[mark] = None
        if len(self._once) > MOST_REMEMBERED:
            del self._once[next(iter(self._once))]
        return True

    def _new(self, same: tuple[str, str], draft: Draft, now: datetime) -> list[Item]:
        self._made += 1
        notice = Notice(
            f"{self._run}-{self._made}", draft.topic, draft.severity, draft.key, draft.detail, now, now,
            told_at=now, report=draft.report, problem=draft.problem, left=draft.left,
        )  # fmt: skip
        self._forget(same)
        self._recent[same] = notice
        if len(self._recent) > MOST_REMEMBERED:
            self._forget(next(iter(self._recent)))
        items: list[Item] = []
        if notice.is_open:
            if len(self.open) >= MOST_OPEN:
                items.append(self._close(next(iter(self.open.values())), "too many open notices", now))
            self.open[notice.notice_id] = notice
            items.append(NoticeChanged(notice, "raised"))
        return [*items, *self._deliveries(notice, now)]

    def _again(self, same: tuple[str, str], known: Notice, draft: Draft, now: datetime) -> list[Item]:
        """Counted; one that has become critical is told at once."""
        if draft.severity is Severity.CRITICAL and known.severity is not Severity.CRITICAL:
            return self._new(same, draft, now)
        self._keep(replace(known, count=known.count + 1, detail=draft.detail, last_at=now))
        return []

    def _keep(self, notice: Notice) -> Notice:
        for same, known in self._recent.items():
            if known.notice_id == notice.notice_id:
                self._recent[same] = notice
        if notice.notice_id in self.open:
            self.open[notice.notice_id] = notice
        return notice

    def _forget(self, same: tuple[str, str]) -> None:
        self._recent.pop(same, None)
        self._told_count.pop(same, None)

    def _close(self, notice: Notice, by: str, now: datetime) -> NoticeChanged:
        del self.open[notice.notice_id]
        closed = replace(notice, acknowledged_at=now, acknowledged_by=by)
        for same, known in list(self._recent.items()):
            if known.notice_id == notice.notice_id:
                self._forget(same)  # when it happens again, it is news again
        return NoticeChanged(closed, "acknowledged")

    def _within_window(self, notice: Notice, now: datetime) -> bool:
        return now - (notice.told_at or notice.raised_at) < timedelta(seconds=self.policy.repeat_window_s)

    def _is_due(self, notice: Notice, now: datetime) -> bool:
        return now - (notice.told_at or notice.raised_at) >= timedelta(seconds=self.policy.remind_after_s)

    def _deliveries(self, notice: Notice, now: datetime) -> list[Item]:
        if self.policy.quiet.covers(now) and not notice.is_loud:
            return []
        least = dict(self.policy.least)
        return [
            Delivery(channel, notice)
            for channel in sorted(self.channels)
            if notice.is_loud or notice.severity.rank >= least.get(channel, Severity.INFO).rank
            if notice.key != CHANNEL_DOWN + channel
        ]


def _same(key: str, detail: str) -> tuple[str, str]:
    """What two notices share that differ in their figures only."""
    return key, _FIGURES.sub("#", detail)
