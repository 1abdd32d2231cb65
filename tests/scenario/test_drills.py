"""The card of the emergency control against real drills: a few of the hundreds that ``tests.bench.drills`` runs."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine import emergency_forecast
from tests.bench.drills import Case, cases, drill, holds, make_template, report


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refused sales are what is wanted here, and each is a warning."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(before)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    make_template(tmp_path)
    return tmp_path


@pytest.mark.timeout(1200)  # a second each on a quiet machine
def test_the_card_keeps_what_it_says(template: Path) -> None:
    found = [drill(case, template) for case in cases(20, 7)]
    said = report(found, 0.0)
    assert said["ended"] == 20 and said["flagged"], "drills that flag nothing prove nothing"
    assert holds(said), said


def test_a_card_that_promises_too_much_is_caught(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emergency_forecast, "READING_GAP_S", 0.1)
    found = drill(Case(3, 2, recorded=False, way_s=0.004), template)
    assert not holds(report([found], 0.0))
