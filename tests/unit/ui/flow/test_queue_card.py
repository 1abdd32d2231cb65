"""The figures of the queue are those the engine told."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.domain.messages import QueueStatus
from app.domain.values import Priority
from app.ui.flow.queue_card import LONG_WAIT_S, QueueCard
from tests.ui import screen_story
from tests.ui.screen_story import NOW


def told() -> QueueStatus:
    waiting = tuple((priority, 100 * int(priority)) for priority in Priority)
    return replace(screen_story.queue(NOW), waiting=waiting, in_flight=1234)


def texts(card: QueueCard) -> list[str]:
    return [value.text() for value in card.waiting.values()]


def test_every_priority_has_its_own_count(qtbot: QtBot) -> None:
    card = QueueCard()
    qtbot.addWidget(card)
    assert set(texts(card)) == {card.in_flight.text()} == {"–"}, "nothing is made up before the engine spoke"
    status = told()
    card.show_status(status)
    assert texts(card) == ["0", "100", "200", "300", "400"]
    assert sum(int(text) for text in texts(card)) == sum(count for _, count in status.waiting)
    assert (card.in_flight.text(), card.oldest.text()) == ("1,234", "1.2 s")
    assert (card.next_exit.text(), card.next_entry.text()) == ("now", "248 ms")
    assert [value.property("role") for value in card.waiting.values()] == ["dim", "", "", "", ""]


def test_a_long_wait_is_marked_and_no_wait_is_a_dash(qtbot: QtBot) -> None:
    card = QueueCard()
    qtbot.addWidget(card)
    card.show_status(replace(told(), oldest_s=LONG_WAIT_S))
    assert card.oldest.property("role") == "warning"
    card.show_status(replace(told(), oldest_s=None))
    assert (card.oldest.text(), card.oldest.property("role")) == ("–", "")
