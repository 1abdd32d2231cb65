"""How one practice exchange is to be run."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Ports 0 = any free one; `cash` in KRW; times in seconds. Empty keys are generated.

    `state` is the file in which the account is remembered; `mirror` the origin of the venue whose prices are shown.
    """

    seed: int = 1
    port: int = 0
    admin_port: int = 0
    cash: Decimal = Decimal(50_000_000)
    replay: Path | None = None
    replay_market: str | None = None
    replay_skip_minutes: float = 0.0
    speed: float = 1.0
    access_key: str = ""
    secret_key: str = ""
    lenient: bool = False
    state: Path | None = None
    mirror: str = ""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a running exchange listens; this is the JSON line it prints."""

    rest: str
    ws: str
    ws_private: str
    admin: str
    access_key: str
    secret_key: str
