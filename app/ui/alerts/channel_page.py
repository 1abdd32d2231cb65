"""The settings of the channels: what is told where, secrets for the vault, and a try-out with its answer in words."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.alert import ChannelName, Severity
from app.domain.alert_settings import BOT_TOKEN, WEBHOOK_SECRET, AlertSettings
from app.domain.errors import ChannelError, InvalidInputError, VaultError
from app.ui.alerts.alert_door import AlertDoor
from app.ui.alerts.notice_words import channel_name, least_severity, trouble_words
from app.ui.archive_door import Spawn
from app.ui.choice_box import ChoiceBox
from app.ui.panel import label, rule, set_role, set_words

NAME_WIDTH = 150


class ChannelPage(QWidget):
    """Nothing is used before *Save*. A secret leaves its field for the vault, and the field is empty again."""

    def __init__(self, door: AlertDoor, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._spawn = door, spawn
        self.desktop, self.sound, self.telegram, self.webhook, self.daily = (QCheckBox(self) for _ in range(5))
        self.token, self.secret = (self._masked() for _ in range(2))
        self.chat, self.users, self.url, self.minutes, self.quiet = (QLineEdit(self) for _ in range(5))
        self.telegram_least, self.webhook_least = ChoiceBox(self), ChoiceBox(self)
        self.tests = {name: QPushButton(self) for name in ChannelName}
        self.save_button = QPushButton(self)
        self.save_button.setProperty("kind", "primary")
        self.answer = label("dim", size=12)
        self.answer.setWordWrap(True)
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        self._names = {key: label("dim", size=12) for key in
                       ("token", "chat", "users", "least", "url", "secret", "least2", "minutes", "quiet")}  # fmt: skip
        self._fields = (self.token, self.chat, self.users, self.telegram_least, self.url, self.secret,
                        self.webhook_least, self.minutes, self.quiet)  # fmt: skip
        self._arrange()
        self.save_button.clicked.connect(self.save)
        for name, button in self.tests.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, name=name: self._try(name))
        self._translate()

    def show_settings(self) -> None:
        """Fill the fields from the settings in use."""
        settings = self._door.settings
        for box, on in (
            (self.desktop, settings.desktop),
            (self.sound, settings.sound),
            (self.telegram, settings.telegram),
            (self.webhook, settings.webhook),
            (self.daily, settings.daily_report),
        ):
            box.setChecked(on)
        self.chat.setText(str(settings.telegram_chat_id or ""))
        self.users.setText(", ".join(map(str, settings.telegram_user_ids)))
        self.url.setText(settings.webhook_url)
        self.minutes.setText(str(settings.remind_after_minutes))
        self.quiet.setText(settings.quiet_hours)
        self._choose(self.telegram_least, settings.telegram_least)
        self._choose(self.webhook_least, settings.webhook_least)
        self._spawn(self._show_secrets(), "alert-secrets")

    def save(self) -> None:
        """Put secrets into the vault, write the settings and use them."""
        self._run(self._save(), lambda _: self.tr("Saved and in use."))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():  # not when the window merely comes back
            self.show_settings()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    # ---- what a person wants ------------------------------------------------------------------------------------

    def read(self) -> AlertSettings:
        """The settings as they are filled in. Raises InvalidInputError with words for the screen."""
        return replace(
            self._door.settings,
            desktop=self.desktop.isChecked(),
            sound=self.sound.isChecked(),
            telegram=self.telegram.isChecked(),
            telegram_chat_id=self._number(self.chat, self.tr("The chat id is a number.")),
            telegram_user_ids=tuple(self._ids()),
            telegram_least=Severity(self.telegram_least.currentData()),
            webhook=self.webhook.isChecked(),
            webhook_url=self.url.text().strip(),
            webhook_least=Severity(self.webhook_least.currentData()),
            remind_after_minutes=self._number(self.minutes, self.tr("The minutes are a number.")),
            quiet_hours=self.quiet.text().strip(),
            daily_report=self.daily.isChecked(),
        )

    async def _save(self) -> None:
        settings = self.read()
        trouble: VaultError | None = None
        for field, keep in ((self.token, self._door.keep_token), (self.secret, self._door.keep_webhook_secret)):
            text = field.text().strip()
            field.clear()  # whatever comes of it, a secret does not stay on the screen
            if text:
                try:
                    await keep(text)
                except VaultError as error:
                    trouble = error
        await self._door.save(settings)
        await self._show_secrets()
        if trouble is not None:
            raise trouble

    def _try(self, name: ChannelName) -> None:
        self._say(self.tr("Trying…"))
        words = self.tr("{channel} works: {name}")
        self._run(self._door.check(name), lambda found: words.format(channel=channel_name(name), name=found))

    def _run(self, work: Awaitable[object], done: Callable[[object], str]) -> None:
        self._spawn(self._answered(work, done), "alert-settings")

    async def _answered(self, work: Awaitable[object], done: Callable[[object], str]) -> None:
        try:
            found = await work
        except (InvalidInputError, VaultError, ChannelError) as error:
            self._say(self.tr("Not done: {reason}").format(reason=trouble_words(str(error))), "warning")
        else:
            self._say(done(found), "good")

    async def _show_secrets(self) -> None:
        for field, name in ((self.token, BOT_TOKEN), (self.secret, WEBHOOK_SECRET)):
            known = await self._door.has_secret(name)
            words = self.tr("kept in the key store; type to replace") if known else self.tr("none yet")
            field.setPlaceholderText(words)

    def _ids(self) -> list[int]:
        parts = self.users.text().replace(",", " ").split()
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise InvalidInputError(self.tr("User ids are numbers, with commas in between."))
        return [int(part) for part in parts]

    def _number(self, field: QLineEdit, words: str) -> int:
        text = field.text().strip() or "0"
        if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdecimal() or len(text) > 18:
            raise InvalidInputError(words)
        return int(text)

    def _say(self, words: str, role: str = "dim") -> None:
        set_words(self.answer, words)
        set_role(self.answer, role)

    # ---- look ---------------------------------------------------------------------------------------------------

    def _masked(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        return field

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head(ChannelName.DESKTOP, self.desktop, self.sound))
        column.addWidget(rule(self))
        column.addLayout(self._head(ChannelName.TELEGRAM, self.telegram))
        column.addLayout(self._grid(("token", "chat", "users", "least"), self._fields[:4]))
        column.addWidget(rule(self))
        column.addLayout(self._head(ChannelName.WEBHOOK, self.webhook))
        column.addLayout(self._grid(("url", "secret", "least2"), self._fields[4:7]))
        column.addWidget(rule(self))
        column.addWidget(self.daily)
        column.addLayout(self._grid(("minutes", "quiet"), self._fields[7:]))
        column.addWidget(self.note)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.answer, 1)
        foot.addWidget(self.save_button)
        column.addLayout(foot)

    def _head(self, name: ChannelName, *boxes: QCheckBox) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for box in boxes:
            row.addWidget(box)
        row.addStretch(1)
        row.addWidget(self.tests[name])
        return row

    def _grid(self, names: tuple[str, ...], fields: tuple[QWidget, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        for number, (name, field) in enumerate(zip(names, fields, strict=True)):
            self._names[name].setBuddy(field)
            grid.addWidget(self._names[name], number, 0)
            grid.addWidget(field, number, 1)
        return grid

    def _choose(self, box: ChoiceBox, severity: Severity) -> None:
        box.clear()
        for one in Severity:
            box.addItem(least_severity(one), one.value)
        box.setCurrentIndex(severity.rank)

    def _translate(self) -> None:
        words = {
            "token": self.tr("Bot token"), "chat": self.tr("Chat id"), "users": self.tr("User ids that command"),
            "least": self.tr("Tell"), "url": self.tr("Address"), "secret": self.tr("Signing secret"),
            "least2": self.tr("Tell"), "minutes": self.tr("Remind every (min)"), "quiet": self.tr("Quiet hours (KST)"),
        }  # fmt: skip
        for (key, title), field in zip(self._names.items(), self._fields, strict=True):
            title.setText(words[key])
            field.setAccessibleName(words[key])
        self.quiet.setPlaceholderText("23:00-07:00")
        self.desktop.setText(self.tr("Desktop notices"))
        self.sound.setText(self.tr("Sound"))
        self.telegram.setText(channel_name(ChannelName.TELEGRAM))
        self.webhook.setText(channel_name(ChannelName.WEBHOOK))
        self.daily.setText(self.tr("Report of the day at 09:00"))
        for name, button in self.tests.items():
            button.setText(self.tr("Try"))
            button.setAccessibleName(self.tr("Try {channel}").format(channel=channel_name(name)))
        self.save_button.setText(self.tr("Save"))
        for box in (self.telegram_least, self.webhook_least):
            for number, severity in enumerate(Severity):
                if number < box.count():
                    box.setItemText(number, least_severity(severity))
        self.note.setText(
            self.tr(
                "Critical notices go out on every channel, also in quiet hours, and come again until somebody "
                "acknowledges them here or by Telegram (ack). Switch on at least two channels. From Telegram the "
                "listed users can ask for the status, turn entries off and liquidate (two steps); nothing that "
                "raises risk."
            )
        )
