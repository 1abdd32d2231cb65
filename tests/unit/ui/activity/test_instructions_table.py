"""Live instructions first; the selection stays; buttons and keys only ask."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.instruction import (
    CancelInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    OrderDraft,
    PauseInstruction,
)
from app.domain.messages import Message
from app.domain.values import Side
from app.ui.activity.instructions_table import InstructionsTable
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
