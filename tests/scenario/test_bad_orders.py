"""Bad orders, through each door: refused with a reason in words, nothing sent, and the next good one passes."""

from collections.abc import AsyncIterator

import pytest

from tests.scenario.bad_commands import COMMANDS, Bad
from tests.scenario.order_desk_stage import OrderDeskStage
from tests.unit.engine.stage import settle


@pytest.fixture
async def stage() -> AsyncIterator[OrderDeskStage]:
    made = await OrderDeskStage().open()
    yield made
    await made.close()


@pytest.mark.parametrize("bad", COMMANDS, ids=lambda bad: bad.name)
async def test_a_bad_command_is_refused_and_nothing_leaves(stage: OrderDeskStage, bad: Bad) -> None:
    bad.scene(stage)
    await settle()
    stage.forget()
    stage.post(bad.command)
    assert [refusal.reason for refusal in stage.refusals] == [bad.reason], stage.heard
    assert stage.refusals[0].detail
    await stage.assert_nothing_left()
    await stage.assert_still_works()
