"""One key per mode, whole or not at all."""

import pytest

from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.auth import Credentials
from app.domain.values import TradingMode

KEY = Credentials("A" * 40, "S" * 40)


class Drawer:
    """A vault in memory."""

    def __init__(self, **kept: str) -> None:
        self.kept = kept

    async def get(self, name: str) -> str | None:
        return self.kept.get(name)

    async def set(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)


async def test_a_key_is_kept_for_its_mode_alone_and_can_be_forgotten() -> None:
    drawer = Drawer()
    vault = ApiKeyVault(drawer)
    await vault.keep(TradingMode.LIVE, KEY)
    assert await vault.load(TradingMode.LIVE) == KEY
    assert [await vault.load(mode) for mode in TradingMode if mode is not TradingMode.LIVE] == [None, None, None]
    assert list(drawer.kept) == ["upbit-live-key"]
    await vault.forget(TradingMode.LIVE)
    assert await vault.load(TradingMode.LIVE) is None


@pytest.mark.parametrize("damaged", ["", "half", "one two three"])
async def test_what_is_no_pair_is_no_key(damaged: str) -> None:
    drawer = Drawer()
    drawer.kept["upbit-live-key"] = damaged
    assert await ApiKeyVault(drawer).load(TradingMode.LIVE) is None
