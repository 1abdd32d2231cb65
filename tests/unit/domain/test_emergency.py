from dataclasses import replace

import pytest

from app.domain.emergency import LiquidationRun, LiquidationStage
from tests.unit.domain.samples import LATER, NOW

run = LiquidationRun("r-1", LiquidationStage.CANCELLING, (), NOW, predicted_s=2.5)


@pytest.mark.parametrize("stage", LiquidationStage)
def test_a_run_is_over_only_when_flat_or_when_a_person_must_look(stage: LiquidationStage) -> None:
    assert stage.is_over == (stage in (LiquidationStage.FLAT, LiquidationStage.DONE, LiquidationStage.ATTENTION))


def test_the_actual_time_is_unknown_while_it_runs() -> None:
    assert run.actual_s is None


def test_the_actual_time_is_from_press_to_proof() -> None:
    assert replace(run, stage=LiquidationStage.FLAT, ended_at=LATER).actual_s == 1.0
