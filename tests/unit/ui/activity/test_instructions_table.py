"""Live instructions first; the selection stays; buttons and keys only ask."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.instruction import (
    CancelInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    OrderDraft,
    PauseInstruction,
    ResumeInstruction,
    sliced_draft,
)
from app.domain.messages import Message
from app.domain.slicing import ScheduledSlice, SliceAlgorithm, SlicePlan, SliceProgress
from app.domain.values import Side
from app.ui.activity.instructions_table import InstructionsTable, can_amend, instruction_columns
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.charts.samples import BTC, NOW


def instruction(name: str, state: InstructionState = InstructionState.ARMED, note: str = "") -> Instruction:
    draft = OrderDraft(Side.SELL, volume=Decimal("0.01"))
    trailing = Condition(ConditionKind.TRAILING, percent=Decimal("2.5"))
    return Instruction(name, "p1", BTC, draft, trailing, state, NOW, NOW, water=Decimal(100), note=note)


def test_keys_ask_and_an_update_keeps_the_selection(qtbot: QtBot) -> None:
    feed, posted = sample_feed(), list[Message]()
    table = InstructionsTable(posted.append)
    qtbot.addWidget(table)
    for item in (instruction("z", InstructionState.DONE), instruction("a"), instruction("b")):
        feed.model.instructions[item.instruction_id] = item
    table.bind(feed)
    assert [row.instruction_id for row in map(table.model.row_at, range(3)) if row] == ["b", "a", "z"]
    table.table.selectRow(1)
    feed.model.instructions["a"] = replace(instruction("a"), water=Decimal(200))
    feed.model.instructions["c"] = instruction("c")
    feed.instructions_changed.emit(["a", "c"])
    selected = table.selected()
    assert selected is not None and selected.instruction_id == "a"
    qtbot.keyClick(table.table, Qt.Key.Key_Space)
    qtbot.keyClick(table.table, Qt.Key.Key_Delete)
    assert posted == [PauseInstruction("a"), CancelInstruction("a")]


def test_what_is_worked_in_slices_shows_its_algorithm_and_progress(qtbot: QtBot) -> None:
    plan = SlicePlan(SliceAlgorithm.TWAP, Side.SELL, Decimal("0.01"), 600, 12)
    schedule = tuple(ScheduledSlice(50.0 * number, Decimal("0.001")) for number in range(12))
    item = replace(
        instruction("i", InstructionState.WORKING),
        draft=sliced_draft(plan),
        filled_volume=Decimal("0.0027"),
        plan=plan,
        progress=SliceProgress(NOW, 1, schedule, number=3),
    )
    texts = [column.text(item) for column in instruction_columns(lambda: NOW)]
    assert "TWAP" in texts and "3/12 · 27%" in texts
    tips = [column.tip(item) for column in instruction_columns(lambda: NOW)]
    assert any("Next slice" in tip for tip in tips)
    assert not can_amend(item)
    level = Condition(ConditionKind.AT_OR_BELOW, price=Decimal(9))
    assert can_amend(replace(item, state=InstructionState.ARMED, condition=level))


S = InstructionState


def menu_of(table: InstructionsTable, row: int) -> QMenu:
    """What a click with the right button on a row opens."""
    table.table.selectRow(row)
    place = table.table.visualRect(table.model.index(row, 0)).center()
    table.table.customContextMenuRequested.emit(place)
    menu = table.table.findChildren(QMenu)[-1]
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize(
    ("state", "words", "enabled"),
    [
        (S.ARMED, ["Amend", "Pause", "Withdraw"], [True, True, True]),
        (S.PAUSED, ["Amend", "Resume", "Withdraw"], [True, True, True]),
        (S.DONE, ["Amend", "Pause", "Withdraw"], [False, False, False]),
    ],
)
def test_the_menu_offers_what_the_buttons_do(
    qtbot: QtBot, state: InstructionState, words: list[str], enabled: list[bool]
) -> None:
    table, _ = table_with(qtbot, instruction("a", state))
    actions = menu_of(table, 0).actions()
    assert [action.text() for action in actions] == words
    assert [action.isEnabled() for action in actions] == enabled


def test_the_menu_acts_on_its_row(qtbot: QtBot) -> None:
    table, posted = table_with(qtbot, instruction("a"), instruction("b", S.PAUSED))
    wanted: list[object] = []
    table.amend_wanted.connect(wanted.append)
    paused = [table.model.row_at(row) for row in range(2)].index(instruction("b", S.PAUSED))
    for action in menu_of(table, paused).actions():
        action.trigger()
    assert wanted == [instruction("b", S.PAUSED)]
    assert posted == [ResumeInstruction("b"), CancelInstruction("b")]


def table_with(qtbot: QtBot, *items: Instruction) -> tuple[InstructionsTable, list[Message]]:
    feed, posted = sample_feed(), list[Message]()
    table = InstructionsTable(posted.append)
    qtbot.addWidget(table)
    for item in items:
        feed.model.instructions[item.instruction_id] = item
    table.bind(feed)
    return table, posted
