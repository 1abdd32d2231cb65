"""A framed field with its name inside at the left and the figure at the right."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from app.ui.formats import krw
from app.ui.launch_check import parse_figure
from app.ui.panel import label, set_description, set_look, set_tip
from app.ui.theme import number_font


class FigureField(QFrame):
    """``edit`` is the line edit; ``groups`` writes thousands separators when the field is left."""

    def __init__(self, object_name: str, *, groups: bool, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "field")
        self._groups = groups
        self.name = label("dim", size=12)
        self.unit = label("dim", size=12)
        self.unit.setText(unit)
        self.unit.setVisible(bool(unit))
        self.edit = QLineEdit(self)
        self.edit.setObjectName(object_name)
        self.edit.setProperty("kind", "bare")
        self.edit.setFont(number_font(13))
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setMinimumWidth(40)
        self.edit.installEventFilter(self)
        self.edit.editingFinished.connect(self._group)
        self.setFocusProxy(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(4)
        row.addWidget(self.name)
        row.addWidget(self.edit, 1)
        row.addWidget(self.unit)

    def set_name(self, name: str) -> None:
        """What the figure is."""
        self.name.setText(name)
        self.edit.setAccessibleName(name)

    def set_wrong(self, words: str) -> None:
        """Mark the field with what is wrong; empty takes the mark away."""
        set_look(self, "wrong", "true" if words else "false")
        set_tip(self.edit, words)
        set_description(self.edit, words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_look(self, "focused", "true" if event.type() == QEvent.Type.FocusIn else "false")
        return False

    def _group(self) -> None:
        value = parse_figure(self.edit.text())
        if self._groups and value is not None:
            self.edit.setText(krw(value))
