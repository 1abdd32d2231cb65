"""What gwanje-kill does, account by account: trip first, then look who can do the rest, then do it or watch it done."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import read_settings
from app.adapters.files.stop_file import StopFile
from app.adapters.host.heartbeat import Beat, Vital, examine, read_beat
from app.adapters.host.practice_process import ADDRESS_FILE, read_address_file
from app.adapters.host.system_clock import SystemClock
from app.adapters.host.takeover import Takeover
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.secrets.vault import Vault
from app.adapters.storage.database import sqlite_url
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.domain.errors import GwanjeError, InvalidInputError
from app.domain.kill import OUTSIDE_CANCEL, OUTSIDE_FLATTEN, OUTSIDE_TRIP, KillMark
from app.domain.values import TradingMode
from app.kill.account import account_folders, read_books, trip
from app.kill.hands import CONFIRM_S, Hands, Left

#: A terminal that runs writes the trip down within a second; what hangs meanwhile does not.
PROOF_S = 5.0
POLL_S = 0.2
#: What a terminal was sending when it was tripped has arrived by then.
GRACE_S = 1.0

Say = Callable[[str], None]


class Wish(Enum):
    """What a person wants besides the trip; the value is what a terminal that runs is told."""

    TRIP = OUTSIDE_TRIP
    CANCEL = OUTSIDE_CANCEL
    FLATTEN = OUTSIDE_FLATTEN


async def run_kill(profile: Profile, wish: Wish, attach: Path | None, wait_s: float, say: Say) -> int:
    """Trip every account of the profile at once, then see to each; returns the exit status."""
    folders = account_folders(profile.data)
    now, status = datetime.now(UTC), 0
    tripped = [await trip(folder, wish.value, now) for folder in folders]
    for folder, (mark, trouble) in zip(folders, tripped, strict=True):
        say(f"{folder.name}: {'NOT tripped everywhere' if trouble else 'tripped'} (mark {mark.epoch})")
        for words in trouble:
            say(f"  {words}")
        status = max(status, 3 if trouble else 0)
    for folder, (mark, _) in zip(folders, tripped, strict=True):
        status = max(status, await _see_to(folder, profile, wish, attach, wait_s, mark, say))
    return status


async def _see_to(
    folder: Path, profile: Profile, wish: Wish, attach: Path | None, wait_s: float, mark: KillMark, say: Say
) -> int:
    beat = read_beat(folder)
    vital = await asyncio.to_thread(examine, folder)
    if vital is Vital.RUNNING and beat is not None:
        if await _terminal_answers(folder, beat, mark):
            say(f"{folder.name}: the terminal (process {beat.pid}) runs and has halted itself")
            return await _watch(folder, profile, wish, attach, wait_s, say)
        say(f"{folder.name}: the terminal (process {beat.pid}) beats, but did not take the trip: it counts as hung")
    else:
        say(f"{folder.name}: no terminal runs" if vital is Vital.STOPPED else f"{folder.name}: the terminal hangs")
    return 0 if wish is Wish.TRIP else await _take_over(folder, profile, wish, attach, wait_s, say)


async def _terminal_answers(folder: Path, beat: Beat, mark: KillMark) -> bool:
    """The proof: the terminal writes the mark anew, under the number of its run."""
    stop_file = StopFile(folder)
    for _ in range(round(PROOF_S / POLL_S)):
        found = await stop_file.read()
        if isinstance(found, KillMark) and found != mark and found.halted and found.epoch >= mark.epoch:
            return True
        if read_beat(folder) is None:
            return False
        await asyncio.sleep(POLL_S)
    return False


async def _watch(folder: Path, profile: Profile, wish: Wish, attach: Path | None, wait_s: float, say: Say) -> int:
    """The terminal does it; the venue has to show it, in two readings."""
    if wish is Wish.TRIP:
        return 0
    try:
        client = await _client(folder, profile, attach)
    except GwanjeError as error:
        say(f"{folder.name}: the venue cannot be asked: {error}")
        return 1
    give_up, clean, left = asyncio.get_running_loop().time() + wait_s, 0, Left()
    try:
        while asyncio.get_running_loop().time() < give_up and clean < 2:
            left = _relevant(await Hands(client, await read_books(_url(folder, profile)), say).left(), wish)
            clean = 0 if left.orders or left.units else clean + 1
            await asyncio.sleep(CONFIRM_S)
    except GwanjeError as error:
        say(f"{folder.name}: the venue cannot be asked: {error}")
        return 1
    finally:
        await client.close()
    return _tell(folder, left, say)


async def _take_over(folder: Path, profile: Profile, wish: Wish, attach: Path | None, wait_s: float, say: Say) -> int:
    takeover = Takeover(folder)
    try:
        client = await _client(folder, profile, attach)
    except GwanjeError as error:
        say(f"{folder.name}: the venue cannot be reached: {error}")
        return 1
    try:
        takeover.take()
        try:
            await asyncio.sleep(GRACE_S)
            hands = Hands(client, await read_books(_url(folder, profile)), say)
            give_up = asyncio.get_running_loop().time() + wait_s
            if wish is Wish.CANCEL:
                await hands.cancel_all(give_up)
                left = _relevant(await hands.left(), wish)
            else:
                left = await hands.flatten(give_up)
        finally:
            takeover.release()
    except GwanjeError as error:
        say(f"{folder.name}: {error}")
        return 1
    finally:
        await client.close()
    return _tell(folder, left, say)


def _relevant(left: Left, wish: Wish) -> Left:
    return Left(left.orders) if wish is Wish.CANCEL else left


def _tell(folder: Path, left: Left, say: Say) -> int:
    for words in left.words:
        say(f"{folder.name}: left: {words}")
    if not left.words:
        say(f"{folder.name}: nothing is left")
    return 1 if left.words else 0


async def _client(folder: Path, profile: Profile, attach: Path | None) -> UpbitRestApiClient:
    """The venue of this account: the real one with the kept key for live, else where the terminal left word of.

    Raises:
        InvalidInputError: nobody wrote down where the venue is, or no key is kept.
        VaultError: the key store cannot be used.
    """
    if folder.name == TradingMode.LIVE.value:
        key = await ApiKeyVault(Vault(str(profile.config), lambda _: None)).load(TradingMode.LIVE)
        if key is None:
            raise InvalidInputError("no API key of the live account is kept here; cancel and sell at the venue itself")
        return UpbitRestApiClient(Endpoints.live(), key, SystemClock())
    file = attach or folder / ADDRESS_FILE
    if not file.exists():
        raise InvalidInputError(f"{file}: is not there; name the address file with --attach")
    address = read_address_file(file)
    endpoints = Endpoints.practice(address.rest, address.ws, address.ws_private)
    return UpbitRestApiClient(endpoints, Credentials(address.access_key, address.secret_key), SystemClock())


def _url(folder: Path, profile: Profile) -> str:
    mode = next((mode for mode in TradingMode if mode.value == folder.name), None)
    url = read_settings(profile.settings_file).storage.url_of(mode) if mode is not None else ""
    return url or str(sqlite_url(folder))
