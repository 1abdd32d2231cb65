"""What closing leaves behind is named, position by position; nothing is asked when nothing is left."""

from pathlib import Path

from app.ui.closing import (
    MOST_LINES,
    asks_before_closing,
    closing_question,
    entries_at_work,
    halt_question,
    unprotected,
)
from app.ui.read_model import ReadModel
from tests.ui.screen_story import Story


def told(tmp_path: Path) -> ReadModel:
    model, story = ReadModel(), Story(tmp_path)
    story.bus.subscribe(model.apply)
    story.tell_all()
    return model


def test_an_empty_account_is_closed_without_a_question() -> None:
    assert not asks_before_closing(ReadModel())
    assert "without protection" in closing_question(ReadModel()).words


def test_every_position_that_goes_unprotected_has_its_line(tmp_path: Path) -> None:
    model = told(tmp_path)
    lines = unprotected(model)
    held = [p.market.symbol for p in model.live_positions() if p.quantity > 0]
    assert [line.split(":")[0] for line in lines] == held and len(lines) <= MOST_LINES
    assert any("only while this program runs" in line for line in lines)
    assert any("rests in sales at the venue" in line for line in lines)
    question = closing_question(model)
    assert question.lines == tuple(lines) and str(entries_at_work(model)) in question.note


def test_a_halt_says_what_it_does_not_do() -> None:
    assert "nothing is sold" in halt_question().words
