"""The service around the desks: channels that fail or hang, the journal, remote commands."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.domain.alert import ChannelName, NoticeChanged, RemoteTaken
from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.errors import ChannelError
from app.domain.messages import AlertRaised, EngineStopped
from app.engine import alert_service
from tests.unit.engine.alert_stage import AlertStage, Ear, Letterbox, wrote

BAD = AlertRaised("rule_broken", "KRW-BTC", critical=True)
MILD = AlertRaised("order_recovered", "KRW-XRP")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TICK_S", "FIRST_RETRY_S", "LONGEST_RETRY_S", "JOURNAL_PATIENCE_S", "LAST_WORDS_S"):
        monkeypatch.setattr(alert_service, name, 0.01)


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[AlertStage]:
    stage = AlertStage()
    stage.service.start()
    yield stage
    await stage.end()


async def test_an_event_goes_out_and_its_record_is_written_in_the_same_step(stage: AlertStage) -> None:
    ear = Ear()
    stage.service.use(ear)
    stage.bus.publish(BAD)
    assert [type(event) for event in stage.journal.events] == [NoticeChanged]
    await stage.settle()
    assert ear.keys == ["rule_broken"] and ear.heard[0].mode == "practice"


async def test_a_channel_that_hangs_holds_up_no_other(stage: AlertStage) -> None:
    dead, alive = Ear(ChannelName.TELEGRAM, hangs=True), Ear(ChannelName.WEBHOOK)
    stage.service.use(dead)
    stage.service.use(alive)
    for number in range(500):
        stage.bus.publish(AlertRaised("rule_broken", "x" * number, critical=True))
    await stage.settle(2000)
    assert len(alive.heard) >= 100 and not dead.heard


async def test_a_dead_channel_is_an_alert_on_the_others_once(stage: AlertStage) -> None:
    dead = Ear(ChannelName.TELEGRAM, errors=[ChannelError("no route") for _ in range(4)])
    alive = Ear(ChannelName.WEBHOOK)
    stage.service.use(dead)
    stage.service.use(alive)
    stage.bus.publish(BAD)
    await stage.settle()
    stage.clock.pass_(30)
    await asyncio.sleep(0.15)
    assert alive.keys == ["rule_broken", "channel_down_telegram", "channel_up_telegram"]
    assert "channel_down_telegram" not in dead.keys and "rule_broken" in dead.keys


async def test_what_is_refused_for_good_does_not_block_what_comes_after(stage: AlertStage) -> None:
    ear = Ear(errors=[ChannelError("bad text", is_final=True) for _ in range(alert_service.MOST_REFUSALS)])
    stage.service.use(ear)
    stage.bus.publish(MILD)
    await asyncio.sleep(0.1)
    stage.bus.publish(BAD)
    await stage.settle()
    assert "order_recovered" not in ear.keys and "rule_broken" in ear.keys


async def test_acknowledging_is_written_down(stage: AlertStage) -> None:
    stage.bus.publish(BAD)
    stage.service.acknowledge(None, "screen")
    last = stage.journal.events[-1]
    assert isinstance(last, NoticeChanged) and last.trigger == "acknowledged"
    assert not stage.desk.open


async def test_a_journal_that_failed_silences_nobody(stage: AlertStage) -> None:
    ear = Ear()
    stage.service.use(ear)
    stage.journal.fails = True
    stage.bus.publish(AlertRaised("journal_failed", "full", critical=True))
    await stage.settle()
    assert ear.keys == ["journal_failed"]


async def test_nothing_is_written_after_the_proper_end_but_it_is_told() -> None:
    stage = AlertStage()
    stage.service.start()
    ear = Ear()
    stage.service.use(ear)
    stage.bus.publish(EngineStopped(1))
    stage.bus.publish(BAD)
    await stage.end()
    assert stage.journal.events == [] and ear.closed
    assert sorted(ear.keys) == ["rule_broken", "stopped"]


async def test_a_remote_command_is_written_before_it_acts(stage: AlertStage) -> None:
    order: list[str] = []
    append = stage.journal.append
    stage.journal.append = lambda event, at: (order.append(type(event).__name__), append(event, at))[1]  # type: ignore[method-assign]
    stage.service._post = lambda command: order.append(type(command).__name__)
    box = Letterbox([wrote("/pause", 9)])
    stage.service.listen(box)
    await stage.settle()
    assert order == ["RemoteTaken", "SetTradingState"]
    assert box.answers == ["paused"] and box.asked == [None, 9]


@pytest.mark.parametrize("trouble", ["fails", "hangs"])
async def test_kill_works_without_the_disk(stage: AlertStage, trouble: str) -> None:
    setattr(stage.journal, trouble, True)
    box = Letterbox([wrote("kill", 1), wrote("123456", 2)])
    stage.service.listen(box)
    await asyncio.sleep(0.1)
    assert [type(command) for command in stage.posted] == [SetTradingState, LiquidateAll]


async def test_a_command_that_the_computer_slept_over_is_told_and_not_carried_out(stage: AlertStage) -> None:
    """Seed 3952: it came in time, the lid was closed while it was written down, and it acted minutes later."""
    ear = Ear()
    stage.service.use(ear)
    append = stage.journal.append

    def sleep_over(event: object, at: object) -> None:
        append(event, at)  # type: ignore[arg-type]
        if isinstance(event, RemoteTaken):
            stage.clock.pass_(140)

    stage.journal.append = sleep_over  # type: ignore[method-assign, assignment]
    box = Letterbox([wrote("/pause", 9)])
    stage.service.listen(box)
    await stage.settle()
    assert stage.posted == [] and box.answers == [] and ear.keys == ["remote_late"]


async def test_replayed_updates_act_once(stage: AlertStage) -> None:
    box = Letterbox([wrote("/pause", 1), wrote("/pause", 1), wrote("/pause", 1)])
    stage.service.listen(box)
    await stage.settle()
    assert len(stage.posted) == 1
    assert len([event for event in stage.journal.events if isinstance(event, RemoteTaken)]) == 1


async def test_an_unknown_sender_is_an_alert_and_gets_no_answer(stage: AlertStage) -> None:
    ear = Ear()
    stage.service.use(ear)
    box = Letterbox([wrote("/kill", 1, user_id=666)])
    stage.service.listen(box)
    await stage.settle()
    assert ear.keys == ["remote_stranger"] and box.answers == [] and stage.posted == []


async def test_the_alert_of_one_channel_is_checked_by_name(stage: AlertStage) -> None:
    stage.service.use(Ear())
    assert await stage.service.check(ChannelName.TELEGRAM) == "ear"
    with pytest.raises(ChannelError):
        await stage.service.check(ChannelName.WEBHOOK)
