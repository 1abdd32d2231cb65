"""What an act tells, and the names it looks for on the screen."""

import msgspec
import pytest

from app.adapters.files.blueprint_files import read_shelf
from app.bootstrap import RESOURCES
from app.tour.acts import AT_ONCE, HELD, KEPT, RESTING, WAITING, tell
from app.tour.director import RESTING_BLUEPRINT, Note


def test_a_note_is_one_line_the_director_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Note("emergency", number=1.5, number2=1.25))
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert msgspec.json.decode(line, type=Note) == Note("emergency", number=1.5, number2=1.25)


def test_the_blueprints_are_called_so_in_both_languages() -> None:
    ladder = next(b for b in read_shelf((RESOURCES / "blueprints",)).blueprints if b.id == "dca-ladder")
    assert (ladder.name.ko, ladder.name.en) == AT_ONCE
    assert all(name in RESTING_BLUEPRINT for name in WAITING)


def test_no_market_is_wanted_twice_at_a_time() -> None:
    assert len({*HELD, *RESTING}) == len(HELD) + len(RESTING)
    assert not {"KRW-LINK"} & set(KEPT)
