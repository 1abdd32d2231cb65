"""Parts that stand still are told within a second of their limit; a computer that slept is nobody's fault."""

from datetime import timedelta

from app.domain.commands import SetTradingState
from app.domain.heartbeat import LoopStarved, TaskBeat, TasksBeat, TasksMarked
from app.domain.messages import AlertRaised, TradingStateChanged
from app.domain.values import TradingState
from tests.unit.engine.playbook import XRP, Playbook, did, nothing, price, seconds

REDUCING = TradingState.REDUCING


def beats(play: Playbook, name: str = "journal-writer", due_s: float = 5.0) -> TasksBeat:
    return TasksBeat((TaskBeat(name, play.now, due_s),))


def test_a_part_that_stands_still_means_safe_mode_and_an_alert_within_a_second() -> None:
    play = Playbook().ready()
    play >> beats(play) >> seconds(5) << nothing(AlertRaised)
    play >> seconds(1) << did(AlertRaised, key="task_hung", critical=True) << did(TradingStateChanged, after=REDUCING)
    told = [item for item in play.history if isinstance(item, AlertRaised)]
    assert told[-1].detail.startswith("journal-writer: no sign of life for 5.")


def test_it_is_told_once_and_again_after_it_came_back() -> None:
    play = Playbook().ready()
    play >> beats(play) >> seconds(6) << did(AlertRaised)
    play >> seconds(60) << nothing(AlertRaised)
    play >> beats(play) >> seconds(4) << nothing(AlertRaised)
    play >> SetTradingState(TradingState.ENABLED, "a person") << did(TradingStateChanged)
    play >> seconds(2) << did(AlertRaised, key="task_hung") << did(TradingStateChanged, after=REDUCING)


def test_a_part_that_rests_owes_nothing() -> None:
    play = Playbook().ready()
    play >> beats(play) >> seconds(2) >> TasksBeat(()) >> seconds(60) << nothing(AlertRaised)


def test_the_same_beat_told_again_is_no_new_one() -> None:
    play = Playbook().ready()
    old = beats(play)
    for _ in range(5):
        play >> old >> seconds(1)
    play >> old >> seconds(1) << did(AlertRaised, key="task_hung")


def test_a_computer_that_slept_or_a_loop_that_stood_is_not_the_parts_fault() -> None:
    play = Playbook().ready()
    play >> seconds(0.1) >> beats(play)
    play.now += timedelta(hours=8)
    play >> seconds(0.1) << nothing(AlertRaised, key="task_hung")
    play >> seconds(2) << nothing(AlertRaised, key="task_hung")
    play >> seconds(5) << did(AlertRaised, key="task_hung")


def test_a_beat_the_engine_hears_of_only_after_the_sleep_counts_from_then() -> None:
    """Seed 50: a call began right before the computer slept, and was told as hung for twelve minutes."""
    play = Playbook().ready()
    play >> seconds(0.1)
    begun = beats(play)
    play.now += timedelta(hours=8)
    play >> seconds(0.1) >> begun >> seconds(4.5) << nothing(AlertRaised, key="task_hung")
    play >> seconds(1) << did(AlertRaised, key="task_hung")


def test_what_beat_while_the_computer_was_awake_again_counts_from_there() -> None:
    play = Playbook().ready()
    play >> seconds(0.1)
    play.now += timedelta(hours=8)
    play >> beats(play) >> seconds(0.1) >> beats(play) >> seconds(4.5) << nothing(AlertRaised, key="task_hung")
    play >> seconds(1) << did(AlertRaised, key="task_hung")


def test_a_loop_that_stood_still_is_told_on_its_next_turn() -> None:
    play = Playbook().ready()
    play >> LoopStarved(1.2) << did(AlertRaised, key="loop_starved", critical=True)
    play << did(TradingStateChanged, after=REDUCING)


def test_where_nothing_adds_risk_the_state_stays_as_it_is() -> None:
    play = Playbook().ready(TradingState.DISABLED)
    play >> LoopStarved(1.2) << did(AlertRaised) << nothing(TradingStateChanged)
    assert play.core.switch.state is TradingState.DISABLED


def test_the_screen_is_told_the_ages_the_overdue_first() -> None:
    play = Playbook().ready()
    play >> TasksBeat((TaskBeat("a", play.now, 60.0), TaskBeat("b", play.now, 1.0))) >> price(XRP, 1000) >> seconds(3)
    shown = [item for item in play.news if isinstance(item, TasksMarked)][-1]
    assert [(task.name, task.is_overdue) for task in shown.tasks] == [("b", True), ("a", False)]
    assert 2 <= shown.tasks[0].age_s <= 3
