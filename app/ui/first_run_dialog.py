"""The first start: the language, then in a few sentences what the practice exchange is."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.languages import LANGUAGES, languages
from app.ui.panel import label


class FirstRunDialog(QDialog):
    """Shown without blocking; ``language_chosen`` carries the answer. Closing it keeps the language in use."""

    language_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("first_run")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.heading = label(size=20, bold=True)
        self.text = label("dim", size=13)
        self.text.setWordWrap(True)
        self.done_button = QPushButton(self)
        self.done_button.setObjectName("first_run_done")
        self.done_button.setProperty("kind", "primary")
        self.done_button.clicked.connect(self.accept)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for name, words in LANGUAGES.items():
            button = QPushButton(words, self)
            button.setObjectName(f"first_run_{name}")
            button.setAccessibleName(words)
            button.setMinimumHeight(36)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, name=name: self._choose(name))
            choices.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addLayout(choices)
        column.addWidget(self.text)
        column.addStretch(1)
        column.addWidget(self.done_button)
        self.setFixedSize(520, 400)
        self._translate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _choose(self, name: str) -> None:
        self.language_chosen.emit(name)
        languages().set(name)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Welcome"))
        self.heading.setText(self.tr("Welcome to Gwanje"))
        paragraphs = (
            self.tr(
                "You trade on a practice exchange that runs on this computer. It behaves like a real venue, with a "
                "market of its own and 50,000,000 won of play money. No key and no account is needed, and nothing "
                "leaves this computer."
            ),
            self.tr(
                "To begin: enable entries, choose a strategy, a market and a budget on the right, and press Start. "
                "Exits stay armed whatever happens, also after a crash."
            ),
            self.tr(
                "The striped button at the top right ends everything: hold it for one second. It says beforehand "
                "what it will do and stays on the screen until the venue has confirmed that nothing is left."
            ),
        )
        self.text.setText("\n\n".join(paragraphs))
        self.done_button.setText(self.tr("Begin"))
