"""How a run reaches its venue: an exchange on this computer, the same for looking only, or the real one with a key."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.adapters.dry_run.venue import DryRunVenue
from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import write_atomically
from app.adapters.host.practice_process import ADDRESS_FILE, PracticeAddress
from app.adapters.host.system_clock import SystemClock
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.secrets.vault import Vault
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.live_keys import inspect_key
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.domain.api_key import key_tail
from app.domain.errors import InvalidInputError
from app.domain.ports import VenueClient
from app.domain.values import TradingMode

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """What connections are built with. ``timed`` takes the name and the milliseconds of every call."""

    clock: SystemClock
    timed: Callable[[str, float], None]
    beat: Callable[[str, float | None], None]


@dataclass(frozen=True, slots=True)
class Reach:
    """Connections to one venue; ``address`` is that of an exchange on this computer."""

    client: VenueClient
    stream: UpbitWebSocketClient
    address: PracticeAddress | None = None


def open_vault(profile: Profile, secrets: list[str]) -> ApiKeyVault:
    """The keys of this profile; whatever is read joins ``secrets``, which the log blots out."""
    return ApiKeyVault(Vault(str(profile.config), lambda secret: secrets.extend(secret.split())))


async def live_key(vault: ApiKeyVault | None, confirmed: str) -> Credentials:
    """The kept key of the live account, for a person who typed the end of it.

    Raises:
        InvalidInputError: there is none, or what was typed is not its end.
        VaultError: the key store cannot be used.
    """
    key = await vault.load(TradingMode.LIVE) if vault is not None else None
    if key is None:
        raise InvalidInputError("mode live: no API key is kept; enter one first")
    if confirmed != key_tail(key.access_key):
        raise InvalidInputError("mode live: what was typed is not the end of the access key; nothing was started")
    return key


def live_venue(key: Credentials, means: Means) -> tuple[UpbitRestApiClient, UpbitWebSocketClient]:
    """The real venue; no other mode comes here. Nothing is connected before it is asked for something."""
    return _connect(Endpoints.live(), key, means)


async def reach_live(key: Credentials, means: Means) -> Reach:
    """The real venue, with a key that it says is fit. Raises InvalidInputError."""
    client, stream = live_venue(key, means)
    report = await inspect_key(client.exchange, key.access_key, means.clock.now())
    if not report.is_usable:
        await client.close()
        found = ", ".join(report.findings)
        raise InvalidInputError(f"mode live: the API key cannot be used ({found}) {report.detail}".strip())
    return Reach(client, stream)


def reach_exchange(address: PracticeAddress, mode: TradingMode, means: Means) -> Reach:
    """The exchange on this computer; a dry run may only look at it."""
    endpoints = Endpoints.practice(address.rest, address.ws, address.ws_private)
    client, stream = _connect(endpoints, Credentials(address.access_key, address.secret_key), means)
    return Reach(DryRunVenue(client) if mode is TradingMode.DRY_RUN else client, stream, address)


def leave_address(folder: Path, address: PracticeAddress | None) -> None:
    """For gwanje-kill, which has to find the venue when this program hangs; play money, for its owner's eyes only."""
    try:
        if address is not None:
            write_atomically(folder / ADDRESS_FILE, msgspec.json.encode(address).decode())
        else:
            (folder / ADDRESS_FILE).unlink(missing_ok=True)
    except OSError as error:
        _log.warning("gwanje-kill will not find the venue by itself: %r", error)


def _connect(
    endpoints: Endpoints, credentials: Credentials, means: Means
) -> tuple[UpbitRestApiClient, UpbitWebSocketClient]:
    client = UpbitRestApiClient(endpoints, credentials, means.clock, on_latency=means.timed)
    return client, UpbitWebSocketClient(endpoints, credentials, means.clock, client.limiter, beat=means.beat)
