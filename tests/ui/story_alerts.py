"""Alerts for a window: a door that remembers, and notices of a made-up day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.alert import ChannelName, Notice, NoticeChanged, Severity, Topic
from app.domain.alert_settings import AlertSettings
from app.domain.errors import GwanjeError


@dataclass
class StoryAlerts:
    """AlertDoor port; ``broken`` is raised by whatever is asked next."""

    settings: AlertSettings = field(default_factory=AlertSettings)
    acknowledged: list[str | None] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    checked: list[ChannelName] = field(default_factory=list)
    broken: GwanjeError | None = None

    def acknowledge(self, notice_id: str | None) -> None:
        self.acknowledged.append(notice_id)

    async def save(self, settings: AlertSettings) -> None:
        self._door()
        self.settings = settings

    async def keep_token(self, token: str) -> None:
        self.secrets["telegram-bot-token"] = token
        self._door()

    async def keep_webhook_secret(self, secret: str) -> None:
        self.secrets["webhook-secret"] = secret
        self._door()

    async def has_secret(self, name: str) -> bool:
        return name in self.secrets

    async def check(self, name: ChannelName) -> str:
        self.checked.append(name)
        self._door()
        return "@gwanje_bot"

    def _door(self) -> None:
        if self.broken is not None:
            raise self.broken


def notice(now: datetime, number: int = 1, key: str = "holding_missing", detail: str = "KRW-SOL: 0.12") -> Notice:
    at = now - timedelta(minutes=number)
    return Notice(f"n1-{number}", Topic.RISK, Severity.CRITICAL, key, detail, at, at)


def notices(now: datetime) -> list[NoticeChanged]:
    """Two that wait, one of them told again, and one that was read by Telegram."""
    told = replace(notice(now, 12, "exit_keeps_failing", "KRW-BTC: too_many_requests"), reminders=2, count=14)
    read = replace(
        notice(now, 31, "breaker_opened", "upbit orders: 6/10"),
        acknowledged_at=now - timedelta(minutes=29),
        acknowledged_by="user 123456789",
    )
    left = notice(now, 2, "emergency_attention", "4/5; KRW-DOGE: below_minimum: 4,100 KRW")
    return [NoticeChanged(read, "acknowledged"), NoticeChanged(told, "reminded"), NoticeChanged(left, "raised")]
