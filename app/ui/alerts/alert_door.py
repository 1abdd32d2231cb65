"""What the alert centre needs from the rest of the program."""

from typing import Protocol

from app.domain.alert import ChannelName
from app.domain.alert_settings import AlertSettings


class AlertDoor(Protocol):
    """Acknowledge, settings, secrets and the try-out of a channel."""

    settings: AlertSettings

    def acknowledge(self, notice_id: str | None) -> None:
        """Somebody at the screen has read one open notice, or (None) all."""
        ...

    async def save(self, settings: AlertSettings) -> None:
        """Write and use new settings. Raises InvalidInputError; then nothing changed."""
        ...

    async def keep_token(self, token: str) -> None:
        """Put the bot token into the vault. Raises InvalidInputError and VaultError."""
        ...

    async def keep_webhook_secret(self, secret: str) -> None:
        """Put the secret that signs webhooks into the vault. Raises VaultError."""
        ...

    async def has_secret(self, name: str) -> bool:
        """Whether the vault knows a secret."""
        ...

    async def check(self, name: ChannelName) -> str:
        """Try a channel; returns what the other side calls itself. Raises ChannelError."""
        ...


class NoDoor:
    """For a window without alerts: nothing is kept, nothing can be tried."""

    settings = AlertSettings()

    def acknowledge(self, notice_id: str | None) -> None:
        """See AlertDoor."""

    async def save(self, settings: AlertSettings) -> None:
        """See AlertDoor."""
        self.settings = settings

    async def keep_token(self, token: str) -> None:
        """See AlertDoor."""

    async def keep_webhook_secret(self, secret: str) -> None:
        """See AlertDoor."""

    async def has_secret(self, name: str) -> bool:
        """See AlertDoor."""
        return False

    async def check(self, name: ChannelName) -> str:
        """See AlertDoor."""
        return name
