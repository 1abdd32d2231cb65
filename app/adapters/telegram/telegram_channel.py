"""Telegram as a channel for notices and as a source of remote commands."""

from app.adapters.telegram.bot_api import BotApi
from app.domain.alert import AlertMessage, ChannelName, RemoteMessage


class TelegramChannel:
    """AlertChannel and RemoteSource. ``chat_id`` is the private chat with the one person who is told."""

    name = ChannelName.TELEGRAM

    def __init__(self, api: BotApi, chat_id: int) -> None:
        self._api = api
        self._chat_id = chat_id

    async def deliver(self, message: AlertMessage) -> None:
        """See AlertChannel."""
        notice = message.notice
        title = f"{message.title} ×{notice.count}" if notice.count > 1 else message.title
        await self._api.send(self._chat_id, f"[{message.mode}] {title}", message.text)

    async def check(self) -> str:
        """Name of the bot, after a message went to the chat."""
        name = await self._api.name()
        await self._api.send(self._chat_id, "Gwanje", name)
        return name

    async def updates(self, after: int | None) -> tuple[RemoteMessage, ...]:
        """See RemoteSource."""
        return tuple(
            RemoteMessage(
                update_id=update.update_id,
                chat_id=update.message.chat.id if update.message is not None else 0,
                user_id=update.message.sender.id if update.message is not None and update.message.sender else 0,
                is_plain=update.is_plain,
                text=update.message.text if update.message is not None else "",
                sent_at=update.sent_at,
            )
            for update in await self._api.updates(after)
        )

    async def answer(self, chat_id: int, text: str) -> None:
        """See RemoteSource."""
        await self._api.send(chat_id, "Gwanje", text)

    async def close(self) -> None:
        """See AlertChannel."""
        await self._api.close()
