"""Bad orders, through each door: refused with a reason in words, nothing sent, and the next good one passes.

The doors are the engine's own (commands), the order ticket (typed and submitted), and the folder of blueprints. Behind
them is a real engine; its venue counts what arrives, and its journal writes with the real codec.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import sound_shelf
from app.domain.instruction import ConditionKind
from app.domain.limits import TradingLimits
from app.domain.messages import AlertRaised, Message
from app.domain.values import OrderType, TimeInForce
from app.ui.languages import languages
from app.ui.order_ticket import OrderTicket
from app.ui.problem_words import alert_detail, refused
from app.ui.ui_feed import UiFeed
from tests.scenario.bad_blueprints import FILES, GOOD
from tests.scenario.bad_commands import COMMANDS, Bad
from tests.scenario.bad_tickets import TICKETS, Typed
from tests.scenario.order_desk_stage import OrderDeskStage
from tests.unit.engine.playbook import seconds
from tests.unit.engine.stage import settle


@pytest.fixture(autouse=True)
def english(qapp: object) -> Iterator[None]:
    languages().set("en")
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    languages().set("en")


@pytest.fixture
async def stage() -> AsyncIterator[OrderDeskStage]:
    made = OrderDeskStage()
    yield made
    await made.close()


def is_korean(text: str) -> bool:
    return any("\uac00" <= sign <= "\ud7a3" for sign in text)


def test_there_are_two_hundred_of_them_and_each_is_another() -> None:
    assert len(COMMANDS) + len(TICKETS) + len(FILES) >= 200
    for names in ([bad.name for bad in COMMANDS], [typed.name for typed in TICKETS], list(FILES)):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("bad", COMMANDS, ids=lambda bad: bad.name)
async def test_a_bad_command_is_refused_and_nothing_leaves(stage: OrderDeskStage, bad: Bad) -> None:
    await stage.open()
    bad.scene(stage)
    await settle()
    stage.forget()
    stage.post(bad.command)
    (refusal,) = stage.refusals
    assert refusal.reason is bad.reason, refusal
    assert refusal.detail
    english = refused(refusal)
    languages().set("ko")
    assert is_korean(refused(refusal)) and refused(refusal) != english
    assert not refusal.problems or is_korean(refused(refusal).partition("(")[2]), refused(refusal)
    await stage.assert_nothing_left()
    await stage.assert_still_works()


# ---- the ticket ------------------------------------------------------------------------------------------------------


class Hands:
    """Somebody at the ticket of a running terminal."""

    def __init__(self, stage: OrderDeskStage, qtbot: QtBot) -> None:
        self._stage, self._qtbot = stage, qtbot
        self.posted: list[Message] = []
        self.feed = UiFeed(stage.bus, clock=lambda: stage.script.now)
        self.ticket = OrderTicket(self._post, lambda: f"click-{len(self.posted) + 1}", TradingLimits())
        qtbot.addWidget(self.ticket)
        self.ticket.bind(self.feed)

    def _post(self, message: Message) -> None:
        self.posted.append(message)
        self._stage.post(message)

    async def look(self) -> str:
        """What the ticket says when everything has arrived."""
        await settle()
        self.feed.flush()
        self.ticket.check()
        return self.ticket.message.text()

    def type(self, typed: Typed) -> None:
        """Fill in the ticket, key by key."""
        ticket, fields = self.ticket, self.ticket.fields
        ticket.open_fresh()
        (ticket.sell_button if typed.sells else ticket.buy_button).setChecked(True)
        fields.market_box.setEditText(typed.market)
        fields.type_box.setCurrentIndex(list(OrderType).index(typed.order_type))
        fields.condition_box.setCurrentIndex(list(ConditionKind).index(typed.kind))
        if typed.post_only:
            fields.duration_box.setCurrentIndex(list(TimeInForce).index(TimeInForce.POST_ONLY))
        texts = (typed.price, typed.level, typed.alternative, typed.stop_loss, typed.take_profit, typed.trailing)
        parts = (fields.price, fields.level, fields.alternative, fields.stop_loss, fields.take_profit, fields.trailing)
        for part, text in zip((*parts, fields.amount), (*texts, typed.size), strict=True):
            if text.isascii():
                self._qtbot.keyClicks(part.edit, text)
            else:  # as an input method brings it
                part.edit.insert(text)

    def submit(self) -> None:
        """By keyboard, by the button, and by calling what both of them call."""
        self._qtbot.keyClick(self.ticket, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self._qtbot.mouseClick(self.ticket.send_button, Qt.MouseButton.LeftButton)
        self._qtbot.keyClick(self.ticket.fields.amount.edit, Qt.Key.Key_Return)
        self.ticket.send()


@pytest.fixture
def hands(stage: OrderDeskStage, qtbot: QtBot) -> Iterator[Hands]:
    made = Hands(stage, qtbot)
    yield made
    made.feed.close()


@pytest.mark.parametrize("typed", TICKETS, ids=lambda typed: typed.name)
async def test_a_bad_ticket_is_refused_and_nothing_leaves(stage: OrderDeskStage, hands: Hands, typed: Typed) -> None:
    await stage.open()
    stage.script >> seconds(1, tick=1)
    typed.scene(stage)
    await hands.look()
    stage.forget()
    hands.type(typed)
    check = hands.ticket.check()
    assert check is not None and typed.field in check.problems, check
    hands.submit()
    words = await hands.look()
    languages().set("ko")
    assert words and is_korean(await hands.look()) and not is_korean(words)
    assert hands.posted == []
    await stage.assert_nothing_left()
    languages().set("en")
    await stage.assert_still_works()


async def test_a_good_ticket_passes_by_the_same_hands(stage: OrderDeskStage, hands: Hands) -> None:
    await stage.open()
    stage.script >> seconds(1, tick=1)
    await hands.look()
    stage.forget()
    hands.type(Typed("good", TICKETS[0].field))
    hands.submit()
    assert await hands.look() == "The engine has taken it."
    assert len(hands.posted) == 1 == len(stage.venue.called("place"))


# ---- blueprints ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_bad_blueprint_file_is_not_offered_and_said_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "mine.toml").write_bytes(FILES[name])
    shelf = sound_shelf((tmp_path,))
    assert [blueprint.id for blueprint in shelf.blueprints] == ["good"]
    assert shelf.problems
    for problem in shelf.problems:
        alert = AlertRaised("blueprint_unusable", str(problem), problem=problem)
        assert alert.detail.startswith(("mine.toml: ", "mine: "))
        languages().set("en")
        english = alert_detail(alert)
        languages().set("ko")
        assert is_korean(alert_detail(alert)) and not is_korean(english), alert_detail(alert)
