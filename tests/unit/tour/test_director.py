"""What the director accepts, and when it calls a tour a success."""

from pathlib import Path

import pytest

from app.adapters.files.blueprint_files import read_blueprint
from app.domain.errors import InvalidInputError
from app.engine.rule_language import rule_problems
from app.tour.director import RESTING_BLUEPRINT, Summary, TourOptions, _complete, run_tour


def good() -> Summary:
    return Summary(
        states_seen=["pending", "active", "closing", "closed"],
        orders=3,
        fills=3,
        flat_proof={"flat": True},
        actual_s=2.0,
        restart_recovered=True,
    )


def test_a_tour_in_which_everything_held_is_complete() -> None:
    assert _complete(good())


@pytest.mark.parametrize(
    "change",
    [
        {"states_seen": ["pending", "active", "closed"]},
        {"duplicates": 1},
        {"flat_proof": {"flat": False}},
        {"flat_proof": {}},
        {"restart_recovered": False},
        {"actual_s": None},
        {"depth_disagreements": ["x"]},
        {"orders": 0},
        {"fills": 0},
    ],
)
def test_one_thing_missing_fails_the_tour_and_is_named(change: dict[str, object]) -> None:
    summary = good()
    for name, value in change.items():
        setattr(summary, name, value)
    assert not _complete(summary)
    assert len(summary.failures) == 1


async def test_a_missing_recording_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no such file"):
        await run_tour(TourOptions(tmp_path / "out", replay=tmp_path / "nothing.csv.gz"))
    assert not (tmp_path / "out").exists()


async def test_an_earlier_tour_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()
    with pytest.raises(InvalidInputError, match="earlier tour"):
        await run_tour(TourOptions(tmp_path))


def test_the_tours_own_blueprint_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "tour-resting.toml"
    path.write_text(RESTING_BLUEPRINT, encoding="utf-8")
    assert rule_problems(read_blueprint(path)) == []
