"""Lines of a run: counted from orders and holdings, in whatever order they come. Stories: test_emergency_desk."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.emergency import EmergencyScope, LineState, LiquidationRun, LiquidationStage, ResidueKind
from app.domain.position import PositionState
from app.engine.emergency_lines import EmergencyLines, kind_of
from tests.unit.engine.playbook import START, XRP, Playbook

RUN = LiquidationRun("r", LiquidationStage.CANCELLING, (), START, 1.0, scopes=(EmergencyScope(),))


@pytest.fixture
def play() -> Playbook:
    play = Playbook().ready()
    play.holding(XRP)
    return play


def lines_of(play: Playbook) -> EmergencyLines:
    return EmergencyLines(play.core.board, play.core.tracker, play.core.positions)


def test_sales_before_the_press_do_not_count(play: Playbook) -> None:
    held = play.position(XRP)
    lines = lines_of(play)
    first = lines.new_line(held, 100)
    assert (first.wanted, first.sold, first.arrival) == (held.quantity, 0, Decimal("1000.5"))
    later = replace(first, sold_before=Decimal(7))
    assert lines.line(RUN, later).sold == 0  # never below nothing


def test_a_share_is_cut_to_the_step_of_the_venue(play: Playbook) -> None:
    held = play.position(XRP)
    play.core.positions.put(replace(held, quantity=Decimal("0.00000003")))
    assert lines_of(play).new_line(play.position(XRP), 50).wanted == Decimal("0.00000001")


def test_a_line_whose_position_is_history_is_over(play: Playbook) -> None:
    line = replace(lines_of(play).new_line(play.position(XRP), 100), position_id="gone")
    assert lines_of(play).line(RUN, line).state is LineState.SOLD


def test_dust_and_trouble_are_told_with_their_kind(play: Playbook) -> None:
    held, lines = play.position(XRP), lines_of(play)
    line = lines.new_line(held, 100)
    play.core.positions.put(replace(held, state=PositionState.CLOSED, dust=Decimal(2)))
    assert lines.line(RUN, line).why is ResidueKind.DUST
    play.core.positions.put(replace(held, state=PositionState.CLOSING, note="market_offline"))
    assert (lines.line(RUN, line).state, lines.line(RUN, line).why) == (LineState.STUCK, ResidueKind.HALTED)


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("timed_out: no answer", ResidueKind.UNREACHABLE),
        ("no_free_place: no free place in group 'order'", ResidueKind.RATE_LIMITED),
        ("cancelled", ResidueKind.NO_BUYERS),
        ("something new", ResidueKind.REFUSED),
    ],
)
def test_notes_mean_something(note: str, kind: ResidueKind) -> None:
    assert kind_of(note) is kind
