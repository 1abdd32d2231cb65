"""Commands are values: frozen, compared by content, and all of them are in the union."""

import dataclasses
import inspect
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest

from app.domain import commands
from app.domain.commands import MAX_TEXT, StartStrategy, command_problems
from app.domain.instruction import Condition, ConditionKind, OrderDraft, PlaceInstruction
from app.domain.values import Market, Side
from tests.unit.domain.samples import blueprint

BTC = Market("upbit", "KRW-BTC")

DEFINED = [cls for _, cls in inspect.getmembers(commands, inspect.isclass) if cls.__module__ == commands.__name__]


@pytest.mark.parametrize("cls", DEFINED, ids=lambda cls: cls.__name__)
def test_a_command_is_frozen_and_in_the_union(cls: type) -> None:
    assert cls in get_args(commands.Command)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("cls", get_args(commands.Command), ids=lambda cls: cls.__name__)
def test_what_may_start_something_carries_the_id_that_makes_it_happen_once(cls: type) -> None:
    starts = cls.__name__ in (
        "StartStrategy",
        "PlaceInstruction",
        "LiquidateAll",
        "RetryDeadLetter",
        "AskUnlock",
        "ChangeKillPassword",
    )
    assert starts is ("command_id" in [field.name for field in dataclasses.fields(cls)])


@pytest.mark.parametrize(
    ("where", "draft", "condition"),
    [
        ("draft.funds", {"funds": Decimal("NaN")}, {}),
        ("draft.funds", {"funds": Decimal("-Infinity")}, {}),
        ("draft.price", {"price": Decimal("1e31")}, {}),
        ("draft.volume", {"volume": Decimal("1" * 51)}, {}),
        ("draft.timeout_s", {"timeout_s": float("nan")}, {}),
        ("condition.at", {}, {"at": datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)}),
        ("condition.at", {}, {"at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=9)))}),
        ("condition.rule", {}, {"rule": "close > 1 \0"}),
        ("condition.rule", {}, {"rule": "x" * (MAX_TEXT + 1)}),
        ("condition.seconds", {}, {"seconds": 2**63}),
    ],
)
def test_what_could_not_be_written_down_is_found_where_it_is(
    where: str, draft: dict[str, object], condition: dict[str, object]
) -> None:
    asked = PlaceInstruction("c", BTC, OrderDraft(Side.BUY, **draft), Condition(ConditionKind.NOW, **condition))  # type: ignore[arg-type]
    assert [problem.where for problem in command_problems(asked)] == [where]


def test_a_sound_command_has_no_problem_and_a_list_is_looked_into() -> None:
    start = StartStrategy("c", BTC, blueprint(), Decimal(1_000_000))
    assert command_problems(start) == []
    broken = dataclasses.replace(start, market=Market("upbit", "\ud800"))
    assert [problem.where for problem in command_problems(broken)] == ["market[1]"]
