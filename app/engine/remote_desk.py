"""Commands from outside: only from allowed people, only what lowers risk, each at most once.

It can ask for two things: entries off, and the emergency control. There is no way to ask for more.
Sources of the rules: freqtrade#5867 (group members command), cadis#2605 (chat taken over), 42-Smart#35 (backlog
replayed).
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.alert import RemoteCommand, RemoteMessage, RemoteStatus, RemoteTaken, Reply, ReplyKey
from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    EngineStarted,
    Event,
    LiquidationChanged,
    TradingStateChanged,
)
from app.domain.values import TradingState

OLDEST = timedelta(seconds=60)
CODE_VALID = timedelta(seconds=60)
#: Update ids remembered; older updates are refused by their age.
REMEMBERED = 200
#: Strangers told of by name in one run; a flood of accounts tells nothing new.
MOST_STRANGERS = 20
STRANGER, LATE = "remote_stranger", "remote_late"

Reducing = SetTradingState | LiquidateAll


def is_old(message: RemoteMessage, now: datetime) -> bool:
    """True when nobody may expect any more that it is carried out."""
    return abs(now - message.sent_at) > OLDEST


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may command: messages of one of these users in this chat."""

    chat_id: int = 0
    user_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RemoteStep:
    """What a message leads to: a record to be written first, then commands, an acknowledgement, and the answer."""

    taken: RemoteTaken | None = None
    commands: tuple[Reducing, ...] = ()
    acknowledges: bool = False
    reply: Reply | None = None
    alert: AlertRaised | None = None


@dataclass(frozen=True, slots=True)
class _Code:
    user_id: int
    text: str
    until: datetime


class RemoteDesk:
    """``draw_code`` makes the one-time code of the second step; ``command_id`` a new id for a command."""

    def __init__(self, allowed: Allowed, draw_code: Callable[[], str], command_id: Callable[[], str]) -> None:
        self.allowed = allowed
        self.state = TradingState.DISABLED
        self._draw_code = draw_code
        self._command_id = command_id
        self._code: _Code | None = None
        self._seen: deque[int] = deque(maxlen=REMEMBERED)
        self._strangers: set[int] = set()
        self._mode = ""
        self._account: AccountMarked | None = None
        self._run: LiquidationChanged | None = None

    def restore(self, seen: Iterable[int], state: TradingState) -> None:
        """Update ids that were taken before a restart, and the trading state of now."""
        self._seen.extend(seen)
        self.state = state

    def follow(self, event: Event) -> None:
        """Remember what the answer to a question for the status needs."""
        match event:
            case TradingStateChanged(_, after):
                self.state = after
            case AccountMarked():
                self._account = event
            case LiquidationChanged():
                self._run = event
            case EngineStarted(_, mode):
                self._mode = mode
            case _:
                pass

    def take(self, message: RemoteMessage, open_notices: int, now: datetime) -> RemoteStep:
        """A message arrived. Nothing is answered to strangers, nor to what is old, edited, forwarded or known."""
        if not self._is_allowed(message):
            return RemoteStep(alert=self._stranger(message.user_id))
        if not message.is_plain or is_old(message, now) or message.update_id in self._seen:
            return RemoteStep()
        self._seen.append(message.update_id)
        command, argument = _parse(message.text)
        match command:
            case RemoteCommand.STATUS:
                step = RemoteStep(reply=Reply(ReplyKey.STATUS, status=self._status(open_notices)))
            case RemoteCommand.PAUSE:
                step = self._pause()
            case RemoteCommand.KILL:
                step = self._ask_again(message.user_id, now)
            case RemoteCommand.CONFIRM:
                step = self._confirm(message.user_id, argument, now)
            case RemoteCommand.ACKNOWLEDGE:
                step = RemoteStep(acknowledges=True, reply=Reply(ReplyKey.ACKNOWLEDGED, (str(open_notices),)))
            case _:
                step = RemoteStep(reply=Reply(ReplyKey.HELP))
        outcome = step.reply.key.value if step.reply is not None else ""
        taken = RemoteTaken(message.update_id, message.user_id, command, outcome)
        return RemoteStep(taken, step.commands, step.acknowledges, step.reply)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _is_allowed(self, message: RemoteMessage) -> bool:
        return message.chat_id == self.allowed.chat_id and message.user_id in self.allowed.user_ids

    def _stranger(self, user_id: int) -> AlertRaised | None:
        """Once per person; updates without one (channels, services) are nobody's attempt."""
        if not user_id or user_id in self._strangers or len(self._strangers) >= MOST_STRANGERS:
            return None
        self._strangers.add(user_id)
        return AlertRaised(STRANGER, f"user id {user_id}")

    def _pause(self) -> RemoteStep:
        if not self.state.allows_entries:
            return RemoteStep(reply=Reply(ReplyKey.ALREADY_OFF))
        off = SetTradingState(TradingState.DISABLED, "paused from outside")
        return RemoteStep(commands=(off,), reply=Reply(ReplyKey.PAUSED))

    def _ask_again(self, user_id: int, now: datetime) -> RemoteStep:
        """The first step blocks entries at once; selling waits for the second."""
        self._code = _Code(user_id, self._draw_code(), now + CODE_VALID)
        reducing = SetTradingState(TradingState.REDUCING, "kill asked for from outside")
        commands = (reducing,) if self.state.allows_entries else ()
        return RemoteStep(commands=commands, reply=Reply(ReplyKey.CODE, (self._code.text,)))

    def _confirm(self, user_id: int, text: str, now: datetime) -> RemoteStep:
        code, self._code = self._code, None  # one try: a guess costs the code
        if code is None or code.user_id != user_id or now > code.until:
            return RemoteStep(reply=Reply(ReplyKey.NO_CODE))
        if text != code.text:
            return RemoteStep(reply=Reply(ReplyKey.WRONG_CODE))
        return RemoteStep(commands=(LiquidateAll(self._command_id()),), reply=Reply(ReplyKey.KILLED))

    def _status(self, open_notices: int) -> RemoteStatus:
        account = self._account
        return RemoteStatus(
            mode=self._mode,
            trading_state=self.state.value,
            positions=None if account is None else account.positions,
            working_orders=None if account is None else account.working_orders,
            equity=None if account is None else account.equity,
            day_profit=None if account is None else account.day_profit,
            emergency=None if self._run is None else self._run.run.stage,
            open_notices=open_notices,
        )


def _parse(text: str) -> tuple[RemoteCommand, str]:
    """``/kill``, ``/kill@bot``, ``kill``; digits alone, or after ``kill``, are the code of the second step."""
    words = text.strip().lower().removeprefix("/").split()
    first = words[0].partition("@")[0] if words else ""
    if first.isdecimal():
        return RemoteCommand.CONFIRM, first
    if first == RemoteCommand.KILL and len(words) > 1:
        return RemoteCommand.CONFIRM, words[1]
    known = [command for command in RemoteCommand if command is not RemoteCommand.CONFIRM]
    return next((command for command in known if command == first), RemoteCommand.HELP), ""
