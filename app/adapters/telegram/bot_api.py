"""Telegram's Bot API over aiohttp: sendMessage, getMe, and getUpdates as a long poll.

Source: core.telegram.org/bots/api (making requests, getUpdates, sendMessage, ResponseParameters). The token is part of
every address, so no error of the transport is passed on in its own words.
"""

import html
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
from aiohttp import ClientTimeout
from yarl import URL

from app.adapters.net.loopback import is_loopback
from app.domain.errors import ChannelError, InvalidInputError

LIVE = "https://api.telegram.org"
#: Longest text of a message in UTF-16 units, after its marks are taken out.
MAX_UNITS = 4096
POLL_S = 25
SEND_TIMEOUT_S = 10.0
T = TypeVar("T")
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,80}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class BotAddress:
    """Where the Bot API is: Telegram's own address, or one on this computer for practice.

    Raises:
        InvalidInputError: an address that is neither.
    """

    base: str = LIVE

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        if self.base != LIVE and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise InvalidInputError(f"the Bot API is at {LIVE}; only practice may use this computer, not {self.base!r}")


def is_token(text: str) -> bool:
    """True for the form of a bot token: digits, a colon, letters."""
    return _TOKEN.fullmatch(text) is not None


def token_forms(token: str) -> tuple[str, ...]:
    """Every form of a token that could end up in a text: as it is, in an address, and its secret half."""
    return token, quote(token, safe=""), token.partition(":")[2]


class _Parameters(msgspec.Struct):
    retry_after: int | None = None


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class _User(msgspec.Struct):
    id: int
    username: str = ""
    is_bot: bool = False


class _Chat(msgspec.Struct):
    id: int
    type: str


class _Message(msgspec.Struct):
    chat: _Chat
    date: int
    text: str = ""
    sender: _User | None = msgspec.field(name="from", default=None)
    forward_origin: msgspec.Raw | None = None
    via_bot: msgspec.Raw | None = None
    sender_chat: msgspec.Raw | None = None
    edit_date: int | None = None


class Update(msgspec.Struct):
    """One update; what is not a new message has None."""

    update_id: int
    message: _Message | None = None

    @property
    def is_plain(self) -> bool:
        """A new text of a person in a private chat, neither edited nor forwarded."""
        message = self.message
        if message is None or message.sender is None or message.sender.is_bot or message.chat.type != "private":
            return False
        return (
            message.forward_origin is None
            and message.via_bot is None
            and message.sender_chat is None
            and message.edit_date is None
        )

    @property
    def sent_at(self) -> datetime:
        """When it was sent, by Telegram's clock; the beginning of time when it does not say."""
        seconds = self.message.date if self.message is not None else 0
        return datetime.fromtimestamp(min(max(seconds, 0), 2**33), UTC)


class BotApi:
    """One bot. Every trouble is a ChannelError whose words do not hold the token."""

    def __init__(self, token: str, address: BotAddress | None = None, poll_s: int = POLL_S) -> None:
        self._base = f"{(address or BotAddress()).base}/bot{token}"
        self._poll_s = poll_s
        self._session: aiohttp.ClientSession | None = None

    async def name(self) -> str:
        """The bot's name. Raises ChannelError."""
        user = _decoded(await self._call("getMe", {}), _User)
        return f"@{user.username}" if user.username else str(user.id)

    async def send(self, chat_id: int, title: str, text: str) -> None:
        """Send a message with a bold title. Raises ChannelError."""
        body = {"chat_id": chat_id, "text": message_html(title, text), "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True}}  # fmt: skip
        await self._call("sendMessage", body)

    async def updates(self, after: int | None) -> tuple[Update, ...]:
        """Wait for updates above ``after``, which are confirmed by asking. Raises ChannelError."""
        body: dict[str, object] = {"timeout": self._poll_s, "allowed_updates": ["message"], "limit": 100}
        if after is not None:
            body["offset"] = after + 1
        raw = _decoded(await self._call("getUpdates", body, wait_s=self._poll_s), list[msgspec.Raw])
        return tuple(found for one in raw if (found := _update(one)) is not None)

    async def close(self) -> None:
        """Close connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(self, method: str, body: Mapping[str, object], wait_s: float = 0) -> bytes:
        try:
            async with self._open().post(
                URL(f"{self._base}/{method}", encoded=True),
                data=msgspec.json.encode(body),
                headers={"Content-Type": "application/json"},
                timeout=ClientTimeout(total=SEND_TIMEOUT_S + wait_s),
                allow_redirects=False,
            ) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # Its own words may hold the address, and the address holds the token.
            raise ChannelError(f"Telegram cannot be reached ({type(error).__name__})") from None
        try:
            answer = msgspec.json.decode(raw, type=_Answer)
        except (msgspec.MsgspecError, ValueError):
            raise ChannelError(f"Telegram gave no usable answer (HTTP {status})") from None
        if answer.ok:
            return bytes(answer.result)
        raise _refused(status, answer)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        return self._session


def message_html(title: str, text: str) -> str:
    """Title in bold and text, cut to what Telegram takes, with nothing in it that could be taken for a mark."""
    title, text = _CONTROL.sub(" ", title), _CONTROL.sub(" ", text)
    title = _cut(title, 200)
    text = _cut(text, MAX_UNITS - _units(title) - 2)
    return f"<b>{html.escape(title)}</b>" + (f"\n{html.escape(text)}" if text else "")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="replace")) // 2


def _cut(text: str, units: int) -> str:
    if _units(text) <= units:
        return text
    kept = text.encode("utf-16-le", errors="replace")[: (units - 1) * 2]
    return kept.decode("utf-16-le", errors="ignore") + "…"


def _refused(status: int, answer: _Answer) -> ChannelError:
    code = answer.error_code or status
    if code == 429:
        return ChannelError("Telegram asks to wait", retry_after_s=float(max(answer.parameters.retry_after or 1, 1)))
    if code in (401, 404):
        return ChannelError("Telegram does not know this bot token", is_final=True)
    if code == 409:
        return ChannelError("another program reads the messages of this bot")
    return ChannelError(f"Telegram refused ({code}: {answer.description[:200]})", is_final=400 <= code < 500)


def _decoded(raw: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=form)
    except (msgspec.MsgspecError, ValueError):
        raise ChannelError("Telegram gave an answer of an unknown form") from None


def _update(raw: msgspec.Raw) -> Update | None:
    """One update; of a form that is not known only its number is taken, so that it does not come again for ever."""
    with suppress(msgspec.MsgspecError, ValueError):
        return msgspec.json.decode(raw, type=Update)
    with suppress(msgspec.MsgspecError, ValueError):
        return Update(msgspec.json.decode(raw, type=_Bare).update_id)
    return None


class _Bare(msgspec.Struct):
    update_id: int
