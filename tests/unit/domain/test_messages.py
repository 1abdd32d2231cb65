import ast
import dataclasses
import inspect
from datetime import UTC, datetime
from typing import get_args

import pytest

from app.domain import messages
from app.domain.effects import EFFECTS
from app.domain.market_data import Book, Ticker, Trade

DEFINED = [cls for _, cls in inspect.getmembers(messages, inspect.isclass) if cls.__module__ == messages.__name__]
COMMANDS, ANSWERS = set(get_args(messages.Command)), set(get_args(messages.Answer))
STATE_EVENTS, VIEW_EVENTS = set(get_args(messages.StateEvent)), set(get_args(messages.ViewEvent))


#: Messages that live with the subject they are about.
ELSEWHERE = sorted(
    (cls for cls in COMMANDS | ANSWERS | STATE_EVENTS if cls.__module__ != messages.__name__),
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("cls", [*DEFINED, *ELSEWHERE, *EFFECTS, Book, Trade, Ticker], ids=lambda cls: cls.__name__)
def test_every_message_is_frozen_slotted_and_fully_typed(cls: type) -> None:
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not hasattr(cls, "__dict__") or "__slots__" in vars(cls)
    for field in dataclasses.fields(cls):
        assert "dict" not in str(field.type), f"{cls.__name__}.{field.name}: no dict-typed messages"


@pytest.mark.parametrize("cls", [*DEFINED, *ELSEWHERE], ids=lambda cls: cls.__name__)
def test_every_message_says_in_one_sentence_what_it_is(cls: type) -> None:
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{cls.__name__}("), "the docstring is the one dataclass made up"


def test_what_is_journaled_is_exactly_the_state_events() -> None:
    assert set(messages.JOURNALED) == STATE_EVENTS
    assert len(messages.JOURNALED) == len(STATE_EVENTS)


def test_every_message_has_its_place_and_commands_are_not_events() -> None:
    placed = COMMANDS | ANSWERS | STATE_EVENTS | VIEW_EVENTS
    assert set(DEFINED) <= placed
    assert not COMMANDS & (STATE_EVENTS | VIEW_EVENTS)
    assert not STATE_EVENTS & VIEW_EVENTS, "an event is either kept for ever or only shown"


def test_a_message_is_equal_to_one_with_the_same_content() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    one, other = (messages.BalancesReported("upbit", (), at) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)


def test_the_module_defines_only_messages_and_their_unions() -> None:
    tree = ast.parse(inspect.getsource(messages))
    assert not [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
