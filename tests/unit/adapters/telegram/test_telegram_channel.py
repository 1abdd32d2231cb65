"""Telegram as channel and as source of commands."""

from dataclasses import replace

from app.adapters.telegram.bot_api import BotApi
from app.adapters.telegram.telegram_channel import TelegramChannel
from app.domain.alert import AlertMessage, Notice, Severity, Topic
from tests.adapters.telegram.bot_api_server import BotApiServer
from tests.unit.engine.playbook import START

NOTICE = Notice("n-1", Topic.RISK, Severity.CRITICAL, "rule_broken", "d", START, START)


async def test_a_notice_names_the_mode_and_how_often_it_happened(api: BotApi, server: BotApiServer) -> None:
    channel = TelegramChannel(api, 7)
    await channel.deliver(AlertMessage(NOTICE, "A rule was broken", "KRW-BTC", "practice"))
    await channel.deliver(AlertMessage(replace(NOTICE, count=7), "A rule was broken", "", "practice"))
    assert server.texts() == ["<b>[practice] A rule was broken</b>\nKRW-BTC", "<b>[practice] A rule was broken ×7</b>"]


async def test_a_check_sends_a_message_and_names_the_bot(api: BotApi, server: BotApiServer) -> None:
    assert await TelegramChannel(api, 7).check() == "@gwanje_bot"
    assert len(server.sent) == 1


async def test_messages_become_remote_messages(api: BotApi, server: BotApiServer) -> None:
    server.write("/kill", user_id=8, chat_id=9)
    server.push({"poll": 1})
    first, second = await TelegramChannel(api, 7).updates(None)
    assert (first.chat_id, first.user_id, first.is_plain, first.text) == (9, 8, True, "/kill")
    assert (second.chat_id, second.user_id, second.is_plain) == (0, 0, False)


async def test_an_answer_goes_to_the_chat_that_asked(api: BotApi, server: BotApiServer) -> None:
    channel = TelegramChannel(api, 7)
    await channel.answer(9, "entries are off")
    assert server.sent[0]["chat_id"] == 9
    await channel.close()
