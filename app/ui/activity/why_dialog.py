"""Why did it trade: the story of one order, read from the journal."""

from html import escape
from unicodedata import east_asian_width

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from app.domain.order_chain import OrderChain
from app.ui import wording
from app.ui.activity.why_story import Fact, StoryStep, headline, story
from app.ui.archive_door import ArchiveDoor
from app.ui.formats import clock_ms, date_clock, milliseconds
from app.ui.panel import label, set_words
from app.ui.theme import number_font, theme

LABEL_WIDTH, VALUE_WIDTH, INDENT = 40, 16, 14


class WhyDialog(QDialog):
    """Not modal: the emergency control works with it open. Late answers to older questions are not shown."""

    def __init__(self, door: ArchiveDoor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._order_id = ""
        self._trouble = ""
        self._turn = 0
        self.chain: OrderChain | None = None
        self.heading = label(size=15, bold=True)
        self.heading.setWordWrap(True)
        self.note = label("dim", size=12, figures=True)
        self.note.setWordWrap(True)
        self.text = QTextBrowser(self)
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(8)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.copy_button, self.again_button, self.close_button = (QPushButton(self) for _ in range(3))
        self.copy_button.clicked.connect(self.copy)
        self.again_button.clicked.connect(lambda: self.ask(self._order_id))
        self.close_button.clicked.connect(self.close)
        self._arrange()
        theme().changed.connect(self._show)
        self._translate()

    def ask(self, order_id: str) -> None:
        """Show the story of this order."""
        self._turn += 1
        turn = self._turn
        if order_id != self._order_id:
            self.chain = None
        self._order_id, self._trouble = order_id, ""
        self._show()
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

        def found(chain: OrderChain) -> None:
            if turn == self._turn:
                self.chain = chain
                self._show()

        def failed(words: str) -> None:
            if turn == self._turn:
                self.chain, self._trouble = None, words
                self._show()

        self._door.why(order_id, found, failed)

    def copy(self) -> str:
        """The story as text, also put on the clipboard."""
        words = "" if self.chain is None else plain_text(self.chain)
        if words:
            QGuiApplication.clipboard().setText(words)
        return words

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy_button)
        row.addWidget(self.again_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        for button in (self.copy_button, self.again_button, self.close_button):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.resize(640, 660)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Why did it trade?"))
        self.text.setAccessibleName(self.tr("Story of the order"))
        self.copy_button.setText(self.tr("Copy"))
        self.again_button.setText(self.tr("Read again"))
        self.close_button.setText(self.tr("Close"))
        self._show()

    def _show(self) -> None:
        chain = self.chain
        self.copy_button.setEnabled(chain is not None)
        if chain is None:
            words = self._trouble or (self.tr("Reading the journal…") if self._order_id else "")
            set_words(self.heading, self._order_id)
            set_words(self.note, words)
            self.text.clear()
            return
        set_words(self.heading, headline(chain))
        set_words(self.note, _subtitle(chain))
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self.text.setFont(number_font(13))
        self.text.setHtml(html_text(chain))
        bar.setValue(place)


def html_text(chain: OrderChain) -> str:
    """The story as a table in the colours of the theme: time, what, figures right-aligned, record."""
    palette = theme().palette
    rows: list[str] = []
    for step in story(chain):
        when = "" if step.at is None else clock_ms(step.at)
        rows.append(
            f'<tr><td style="color:{palette.dim}; padding:8px 12px 2px 0">{when}</td>'
            f'<td colspan="2" style="padding:8px 12px 2px 0; font-weight:600">{escape(step.title)}</td>'
            f'<td align="right" style="color:{palette.dim}; padding:8px 0 2px 0; white-space:nowrap">'
            f"{_marks(step)}</td></tr>"
        )
        rows += [_html_fact(fact, palette.dim) for fact in step.facts]
    return f'<table width="100%" cellspacing="0">{"".join(rows)}</table>'


def _html_fact(fact: Fact, dim: str) -> str:
    name = f'<td></td><td style="color:{dim}; padding:1px 12px 1px 0">{escape(fact.label)}</td>'
    if fact.is_words:
        if not fact.value:
            return f'<tr><td></td><td colspan="3" style="color:{dim}; padding:1px 0">{escape(fact.label)}</td></tr>'
        return f'<tr>{name}<td colspan="2" align="right" style="padding:1px 0">{escape(fact.value)}</td></tr>'
    figure = f'<td align="right" style="padding:1px 12px 1px 0; white-space:nowrap">{escape(fact.value)}</td>'
    second = f'<td align="right" style="color:{dim}; padding:1px 0; white-space:nowrap">{escape(fact.second)}</td>'
    return f"<tr>{name}{figure}{second}</tr>"


def plain_text(chain: OrderChain) -> str:
    """The story as lines of text with aligned figures; Korean letters are two columns wide."""
    lines = [headline(chain), _subtitle(chain), ""]
    for step in story(chain):
        when = "" if step.at is None else clock_ms(step.at)
        marks = _marks(step)
        lines.append(f"{when:<{INDENT}}{step.title}" + (f"  ({marks})" if marks else ""))
        for fact in step.facts:
            if fact.is_words:
                lines.append(" " * INDENT + (f"{fact.label}: {fact.value}" if fact.value else fact.label))
                continue
            figures = _left(fact.value, VALUE_WIDTH) + _left(fact.second, VALUE_WIDTH)
            lines.append((" " * INDENT + _right(fact.label, LABEL_WIDTH) + figures).rstrip())
    return "\n".join(lines) + "\n"


def _subtitle(chain: OrderChain) -> str:
    order = chain.order
    return f"{wording.order_state(order.state)} · {date_clock(order.created_at)} · {order.order_id}"


def _marks(step: StoryStep) -> str:
    """Time since the step before, and the number of the journal record."""
    since = "" if step.since is None else f"+{milliseconds(step.since.total_seconds() * 1000)}"
    return " · ".join(words for words in (since, f"#{step.seq}" if step.seq else "") if words)


def _width(words: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def _left(words: str, width: int) -> str:
    """Padded on the left."""
    return " " * max(width - _width(words), 1) + words


def _right(words: str, width: int) -> str:
    """Padded on the right."""
    return words + " " * max(width - _width(words), 1)
