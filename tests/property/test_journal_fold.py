"""Folding the journal is "last one wins": any prefix, taken up again, gives the same books (I23)."""

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage.codec import decode, encode
from app.adapters.storage.recovery import FoldedBooks
from app.domain.messages import (
    EngineStopped,
    FillBooked,
    OrderChanged,
    PositionChanged,
    StateEvent,
    TradingStateChanged,
)
from app.domain.values import TradingState
from tests.property.profile import examples
from tests.unit.adapters.storage.samples import state_events

events = st.lists(state_events, max_size=40)


def folded(history: list[StateEvent], books: FoldedBooks | None = None) -> FoldedBooks:
    books = books or FoldedBooks()
    for event in history:
        books.take(event)
    return books


@given(events, st.integers(0, 40))
@examples(80)
def test_a_prefix_taken_up_again_is_the_whole(history: list[StateEvent], cut: int) -> None:
    whole = folded(history)
    assert folded(history[cut:], folded(history[:cut])) == whole
    assert folded(history) == whole, "folding changes nothing in what it folds"


@given(events)
@examples(80)
def test_the_books_are_the_last_word_on_each_thing(history: list[StateEvent]) -> None:
    books = folded(history)
    assert books.orders == {e.order.order_id: e.order for e in history if isinstance(e, OrderChanged)}
    assert books.positions == {e.position.position_id: e.position for e in history if isinstance(e, PositionChanged)}
    fills = {(e.fill.order_id, e.fill.trade_id): e.fill for e in history if isinstance(e, FillBooked)}
    assert books.fills == fills
    states = [e.after for e in history if isinstance(e, TradingStateChanged)]
    assert books.trading_state is (states[-1] if states else TradingState.DISABLED)
    last = history[-1] if history else None
    assert books.stopped_epoch == (last.epoch if isinstance(last, EngineStopped) else None)


@given(events)
@examples(80)
def test_what_is_written_is_read_back_as_it_was(history: list[StateEvent]) -> None:
    """Every digit of every amount, every half-baked note: the fold of the text is the fold of the events."""
    again = [decode(*encode(event), seq) for seq, event in enumerate(history, 1)]
    assert again == history
    assert [encode(event) for event in again] == [encode(event) for event in history]
    assert folded(again) == folded(history)
