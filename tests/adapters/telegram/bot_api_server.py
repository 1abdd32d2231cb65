"""A stand-in for Telegram's Bot API on a real socket: long poll, 429 with retry_after, errors, duplicated updates."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


@dataclass
class BotApiServer:
    """``sent`` are the messages that arrived; ``failures`` are answered first, as (status, body)."""

    token: str = TOKEN
    sent: list[dict[str, Any]] = field(default_factory=list)
    failures: deque[tuple[int, dict[str, Any]]] = field(default_factory=deque)
    #: Every getUpdates answers what was confirmed as well, as Telegram does after a lost confirmation.
    repeats: bool = False
    calls: list[str] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    address: str = ""
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _next: int = 100
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def start(self) -> "BotApiServer":
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent]

    def refuse(self, status: int, description: str = "", retry_after: int | None = None) -> None:
        """Answer the next sendMessage so."""
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if retry_after is not None:
            body["parameters"] = {"retry_after": retry_after}
        self.failures.append((status, body))

    def write(self, text: str, user_id: int = 7, chat_id: int = 7, age_s: float = 0, **more: Any) -> int:
        """Somebody writes to the bot; returns the update id."""
        message = {
            "message_id": self._next,
            "from": {"id": user_id, "is_bot": False, "first_name": "A"},
            "chat": {"id": chat_id, "type": "private"},
            "date": int(time.time() - age_s),
            "text": text,
            **more,
        }
        return self.push({"message": message})

    def push(self, update: dict[str, Any]) -> int:
        """Any update."""
        self._next += 1
        self._updates.append({"update_id": self._next, **update})
        self._woken.set()
        return self._next

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        body = await request.json()
        if method == "getUpdates":
            return await self._get_updates(body)
        if method == "getMe":
            return _fine({"id": 1, "is_bot": True, "first_name": "Gwanje", "username": "gwanje_bot"})
        if self.failures:
            status, answer = self.failures.popleft()
            return web.json_response(answer, status=status)
        self.sent.append(body)
        return _fine({"message_id": len(self.sent)})

    async def _get_updates(self, body: dict[str, Any]) -> web.Response:
        offset = body.get("offset")
        self.offsets.append(offset)
        if offset is not None and not self.repeats:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates or (self.repeats and offset is not None):
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), min(body.get("timeout", 0), 0.2))
            except TimeoutError:
                if not self.repeats:
                    return _fine([])
        return _fine(self._updates)


def _fine(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})
