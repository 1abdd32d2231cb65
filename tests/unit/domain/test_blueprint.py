from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.blueprint import (
    MAX_BUDGET,
    MAX_HOLD_MINUTES,
    TIMEFRAMES,
    EntryOrderPolicy,
    EntryStep,
    LocalText,
    RestPolicy,
    blueprint_problems,
)
from app.domain.exit_plan import ExitRules
from app.domain.slippage import AboveTolerance, SlippagePolicy
from app.domain.values import OrderType
from tests.unit.domain.samples import blueprint

D = Decimal
STOP = ExitRules(stop_loss_percent=D(1))

#: place of the problem -> what is changed in a sound blueprint to cause it
FAULTS: list[tuple[str, dict[str, object]]] = [
    ("schema", {"schema": 2}),
    ("id", {"id": ""}),
    ("id", {"id": "   "}),
    ("id", {"id": "x" * 65}),
    ("version", {"version": 0}),
    ("version", {"version": 10**40}),
    ("timeframe", {"timeframe": "7m"}),
    ("warmup_bars", {"warmup_bars": -1}),
    ("warmup_bars", {"warmup_bars": 201}),
    ("default_budget", {"default_budget": D(0)}),
    ("default_budget", {"default_budget": D(-1)}),
    ("default_budget", {"default_budget": D("NaN")}),
    ("default_budget", {"default_budget": D("sNaN")}),
    ("default_budget", {"default_budget": D("Infinity")}),
    ("default_budget", {"default_budget": MAX_BUDGET + 1}),
    ("max_spread_percent", {"max_spread_percent": D(0)}),
    ("max_spread_percent", {"max_spread_percent": D(101)}),
    ("slippage.max_percent", {"slippage": SlippagePolicy(D(0))}),
    ("slippage.max_percent", {"slippage": SlippagePolicy(D("NaN"))}),
    ("slippage.max_percent", {"slippage": SlippagePolicy(D(101))}),
    (
        "slippage.when_above",
        {
            "entry_order": EntryOrderPolicy(OrderType.LIMIT),
            "slippage": SlippagePolicy(D(1), AboveTolerance.SPLIT),
        },
    ),
    ("entry_order.timeout_s", {"entry_order": EntryOrderPolicy(timeout_s=0)}),
    ("entry_order.timeout_s", {"entry_order": EntryOrderPolicy(timeout_s=3601)}),
    ("entry_order.offset_ticks", {"entry_order": EntryOrderPolicy(OrderType.LIMIT, -101)}),
    ("steps", {"steps": ()}),
    ("steps", {"steps": (EntryStep(D(1)),) * 21}),
    ("steps", {"steps": (EntryStep(D(60)), EntryStep(D("40.01"), D(1)))}),
    ("steps[1].share_percent", {"steps": (EntryStep(D(10)), EntryStep(D(0), D(1)))}),
    ("steps[0].share_percent", {"steps": (EntryStep(D("NaN")),)}),
    ("steps[0].drop_percent", {"steps": (EntryStep(D(10), D(100)),)}),
    ("steps[0].drop_percent", {"steps": (EntryStep(D(10), D(-1)),)}),
    ("exits.stop_loss_percent", {"exits": ExitRules()}),
    ("exits.stop_loss_percent", {"exits": ExitRules(stop_loss_percent=D(0))}),
    ("exits.stop_loss_percent", {"exits": ExitRules(stop_loss_percent=D(100))}),
    ("exits.stop_loss_percent", {"exits": ExitRules(stop_loss_percent=D("NaN"))}),
    ("exits.trailing_stop_percent", {"exits": replace(STOP, trailing_stop_percent=D(-1))}),
    ("exits.take_profit_percent", {"exits": replace(STOP, take_profit_percent=D(1000))}),
    (
        "exits.trailing_activation_percent",
        {"exits": replace(STOP, trailing_stop_percent=D(1), trailing_activation_percent=D(0))},
    ),
    ("exits.trailing_activation_percent", {"exits": replace(STOP, trailing_activation_percent=D(1))}),
    ("exits.max_hold_minutes", {"exits": replace(STOP, max_hold_minutes=0)}),
    ("exits.max_hold_minutes", {"exits": replace(STOP, max_hold_minutes=MAX_HOLD_MINUTES + 1)}),
]


def test_a_sound_blueprint_has_no_problem() -> None:
    assert blueprint_problems(blueprint()) == []


@pytest.mark.parametrize(("where", "changes"), FAULTS, ids=lambda value: str(value)[:60])
def test_each_fault_is_told_in_words_with_its_place(where: str, changes: dict[str, object]) -> None:
    problems = blueprint_problems(blueprint(**changes))
    assert [problem.where for problem in problems] == [where]
    assert len(problems[0].what.split()) >= 3, "words, not a code"


def test_all_faults_are_told_at_once() -> None:
    bad = blueprint(version=0, timeframe="7m", exits=ExitRules())
    assert [problem.where for problem in blueprint_problems(bad)] == ["version", "timeframe", "exits.stop_loss_percent"]


def test_running_without_a_stop_loss_must_be_said() -> None:
    assert blueprint_problems(blueprint(exits=ExitRules(), stop_loss_waived=True)) == []


decimals = st.decimals(allow_nan=True, allow_infinity=True) | st.sampled_from([D(0), D(100), D("1e-300"), D("1e300")])
optional = st.none() | decimals


@given(
    blueprint_fields=st.fixed_dictionaries(
        {
            "schema": st.integers(),
            "id": st.text(max_size=80),
            "version": st.integers(),
            "timeframe": st.text() | st.sampled_from(list(TIMEFRAMES)),
            "warmup_bars": st.integers(),
            "default_budget": decimals,
            "max_spread_percent": decimals,
            "exits": st.builds(ExitRules, optional, optional, optional, optional, st.none() | st.integers()),
            "steps": st.lists(st.builds(EntryStep, decimals, decimals), max_size=22).map(tuple),
            "entry_order": st.builds(EntryOrderPolicy, st.sampled_from(OrderType), st.integers(), st.integers()),
        }
    )
)
def test_no_figure_however_odd_makes_the_check_itself_fail(blueprint_fields: dict[str, object]) -> None:
    for problem in blueprint_problems(blueprint(**blueprint_fields)):
        assert problem.where
        assert problem.what


@pytest.mark.parametrize(("word", "seconds"), [("1m", 60), ("15m", 900), ("4h", 14400)])
def test_a_timeframe_knows_its_seconds(word: str, seconds: int) -> None:
    assert blueprint(timeframe=word).seconds == seconds


def test_the_journal_writes_id_and_version() -> None:
    assert blueprint(id="dca", version=4).label == "dca v4"


def test_texts_come_in_both_languages() -> None:
    text = LocalText("안녕", "hello")
    assert (text.of("ko"), text.of("en"), text.of("fr")) == ("안녕", "hello", "hello")


def test_how_long_an_entry_lasts_depends_on_its_kind_unless_it_is_said() -> None:
    limit, market = EntryOrderPolicy(OrderType.LIMIT), EntryOrderPolicy()
    assert (limit.lasts_s, market.lasts_s) == (300, 30)
    assert replace(limit, timeout_s=20).lasts_s == replace(market, timeout_s=20).lasts_s == 20
    assert replace(limit, timeout_s=20, rest=RestPolicy.WAIT).lasts_s is None
    assert replace(market, rest=RestPolicy.WAIT).lasts_s == 30


def test_a_price_has_drifted_when_it_is_further_above_the_bid_than_allowed() -> None:
    policy = EntryOrderPolicy(OrderType.LIMIT)
    assert not policy.has_drifted(Decimal(1020), Decimal(1000))
    assert policy.has_drifted(Decimal("1020.01"), Decimal(1000))
    assert not replace(policy, rest=RestPolicy.WAIT).has_drifted(Decimal(2000), Decimal(1000))
