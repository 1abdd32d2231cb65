"""The one style sheet. Widgets ask for a look by the dynamic properties ``role`` and ``kind``."""

from collections.abc import Mapping
from string import Template

from app.ui.icons import ICON_FOLDER

_SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
QMainWindow, QDialog { background: $background; }
QMainWindow::separator { background: $background; width: 8px; height: 8px; }
QMainWindow::separator:hover, QSplitter::handle:hover { background: $line; }
QSplitter::handle { background: $background; }
QFrame[kind="panel"] { background: $panel; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[kind="strip"] { background: $background; border: none; border-bottom: 1px solid $line; }
QFrame[kind="banner"] { background: $raised; border: 1px solid $warning; border-radius: ${radius}px;
    margin-top: 8px; }
QFrame[kind="halt"] { background: $raised; border: 2px solid $danger; border-radius: ${radius}px; margin-top: 8px; }
QFrame[kind="danger-panel"] { background: $panel; border: 1px solid $danger; border-radius: ${radius}px; }
QFrame[kind="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QLabel { background: transparent; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="up"] { color: $up; }
QLabel[role="down"] { color: $down; }
QLabel[role="good"] { color: $good; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="accent"] { color: $accent; }
QLabel[role="stale"] { color: $faint; }
QLabel[kind="badge"] { color: $accent; border: 1px solid $accent; border-radius: 4px; padding: 2px 10px; }
QLabel[kind="badge"][role="danger"] { color: $text; border: 2px solid $danger; background: transparent; }
QLabel[kind="badge"][role="paper"] { color: $paper; border-color: $paper; }
QLabel[kind="badge"][role="rehearsal"] { color: $rehearsal; border: 1px dashed $rehearsal; }
QPushButton, QToolButton[kind="button"] {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 12px;
}
QPushButton:hover, QToolButton[kind="button"]:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faint; background: $panel; border-color: $line; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[kind="primary"]:hover { background: $text; border-color: $text; color: $background; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[kind="segment"] { color: $dim; }
QPushButton[kind="segment"][side="buy"]:checked { color: $up; border-color: $up; background: $hover; }
QPushButton[kind="segment"][side="sell"]:checked { color: $down; border-color: $down; background: $hover; }
QPushButton[kind="segment"]:focus { border-width: 2px; }
QPushButton[kind="attention"] { background: transparent; color: $warning; border: 1px solid $warning; }
QPushButton[kind="attention"]:hover { background: $hover; }
QPushButton[kind="danger"] { background: transparent; color: $danger; border: 1px solid $danger; }
QPushButton[kind="danger"]:hover { background: $stripe_line; }
QPushButton[kind="danger"]:disabled { color: $faint; border-color: $line; background: $panel; }
QPushButton[kind="danger-filled"] { background: $danger; color: $on_danger; border: 1px solid $danger; }
QPushButton[kind="danger-filled"]:focus { border: 2px solid $text; }
QPushButton[kind="flat"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; }
QPushButton[kind="flat"]:hover, QToolButton:hover { background: $hover; }
QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox {
    background: $background; color: $text; border: 1px solid $line; border-radius: 4px; padding: 4px 8px;
    selection-background-color: $selection; selection-color: $text;
}
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { background: transparent; border: none; padding: 0; }
QFrame[kind="field"] { background: $background; border: 1px solid $line; border-radius: 4px; }
QFrame[kind="field"][focused="true"] { border-color: $accent; }
QFrame[kind="field"][wrong="true"], QComboBox[wrong="true"], QLineEdit[wrong="true"] { border-color: $warning; }
QLineEdit:disabled, QComboBox:disabled { color: $faint; }
QComboBox::drop-down { border: none; width: 22px; }
QTreeWidget::item { padding: 5px 10px; }
QComboBox QAbstractItemView, QTreeWidget, QListView, QMenu {
    background: $raised; color: $text; border: 1px solid $line; outline: none;
    selection-background-color: $selection; selection-color: $text;
}
QMenu::item { padding: 6px 24px 6px 12px; }
QMenu::item:selected { background: $selection; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QMenuBar { background: $background; color: $dim; border: none; }
QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: $hover; color: $text; }
QTableView { background: $panel; border: none; outline: none; gridline-color: $line;
    selection-background-color: $selection; selection-color: $text; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $dim; border: none; border-bottom: 1px solid $line;
    padding: 4px 10px; }
QTableView#position_table QHeaderView::section { padding: 4px 8px; }
QTableWidget::item { padding: 0 7px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabWidget::tab-bar { left: 5px; }
QTabBar::tab { background: transparent; color: $dim; border: none; border-bottom: 2px solid transparent;
    padding: 8px 1px; margin: 0 4px; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover, QTabBar::tab:focus { color: $text; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 8px; }
QScrollBar:horizontal { height: 8px; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $dim; border-radius: 3px; background: $background; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QCheckBox::indicator:focus { border-color: $text; }
QRadioButton::indicator { width: 12px; height: 12px; border: 1px solid $dim; border-radius: 7px; background: $panel; }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 6px; height: 6px; }
QRadioButton:focus { color: $accent; }
""")


def style_sheet(tokens: Mapping[str, object], radius: int) -> str:
    """The sheet filled with the colour ``tokens`` (name -> hex string)."""
    return _SHEET.substitute(tokens, radius=radius, check=(ICON_FOLDER / "check.svg").as_posix())
