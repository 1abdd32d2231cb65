"""The fields of the order ticket: which ones there are follows from side, type and condition."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.instruction import ConditionKind, Instruction
from app.domain.values import OrderType, Side, TimeInForce
from app.ui import wording
from app.ui.choice_box import ChoiceBox
from app.ui.figure_field import FigureField
from app.ui.formats import KST
from app.ui.instruction_words import duration
from app.ui.market_box import MarketBox
from app.ui.panel import label, set_look
from app.ui.rest_fields import RestFields
from app.ui.slice_fields import SliceFields
from app.ui.ticket_form import AT_A_PRICE, TicketField, TicketForm

_TYPES = (OrderType.MARKET, OrderType.LIMIT, OrderType.BEST)
_DURATIONS = {
    OrderType.MARKET: (TimeInForce.GTC,),
    OrderType.LIMIT: tuple(TimeInForce),
    OrderType.BEST: (TimeInForce.IOC, TimeInForce.FOK),
}
_CONDITIONS = tuple(kind for kind in ConditionKind if kind is not ConditionKind.AFTER)


class TicketFields(QWidget):
    """``edited``: something was typed or chosen. ``adapt`` shows and names what the form needs."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.market_box = MarketBox(self)
        self.market_box.setObjectName("ticket_market")
        self.type_box, self.duration_box, self.condition_box = ChoiceBox(self), ChoiceBox(self), ChoiceBox(self)
        self.price = FigureField("ticket_price", groups=False, parent=self)
        self.amount = FigureField("ticket_size", groups=False, unit=" ", parent=self)
        self.most_button = QPushButton(self)
        self.most_button.setAutoDefault(False)
        self.level = FigureField("ticket_level", groups=False, parent=self)
        self.slicing = SliceFields(self)
        self.ending = RestFields(self)
        self.exits_title = label("dim", size=12)
        self.stop_loss = FigureField("ticket_stop_loss", groups=False, unit="%", parent=self)
        self.take_profit = FigureField("ticket_take_profit", groups=False, unit="%", parent=self)
        self.trailing = FigureField("ticket_trailing", groups=False, unit="%", parent=self)
        self.alternative = FigureField("ticket_alternative", groups=False, parent=self)
        self._arrange()
        self._translate()
        self._connect()

    def form(self, side: Side, amends: Instruction | None) -> TicketForm:
        """What is filled in."""
        order_type = _TYPES[max(self.type_box.currentIndex(), 0)]
        return TicketForm(
            market=self.market_box.market,
            side=side,
            order_type=order_type,
            time_in_force=TimeInForce(self.duration_box.currentData() or TimeInForce.GTC),
            price=self.price.edit.text(),
            size=self.amount.edit.text(),
            kind=_CONDITIONS[max(self.condition_box.currentIndex(), 0)],
            level=self.level.edit.text(),
            stop_loss=self.stop_loss.edit.text() if self.stop_loss.isEnabled() else "",
            take_profit=self.take_profit.edit.text() if self.take_profit.isEnabled() else "",
            trailing=self.trailing.edit.text() if self.trailing.isEnabled() else "",
            alternative=self.alternative.edit.text(),
            amends=amends,
            slicing=self.slicing.form() if order_type is not OrderType.BEST else None,
            ending=self.ending.form(),
        )

    def clear(self) -> None:
        """A plain order at market, nothing typed."""
        self.type_box.setCurrentIndex(0)
        self.condition_box.setCurrentIndex(0)
        self.slicing.clear()
        self.ending.clear()
        for part in self._figures():
            part.edit.clear()

    def fill(self, instruction: Instruction) -> None:
        """Show an instruction that is to be changed."""
        draft, condition = instruction.draft, instruction.condition
        self.clear()
        self.market_box.choose(instruction.market)
        self.type_box.setCurrentIndex(_TYPES.index(draft.order_type))
        self._offer_durations()
        self.duration_box.setCurrentIndex(max(self.duration_box.findData(draft.time_in_force), 0))
        self.ending.fill(draft.policy)
        if instruction.plan is not None:
            self.slicing.fill(instruction.plan)
        if condition.kind in _CONDITIONS:
            self.condition_box.setCurrentIndex(_CONDITIONS.index(condition.kind))
        self.price.edit.setText("" if draft.price is None else f"{draft.price:f}")
        size = draft.funds if draft.volume is None else draft.volume
        self.amount.edit.setText("" if size is None else f"{size:f}")
        level = condition.price if condition.percent is None else condition.percent
        self.level.edit.setText(condition.rule if level is None else f"{level:f}")
        if condition.at is not None:
            self.level.edit.setText(f"{condition.at.astimezone(KST):%Y-%m-%d %H:%M:%S}")

    def first_amendable(self, instruction: Instruction) -> FigureField:
        """Where a change begins."""
        if instruction.draft.price is not None and instruction.plan is None:
            return self.price
        return self.level if instruction.condition.kind in AT_A_PRICE else self.amount

    def adapt(self, form: TicketForm, base: str, protected: bool) -> None:
        """Show what belongs to side, type and condition; ``protected``: the position has its own exits already."""
        fresh = form.amends is None
        for part in (self.market_box, self.type_box, self.condition_box):
            part.setEnabled(fresh)
        whole = form.slicing is None
        self.duration_box.setEnabled(fresh and whole and self.duration_box.count() > 1)
        self.price.setVisible(form.order_type is OrderType.LIMIT)
        self.price.setEnabled(fresh or whole)
        self.amount.setEnabled(fresh or (whole and not form.by_money))
        self.slicing.adapt(form.slicing, base, fresh=fresh, offered=form.order_type is not OrderType.BEST)
        self.ending.adapt(shown=form.may_end, fresh=fresh)
        self.most_button.setVisible(fresh and (form.side is Side.SELL or form.by_money))
        self.amount.set_name(self.tr("Spend") if form.by_money else self.tr("Size"))
        self.amount.unit.setText("KRW" if form.by_money else base)
        self.level.setVisible(form.kind is not ConditionKind.NOW)
        self.level.setEnabled(fresh or form.kind in AT_A_PRICE)
        self._name_level(form.kind)
        buys = fresh and form.side is Side.BUY
        self.exits_title.setVisible(buys)
        for field in (self.stop_loss, self.take_profit, self.trailing):
            field.setVisible(buys)
            field.setEnabled(not protected)
        own = self.tr("The position in this market keeps its own exits.")
        self.exits_title.setText(own if protected else self.tr("Protection of the position, empty for none"))
        self.alternative.setVisible(form.may_have_alternative)

    def show_problems(self, problems: Mapping[TicketField, str], *, quiet: bool) -> None:
        """Mark the fields; ``quiet`` marks no empty one (nothing is typed yet)."""
        fields = {TicketField.PRICE: self.price, TicketField.SIZE: self.amount, TicketField.LEVEL: self.level}
        fields[TicketField.ALTERNATIVE] = self.alternative
        for place, part in fields.items():
            silent = quiet and not part.edit.text().strip()
            part.set_wrong("" if silent else problems.get(place, ""))
        for part in (self.stop_loss, self.take_profit, self.trailing):
            part.set_wrong(problems.get(TicketField.EXITS, "") if part.edit.text().strip() else "")
        self.slicing.show_problems({} if quiet else problems)
        self.ending.show_problems(problems)
        set_look(self.market_box, "wrong", str(TicketField.MARKET in problems).lower())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _figures(self) -> tuple[FigureField, ...]:
        exits = (self.stop_loss, self.take_profit, self.trailing)
        return (self.price, self.amount, self.level, *exits, self.alternative)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.market_box)
        column.addLayout(_row(self.type_box, self.duration_box))
        column.addWidget(self.price)
        sizes = _row(self.amount)
        sizes.addWidget(self.most_button)
        column.addLayout(sizes)
        column.addLayout(_row(self.condition_box, self.slicing.how_box))
        column.addWidget(self.level)
        column.addWidget(self.slicing)
        column.addWidget(self.ending)
        column.addWidget(self.alternative)
        column.addWidget(self.exits_title)
        column.addLayout(_row(self.stop_loss, self.take_profit, self.trailing))
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)

    def _connect(self) -> None:
        self.type_box.currentIndexChanged.connect(self._type_changed)
        self.slicing.edited.connect(self.edited)
        self.ending.edited.connect(self.edited)
        self.market_box.chosen.connect(lambda _: self.edited.emit())
        self.market_box.editTextChanged.connect(lambda _: self.edited.emit())
        for box in (self.duration_box, self.condition_box):
            box.currentIndexChanged.connect(lambda _: self.edited.emit())
        for part in self._figures():
            part.edit.textChanged.connect(lambda _: self.edited.emit())

    def _type_changed(self) -> None:
        self._offer_durations()
        self.edited.emit()

    def _offer_durations(self) -> None:
        before = self.duration_box.currentData()
        with QSignalBlocker(self.duration_box):
            self.duration_box.clear()
            for value in _DURATIONS[_TYPES[max(self.type_box.currentIndex(), 0)]]:
                self.duration_box.addItem(duration(value), value)
            self.duration_box.setCurrentIndex(max(self.duration_box.findData(before), 0))

    def _name_level(self, kind: ConditionKind) -> None:
        rule = kind is ConditionKind.RULE
        self.level.edit.setAlignment(Qt.AlignmentFlag.AlignLeft if rule else Qt.AlignmentFlag.AlignRight)
        self.level.unit.setText("%" if kind is ConditionKind.TRAILING else "KST" if kind is ConditionKind.TIME else "")
        self.level.unit.setVisible(bool(self.level.unit.text()))
        hints = {ConditionKind.TIME: "09:30", ConditionKind.RULE: "close > ema(20)"}
        self.level.edit.setPlaceholderText(hints.get(kind, ""))
        match kind:
            case ConditionKind.TRAILING:
                self.level.set_name(self.tr("Distance"))
            case ConditionKind.TIME:
                self.level.set_name(self.tr("Time"))
            case ConditionKind.RULE:
                self.level.set_name(self.tr("Rule, 1 min bars"))
            case _:
                self.level.set_name(self.tr("Waits for"))

    def _translate(self) -> None:
        for box, words in (
            (self.type_box, [wording.order_type(kind) for kind in _TYPES]),
            (self.condition_box, [wording.condition(kind) for kind in _CONDITIONS]),
        ):
            before = max(box.currentIndex(), 0)
            with QSignalBlocker(box):
                box.clear()
                box.addItems(words)
                box.setCurrentIndex(before)
        self._offer_durations()
        self.market_box.setAccessibleName(self.tr("Market"))
        self.market_box.set_placeholder(self.tr("Search a market"))
        self.type_box.setAccessibleName(self.tr("Type"))
        self.duration_box.setAccessibleName(self.tr("Duration"))
        self.condition_box.setAccessibleName(self.tr("When"))
        self.price.set_name(self.tr("Price"))
        self.most_button.setText(self.tr("Most"))
        self.most_button.setToolTip(self.tr("As much as there is"))
        self.stop_loss.set_name(self.tr("Stop"))
        self.take_profit.set_name(self.tr("Target"))
        self.trailing.set_name(self.tr("Trail"))
        self.alternative.set_name(self.tr("Or stop at"))


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, 1)
    return row
