"""Named troubles that can be switched on with a probability and a duration.

The list follows the incidents collected in the reliability notes: each name is something a real venue did.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from .clock import US_PER_S, VenueClock

MEANINGS: dict[str, str] = {
    "order_answer_lost": "order is accepted, then the connection is closed without an answer",
    "answer_delayed": "the answer of a private call comes late (value = seconds, default 3)",
    "server_error_before": "500 internal_server_error, the order was not accepted",
    "server_error_after": "500 internal_server_error, although the order was accepted",
    "connection_reset": "the connection is reset before the request is handled",
    "html_body": "200 with an HTML page instead of JSON (the request was handled)",
    "truncated_body": "the JSON answer breaks off in the middle (the request was handled)",
    "rate_limit_storm": "429 too_many_requests although quota is left",
    "ip_ban": "418 with the block time in the text (value = seconds, default 10)",
    "ws_drop": "WebSocket connections are cut without a close frame",
    "ws_connect_refused": "WebSocket handshakes are refused with 429",
    "ws_silent": "WebSocket stays open and answers pings but carries no data",
    "garbage_frame": "a WebSocket data frame that is not JSON is sent in between",
    "public_frame_lost": "single public frames are lost",
    "private_frame_lost": "single myOrder/myAsset frames are lost",
    "private_frame_duplicated": "myOrder/myAsset frames are sent twice",
    "private_frame_late": "myOrder/myAsset frames come late and out of order (value = seconds, default 2)",
    "order_not_found": "a new order is not visible to look-ups for a while (value = seconds, default 3)",
    "cancel_refused": "a cancel request is answered with 400 bad_request and nothing happens",
    "cancel_slow": "a cancel is accepted but carried out late (value = seconds, default 3)",
    "late_fill_after_cancel": "the rest of a limit order is filled just before its accepted cancel is done",
    "partial_fills_only": "an order fills only in part each time it meets the market",
    "slow_fills": "an accepted order is matched late (value = seconds, default 3)",
    "market_offline": "orders are answered with 403 market_offline",
    "clock_skew": "the venue's stamps and Date header are wrong (value = seconds, default 60)",
    "key_expired": "private calls are answered with 401 expired_access_key",
}
DEFAULT_VALUES: dict[str, Decimal] = {
    "answer_delayed": Decimal(3),
    "ip_ban": Decimal(10),
    "private_frame_late": Decimal(2),
    "order_not_found": Decimal(3),
    "cancel_slow": Decimal(3),
    "slow_fills": Decimal(3),
    "clock_skew": Decimal(60),
}
EVERYTHING = "all"


class UnknownFault(ValueError):
    """The request names no known fault or has an impossible figure."""


@dataclass(slots=True)
class ActiveFault:
    """Probability `rate` per occasion until `until_us` ticks, at most `count` times."""

    name: str
    rate: float
    until_us: int
    value: Decimal
    count: int | None
    path: str
    happened: int = 0


class Faults:
    """What is switched on now; draws are seeded, so a run can be repeated."""

    def __init__(self, clock: VenueClock, seed: int) -> None:
        self._clock = clock
        self._random = random.Random(f"faults-{seed}")
        self._active: dict[str, ActiveFault] = {}

    def switch(
        self,
        name: str,
        rate: float,
        seconds: float = 3600.0,
        value: Decimal | None = None,
        count: int | None = None,
        path: str = "",
    ) -> None:
        """Switch a fault on, or off with rate 0; the name `all` with rate 0 clears everything."""
        self._refuse_nonsense(name, rate, seconds, count)
        if rate == 0:
            for known in list(self._active) if name == EVERYTHING else [name]:
                self._end(known)
            return
        amount = value if value is not None else DEFAULT_VALUES.get(name, Decimal(0))
        until = self._clock.ticks_us + int(seconds * US_PER_S)
        self._active[name] = ActiveFault(name, rate, until, amount, count, path)
        if name == "clock_skew":
            self._clock.offset_ms = int(amount * 1000)
            self._clock.call_later(int(seconds * US_PER_S), self._forget_ended)

    def hits(self, name: str, path: str = "") -> bool:
        """Draw whether the fault happens on this occasion."""
        fault = self._living(name)
        if fault is None or not path.startswith(fault.path):
            return False
        if fault.rate < 1 and self._random.random() >= fault.rate:
            return False
        fault.happened += 1
        if fault.count is not None and fault.happened >= fault.count:
            self._end(name)
        return True

    def value_us(self, name: str) -> int:
        """The fault's figure (seconds) in microseconds; the default when it is not active."""
        fault = self._active.get(name)
        return int((fault.value if fault is not None else DEFAULT_VALUES[name]) * US_PER_S)

    def delay_us(self, name: str) -> int:
        """Draw a delaying fault: its figure in microseconds, or 0."""
        delay = self.value_us(name) if name in self._active else 0
        return delay if self.hits(name) else 0

    def active(self) -> list[ActiveFault]:
        return [fault for name in list(self._active) if (fault := self._living(name)) is not None]

    def _forget_ended(self) -> None:
        for name in list(self._active):
            self._living(name)

    def _living(self, name: str) -> ActiveFault | None:
        fault = self._active.get(name)
        if fault is not None and self._clock.ticks_us >= fault.until_us:
            self._end(name)
            return None
        return fault

    def _end(self, name: str) -> None:
        if self._active.pop(name, None) is not None and name == "clock_skew":
            self._clock.offset_ms = 0

    @staticmethod
    def _refuse_nonsense(name: str, rate: float, seconds: float, count: int | None) -> None:
        if name not in MEANINGS and not (name == EVERYTHING and rate == 0):
            raise UnknownFault(f"unknown fault {name!r}; valid names: {', '.join(sorted(MEANINGS))}")
        if not 0 <= rate <= 1:
            raise UnknownFault(f"rate must be between 0 and 1, not {rate}")
        if not 0 < seconds <= 86_400 * 30:
            raise UnknownFault(f"seconds must be above 0 and at most 30 days, not {seconds}")
        if count is not None and count < 1:
            raise UnknownFault(f"count must be at least 1, not {count}")
