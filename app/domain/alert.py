"""Notices: what a person is told besides the screen, through which channels, and until when.

A critical notice is open until somebody acknowledges it; everything else is only told.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from app.domain.emergency import LiquidationStage, Residue
from app.domain.errors import Problem

#: Quiet hours are those of the clock on the wall in Korea; KST has no summer time.
KST_HOURS_AHEAD = 9


class Severity(StrEnum):
    """How serious a notice is; only a critical one asks to be acknowledged."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Severity).index(self)


class Topic(StrEnum):
    """What a notice is about."""

    START = "start"
    EXECUTION = "execution"
    RISK = "risk"
    EMERGENCY = "emergency"
    REPORT = "report"
    SYSTEM = "system"


class ChannelName(StrEnum):
    """Ways to a person."""

    DESKTOP = "desktop"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class DailyReport:
    """One business day, that begins at ``day`` (UTC). Money in quote currency; ``realised`` is net of ``fees``.

    ``limits`` are the names of limits used to 80 % or more, with the share of each (1 = all).
    """

    day: datetime
    bought: int
    sold: int
    realised: Decimal
    fees: Decimal
    emergencies: int
    limits: tuple[tuple[str, Decimal], ...] = ()


#: Who acknowledged a notice: the person at the screen, or a remote user by number.
AT_SCREEN, REMOTE_USER = "screen", "user "


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told. ``key`` names its text in the translations, ``detail`` are the facts, plain.

    ``count`` is how often it happened, ``last_at`` when it did last; ``reminders`` how often it was told again because
    nobody acknowledged it. ``left`` is what an emergency run could not end so far.
    """

    notice_id: str
    topic: Topic
    severity: Severity
    key: str
    detail: str
    raised_at: datetime
    last_at: datetime
    count: int = 1
    reminders: int = 0
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    report: DailyReport | None = None
    problem: Problem | None = None
    left: tuple[Residue, ...] = ()

    @property
    def is_open(self) -> bool:
        """True while it waits for somebody to acknowledge it."""
        return self.severity is Severity.CRITICAL and self.acknowledged_at is None

    @property
    def is_loud(self) -> bool:
        """True for what no quiet hour holds back."""
        return self.severity is Severity.CRITICAL or self.topic is Topic.EMERGENCY


@dataclass(frozen=True, slots=True)
class NoticeChanged:
    """A critical notice was raised, repeated, told again or acknowledged."""

    notice: Notice
    trigger: str


@dataclass(frozen=True, slots=True)
class DailyReported:
    """The report of a business day was made; never twice for the same day."""

    report: DailyReport


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From and to, in minutes after midnight KST; equal values mean none."""

    begin: int = 0
    end: int = 0

    def covers(self, now: datetime) -> bool:
        """True when ``now`` (UTC) lies within."""
        minute = ((now.hour + KST_HOURS_AHEAD) % 24) * 60 + now.minute
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Who is told what and when. Times in seconds; ``least`` is the mildest notice that each channel takes."""

    least: tuple[tuple[ChannelName, Severity], ...] = (
        (ChannelName.DESKTOP, Severity.WARNING),
        (ChannelName.TELEGRAM, Severity.INFO),
        (ChannelName.WEBHOOK, Severity.INFO),
    )
    repeat_window_s: float = 60.0
    remind_after_s: float = 300.0
    quiet: QuietHours = QuietHours()
    daily_report: bool = True


# ---- remote commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RemoteMessage:
    """A message to the bot. ``is_plain``: a new one in a private chat, neither edited nor forwarded."""

    update_id: int
    chat_id: int
    user_id: int
    is_plain: bool
    text: str
    sent_at: datetime


class RemoteCommand(StrEnum):
    """All that can be asked from outside. Nothing here, and nothing added here, may raise risk."""

    STATUS = "status"
    PAUSE = "pause"
    KILL = "kill"
    CONFIRM = "confirm"
    ACKNOWLEDGE = "ack"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class RemoteTaken:
    """A remote command of an allowed person; written down before it is carried out."""

    update_id: int
    user_id: int
    command: RemoteCommand
    outcome: str


class ReplyKey(StrEnum):
    """What is answered to a remote command."""

    STATUS = "status"
    PAUSED = "paused"
    ALREADY_OFF = "already_off"
    CODE = "code"
    KILLED = "killed"
    WRONG_CODE = "wrong_code"
    NO_CODE = "no_code"
    ACKNOWLEDGED = "acknowledged"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class RemoteStatus:
    """The account in a few figures; None is not known. Money in quote currency."""

    mode: str
    trading_state: str
    positions: int | None = None
    working_orders: int | None = None
    equity: Decimal | None = None
    day_profit: Decimal | None = None
    emergency: LiquidationStage | None = None
    open_notices: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; ``figures`` are the code, or a number."""

    key: ReplyKey
    figures: tuple[str, ...] = ()
    status: RemoteStatus | None = None


# ---- ports ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """What a channel carries: the notice, its words in the language of the screen, and whose money it is about."""

    notice: Notice
    title: str
    text: str
    mode: str


class AlertWords(Protocol):
    """Words for people, in the language of the screen."""

    def title(self, notice: Notice) -> str:
        """One line."""
        ...

    def text(self, notice: Notice) -> str:
        """All that is to be told, without the title; may be empty."""
        ...

    def reply(self, reply: Reply) -> str:
        """Answer to a remote command."""
        ...


class AlertChannel(Protocol):
    """One way to a person. Every failure is a ChannelError; a channel never repeats a call by itself for long."""

    name: ChannelName

    async def deliver(self, message: AlertMessage) -> None:
        """Tell a person. Raises ChannelError."""
        ...

    async def check(self) -> str:
        """Whether it works: what the other side calls itself. Raises ChannelError with the reason in words."""
        ...

    async def close(self) -> None:
        """Close connections; never raises."""
        ...


class RemoteSource(Protocol):
    """Where remote commands come from."""

    async def updates(self, after: int | None) -> tuple[RemoteMessage, ...]:
        """Wait a while for messages with an update id above ``after``. Raises ChannelError."""
        ...

    def answer(self, chat_id: int, text: str) -> Awaitable[None]:
        """Send a text. Raises ChannelError."""
        ...


class PlainWords:
    """Plain English, for a program without a screen."""

    def title(self, notice: Notice) -> str:
        """See AlertWords."""
        return notice.key.replace("_", " ")

    def text(self, notice: Notice) -> str:
        """See AlertWords."""
        return str(notice.report) if notice.report is not None else notice.detail

    def reply(self, reply: Reply) -> str:
        """See AlertWords."""
        return " ".join([reply.key, *reply.figures, *([str(reply.status)] if reply.status else [])])
