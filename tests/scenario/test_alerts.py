"""Alerts over real sockets: an emergency told by Telegram and webhook, and killed from afar, proven by the venue."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from app.adapters.secrets.vault import Vault
from app.adapters.telegram.bot_api import BotAddress, token_forms
from app.alert_room import AlertRoom
from app.domain.alert import ChannelName, NoticeChanged, RemoteTaken
from app.domain.alert_settings import AlertSettings
from app.domain.commands import LiquidateAll
from app.domain.emergency import LiquidationStage
from app.domain.errors import ChannelError, VaultError
from app.domain.messages import AlertRaised
from app.domain.position import PositionState
from app.domain.values import TradingState
from tests.adapters.telegram.bot_api_server import TOKEN, BotApiServer
from tests.scenario.flight import Flight
from tests.scenario.test_first_flight import at_once
from tests.unit.adapters.secrets.test_vault import MemoryStore

USER, CHAT = 7, 7
SECRET = "a-webhook-secret"


@dataclass
class Outside:
    """Telegram and a webhook of the user's, and the terminal that is told to use them."""

    flight: Flight
    bot: BotApiServer
    store: MemoryStore
    hooks: list[dict[str, object]] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    url: str = ""

    async def connect(self) -> None:
        """What the settings page does."""
        terminal = self.flight.terminal
        vault = Vault("flight", self.loaded.append, lambda: self.store)
        room = terminal.alerts = AlertRoom(
            terminal.alerts.service, terminal.settings.alerts, terminal.profile.settings_file, vault, terminal.clock,
            BotAddress(self.bot.address),
        )  # fmt: skip
        await room.keep_token(TOKEN)
        await room.keep_webhook_secret(SECRET)
        await room.save(
            replace(
                AlertSettings(), telegram=True, telegram_chat_id=CHAT, telegram_user_ids=(USER,), webhook=True,
                webhook_url=self.url,
            )
        )  # fmt: skip

    def told(self) -> list[object]:
        return [hook["key"] for hook in self.hooks]

    async def until_sent(self, words: str) -> str:
        await self.flight.until(lambda: any(words in text for text in self.bot.texts()), f"Telegram: {words}")
        return next(text for text in self.bot.texts() if words in text)

    async def hold(self, *symbols: str) -> None:
        self.flight.enable()
        for symbol in symbols:
            self.flight.start(symbol, at_once(self.flight))
        for symbol in symbols:
            await self.flight.until_state(symbol, PositionState.ACTIVE)


@pytest_asyncio.fixture
async def outside(flight: Flight) -> AsyncIterator[Outside]:
    bot = await BotApiServer().start()
    outside = Outside(flight, bot, MemoryStore())

    async def take(request: web.Request) -> web.Response:
        assert request.headers["X-Gwanje-Signature"].startswith("t=")
        outside.hooks.append(json.loads(await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    outside.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await outside.connect()
    yield outside
    await flight.terminal.alerts.service.close()
    await bot.stop()
    await runner.cleanup()


async def test_an_emergency_is_told_from_the_press_to_the_proof_on_both_channels(outside: Outside) -> None:
    await outside.hold("KRW-BTC", "KRW-XRP")
    outside.flight.terminal.engine.post(LiquidateAll("press"))
    await outside.until_sent("emergency flat")
    await outside.flight.until(lambda: "emergency_flat" in outside.told(), "the webhook hears of the end")
    stages = [str(key) for key in outside.told() if str(key).startswith("emergency_")]
    assert stages[0] in ("emergency_cancelling", "emergency_selling") and stages[-1] == "emergency_flat"
    assert "emergency_confirming" in stages or "emergency_selling" in stages
    assert [str(key) for key in outside.told()].count("bought") == 2
    await outside.flight.assert_flat()


async def test_kill_over_telegram_in_two_steps(outside: Outside) -> None:
    await outside.hold("KRW-BTC", "KRW-SOL")
    core = outside.flight.terminal.engine.core
    outside.bot.write("/kill")
    code = (await outside.until_sent("code")).split()[-1]
    assert core.switch.state is TradingState.REDUCING, "the first step blocks entries at once"
    assert core.emergency.run is None, "and sells nothing"
    outside.bot.write(code)
    await outside.until_sent("killed")
    await outside.flight.until(
        lambda: core.emergency.run is not None and core.emergency.run.stage is LiquidationStage.FLAT, "flat"
    )
    await outside.flight.assert_flat()
    taken = [event for event in outside.flight.events if isinstance(event, RemoteTaken)]
    assert [event.outcome for event in taken] == ["code", "killed"]


async def test_strangers_old_messages_and_repeats_do_nothing(outside: Outside) -> None:
    await outside.hold("KRW-XRP")
    outside.bot.repeats = True
    outside.bot.write("/kill", user_id=666, chat_id=666)
    outside.bot.write("/kill", user_id=666)
    outside.bot.write("/kill", age_s=300)
    outside.bot.write("/kill", forward_origin={"type": "user"})
    outside.bot.write("/kill", chat={"id": CHAT, "type": "group"})
    outside.bot.write("/status")
    await outside.until_sent("status")
    await asyncio.sleep(0.5)
    core = outside.flight.terminal.engine.core
    assert core.switch.state is TradingState.ENABLED and core.emergency.run is None
    taken = [event for event in outside.flight.events if isinstance(event, RemoteTaken)]
    assert len(taken) == 1, "the repeated status is answered once"
    strangers = [e for e in outside.flight.events if isinstance(e, AlertRaised) and e.key == "remote_stranger"]
    assert len(strangers) == 1
    outside.bot.repeats = False


async def test_a_restart_repeats_no_command_and_asks_again_for_what_is_open(outside: Outside, tmp_path: Path) -> None:
    await outside.hold("KRW-XRP")
    outside.bot.repeats = True
    outside.bot.write("/pause")
    await outside.until_sent("paused")
    outside.flight.terminal.bus.publish(AlertRaised("loop_blocked", "a test", critical=True))
    await outside.until_sent("loop blocked")
    await outside.flight.terminal.alerts.service.close()
    await outside.flight.crash()
    outside.bot.sent.clear()
    await outside.flight.take_off_again()
    outside.flight.enable()
    await outside.connect()
    await outside.until_sent("loop blocked")
    await asyncio.sleep(0.5)
    assert outside.flight.terminal.engine.core.switch.state is TradingState.ENABLED, "the old pause is over"
    outside.bot.repeats = False
    outside.bot.write("/ack")
    await outside.until_sent("acknowledged")
    changed = [event for event in outside.flight.events if isinstance(event, NoticeChanged)]
    assert changed[-1].trigger == "acknowledged" and changed[-1].notice.acknowledged_by == f"user {USER}"
    assert not outside.flight.terminal.alerts.service.desk.open


async def test_a_dead_telegram_is_told_by_the_webhook_and_trading_goes_on(outside: Outside) -> None:
    outside.bot.token = "changed"
    await outside.hold("KRW-BTC")
    await outside.flight.until(lambda: "channel_down_telegram" in outside.told(), "the webhook tells")
    assert outside.flight.position("KRW-BTC").state is PositionState.ACTIVE
    with pytest.raises(ChannelError, match="does not know this bot token"):
        await outside.flight.terminal.alerts.check(ChannelName.TELEGRAM)


async def test_waiting_is_done_when_telegram_asks_for_it(outside: Outside) -> None:
    outside.bot.refuse(429, "Too Many Requests", retry_after=1)
    await outside.hold("KRW-BTC")
    await outside.until_sent("bought")


async def test_no_secret_is_in_settings_journal_or_log(
    outside: Outside, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await outside.hold("KRW-XRP")
    outside.bot.refuse(500)
    outside.flight.terminal.bus.publish(AlertRaised("loop_blocked", "a test", critical=True))
    await outside.until_sent("loop blocked")
    forms = [*token_forms(TOKEN), SECRET]
    assert TOKEN in outside.loaded and SECRET in outside.loaded
    for path in tmp_path.rglob("*"):
        if path.is_file():
            found = path.read_bytes()
            assert not [form for form in forms if form.encode() in found], path
    assert not [form for form in forms if form in caplog.text]


async def test_without_a_key_store_the_token_lasts_for_this_run(outside: Outside) -> None:
    outside.store.locked = True
    room = outside.flight.terminal.alerts
    with pytest.raises(VaultError):
        await room.keep_token(TOKEN)
    await room.save(replace(room.settings, remind_after_minutes=9))
    assert await room.check(ChannelName.TELEGRAM) == "@gwanje_bot"
