"""A window without alerts has a door that leads nowhere."""

from app.domain.alert import ChannelName
from app.domain.alert_settings import AlertSettings
from app.ui.alerts.alert_door import NoDoor


async def test_it_keeps_nothing() -> None:
    door = NoDoor()
    door.acknowledge(None)
    await door.keep_token("x")
    await door.keep_webhook_secret("x")
    await door.save(AlertSettings(sound=False))
    assert not await door.has_secret("telegram-bot-token") and not door.settings.sound
    assert await door.check(ChannelName.DESKTOP) == "desktop"
