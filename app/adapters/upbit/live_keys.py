"""The key of the live account: kept in the vault, checked at the venue before it is used. Source: upbit.md section 2.1.

Upbit tells the permissions of a key to nobody but a key that manages pockets, so they are found out by asking: reads
that need one, and for withdrawals the read that belongs to them. A key that is let in there is refused.
"""

from collections.abc import Coroutine
from datetime import datetime

from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.exchange_api import ExchangeApi
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.domain.api_key import KeyFinding, KeyReport, key_tail
from app.domain.errors import VenueError, VenueRefusedError
from app.domain.ports import Clock
from app.domain.values import TradingMode

OUT_OF_SCOPE = "out_of_scope"
#: A market that always exists, to ask for what orders cost.
PROBED_MARKET = "KRW-BTC"
KEY_LENGTH = range(16, 129)
_BY_CODE = {
    "invalid_access_key": KeyFinding.UNKNOWN_KEY,
    "no_authorization_token": KeyFinding.UNKNOWN_KEY,
    "jwt_verification": KeyFinding.WRONG_SECRET,
    "invalid_query_payload": KeyFinding.WRONG_SECRET,
    "expired_access_key": KeyFinding.EXPIRED,
    "no_authorization_ip": KeyFinding.WRONG_ADDRESS,
    "no_authorization_i_p": KeyFinding.WRONG_ADDRESS,
}


class LiveKeys:
    """KeyKeeper of Upbit's live account. ``endpoints`` are other than Upbit's own in tests only."""

    def __init__(self, vault: ApiKeyVault, clock: Clock, endpoints: Endpoints | None = None) -> None:
        self._vault = vault
        self._clock = clock
        self._endpoints = endpoints or Endpoints.live()

    async def tail(self) -> str | None:
        """Last characters of the kept access key; None when there is none. Raises VaultError."""
        kept = await self._vault.load(TradingMode.LIVE)
        return None if kept is None else key_tail(kept.access_key)

    async def check(self, access_key: str, secret_key: str) -> KeyReport:
        """Ask the venue about a key. Its troubles are findings, none is raised."""
        key = Credentials(access_key.strip(), secret_key.strip())
        if not (_looks_like_a_key(key.access_key) and _looks_like_a_key(key.secret_key)):
            return KeyReport(key_tail(key.access_key), (KeyFinding.NOT_A_KEY,))
        client = UpbitRestApiClient(self._endpoints, key, self._clock)
        try:
            return await inspect_key(client.exchange, key.access_key, self._clock.now())
        finally:
            await client.close()

    async def check_kept(self) -> KeyReport | None:
        """Ask the venue about the kept key; None when there is none. Raises VaultError."""
        kept = await self._vault.load(TradingMode.LIVE)
        return None if kept is None else await self.check(kept.access_key, kept.secret_key)

    async def keep(self, access_key: str, secret_key: str) -> None:
        """Keep a key in place of the present one. Raises VaultError."""
        await self._vault.keep(TradingMode.LIVE, Credentials(access_key.strip(), secret_key.strip()))

    async def forget(self) -> None:
        """Delete the kept key. Raises VaultError."""
        await self._vault.forget(TradingMode.LIVE)


async def inspect_key(api: ExchangeApi, access_key: str, now: datetime) -> KeyReport:
    """What is wrong with the key ``api`` signs with. Only reads are sent."""
    tail = key_tail(access_key)
    expires_at: datetime | None = None
    findings: list[KeyFinding] = []
    try:
        if await _is_shut_out(api.accounts()):
            findings.append(KeyFinding.CANNOT_READ_ACCOUNT)
        expiry = next((key.expire_at for key in await api.api_keys() if key.access_key == access_key), None)
        if expiry is None:
            return KeyReport(tail, (KeyFinding.NO_ANSWER,), detail="the venue does not list this key")
        expires_at = datetime.fromisoformat(expiry)
        if expires_at <= now:
            findings.append(KeyFinding.EXPIRED)
        if await _is_shut_out(api.chance(PROBED_MARKET)):
            findings.append(KeyFinding.CANNOT_READ_ORDERS)
        if not await _is_shut_out(api.withdraw_chance()):
            findings.append(KeyFinding.MAY_WITHDRAW)
    except VenueRefusedError as error:
        return KeyReport(tail, (_BY_CODE.get(error.code, KeyFinding.NO_ANSWER),), detail=str(error))
    except (VenueError, ValueError, TypeError) as error:
        return KeyReport(tail, (KeyFinding.NO_ANSWER,), detail=str(error))
    return KeyReport(tail, tuple(findings), expires_at)


async def _is_shut_out(call: Coroutine[object, object, object]) -> bool:
    """True when the venue says that the key lacks the permission. Raises every other trouble."""
    try:
        await call
    except VenueRefusedError as error:
        if error.code != OUT_OF_SCOPE:
            raise
        return True
    return False


def _looks_like_a_key(text: str) -> bool:
    return len(text) in KEY_LENGTH and text.isascii() and text.isalnum()
