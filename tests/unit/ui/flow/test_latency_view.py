"""Count and quantiles of every stage, as told."""

from pytestqt.qtbot import QtBot

from app.domain.latency import Stage, StageLatency
from app.ui.flow.latency_view import LatencyView, stage_name

ANSWER = StageLatency(Stage.ANSWER, 1420, 31.4, 88.0, 140.0, 2300.0, ((32.0, 1000), (48.0, 400), (64.0, 20)))


def test_every_stage_has_a_row_and_only_measured_ones_have_figures(qtbot: QtBot) -> None:
    view = LatencyView()
    qtbot.addWidget(view)
    assert {part.text() for row in view.figures.values() for part in row} == {"–"}
    view.show_latencies((ANSWER,))
    assert [part.text() for part in view.figures[Stage.ANSWER]] == ["1,420", "31 ms", "88 ms", "140 ms", "2.3 s"]
    assert [part.text() for part in view.figures[Stage.FILL]] == ["–"] * 5
    assert view.histograms[Stage.ANSWER].accessibleDescription() == "1,420 / 31 ms / 88 ms / 140 ms / 2.3 s"


def test_the_stages_have_names_of_their_own() -> None:
    assert len({stage_name(stage) for stage in Stage}) == len(Stage)
