"""From the typed password to the verdict: what is asked when, and that the password itself enters no message."""

from dataclasses import dataclass, field

from app.domain.commands import SetTradingState
from app.domain.errors import InvalidInputError
from app.domain.kill import UNLOCK_PHRASES, AskUnlock, PasswordChecked, SetKillPassword
from app.domain.messages import Message
from app.domain.refusal import RefusalReason
from app.domain.values import TradingState
from app.engine.unlocker import Unlocker
from tests.unit.engine.playbook import Playbook, seconds
from tests.unit.engine.stage import GatedJournal, StillClock

PASSWORD, PHRASE = "the right password", UNLOCK_PHRASES["en"]


@dataclass
class Vault:
    refuses: str = ""
    checked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    async def set(self, password: str, keep: str = "") -> str:
        if self.refuses:
            raise InvalidInputError(self.refuses)
        self.kept.append(keep)
        return f"fingerprint{' of ' + password if keep else ''}"

    async def check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        self.checked.append(fingerprint)
        return password == PASSWORD, ""


@dataclass
class Door:
    play: Playbook = field(default_factory=lambda: Playbook().ready())
    journal: GatedJournal = field(default_factory=GatedJournal)
    vault: Vault = field(default_factory=Vault)
    posted: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.play >> SetTradingState(TradingState.HALTED, "a person")
        core, self.clock = self.play.core, StillClock(self.play.now)
        self.unlocker = Unlocker(self.post, core.switch, core.kill, self.journal, self.vault, self.clock)

    def post(self, message: Message) -> None:
        self.posted.append(message)
        self.play >> message

    @property
    def state(self) -> TradingState:
        return self.play.core.switch.state


async def test_the_first_password_then_the_way_out() -> None:
    door = Door()
    assert not door.unlocker.has_password and door.unlocker.obstacle() is None and door.unlocker.wait_s() == 0
    assert await door.unlocker.set_password(PASSWORD) == ""
    assert door.unlocker.has_password
    await door.unlocker.leave_halt(PASSWORD, PHRASE)
    assert door.state is TradingState.DISABLED and door.vault.checked == ["fingerprint"]
    kinds = [type(message) for message in door.posted]
    assert kinds == [SetKillPassword, AskUnlock, PasswordChecked]
    assert not any(PASSWORD in repr(message) for message in door.posted)


async def test_a_second_password_is_not_even_hashed() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    assert "already" in await door.unlocker.set_password("another password")
    assert len(door.posted) == 1


async def test_a_password_that_is_not_taken_is_told() -> None:
    door = Door(vault=Vault(refuses="too short"))
    assert await door.unlocker.set_password("x") == "too short" and door.posted == []


async def test_a_wrong_one_costs_a_pause() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    await door.unlocker.leave_halt("wrong", PHRASE)
    assert door.state is TradingState.HALTED and door.unlocker.wait_s() == 2


async def test_a_refused_attempt_looks_at_no_password() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    await door.unlocker.leave_halt(PASSWORD, "please")
    assert door.vault.checked == [] and door.state is TradingState.HALTED


async def test_an_attempt_that_cannot_be_written_down_opens_nothing() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    door.journal.broken = True
    await door.unlocker.leave_halt(PASSWORD, PHRASE)
    assert door.vault.checked == [] and door.state is TradingState.HALTED


# ---- another password -----------------------------------------------------------------------------------------------


async def test_the_present_password_changes_it_to_another() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    assert await door.unlocker.change_password(PASSWORD, "another password") == ""
    assert door.vault.kept == ["", "fingerprint"], "the present hash stays while the mark names it"
    await door.unlocker.leave_halt(PASSWORD, PHRASE)
    assert door.vault.checked == ["fingerprint", "fingerprint of another password"]
    assert door.state is TradingState.DISABLED
    assert not any(PASSWORD in repr(message) for message in door.posted)


async def test_a_change_while_trading_goes_on_halts_nothing() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    await door.unlocker.leave_halt(PASSWORD, PHRASE)
    mark = door.play.core.switch.mark
    await door.unlocker.change_password(PASSWORD, "another password")
    changed = door.play.core.switch.mark
    assert mark is not None and changed is not None and door.state is TradingState.DISABLED
    assert (changed.epoch, changed.halted, changed.since) == (mark.epoch + 1, False, mark.since)


async def test_a_wrong_present_password_changes_nothing_and_costs_the_same_pause() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    await door.unlocker.change_password("wrong", "another password")
    assert door.unlocker.wait_s() == 2
    await door.unlocker.change_password(PASSWORD, "another password")  # too soon: it is not even looked at
    assert door.vault.checked == ["fingerprint"]
    door.play >> seconds(3)
    await door.unlocker.leave_halt(PASSWORD, PHRASE)
    assert door.vault.checked == ["fingerprint"] * 2 and door.state is TradingState.DISABLED


async def test_a_change_that_cannot_be_written_down_changes_nothing() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    door.journal.broken = True
    await door.unlocker.change_password(PASSWORD, "another password")
    mark = door.play.core.switch.mark
    assert door.vault.checked == [] and mark is not None and mark.password == "fingerprint"
    assert door.vault.kept == [""], "no hash is written over while the mark on disk may name it"


async def test_there_is_nothing_to_change_before_the_first_one() -> None:
    door = Door()
    assert "first" in await door.unlocker.change_password(PASSWORD, "another password")
    assert door.vault.kept == [] and door.posted == []


async def test_a_new_password_that_is_too_short_is_told_and_costs_no_attempt() -> None:
    door = Door()
    await door.unlocker.set_password(PASSWORD)
    door.vault.refuses = "too short"
    assert await door.unlocker.change_password(PASSWORD, "x") == "too short"
    assert door.unlocker.wait_s() == 0


async def test_what_is_in_the_way_is_known_beforehand() -> None:
    door = Door()
    door.play >> door.play.account(door.play.foreign(next(iter(door.play.core.board.books)), "phone"))
    obstacle = door.unlocker.obstacle()
    assert obstacle is not None and obstacle.reason is RefusalReason.NOT_RECONCILED
