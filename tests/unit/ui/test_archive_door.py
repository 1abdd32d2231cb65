"""A question ends with one call: the answer, or words."""

from decimal import Decimal

import pytest

from app.domain.order_chain import OrderChain
from app.domain.order_query import OrderChoices, OrderPage, OrderQuery
from app.ui.archive_door import ArchiveDoor
from tests.ui.story_archive import StoryArchive, chain_of, run_now
from tests.unit.adapters.storage.samples import order, position


@pytest.fixture
def archive() -> StoryArchive:
    chain = chain_of(order(), position())
    return StoryArchive([order()], [position()], {"gw-1": chain})


def test_answers_come_back(archive: StoryArchive) -> None:
    door = ArchiveDoor(archive, run_now)
    pages: list[OrderPage] = []
    choices: list[OrderChoices] = []
    chains: list[OrderChain] = []
    failed: list[str] = []
    door.find(OrderQuery(), pages.append, failed.append)
    door.choices(choices.append, failed.append)
    door.why("gw-1", chains.append, failed.append)
    few = Decimal("0.1")
    archive.positions.append(position("p-2", dust=few))
    left: list[object] = []
    door.dust(left.append, failed.append)
    assert left == [(position("p-2", dust=few),)]
    assert (pages[0].orders, chains, failed) == ((order(),), [archive.chains["gw-1"]], [])
    assert choices[0].strategies == (("breakout", position().blueprint.name),)


def test_trouble_and_nonsense_come_back_as_words(archive: StoryArchive) -> None:
    door = ArchiveDoor(archive, run_now)
    answers: list[object] = []
    failed: list[str] = []
    door.find(OrderQuery(limit=0), answers.append, failed.append)
    door.why("gw-9", answers.append, failed.append)
    archive.broken = "the disk is gone"
    door.choices(answers.append, failed.append)
    assert answers == [] and len(failed) == 3
    assert "not 0" in failed[0] and "'gw-9'" in failed[1] and failed[2] == "the disk is gone"


def test_every_question_is_a_named_task(archive: StoryArchive) -> None:
    names: list[str] = []

    def spawn(coro: object, name: str) -> None:
        names.append(name)
        coro.close()  # type: ignore[attr-defined]

    ArchiveDoor(archive, spawn).why("gw-1", lambda _: None, lambda _: None)
    assert names == ["order-chain"]
