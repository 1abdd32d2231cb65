"""How far a sliced order is, what it cost, and what is wrong with a plan: in words of both languages."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.instruction import Condition, Instruction, InstructionState, sliced_draft
from app.domain.slicing import (
    ChasePolicy,
    ExecutionReport,
    ScheduledSlice,
    SliceAlgorithm,
    SlicePlan,
    SliceProgress,
    SlicingReported,
    plan_problems,
)
from app.domain.values import Side
from app.ui.languages import languages
from app.ui.slice_words import algorithm, algorithm_short, plan_problem, progress_text, progress_tip, report_text
from tests.unit.engine.playbook import START, XRP, market_rules

D = Decimal
PLAN = SlicePlan(SliceAlgorithm.TWAP, Side.SELL, D(100), 120, 12)
PROGRESS = SliceProgress(START, 1, tuple(ScheduledSlice(10.0 * k, D(8)) for k in range(12)), 3, filled_volume=D(27))
WORKS = Instruction(
    "i-1", "p", XRP, sliced_draft(PLAN), Condition(), InstructionState.WORKING, START, START,
    filled_volume=D(27), filled_funds=D(27_027), plan=PLAN, progress=PROGRESS,
)  # fmt: skip
REPORT = ExecutionReport(
    D(100), D(27), D(27_027), D(13), D(1000), 60.0, D(1001), D(27), D("10.04"), D(1000), D(27), D("-9.96"), None, None,
    None, None, None, None,
)  # fmt: skip


def test_progress_is_a_count_and_a_share(qtbot: QtBot) -> None:
    assert progress_text(WORKS) == "3/12 · 27%"
    assert progress_text(replace(WORKS, progress=replace(PROGRESS, schedule=()))) == "3 · 27%"
    assert progress_text(replace(WORKS, progress=None)) == ""


def test_the_tip_says_average_next_slice_and_end(qtbot: QtBot) -> None:
    now = START + timedelta(seconds=25)
    lines = progress_tip(WORKS, now).split("\n")
    assert lines == ["TWAP: evenly over the time", "Average price 1,001", "Next slice 12:00:30", "Ends 12:02:00"]
    paused = replace(WORKS, state=InstructionState.PAUSED, progress=PROGRESS.paused(now))
    assert "Ends" not in progress_tip(paused, now)
    assert progress_tip(replace(WORKS, plan=None), now) == ""


def test_the_report_names_its_benchmarks_in_basis_points(qtbot: QtBot) -> None:
    event = SlicingReported("i-1", "p", XRP, Side.SELL, SliceAlgorithm.TWAP, START, REPORT)
    words = "KRW-XRP: Sell by TWAP, 27.0000 of 100.0000 at 1,001 on average"
    assert report_text(event) == f"{words} (to arrival +10.0 bp, to VWAP \u221210.0 bp)"
    bare = replace(event, report=replace(REPORT, arrival_bps=None, vwap_bps=None))
    assert report_text(bare) == words


@pytest.mark.parametrize("language", ["ko", "en"])
def test_everything_that_can_be_wrong_has_words_of_its_own(qtbot: QtBot, language: str) -> None:
    wrong = [
        replace(PLAN, duration_s=0),
        replace(PLAN, slices=0),
        replace(PLAN, slices=50),
        replace(PLAN, slices=1, volume=D(10_000_000)),
        replace(PLAN, participation_cap=D(2)),
        replace(PLAN, algorithm=SliceAlgorithm.IS),
        replace(PLAN, algorithm=SliceAlgorithm.ICEBERG, display_volume=D(200), price_limit=D(1000)),
        replace(PLAN, algorithm=SliceAlgorithm.ICEBERG, display_volume=D(20)),
        replace(PLAN, volume=D(1)),
        replace(PLAN, randomisation=D(1)),
        replace(PLAN, chase=ChasePolicy(offset_ticks=200)),
        replace(PLAN, chase=ChasePolicy(rest_s=0)),
        replace(PLAN, chase=ChasePolicy(reprices=-1)),
        replace(PLAN, chase=ChasePolicy(rest_s=60)),
    ]
    before = languages().name
    languages().set(language)
    try:
        said = [
            plan_problem(plan_problems(plan, market_rules(XRP), D(1000))[0], plan, market_rules(XRP), D(1000))
            for plan in wrong
        ]
        names = [name(kind) for kind in SliceAlgorithm for name in (algorithm, algorithm_short)]
    finally:
        languages().set(before)
    assert len(set(said)) == len(wrong)
    assert all(words and "{" not in words for words in said + names)
    assert (language == "ko") == any("\uac00" <= letter <= "\ud7a3" for letter in "".join(said))
