"""Trip first; what cannot be done is said, and the exit status tells. The whole of it: tests/scenario."""

from pathlib import Path

import pytest

from app.adapters.files.profile import Profile
from app.adapters.files.stop_file import StopFile
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.domain.kill import OUTSIDE_FLATTEN, KillMark
from app.domain.values import TradingMode
from app.kill import __main__ as command
from app.kill import program
from app.kill.program import Wish, run_kill


def profile(tmp_path: Path) -> Profile:
    made = Profile(tmp_path / "config", tmp_path / "data", tmp_path / "logs")
    for folder in (made.config, made.data, made.logs):
        folder.mkdir()
    return made


async def test_a_trip_needs_no_terminal_and_no_venue(tmp_path: Path) -> None:
    said: list[str] = []
    assert await run_kill(profile(tmp_path), Wish.TRIP, None, 1, said.append) == 0
    assert said == ["practice: tripped (mark 1)", "practice: no terminal runs"]
    found = StopFile(tmp_path / "data" / "practice").read_now()
    assert isinstance(found, KillMark) and found.halted


async def test_what_cannot_be_seen_to_is_said_after_the_trip(tmp_path: Path) -> None:
    said: list[str] = []
    assert await run_kill(profile(tmp_path), Wish.FLATTEN, None, 1, said.append) == 1
    assert "--attach" in said[-1]
    found = StopFile(tmp_path / "data" / "practice").read_now()
    assert isinstance(found, KillMark) and found.reason == OUTSIDE_FLATTEN


async def test_a_trip_that_is_not_kept_has_its_own_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, said = profile(tmp_path), list[str]()
    (made.data / "practice").mkdir()
    (made.data / "practice" / "gwanje.db").touch()

    def denied(*_: object) -> None:
        from app.domain.errors import StorageError

        raise StorageError("permission denied")

    monkeypatch.setattr(StopFile, "write_now", denied)
    assert await run_kill(made, Wish.TRIP, None, 1, said.append) == 3
    assert "NOT tripped" in said[0] and "permission denied" in said[1]


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path))
    assert command.main([]) == 0 and "tripped" in capsys.readouterr().out
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path / "data" / "practice" / "kill-switch.json"))
    assert command.main(["--flatten"]) == 2


def live(made: Profile) -> Path:
    folder = made.data / "live"
    folder.mkdir()
    (folder / "gwanje.db").touch()
    return folder


async def test_a_live_account_without_its_key_is_tripped_and_left_to_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, said = profile(tmp_path), list[str]()
    live(made)

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(ApiKeyVault, "load", nothing)
    assert await run_kill(made, Wish.FLATTEN, None, 1, said.append) == 1
    assert said[0].startswith("live: tripped") and "at the venue itself" in said[-1]


async def test_a_live_account_is_reached_with_the_kept_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = profile(tmp_path)

    async def kept(_: object, mode: TradingMode) -> Credentials | None:
        return Credentials("A" * 40, "S" * 40) if mode is TradingMode.LIVE else None

    monkeypatch.setattr(ApiKeyVault, "load", kept)
    client = await program._client(live(made), made, tmp_path / "address-of-an-exchange-here.json")
    assert client._transport._base == Endpoints.live().rest
    await client.close()


@pytest.mark.parametrize("mode", TradingMode)
def test_every_mode_has_its_own_books(tmp_path: Path, mode: TradingMode) -> None:
    made = profile(tmp_path)
    assert str(made.data / mode.value) in program._url(made.data / mode.value, made)
    name = "url" if mode is TradingMode.PRACTICE else mode.value.replace("-", "_") + "_url"
    made.settings_file.write_text(f'[storage]\n{name} = "postgresql+asyncpg://h/d"\n')
    assert program._url(made.data / mode.value, made) == "postgresql+asyncpg://h/d"
    assert str(made.data) in program._url(made.data / "attached", made)
