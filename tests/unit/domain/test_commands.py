"""Commands are values: frozen, compared by content, and all of them are in the union."""

import dataclasses
import inspect
from typing import get_args

import pytest

from app.domain import commands

DEFINED = [cls for _, cls in inspect.getmembers(commands, inspect.isclass) if cls.__module__ == commands.__name__]


@pytest.mark.parametrize("cls", DEFINED, ids=lambda cls: cls.__name__)
def test_a_command_is_frozen_and_in_the_union(cls: type) -> None:
    assert cls in get_args(commands.Command)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("cls", get_args(commands.Command), ids=lambda cls: cls.__name__)
def test_what_may_start_something_carries_the_id_that_makes_it_happen_once(cls: type) -> None:
    starts = cls.__name__ in ("StartStrategy", "PlaceInstruction", "LiquidateAll", "RetryDeadLetter")
    assert starts is ("command_id" in [field.name for field in dataclasses.fields(cls)])
