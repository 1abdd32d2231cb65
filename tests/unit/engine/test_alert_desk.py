"""Who is told what and when: repeats, quiet hours, reminders, restarts."""

from datetime import datetime, timedelta

import pytest

from app.domain.alert import AlertPolicy, ChannelName, NoticeChanged, QuietHours, Severity
from app.domain.emergency import LiquidationRun, LiquidationStage, Residue, ResidueKind
from app.domain.messages import AlertRaised, EngineStarted, Event, LiquidationChanged, StreamStateChanged
from app.domain.values import Market
from app.engine.alert_desk import CHANNEL_DOWN, MOST_OPEN, AlertDesk, Item
from tests.unit.engine.alert_stage import delivered
from tests.unit.engine.playbook import START

BAD = AlertRaised("rule_broken", "KRW-BTC: 3 of 5", critical=True)
MILD = AlertRaised("order_recovered", "KRW-XRP")
NIGHT = QuietHours(23 * 60, 7 * 60)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def desk_of(policy: AlertPolicy | None = None) -> AlertDesk:
    desk = AlertDesk(policy or AlertPolicy(), "n1")
    for channel in ChannelName:
        desk.join(channel, START)
    return desk


def channels(items: list[Item]) -> list[str]:
    return [name for name, _ in delivered(items)]


def test_a_critical_alert_goes_out_by_every_channel_and_is_written_down() -> None:
    items = desk_of().take(BAD, START)
    assert channels(items) == ["desktop", "telegram", "webhook"]
    assert [item.trigger for item in items if isinstance(item, NoticeChanged)] == ["raised"]


def test_what_is_mild_goes_where_somebody_asked_for_it_and_is_not_written_down() -> None:
    items = desk_of().take(EngineStarted(1, "practice", clean=True), START)
    assert channels(items) == ["telegram", "webhook"]
    assert not [item for item in items if isinstance(item, NoticeChanged)]


def test_repeats_within_the_window_are_counted_and_told_once_at_its_end() -> None:
    desk = desk_of()
    assert channels(desk.take(MILD, START))
    for number in range(1, 8):
        assert desk.take(AlertRaised("order_recovered", "KRW-XRP"), after(number)) == []
    assert desk.on_time(after(59)) == []
    told = delivered(desk.on_time(after(61)))
    assert {notice.count for _, notice in told} == {8}
    assert desk.on_time(after(62)) == []


def test_the_same_but_for_its_figures_is_the_same() -> None:
    desk = desk_of()
    desk.take(StreamStateChanged("upbit", "public", up=False), START)
    assert desk.take(AlertRaised("limit_near_daily_loss", "800 / 1,000"), START)
    assert desk.take(AlertRaised("limit_near_daily_loss", "815.5 / 1,000"), after(1)) == []
    assert desk.take(AlertRaised("exit_keeps_failing", "KRW-BTC: no"), START)
    assert desk.take(AlertRaised("exit_keeps_failing", "KRW-XRP: no"), START), "another market is another matter"


def test_a_mild_alert_that_turns_critical_is_told_at_once() -> None:
    desk = desk_of()
    desk.take(AlertRaised("holding_missing", "BTC"), START)
    assert len(channels(desk.take(AlertRaised("holding_missing", "BTC", critical=True), after(1)))) == 3


def test_a_critical_notice_comes_again_until_somebody_acknowledges_it() -> None:
    desk = desk_of()
    desk.take(BAD, START)
    assert desk.on_time(after(299)) == []
    for number in (1, 2, 3):
        items = desk.on_time(after(300 * number))
        assert channels(items) == ["desktop", "telegram", "webhook"]
        assert delivered(items)[0][1].reminders == number
    (notice_id,) = desk.open
    (closed,) = desk.acknowledge(notice_id, "screen", after(1000))
    assert isinstance(closed, NoticeChanged)
    assert (closed.notice.acknowledged_by, closed.notice.is_open) == ("screen", False)
    assert desk.on_time(after(5000)) == []
    assert desk.acknowledge(notice_id, "again", after(5001)) == [], "once is enough"


def test_what_was_acknowledged_is_news_when_it_happens_again() -> None:
    desk = desk_of()
    desk.take(BAD, START)
    desk.acknowledge(None, "screen", after(1))
    assert len(channels(desk.take(BAD, after(2)))) == 3


def test_an_open_notice_is_not_opened_twice_however_late_it_repeats() -> None:
    desk = desk_of()
    desk.take(BAD, START)
    for number in range(50):
        desk.take(BAD, after(200 * number))
        desk.on_time(after(200 * number))
    assert len(desk.open) == 1


def test_open_notices_survive_a_restart_and_are_told_again_at_once() -> None:
    first = desk_of()
    first.take(BAD, START)
    second = AlertDesk(AlertPolicy(), "n2")
    second.restore(first.open.values(), None)
    assert channels(second.join(ChannelName.TELEGRAM, after(10))) == ["telegram"]
    assert channels(second.on_time(after(11))) == ["telegram"]
    assert second.on_time(after(12)) == []
    assert channels(second.on_time(after(311))) == ["telegram"]


def test_a_repeat_after_the_restart_is_the_same_notice() -> None:
    first = desk_of()
    first.take(BAD, START)
    second = AlertDesk(AlertPolicy(), "n2")
    second.restore(first.open.values(), None)
    second.take(BAD, after(1000))
    assert list(second.open) == list(first.open)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (MILD, False),
        (BAD, True),
        (LiquidationChanged(LiquidationRun("run-1", LiquidationStage.CANCELLING, (), START, 1.0)), True),
    ],
)
def test_quiet_hours_hold_back_what_can_wait(event: Event, told: bool) -> None:
    desk = desk_of(AlertPolicy(quiet=NIGHT))
    midnight = START.replace(hour=15, minute=0)  # 00:00 KST
    assert bool(delivered(desk.take(event, midnight))) is told


def test_quiet_hours_are_over_in_the_morning() -> None:
    assert NIGHT.covers(START.replace(hour=21, minute=59)) and not NIGHT.covers(START.replace(hour=22, minute=0))
    assert not QuietHours().covers(START)


def test_every_stage_of_an_emergency_is_told_once_and_flat_does_not_ask_for_a_click() -> None:
    desk = desk_of()
    run = LiquidationRun("run-1", LiquidationStage.CANCELLING, (), START, 1.0)
    stages = (LiquidationStage.CANCELLING, LiquidationStage.SELLING, LiquidationStage.SELLING, LiquidationStage.FLAT)
    told = []
    for stage in stages:
        ended = START if stage is LiquidationStage.FLAT else None
        run = LiquidationRun("run-1", stage, (), START, 1.0, ended_at=ended)
        told += [notice.key for _, notice in delivered(desk.take(LiquidationChanged(run), START))]
    assert told == [f"emergency_{s}" for s in ("cancelling", "selling", "flat") for _ in range(3)]
    assert not desk.open


def test_an_end_with_residues_stays_open_and_names_them() -> None:
    desk = desk_of()
    left = (Residue(ResidueKind.HALTED, Market("upbit", "KRW-BTC")),)
    run = LiquidationRun("run-1", LiquidationStage.ATTENTION, (), START, 1.0, left=left)
    items = desk.take(LiquidationChanged(run), START)
    assert delivered(items)[0][1].left == left
    (notice,) = desk.open.values()
    assert notice.severity is Severity.CRITICAL


def test_a_dead_channel_is_told_of_on_the_others() -> None:
    items = desk_of().take(AlertRaised(f"{CHANNEL_DOWN}telegram", "no route"), START)
    assert channels(items) == ["desktop", "webhook"]


def test_a_storm_of_critical_alerts_stays_bounded_and_says_what_it_gave_up() -> None:
    desk = desk_of()
    given_up = []
    for number in range(MOST_OPEN + 5):
        items = desk.take(AlertRaised("rule_broken", "x" * number, critical=True), START)
        given_up += [i for i in items if isinstance(i, NoticeChanged) and i.trigger == "acknowledged"]
    assert len(desk.open) == MOST_OPEN and len(given_up) == 5


def test_a_channel_that_joins_late_hears_what_was_just_told() -> None:
    desk = AlertDesk(AlertPolicy(), "n1")
    desk.take(EngineStarted(1, "practice", clean=True), START)
    assert channels(desk.join(ChannelName.TELEGRAM, after(1))) == ["telegram"]
    assert desk.join(ChannelName.TELEGRAM, after(2)) == [], "built anew: nothing is told twice"
