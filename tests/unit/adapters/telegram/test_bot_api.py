"""Telegram's Bot API against a stand-in on a real socket."""

import html
import logging
import re

import pytest

from app.adapters.telegram.bot_api import MAX_UNITS, BotAddress, BotApi, is_token, message_html, token_forms
from app.domain.errors import ChannelError, InvalidInputError
from tests.adapters.telegram.bot_api_server import TOKEN, BotApiServer


@pytest.mark.parametrize(
    "base", ["https://evil.example", "http://192.168.0.5:80", "https://api.telegram.org.evil.kr", ""]
)
def test_the_address_is_compiled_in(base: str) -> None:
    with pytest.raises(InvalidInputError):
        BotAddress(base)
    assert BotAddress().base == "https://api.telegram.org"
    assert BotAddress("http://127.0.0.1:8080").base.startswith("http://127")


async def test_a_message_arrives_with_its_marks_escaped(api: BotApi, server: BotApiServer) -> None:
    await api.send(7, "Sold <all>", "KRW-BTC & 1 < 2")
    assert server.sent[0]["chat_id"] == 7
    assert server.sent[0]["text"] == "<b>Sold &lt;all&gt;</b>\nKRW-BTC &amp; 1 &lt; 2"


@pytest.mark.parametrize("text", ["x" * 10_000, "관제" * 5_000, "😀" * 5_000, "<&>" * 3_000, "\x00\u202e" * 3_000])
def test_a_long_text_is_cut_to_what_telegram_takes(text: str) -> None:
    plain = html.unescape(re.sub(r"</?b>", "", message_html("title" * 100, text)))
    assert len(plain.encode("utf-16-le")) // 2 <= MAX_UNITS
    assert plain.endswith("…") and "\x00" not in plain and "\u202e" not in plain


async def test_retry_after_is_honoured_in_the_error(api: BotApi, server: BotApiServer) -> None:
    server.refuse(429, "Too Many Requests", retry_after=17)
    with pytest.raises(ChannelError) as caught:
        await api.send(7, "t", "x")
    assert caught.value.retry_after_s == 17 and not caught.value.is_final


@pytest.mark.parametrize(("status", "final"), [(400, True), (403, True), (500, False), (502, False), (409, False)])
async def test_a_refusal_says_whether_trying_again_is_of_use(
    api: BotApi, server: BotApiServer, status: int, final: bool
) -> None:
    server.refuse(status, "no")
    with pytest.raises(ChannelError) as caught:
        await api.send(7, "t", "x")
    assert caught.value.is_final is final


async def test_a_wrong_token_is_said_in_words_without_it(server: BotApiServer) -> None:
    other = BotApi("987654321:ZZzzYYyyXXxxWWwwVVvvUUuuTTttSSssRRr", BotAddress(server.address))
    with pytest.raises(ChannelError, match="does not know this bot token") as caught:
        await other.name()
    assert caught.value.is_final and "ZZzz" not in str(caught.value)
    await other.close()


async def test_no_error_holds_the_token(server: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    api = BotApi(TOKEN, BotAddress(server.address))
    await server.stop()
    with caplog.at_level(logging.DEBUG), pytest.raises(ChannelError) as caught:
        await api.send(7, "t", "x")
    await api.close()
    for form in token_forms(TOKEN):
        assert form not in str(caught.value) and form not in caplog.text
    assert caught.value.__suppress_context__


async def test_the_bot_tells_its_name(api: BotApi) -> None:
    assert await api.name() == "@gwanje_bot"


async def test_updates_are_confirmed_by_asking_for_the_next(api: BotApi, server: BotApiServer) -> None:
    first = server.write("/status")
    (found,) = await api.updates(None)
    assert found.update_id == first and found.is_plain and found.message is not None
    assert await api.updates(first) == ()
    assert server.offsets == [None, first + 1]


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "user"}},
        {"edit_date": 5},
        {"via_bot": {"id": 3}},
        {"sender_chat": {"id": 3}},
        {"chat": {"id": 7, "type": "group"}},
        {"from": {"id": 7, "is_bot": True}},
    ],
)
async def test_what_is_no_plain_private_message(api: BotApi, server: BotApiServer, more: dict[str, object]) -> None:
    server.write("/kill", **more)
    (found,) = await api.updates(None)
    assert not found.is_plain


@pytest.mark.parametrize("update", [{"message": "text"}, {"message": {"date": "x"}}, {"channel_post": {}}, {"poll": 5}])
async def test_an_update_of_another_form_keeps_its_number_only(
    api: BotApi, server: BotApiServer, update: dict[str, object]
) -> None:
    number = server.push(update)
    (found,) = await api.updates(None)
    assert (found.update_id, found.message, found.is_plain) == (number, None, False)


async def test_garbage_is_no_answer(api: BotApi, server: BotApiServer) -> None:
    server.failures.append((200, {"nothing": "of it"}))
    with pytest.raises(ChannelError, match="no usable answer"):
        await api.send(7, "t", "x")


def test_the_form_of_a_token() -> None:
    assert is_token(TOKEN)
    assert not any(map(is_token, ("", "123", "abc:def", TOKEN + " ", "12345:short", TOKEN + "\n")))
