"""Without a tray the window and the sound are left; nothing fails."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain.alert import AlertMessage, Severity
from app.ui.alerts.desktop_channel import DesktopChannel
from tests.ui.screen_story import NOW
from tests.ui.story_alerts import notice

MESSAGE = AlertMessage(notice(NOW), "A rule was broken", "KRW-BTC", "practice")


async def test_a_desktop_without_a_tray(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    beeps: list[int] = []
    monkeypatch.setattr(QApplication, "beep", staticmethod(lambda: beeps.append(1)))
    channel = DesktopChannel(True, QIcon())
    await channel.deliver(MESSAGE)
    await channel.deliver(replace(MESSAGE, notice=replace(MESSAGE.notice, severity=Severity.WARNING)))
    assert channel.tray is None and beeps == [1], "only what is critical makes a sound"
    assert "no tray" in await channel.check()
    await channel.close()


async def test_a_desktop_with_a_tray_shows_title_and_text(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    shown: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda self, title, *rest: shown.append(title))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda self: None)
    channel = DesktopChannel(False, QIcon())
    await channel.deliver(MESSAGE)
    await channel.check()
    assert shown == ["Gwanje · A rule was broken", "Gwanje"]
    await channel.close()
