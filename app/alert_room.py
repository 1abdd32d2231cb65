"""Builds the channels of the settings with the secrets of the vault, and again when a person changes them."""

import dataclasses
import logging
from collections.abc import Callable
from pathlib import Path

from app.adapters.files.settings_file import change_setting
from app.adapters.secrets.vault import Vault
from app.adapters.telegram.bot_api import BotAddress, BotApi, is_token
from app.adapters.telegram.telegram_channel import TelegramChannel
from app.adapters.webhook.webhook_channel import WebhookChannel
from app.domain.alert import AT_SCREEN, AlertChannel, ChannelName
from app.domain.alert_settings import BOT_TOKEN, WEBHOOK_SECRET, AlertSettings
from app.domain.errors import ChannelError, InvalidInputError, VaultError
from app.domain.ports import Clock
from app.engine.alert_service import AlertService
from app.engine.remote_desk import Allowed

_log = logging.getLogger(__name__)


class AlertRoom:
    """Channels and settings of one run. ``address`` is where the Bot API is."""

    def __init__(
        self,
        service: AlertService,
        settings: AlertSettings,
        settings_file: Path,
        vault: Vault,
        clock: Clock,
        address: BotAddress,
    ) -> None:
        self.service = service
        self.settings = settings
        self._file = settings_file
        self._vault = vault
        self._clock = clock
        self._address = address
        self._desktop: Callable[[bool], AlertChannel] | None = None

    async def open(self, desktop: Callable[[bool], AlertChannel] | None = None) -> None:
        """Build every channel that is switched on; ``desktop`` makes the one of the screen, with or without sound."""
        self._desktop = desktop or self._desktop
        await self._build()

    def acknowledge(self, notice_id: str | None) -> None:
        """Somebody at the screen has read one open notice, or (None) all."""
        self.service.acknowledge(notice_id, AT_SCREEN)

    async def save(self, settings: AlertSettings) -> None:
        """Write what has changed to the settings file and use it. Raises InvalidInputError; then nothing changed."""
        for field in dataclasses.fields(settings):
            value = getattr(settings, field.name)
            if value != getattr(self.settings, field.name):
                change_setting(self._file, "alerts", field.name, list(value) if isinstance(value, tuple) else value)
        self.settings = settings
        await self._build()

    async def keep_token(self, token: str) -> None:
        """Put the bot token into the vault. Raises InvalidInputError for no token, VaultError as the vault says."""
        if not is_token(token):
            raise InvalidInputError("this is no bot token; BotFather gives one like 123456789:ABC…")
        await self._vault.set(BOT_TOKEN, token)

    async def keep_webhook_secret(self, secret: str) -> None:
        """Put the secret that signs webhooks into the vault. Raises VaultError."""
        await self._vault.set(WEBHOOK_SECRET, secret)

    async def has_secret(self, name: str) -> bool:
        """Whether the vault knows a secret; a vault that cannot be asked knows none."""
        return await self._secret(name) is not None

    async def check(self, name: ChannelName) -> str:
        """Try a channel: what the other side calls itself. Raises ChannelError with the reason."""
        if name is ChannelName.TELEGRAM and self.settings.telegram and await self._secret(BOT_TOKEN) is None:
            raise ChannelError("there is no bot token yet", is_final=True)
        return await self.service.check(name)

    # ---- inside -------------------------------------------------------------------------------------------------

    async def _build(self) -> None:
        service, settings = self.service, self.settings
        service.desk.policy = settings.policy
        service.remote.allowed = Allowed(settings.telegram_chat_id, frozenset(settings.telegram_user_ids))
        if settings.desktop and self._desktop is not None:
            service.use(self._desktop(settings.sound))
        else:
            service.drop(ChannelName.DESKTOP)
        token = await self._secret(BOT_TOKEN) if settings.telegram else None
        if token is not None and settings.telegram_chat_id:
            telegram = TelegramChannel(BotApi(token, self._address), settings.telegram_chat_id)
            service.use(telegram)
            service.listen(telegram if settings.telegram_user_ids else None)
        else:
            service.listen(None)
            service.drop(ChannelName.TELEGRAM)
        if settings.webhook and settings.webhook_url:
            secret = await self._secret(WEBHOOK_SECRET) or ""
            service.use(WebhookChannel(settings.webhook_url, secret, self._clock.now))
        else:
            service.drop(ChannelName.WEBHOOK)

    async def _secret(self, name: str) -> str | None:
        try:
            return await self._vault.get(name)
        except VaultError as error:
            _log.warning("%s is not read: %s", name, error)
            return None
