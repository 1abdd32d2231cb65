"""Commands from outside: from whom, how old, how often, and never anything that raises risk."""

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from app.domain.alert import RemoteCommand, RemoteMessage, ReplyKey
from app.domain.commands import COMMANDS, LiquidateAll, SetTradingState
from app.domain.messages import AlertRaised, EngineStarted, TradingStateChanged
from app.domain.values import TradingState
from app.engine import remote_desk as module
from app.engine.remote_desk import CODE_VALID, MOST_STRANGERS, OLDEST, RemoteDesk, RemoteStep
from tests.unit.engine.alert_stage import CHAT, USER, remote_desk, wrote
from tests.unit.engine.playbook import START

E, D, R, H = TradingState.ENABLED, TradingState.DISABLED, TradingState.REDUCING, TradingState.HALTED


def take(desk: RemoteDesk, message: RemoteMessage, seconds: float = 0) -> RemoteStep:
    return desk.take(message, 0, START + timedelta(seconds=seconds))


def test_pause_turns_entries_off() -> None:
    step = take(remote_desk(), wrote("/pause"))
    assert step.commands == (SetTradingState(D, "paused from outside"),)
    assert step.taken is not None and step.taken.command is RemoteCommand.PAUSE
    assert step.reply is not None and step.reply.key is ReplyKey.PAUSED


@pytest.mark.parametrize("state", [D, R, H])
def test_pause_changes_nothing_that_is_off_already(state: TradingState) -> None:
    step = take(remote_desk(state), wrote("pause"))
    assert step.commands == () and step.reply is not None and step.reply.key is ReplyKey.ALREADY_OFF


def test_kill_blocks_entries_at_once_and_sells_after_the_code() -> None:
    desk = remote_desk()
    first = take(desk, wrote("/kill@gwanje_bot", 1))
    assert first.commands == (SetTradingState(R, "kill asked for from outside"),)
    assert first.reply is not None and first.reply.figures == ("123456",)
    second = take(desk, wrote("123456", 2), 59)
    assert second.commands == (LiquidateAll("command-1"),)
    assert second.taken is not None and second.taken.outcome == "killed"
    assert take(desk, wrote("123456", 3), 59).commands == (), "a code works once"


def test_kill_and_code_in_one_message_works_as_the_second_step() -> None:
    desk = remote_desk()
    take(desk, wrote("kill", 1))
    assert take(desk, wrote("kill 123456", 2)).commands == (LiquidateAll("command-1"),)


def test_a_wrong_code_costs_the_code() -> None:
    desk = remote_desk()
    take(desk, wrote("kill", 1))
    wrong = take(desk, wrote("999999", 2))
    assert wrong.commands == () and wrong.reply is not None and wrong.reply.key is ReplyKey.WRONG_CODE
    assert take(desk, wrote("123456", 3)).commands == ()


def test_a_code_is_good_for_a_minute_and_for_its_asker() -> None:
    desk = remote_desk()
    desk.allowed = module.Allowed(CHAT, frozenset({USER, 8}))
    late = CODE_VALID + timedelta(seconds=1)
    take(desk, wrote("kill", 1))
    assert take(desk, wrote("123456", 2, START + late), late.total_seconds()).commands == ()
    take(desk, wrote("kill", 3))
    assert take(desk, wrote("123456", 4, user_id=8)).commands == ()


def test_a_code_without_a_kill_does_nothing() -> None:
    assert take(remote_desk(), wrote("123456")).commands == ()


@pytest.mark.parametrize("changes", [{"user_id": 666}, {"chat_id": 666}, {"user_id": 666, "chat_id": 666}])
def test_strangers_are_ignored_and_told_of_once(changes: dict[str, int]) -> None:
    desk = remote_desk()
    step = take(desk, wrote("/kill", 1, **changes))
    assert step == RemoteStep(alert=AlertRaised("remote_stranger", f"user id {changes.get('user_id', USER)}"))
    assert take(desk, wrote("/kill", 2, **changes)) == RemoteStep()


def test_what_nobody_wrote_is_no_attempt() -> None:
    assert take(remote_desk(), wrote("/kill", user_id=0, chat_id=0)) == RemoteStep()


def test_a_flood_of_strangers_is_told_of_so_often_and_no_more() -> None:
    desk = remote_desk()
    steps = [take(desk, wrote("/kill", n, user_id=10_000 + n)) for n in range(10_000)]
    assert sum(step.alert is not None for step in steps) == MOST_STRANGERS
    assert not any(step.commands or step.reply or step.taken for step in steps)


def test_nobody_may_command_while_nobody_is_allowed() -> None:
    desk = RemoteDesk(module.Allowed(), lambda: "123456", lambda: "c")
    assert take(desk, wrote("/kill", chat_id=0, user_id=0)).commands == ()


@pytest.mark.parametrize("seconds", [OLDEST.total_seconds() + 1, -OLDEST.total_seconds() - 1, 86_400])
def test_what_is_old_or_from_the_future_is_ignored(seconds: float) -> None:
    assert take(remote_desk(), wrote("/kill"), seconds) == RemoteStep()


def test_edited_forwarded_and_group_messages_are_ignored() -> None:
    assert take(remote_desk(), wrote("/kill", is_plain=False)) == RemoteStep()


def test_the_same_update_acts_once_over_a_restart_too() -> None:
    desk = remote_desk()
    assert take(desk, wrote("/pause", 5)).commands
    assert take(desk, wrote("/pause", 5)) == RemoteStep()
    after = remote_desk()
    after.restore((5,), E)
    assert take(after, wrote("/pause", 5)) == RemoteStep()
    assert take(after, wrote("/pause", 4)).commands, "ids may begin anew at any number"


def test_status_says_what_is_known() -> None:
    desk = remote_desk()
    desk.follow(EngineStarted(1, "practice", clean=True))
    desk.follow(TradingStateChanged(E, R, "x"))
    step = desk.take(wrote("status"), 3, START)
    assert step.reply is not None and step.reply.status is not None
    assert (step.reply.status.mode, step.reply.status.trading_state) == ("practice", "reducing")
    assert step.reply.status.open_notices == 3 and step.reply.status.equity is None


def test_acknowledging_from_outside() -> None:
    assert take(remote_desk(), wrote("/ack")).acknowledges


WORDS = (
    *[command.value for command in RemoteCommand],
    *[kind.__name__ for kind in COMMANDS],
    *[state.value for state in TradingState],
    "start", "enable", "resume", "buy", "sell", "unpause", "go", "on", "unlock", "reset", "limits", "123456", "",
)  # fmt: skip


@pytest.mark.parametrize(("word", "state"), list(product(WORDS, TradingState)))
def test_no_message_whatever_can_raise_risk(word: str, state: TradingState) -> None:
    desk = remote_desk(state)
    take(desk, wrote("kill", 1))
    for number, text in enumerate((word, f"/{word}", f"{word} KRW-BTC 100", f"kill {word}", f"pause {word}"), 2):
        for command in take(desk, wrote(text, number)).commands:
            assert isinstance(command, SetTradingState | LiquidateAll)
            if isinstance(command, SetTradingState):
                assert command.state in (D, R) and not command.unlocked and state is E


def test_the_type_of_what_can_be_asked_names_two_commands_only() -> None:
    assert set(get_args(module.Reducing)) == {SetTradingState, LiquidateAll}
