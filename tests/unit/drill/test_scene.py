"""What a drill starts from."""

from decimal import Decimal
from pathlib import Path

from app.domain.position import PositionState
from app.domain.values import Market
from app.drill.scene import copy_scene, recording_of, sample_scene
from app.practice.recordings import open_recording
from tests.unit.engine.playbook import BTC, START, Playbook

D = Decimal


def test_a_terminal_without_positions_has_nothing_to_copy() -> None:
    assert copy_scene(Playbook().ready().core, START).positions == ()


def test_the_copy_holds_what_is_held_and_nothing_under_way() -> None:
    play = Playbook().ready()
    held = play.holding(BTC)
    scene = copy_scene(play.core, START)
    (copy,) = scene.positions
    assert (copy.position_id, copy.quantity, copy.state) == (held.position_id, held.quantity, PositionState.ACTIVE)
    assert copy.exit_plan is None and scene.holdings == {"BTC": held.quantity}
    assert [book.market for book in scene.books] == [BTC]
    assert play.core.positions.positions[held.position_id] == held, "the terminal's own position is not touched"


def test_the_exchange_can_replay_the_books(tmp_path: Path) -> None:
    scene = sample_scene(START)
    file = tmp_path / "books.jsonl"
    file.write_bytes(recording_of(scene.books))
    markets = {market.code: market for market in open_recording(file, None).markets()}
    assert set(markets) == {book.market.symbol for book in scene.books}
    assert all(frame.bids and frame.asks for frame in open_recording(file, None).frames)  # type: ignore[union-attr]


def test_the_sample_has_the_cash_for_its_purchase() -> None:
    scene = sample_scene(START)
    (order,) = scene.orders
    assert scene.sample and scene.cash > (order.intent.price or D(0)) * (order.intent.volume or D(0))
    assert scene.positions[0].market == Market("upbit", "KRW-BTC")
