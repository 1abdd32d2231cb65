"""Upbit's request quotas by group, counted per venue second (upbit.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import US_PER_S, VenueClock
from .venue_errors import VenueError

# calls per window, window in seconds
GROUPS: dict[str, tuple[int, int]] = {
    "market": (10, 1),
    "candles": (10, 1),
    "trades": (10, 1),
    "ticker": (10, 1),
    "orderbook": (10, 1),
    "default": (30, 1),
    "order": (12, 1),
    "order-test": (8, 1),
    "order-cancel-all": (1, 2),
    "websocket-connect": (5, 1),
    "origin": (1, 10),
}
_MINUTE_FIGURE = 1800
_PATIENCE = 10
_BAN_SECONDS = (5, 10, 30, 60, 300)


@dataclass(slots=True)
class _Usage:
    window: int = -1
    used: int = 0
    ignored: int = 0
    bans: int = 0
    banned_until_us: int = 0


class RateLimits:
    """Answers 429 above the quota and 418, longer each time, to those who go on."""

    def __init__(self, clock: VenueClock) -> None:
        self._clock = clock
        self._usage = {group: _Usage() for group in GROUPS}

    def take(self, group: str) -> None:
        """Count one call; raises 429 or 418."""
        usage, (limit, seconds) = self._usage[group], GROUPS[group]
        now = self._clock.ticks_us
        if now < usage.banned_until_us:
            raise banned(-((now - usage.banned_until_us) // US_PER_S))
        window = now // (seconds * US_PER_S)
        if window != usage.window:
            if usage.used <= limit:
                usage.ignored = 0
            usage.window, usage.used = window, 0
        usage.used += 1
        if usage.used <= limit:
            return
        usage.ignored += 1
        if usage.ignored > _PATIENCE:
            block = _BAN_SECONDS[min(usage.bans, len(_BAN_SECONDS) - 1)]
            usage.bans += 1
            usage.ignored = 0
            usage.banned_until_us = now + block * US_PER_S
            raise banned(block)
        raise too_many()

    def header(self, group: str) -> str:
        """`Remaining-Req` as pyupbit and the official documents expect it."""
        limit, seconds = GROUPS[group]
        usage = self._usage[group]
        current = usage.window == self._clock.ticks_us // (seconds * US_PER_S)
        left = max(0, limit - usage.used) if current else limit
        return f"group={group}; min={_MINUTE_FIGURE}; sec={left}"


class MessageLimit:
    """WebSocket requests of one connection: 5 a second and 100 a minute."""

    def __init__(self, clock: VenueClock) -> None:
        self._clock = clock
        self._times: list[int] = []

    def exceeded(self) -> bool:
        now = self._clock.ticks_us
        self._times = [t for t in self._times if t > now - 60 * US_PER_S]
        self._times.append(now)
        return len(self._times) > 100 or sum(t > now - US_PER_S for t in self._times) > 5


def too_many() -> VenueError:
    return VenueError(429, "too_many_requests")


def banned(seconds: int) -> VenueError:
    return VenueError(418, "too_many_requests", f"요청 횟수 초과로 {seconds}초 동안 차단됩니다. ({seconds} seconds)")
