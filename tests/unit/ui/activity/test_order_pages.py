"""Pages and what is live become one list; answers to older questions are not taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.order import Order, OrderState
from app.domain.order_query import OrderPage, OrderQuery
from app.ui.activity.order_pages import OrderPages
from app.ui.archive_door import ArchiveDoor
from tests.ui.story_archive import StoryArchive, run_now
from tests.unit.adapters.storage.samples import NOW, order, position


class SlowDoor(ArchiveDoor):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__(StoryArchive(), run_now)
        self.waiting: list[tuple[OrderQuery, Callable[[OrderPage], None], Callable[[str], None]]] = []

    def find(self, query: OrderQuery, found: Callable[[OrderPage], None], failed: Callable[[str], None]) -> None:
        self.waiting.append((query, found, failed))


def past(number: int, **changes: object) -> Order:
    """The order that was made ``number`` hours ago."""
    made = order(f"gw-{number}", OrderState.FILLED, created_at=NOW - timedelta(hours=number))
    return replace(made, **changes)  # type: ignore[arg-type]


def names(orders: list[Order]) -> list[str]:
    return sorted(one.order_id for one in orders)


def test_before_it_is_opened_only_what_is_live_is_known() -> None:
    pages = OrderPages(lambda: None)
    pages.ask(OrderQuery(text="gw-1"))
    assert names(pages.joined([past(1), past(2)], {})) == ["gw-1"]
    assert not pages.is_asking


def test_pages_come_one_after_another_and_end() -> None:
    archive = StoryArchive([past(number) for number in range(5)], [position()])
    pages = OrderPages(lambda: None)
    pages.open(ArchiveDoor(archive, run_now))
    pages.ask(OrderQuery(limit=2))
    assert names(pages.joined([], {})) == ["gw-0", "gw-1"] and pages.positions == {"p-1": position()}
    for _ in range(5):
        pages.more()
    assert names(pages.joined([], {})) == [f"gw-{number}" for number in range(5)]
    assert len(archive.asked) == 3, "after the last page nothing is asked any more"


def test_the_live_word_counts_and_what_is_below_the_last_page_waits() -> None:
    archive = StoryArchive([past(number) for number in range(5)])
    pages = OrderPages(lambda: None)
    pages.open(ArchiveDoor(archive, run_now))
    pages.ask(OrderQuery(limit=2))
    live = [past(0, note="late fill"), past(4), past(3, state=OrderState.OPEN)]
    joined = pages.joined(live, {})
    assert names(joined) == ["gw-0", "gw-1", "gw-3"], "working orders are always shown, history has no holes"
    assert next(one for one in joined if one.order_id == "gw-0").note == "late fill"


def test_strategies_are_known_from_both_sides() -> None:
    pages = OrderPages(lambda: None)
    pages.ask(OrderQuery(strategy="breakout"))
    assert pages.joined([past(1)], {}) == []
    assert pages.joined([past(1)], {"p-1": position()}) == [past(1)]


def test_an_answer_to_an_older_question_is_not_taken() -> None:
    told: list[int] = []
    door = SlowDoor()
    pages = OrderPages(lambda: told.append(1))
    pages.open(door)
    pages.ask(OrderQuery(text="old"))
    pages.ask(OrderQuery())
    assert pages.is_asking
    door.waiting[0][1](OrderPage((past(9),)))
    door.waiting[0][2]("too late")
    assert (told, pages.trouble, pages.is_known) == ([], "", False)
    door.waiting[1][1](OrderPage((past(1),)))
    assert told == [1] and names(pages.joined([], {})) == ["gw-1"]


def test_trouble_is_told_once_and_asked_about_again_only_by_a_person() -> None:
    archive = StoryArchive([past(number) for number in range(5)])
    pages = OrderPages(lambda: None)
    pages.open(ArchiveDoor(archive, run_now))
    pages.ask(OrderQuery(limit=2))
    archive.broken = "the disk is gone"
    pages.more()
    assert pages.trouble == "the disk is gone" and not pages.is_asking
    archive.broken = ""
    pages.more()
    assert len(archive.asked) == 1
    pages.ask(OrderQuery(limit=2))
    assert pages.trouble == "" and len(archive.asked) == 2
