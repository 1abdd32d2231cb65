"""The kill switch's records attacked in many ways: always stopped, entries refused, reducing orders let through."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.files.stop_file import FILE_NAME as STOP_FILE
from app.adapters.secrets.password_file import FILE_NAME as PASSWORD_FILE
from app.adapters.storage.database import FILE_NAME as JOURNAL
from app.domain.commands import ClosePosition, SetTradingState
from app.domain.effects import SubmitOrder
from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillMarked
from app.domain.messages import IntentRefused, TradingStateChanged
from app.domain.order import OrderState
from app.domain.refusal import RefusalReason
from app.domain.values import Side, TradingState
from app.kill.account import trip
from tests.kill.stand import PASSWORD, Stand, lived
from tests.kill.stand import stand as stand
from tests.unit.engine.playbook import BTC, ETH, START, XRP, Playbook, did, nothing, price

Attack = Callable[[Stand], None]
HALTED = TradingState.HALTED


def stop_file(stand: Stand) -> Path:
    return stand.folder / STOP_FILE


def delete_database(stand: Stand) -> None:
    for file in stand.folder.glob(f"{JOURNAL}*"):
        file.unlink()


def link(stand: Stand) -> None:
    stop_file(stand).rename(stand.base / "elsewhere")
    stop_file(stand).symlink_to(stand.base / "elsewhere")


def folder_instead(stand: Stand) -> None:
    stop_file(stand).unlink()
    stop_file(stand).mkdir()


def pipe_instead(stand: Stand) -> None:
    stop_file(stand).unlink()
    os.mkfifo(stop_file(stand))


def forged(stand: Stand) -> None:
    text = stop_file(stand).read_text()
    stop_file(stand).write_text(text.replace('"epoch":', '"epoch":9'))


def no_keyring(stand: Stand) -> None:
    stand.has_keyring = False


def locked(stand: Stand) -> None:
    stand.keyring.mood = "locked"


def clock_back(stand: Stand) -> None:
    stand.clock = timedelta(days=-400)
    stop_file(stand).unlink()


ATTACKS: dict[str, Attack] = {
    "the stop file is deleted": lambda s: stop_file(s).unlink(),
    "the stop file is emptied": lambda s: stop_file(s).write_text(""),
    "the stop file is cut off": lambda s: stop_file(s).write_bytes(stop_file(s).read_bytes()[:-9]),
    "the stop file is overwritten": lambda s: stop_file(s).write_bytes(bytes(4096)),
    "the stop file is forged": forged,
    "the stop file is put back": lambda s: s.put_back("backup", "stop file"),
    "the stop file becomes a link": link,
    "the stop file becomes a folder": folder_instead,
    "the stop file becomes a pipe": pipe_instead,
    "the database is deleted": delete_database,
    "the database is put back": lambda s: s.put_back("backup", "database"),
    "database and stop file are put back": lambda s: s.put_back("backup", "database", "stop file", "password"),
    "database and stop file are deleted": lambda s: (delete_database(s), stop_file(s).unlink(), None)[-1],
    "the entry in the keyring is deleted": lambda s: s.keyring.path.unlink(),
    "the entry in the keyring is put back": lambda s: s.put_back("backup", "keyring"),
    "the entry in the keyring is garbage": lambda s: s.keyring.path.write_text(
        s.keyring.path.read_text().replace("epoch", "epok")
    ),
    "the keyring is locked": locked,
    "the keyring is gone": no_keyring,
    "stop file and keyring are deleted": lambda s: (stop_file(s).unlink(), s.keyring.path.unlink(), None)[-1],
    "the clock is set back and the stop file deleted": clock_back,
}


def holds_stopped(play: Playbook) -> None:
    """100 % of the entries refused after every plea, 100 % of the reducing orders let through."""
    for plea in (TradingState.ENABLED, TradingState.DISABLED, TradingState.REDUCING):
        play >> SetTradingState(plea, "please") << nothing(TradingStateChanged)
    play >> play.start(BTC) << nothing(SubmitOrder)
    refused = [item.refusal.reason for item in play.news if isinstance(item, IntentRefused)]
    assert refused == [RefusalReason.HALTED]
    xrp, eth = play.position(XRP), play.position(ETH)
    play >> ClosePosition(xrp.position_id) << did(SubmitOrder, side=Side.SELL, market=XRP)
    play >> price(ETH, 1000) << did(SubmitOrder, side=Side.SELL, market=ETH)
    exits = [order for order in play.orders() if order.state is OrderState.INTENT]
    assert [order.intent.position_id for order in exits] == [xrp.position_id, eth.position_id]
    assert [play.core.may_send(order.order_id, play.now) for order in exits] == [None, None]


@pytest.mark.parametrize("name", ATTACKS)
async def test_a_start_after_an_attack_is_halted_and_stays_so(stand: Stand, name: str) -> None:
    await lived(stand)
    ATTACKS[name](stand)
    assert await stand.start() is HALTED
    holds_stopped(stand.play)
    await stand.end()
    if stand.keyring.mood == "locked":  # nothing can be written there; it is still stopped
        stand.keyring.mood = "open"
    assert await stand.start() is HALTED
    await stand.end()


@pytest.mark.parametrize("name", ATTACKS)
async def test_no_attack_takes_a_halt_back(stand: Stand, name: str) -> None:
    """The same while it is halted: the worst of what is left wins."""
    await lived(stand)
    await stand.start()
    await stand.halt()
    await stand.die()
    ATTACKS[name](stand)
    assert await stand.start() is HALTED
    await stand.end()


async def test_an_account_nobody_touched_starts_as_ever(stand: Stand) -> None:
    await lived(stand)
    assert await stand.start() is TradingState.DISABLED
    stand.play >> SetTradingState(TradingState.ENABLED, "a person") << did(TradingStateChanged)
    await stand.end()


async def test_without_a_keyring_its_absence_is_no_attack(stand: Stand) -> None:
    stand.has_keyring = False
    await lived(stand)
    assert await stand.start() is TradingState.DISABLED
    await stand.end()
    stop_file(stand).unlink()
    assert await stand.start() is HALTED
    await stand.end()


async def test_a_way_out_after_every_attack(stand: Stand) -> None:
    """Stopped is not locked in: password, phrase and clean books open it, and the records agree again."""
    await lived(stand)
    stand.put_back("backup", "stop file")
    assert await stand.start() is HALTED
    assert await stand.leave() is TradingState.DISABLED
    await stand.end()
    assert await stand.start() is TradingState.DISABLED
    await stand.end()


async def test_wrong_passwords_open_nothing_and_wait_ever_longer_over_restarts(stand: Stand) -> None:
    await lived(stand)
    await stand.start()
    await stand.halt()
    for number in range(6):
        stand.play.now += timedelta(seconds=2**number + 1)
        assert await stand.leave("a wrong password") is HALTED
    assert stand.play.core.switch.tries == 6
    assert await stand.leave() is HALTED, "the right one too soon"
    await stand.die()
    assert await stand.start() is HALTED and stand.play.core.switch.tries == 6
    assert await stand.leave() is HALTED, "a restart begins the pause anew"
    stand.play.now += timedelta(seconds=64)
    await stand.end()


async def test_an_old_password_file_opens_nothing(stand: Stand) -> None:
    await lived(stand)
    await stand.start()
    await stand.halt()
    (stand.folder / PASSWORD_FILE).write_text("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA")
    assert await stand.leave() is HALTED
    (stand.folder / PASSWORD_FILE).unlink()
    stand.play.now += timedelta(seconds=10)
    assert await stand.leave() is HALTED, "and without one no new one is taken"
    await stand.end()


async def test_a_crash_between_any_two_records_of_a_trip_or_a_release_starts_halted(stand: Stand) -> None:
    """kill -9 after the journal, after the stop file, after the keyring; the parts come from before."""
    await lived(stand)
    for step, parts in enumerate((("stop file", "keyring"), ("keyring",), ("database", "keyring"), ("database",))):
        stand.copy(f"armed-{step}")
        await stand.start()
        await stand.halt()
        await stand.die()
        stand.copy(f"halted-{step}")
        stand.put_back(f"armed-{step}", *parts)
        assert await stand.start() is HALTED, f"died in the trip, {parts} not written"
        await stand.die()
        stand.put_back(f"halted-{step}", "database", "stop file", "keyring")
        await stand.start()
        stand.play.now += timedelta(hours=1)
        assert await stand.leave() is TradingState.DISABLED
        await stand.die()
        stand.copy(f"released-{step}")
        stand.put_back(f"halted-{step}", *parts)
        assert await stand.start() is HALTED, f"died in the release, {parts} not written"
        await stand.die()
        stand.put_back(f"released-{step}", "database", "stop file", "keyring")


NEW = "another password"


async def test_after_a_change_the_new_password_opens_and_the_old_one_does_not(stand: Stand) -> None:
    await lived(stand)
    await stand.start()
    await stand.change(PASSWORD, NEW)
    await stand.halt()
    assert await stand.leave(PASSWORD) is HALTED
    stand.play.now += timedelta(seconds=10)
    assert await stand.leave(NEW) is TradingState.DISABLED
    await stand.end()
    assert await stand.start() is TradingState.DISABLED
    await stand.end()


@pytest.mark.parametrize(
    ("parts", "opens"),
    [
        (("database", "stop file", "keyring"), PASSWORD),
        (("stop file", "keyring"), NEW),
        (("keyring",), NEW),
        ((), NEW),
    ],
    ids=["hash only", "journal too", "stop file too", "all"],
)
async def test_a_crash_between_any_two_records_of_a_change_loses_no_way_out(
    stand: Stand, parts: tuple[str, ...], opens: str
) -> None:
    """kill -9 after the hash, the journal, the stop file, the keyring: one of the two opens, and only one."""
    await lived(stand)
    await stand.start()
    await stand.halt()
    await stand.die()
    stand.copy("before")
    await stand.start()
    await stand.change(PASSWORD, NEW)
    await stand.die()
    stand.put_back("before", *parts)
    assert await stand.start() is HALTED
    assert await stand.leave(NEW if opens is PASSWORD else PASSWORD) is HALTED
    stand.play.now += timedelta(hours=1)
    assert await stand.leave(opens) is TradingState.DISABLED
    await stand.die()


async def test_the_old_hash_put_in_place_of_the_new_one_opens_nothing(stand: Stand) -> None:
    await lived(stand)
    await stand.start()
    old = (stand.folder / PASSWORD_FILE).read_bytes()
    await stand.change(PASSWORD, NEW)
    await stand.halt()
    for file in stand.folder.glob(f"{PASSWORD_FILE}*"):
        file.write_bytes(old)
    assert await stand.leave(PASSWORD) is HALTED
    stand.play.now += timedelta(seconds=10)
    assert await stand.leave(NEW) is HALTED
    await stand.end()


async def test_a_crash_in_the_very_first_start_is_no_attack(stand: Stand) -> None:
    await stand.start()
    await stand.die()
    stand.copy("first")
    for missing in (("keyring",), ("database",)):
        stand.put_back("first", "database", "stop file", "keyring")
        birth = KillMark(0, False, "first start", START, 1, keyring=True)
        stand.stop_file.write_now(birth)
        if "database" in missing:
            delete_database(stand)
        stand.keyring.path.unlink()
        state = await stand.start()
        assert state is not HALTED or "database" not in missing
        await stand.die()


async def test_two_trips_at_once_are_one_halt(stand: Stand) -> None:
    """The terminal, and gwanje-kill beside it, in the same moment."""
    await lived(stand)
    await stand.start()
    stand.play >> SetTradingState(HALTED, "a person")
    marks = [item.mark for item in stand.play.news if isinstance(item, KillMarked)]
    tripped, trouble = await trip(stand.folder, "gwanje-kill", stand.play.now, stand.ring)
    await stand.write()
    assert trouble == [] and marks[0].halted and tripped.halted
    await stand.die()
    assert await stand.start() is HALTED
    await stand.end()


async def test_a_folder_that_cannot_be_written_starts_halted(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission denied on the very first start: a switch that cannot be kept counts as tripped."""

    def denied(*_: object) -> None:
        raise StorageError("permission denied")

    monkeypatch.setattr("app.adapters.files.stop_file.StopFile.write_now", denied)
    assert await stand.start() is HALTED
    assert any("permission denied" in str(words) for words in stand.told)
    await stand.end()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
async def test_a_stop_file_nobody_may_read_is_unreadable(stand: Stand) -> None:
    await lived(stand)
    stop_file(stand).chmod(0)
    assert await stand.start() is HALTED
    await stand.end()
