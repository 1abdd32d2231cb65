"""The API key of each mode under a name of its own, both halves in one entry: there is never half a key."""

from typing import Protocol

from app.adapters.upbit.auth import Credentials
from app.domain.values import TradingMode


class SecretVault(Protocol):
    """The part of the vault that is used. Every method raises VaultError."""

    async def get(self, name: str) -> str | None:
        """The secret; None when there is none."""
        ...

    async def set(self, name: str, secret: str) -> None:
        """Keep a secret."""
        ...

    async def delete(self, name: str) -> None:
        """Forget a secret."""
        ...


class ApiKeyVault:
    """API keys of Upbit by mode."""

    def __init__(self, vault: SecretVault) -> None:
        self._vault = vault

    async def load(self, mode: TradingMode) -> Credentials | None:
        """The key of ``mode``; None when there is none. Raises VaultError."""
        halves = (await self._vault.get(_name(mode)) or "").split()
        return Credentials(*halves) if len(halves) == 2 else None

    async def keep(self, mode: TradingMode, key: Credentials) -> None:
        """Keep the key of ``mode``. Raises VaultError."""
        await self._vault.set(_name(mode), f"{key.access_key} {key.secret_key}")

    async def forget(self, mode: TradingMode) -> None:
        """Delete the key of ``mode``. Raises VaultError."""
        await self._vault.delete(_name(mode))


def _name(mode: TradingMode) -> str:
    return f"upbit-{mode.value}-key"
