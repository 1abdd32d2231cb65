"""Every mode gets its own connections: the live addresses with a live key only, and a dry run none that can write."""

import stat
import sys
from pathlib import Path

import pytest

from app.adapters.dry_run.venue import DryRunVenue
from app.adapters.files.profile import Profile
from app.adapters.host.practice_process import ADDRESS_FILE, PracticeAddress, read_address_file
from app.adapters.host.system_clock import SystemClock
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.domain.errors import InvalidInputError
from app.domain.values import TradingMode
from app.reach import Means, leave_address, live_key, live_venue, open_vault, reach_exchange
from tests.unit.adapters.secrets.test_api_key_vault import Drawer

ACCESS = "A" * 36 + "wxyz"
MEANS = Means(SystemClock(), lambda *_: None, lambda *_: None)
HERE = "127.0.0.1:9"
ADDRESS = PracticeAddress(f"http://{HERE}/v1", f"ws://{HERE}/ws", f"ws://{HERE}/own", f"http://{HERE}/x", "key", "word")


async def test_live_is_built_with_the_live_addresses_and_connects_to_nothing() -> None:
    client, stream = live_venue(Credentials(ACCESS, "S" * 40), MEANS)
    assert client._transport._base == Endpoints.live().rest
    assert stream._connections[0]._url == Endpoints.live().ws
    assert client._transport._session is None
    await client.close()


@pytest.mark.parametrize("mode", [TradingMode.PRACTICE, TradingMode.PAPER, TradingMode.DRY_RUN])
async def test_an_exchange_of_ours_may_be_written_to_except_on_a_dry_run(mode: TradingMode) -> None:
    reach = reach_exchange(ADDRESS, mode, MEANS)
    assert type(reach.client) is (DryRunVenue if mode is TradingMode.DRY_RUN else UpbitRestApiClient)
    assert reach.address == ADDRESS
    await reach.client.close()


async def test_the_key_needs_its_end_typed() -> None:
    kept = ApiKeyVault(Drawer(**{"upbit-live-key": f"{ACCESS} {'S' * 40}"}))
    assert (await live_key(kept, "wxyz")).access_key == ACCESS
    with pytest.raises(InvalidInputError, match="not the end of the access key"):
        await live_key(kept, "wxy")
    for nothing in (None, ApiKeyVault(Drawer())):
        with pytest.raises(InvalidInputError, match="no API key is kept"):
            await live_key(nothing, "wxyz")


def test_the_vault_of_a_profile_blots_out_what_it_reads(tmp_path: Path) -> None:
    secrets: list[str] = []
    vault = open_vault(Profile(tmp_path, tmp_path, tmp_path), secrets)
    vault._vault._loaded("one two")  # type: ignore[attr-defined]
    assert secrets == ["one", "two"]


def test_the_address_is_left_for_gwanje_kill_and_taken_away_when_there_is_none(tmp_path: Path) -> None:
    leave_address(tmp_path, ADDRESS)
    assert read_address_file(tmp_path / ADDRESS_FILE) == ADDRESS
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / ADDRESS_FILE).stat().st_mode) == 0o600
    leave_address(tmp_path, None)
    assert not (tmp_path / ADDRESS_FILE).exists()
    leave_address(tmp_path / "gone", ADDRESS)  # a warning in the log, and trading goes on
