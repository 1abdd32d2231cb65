"""Channels are built from settings and vault, and anew when a person changes them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from app.adapters.files.settings_file import read_settings
from app.adapters.secrets.vault import Vault
from app.adapters.telegram.bot_api import BotAddress
from app.alert_room import AlertRoom
from app.domain.alert import ChannelName
from app.domain.alert_settings import BOT_TOKEN, AlertSettings
from app.domain.errors import ChannelError, InvalidInputError
from tests.adapters.telegram.bot_api_server import TOKEN
from tests.unit.adapters.secrets.test_vault import MemoryStore
from tests.unit.engine.alert_stage import AlertStage, Ear

ON = replace(AlertSettings(), telegram=True, telegram_chat_id=7, telegram_user_ids=(7,))


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[AlertStage]:
    stage = AlertStage()
    yield stage
    await stage.end()


def room_of(stage: AlertStage, folder: Path, store: MemoryStore) -> AlertRoom:
    file = folder / "settings.toml"
    settings = read_settings(file).alerts
    vault = Vault("p", lambda _: None, lambda: store)
    return AlertRoom(stage.service, settings, file, vault, stage.clock, BotAddress("http://127.0.0.1:9"))


async def test_changed_settings_are_written_and_used(stage: AlertStage, tmp_path: Path) -> None:
    room = room_of(stage, tmp_path, MemoryStore())
    await room.keep_token(TOKEN)
    await room.save(ON)
    assert stage.desk.channels == {ChannelName.TELEGRAM}
    assert stage.remote.allowed.user_ids == {7} and stage.remote.allowed.chat_id == 7
    assert read_settings(tmp_path / "settings.toml").alerts == ON
    assert TOKEN not in (tmp_path / "settings.toml").read_text(encoding="utf-8")
    await room.save(replace(ON, telegram=False, webhook=True, webhook_url="http://127.0.0.1:9/"))
    assert stage.desk.channels == {ChannelName.WEBHOOK}


async def test_without_a_token_or_a_chat_there_is_no_telegram(stage: AlertStage, tmp_path: Path) -> None:
    room = room_of(stage, tmp_path, MemoryStore())
    await room.save(ON)
    assert stage.desk.channels == set()
    with pytest.raises(ChannelError, match="no bot token"):
        await room.check(ChannelName.TELEGRAM)
    await room.keep_token(TOKEN)
    await room.save(replace(ON, telegram_chat_id=0))
    assert stage.desk.channels == set()


async def test_the_desktop_is_built_by_the_screen(stage: AlertStage, tmp_path: Path) -> None:
    room, made = room_of(stage, tmp_path, MemoryStore()), []
    await room.open(lambda sound: made.append(sound) or Ear(ChannelName.DESKTOP))
    assert made == [True] and stage.desk.channels == {ChannelName.DESKTOP}
    await room.save(replace(room.settings, desktop=False))
    assert stage.desk.channels == set()


async def test_what_is_refused_changes_nothing(stage: AlertStage, tmp_path: Path) -> None:
    room = room_of(stage, tmp_path, MemoryStore())
    with pytest.raises(InvalidInputError, match="webhook_url"):
        await room.save(replace(room.settings, webhook_url="http://example.com"))
    with pytest.raises(InvalidInputError, match="no bot token"):
        await room.keep_token("nonsense")
    assert room.settings == AlertSettings()


async def test_a_store_that_is_locked_leaves_the_channel_off(stage: AlertStage, tmp_path: Path) -> None:
    store = MemoryStore()
    store.locked = True
    room = room_of(stage, tmp_path, store)
    await room.save(ON)
    assert stage.desk.channels == set() and not await room.has_secret(BOT_TOKEN)


async def test_acknowledging_at_the_screen(stage: AlertStage, tmp_path: Path) -> None:
    room = room_of(stage, tmp_path, MemoryStore())
    room.acknowledge(None)
    assert stage.desk.open == {}
