"""Hands and eyes of the tour: real mouse and key events on real widgets, texts as they stand on the screen."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QWidget

from app.domain.errors import GwanjeError
from app.domain.position import PositionState
from app.ui import wording
from app.ui.position_model import PositionModel
from app.ui.position_rows import PositionColumn

HOLD_S = 1.25
LOOK_AGAIN_S = 0.05
PATIENCE_S = 45.0

W = TypeVar("W", bound=QWidget)


class TourFailedError(GwanjeError):
    """Something on the screen was not as it has to be."""


class Hands:
    """Works one window as a person would. Pictures are numbered in the order in which they are taken."""

    def __init__(self, window: QWidget, out: Path) -> None:
        self.window = window
        self._out = out
        self._number = len(list(out.glob("*.png")))

    # ---- doing --------------------------------------------------------------------------------------------------

    def find(self, name: str, kind: type[W]) -> W:
        """The widget with this object name.

        Raises:
            TourFailedError: there is none.
        """
        found = self.window.findChild(kind, name)
        if found is None:
            raise TourFailedError(f"no {kind.__name__} '{name}' on the screen")
        return found

    async def click(self, name: str) -> None:
        """Click a control once it can be clicked."""
        widget = self.find(name, QWidget)
        await self.wait(lambda: widget.isVisible() and widget.isEnabled(), f"'{name}' can be clicked")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        await asyncio.sleep(LOOK_AGAIN_S)

    async def write(self, name: str, text: str) -> None:
        """Replace the text of a field by typing."""
        field = self.find(name, QWidget)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        await asyncio.sleep(LOOK_AGAIN_S)

    async def choose(self, name: str, wanted: Callable[[str], bool]) -> None:
        """Walk a choice box with the arrow keys until its text is ``wanted``."""
        box = self.find(name, QComboBox)
        box.setFocus(Qt.FocusReason.OtherFocusReason)
        for _ in range(box.count()):
            QTest.keyClick(box, Qt.Key.Key_Up)
        for _ in range(box.count()):
            if wanted(box.currentText()):
                await asyncio.sleep(LOOK_AGAIN_S)
                return
            QTest.keyClick(box, Qt.Key.Key_Down)
        raise TourFailedError(f"'{name}' does not offer what is wanted")

    async def choose_market(self, symbol: str) -> None:
        """Type a market into the launcher."""
        box = self.find("launcher_market", QComboBox)
        await self.wait(lambda: box.count() > 0, "markets are listed")
        edit = box.lineEdit()
        if edit is None:
            raise TourFailedError("the market box takes no text")
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()
        QTest.keyClicks(edit, symbol)
        QTest.keyClick(edit, Qt.Key.Key_Escape)  # closes the suggestions, keeps the text
        QTest.keyClick(edit, Qt.Key.Key_Tab)
        await asyncio.sleep(LOOK_AGAIN_S)

    async def hold(self, name: str) -> None:
        """Press a control and keep it pressed for longer than a second."""
        widget = self.find(name, QWidget)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton)
        await asyncio.sleep(HOLD_S)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton)

    async def select(self, symbol: str) -> None:
        """Click the row of a market in the position table."""
        row = self.row(symbol)
        if row is None:
            raise TourFailedError(f"{symbol} is not in the position table")
        view = self._table()
        place = view.visualRect(view.model().index(row, PositionColumn.MARKET)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
        await asyncio.sleep(LOOK_AGAIN_S)

    def picture(self, name: str) -> None:
        """Write what the window shows now."""
        self._number += 1
        path = self._out / f"{self._number:02d}-{name}.png"
        if not self.window.grab().save(str(path)):
            raise TourFailedError(f"{path}: the picture cannot be written")

    # ---- looking ------------------------------------------------------------------------------------------------

    async def wait(self, holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        """Look again and again until ``holds``.

        Raises:
            TourFailedError: it never did.
        """
        deadline = asyncio.get_running_loop().time() + patience_s
        while not holds():
            if asyncio.get_running_loop().time() > deadline:
                self.picture("failed")
                raise TourFailedError(f"waited {patience_s:.0f} s in vain: {what}")
            await asyncio.sleep(LOOK_AGAIN_S)

    def on_table_change(self, look: Callable[[], None]) -> None:
        """Call ``look`` whenever the position table shows something else."""
        model = self._table().model()
        model.modelReset.connect(look)
        model.rowsInserted.connect(lambda *_: look())
        model.rowsRemoved.connect(lambda *_: look())
        model.dataChanged.connect(lambda *_: look())
        if isinstance(model, PositionModel):
            model.cells_dirty.connect(lambda *_: look())

    def text(self, name: str) -> str:
        """Text of a label."""
        return self.find(name, QLabel).text()

    def row(self, symbol: str) -> int | None:
        """Row of the newest line of a market in the position table."""
        model = self._table().model()
        closed = wording.position_state(PositionState.CLOSED)
        rows = [row for row in range(model.rowCount()) if symbol in self.cell(row, PositionColumn.MARKET)]
        live = [row for row in rows if self.cell(row, PositionColumn.STATE) != closed]
        return next(iter(live or rows), None)

    def cell(self, row: int, column: PositionColumn) -> str:
        """Text of a cell as it is shown."""
        model = self._table().model()
        return str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole) or "")

    def states(self) -> dict[str, PositionState]:
        """State chip of every market in the position table."""
        known = {wording.position_state(state): state for state in PositionState}
        model = self._table().model()
        found: dict[str, PositionState] = {}
        for row in reversed(range(model.rowCount())):
            shown = known.get(self.cell(row, PositionColumn.STATE))
            if shown is not None:
                found[self.cell(row, PositionColumn.MARKET).split(" ")[0]] = shown
        return found

    def state(self, symbol: str) -> PositionState | None:
        """State of a market's newest line; None when it has none."""
        row = self.row(symbol)
        if row is None:
            return None
        known = {wording.position_state(state): state for state in PositionState}
        return known.get(self.cell(row, PositionColumn.STATE))

    def _table(self) -> QAbstractItemView:
        return self.find("position_table", QAbstractItemView)
