"""The button that never lies: 13 states of the program x 8 faults, judged by the exchange's own ledger.

In each cell, at every moment: the screen says done only when the ledger holds no order of ours and nothing we bought
beyond dust. While the fault lasts: flat, or every market with something left is named on the screen. After it: flat.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.emergency import LiquidationStage
from app.ui import wording
from tests.scenario.emergency_cells import FAULTS, STATES, Cell, Step, Verdict, order_unknown_here, run_cell, venue_down
from tests.simulation.runner import scratch
from tests.simulation.virtual_loop import run


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with scratch() as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("state", STATES, ids=lambda step: step.__name__)
def test_flat_or_a_truthful_named_residue(
    state: Step, fault: Step, folder: Path, qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(60)
    place = folder / f"{state.__name__}-{fault.__name__}"
    place.mkdir()

    async def story() -> Verdict:
        return await run_cell(Cell(place, folder / "template"), state, fault)

    verdict = run(story())
    silent = "" if fault.__name__ == "disk_full" else None
    assert verdict.lies == ()
    # Nobody can name what no reading has shown yet; the screen asks for attention because the venue does not answer.
    unseen = state is order_unknown_here and fault is venue_down
    assert verdict.unnamed == () or unseen, verdict
    assert verdict.named, verdict
    assert verdict.at_the_end in (wording.liquidation_stage(LiquidationStage.FLAT), silent), verdict
    assert verdict.left_at_the_end == (), verdict
