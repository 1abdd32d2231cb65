from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.files.blueprint_files import MAX_BYTES, read_blueprint, read_shelf
from app.domain.blueprint import blueprint_problems
from app.domain.errors import InvalidInputError
from app.domain.slippage import AboveTolerance, SlippagePolicy
from app.domain.values import OrderType
from app.engine.rule_language import rule_problems

SHIPPED = Path(__file__).resolve().parents[4] / "resources" / "blueprints"
SHIPPED_IDS = {"trend-breakout", "rsi-mean-reversion", "dca-ladder"}
GOOD = """
schema = 1
id = "mine"
version = 1
timeframe = "1m"
warmup_bars = 20
entry_when = "close > sma(20)"
default_budget = 1000000
max_spread_percent = 0.5
steps = [{ share_percent = 50, drop_percent = 0 }, { share_percent = 50, drop_percent = 1.5 }]

[name]
ko = "내 전략"
en = "Mine"

[description]
ko = "설명"
en = "Words"

[entry_order]
order_type = "limit"
offset_ticks = 1
timeout_s = 30
rest = "cancel_and_market"
market_from_percent = 75
max_drift_percent = 1.5

[exits]
stop_loss_percent = 1
"""

#: what is wrong -> (text that is replaced, replacement, what the error must name)
MALFORMED: dict[str, tuple[str, str, str]] = {
    "schema is missing": ("schema = 1", "", "schema"),
    "schema is from the future": ("schema = 1", "schema = 2", "schema"),
    "schema is text": ("schema = 1", 'schema = "1"', "schema"),
    "schema is a table": ("schema = 1", "schema = {}", "schema"),
    "id is missing": ('id = "mine"', "", "id"),
    "id is empty": ('id = "mine"', 'id = ""', "id"),
    "id is a number": ('id = "mine"', "id = 7", "id"),
    "version is zero": ("version = 1", "version = 0", "version"),
    "version is a fraction": ("version = 1", "version = 1.5", "version"),
    "version is true": ("version = 1", "version = true", "version"),
    "version is a date": ("version = 1", "version = 2026-01-01", "version"),
    "version is astronomical": ("version = 1", "version = 0x" + "f" * 9000, "version"),
    "version is not the name": ("version = 1", "versoin = 1", "versoin"),
    "timeframe is unknown": ('timeframe = "1m"', 'timeframe = "7m"', "timeframe"),
    "timeframe is a list": ('timeframe = "1m"', 'timeframe = ["1m"]', "timeframe"),
    "warmup is negative": ("warmup_bars = 20", "warmup_bars = -1", "warmup_bars"),
    "warmup is text": ("warmup_bars = 20", 'warmup_bars = "many"', "warmup_bars"),
    "the entry rule is missing": ('entry_when = "close > sma(20)"', "", "entry_when"),
    "the entry rule is a number": ('entry_when = "close > sma(20)"', "entry_when = 1", "entry_when"),
    "the exit rule is a list": ("warmup_bars = 20", "warmup_bars = 20\nexit_when = []", "exit_when"),
    "the budget is zero": ("default_budget = 1000000", "default_budget = 0", "default_budget"),
    "the budget is text": ("default_budget = 1000000", 'default_budget = "a lot"', "default_budget"),
    "the budget is true": ("default_budget = 1000000", "default_budget = true", "default_budget"),
    "the budget is not a number": ("default_budget = 1000000", "default_budget = nan", "default_budget"),
    "the budget is infinite": ("default_budget = 1000000", "default_budget = inf", "default_budget"),
    "the budget is beyond all money": ("default_budget = 1000000", "default_budget = 1e400", "default_budget"),
    "the spread is above 100 %": ("max_spread_percent = 0.5", "max_spread_percent = 101", "max_spread_percent"),
    "the tolerance is zero": ("[exits]", "[slippage]\nmax_percent = 0\n[exits]", "slippage.max_percent"),
    "the tolerance is misspelt": ("[exits]", "[slippage]\nmax_precent = 1\n[exits]", "slippage.max_precent"),
    "nobody knows what to do above it": ("[exits]", '[slippage]\nwhen_above = "hope"\n[exits]', "hope"),
    "a limit order is to be split": ("[exits]", '[slippage]\nwhen_above = "split"\n[exits]', "slippage.when_above"),
    "the steps are empty": ("steps = [", "steps = [] #", "steps"),
    "the steps are numbers": ("steps = [", "steps = [1] #", "steps[0]"),
    "the steps are one table": ("steps = [", "steps = {} #", "steps"),
    "a step has an unknown field": ("share_percent = 50, drop_percent = 1.5", "share = 50", "steps[1].share"),
    "the steps add up to too much": ("share_percent = 50, drop_percent = 0", "share_percent = 51", "steps"),
    "a step drops below nothing": ("drop_percent = 1.5", "drop_percent = 100", "steps[1].drop_percent"),
    "a step's share is text": ("share_percent = 50, drop_percent = 0", 'share_percent = "x"', "steps[0].share_percent"),
    "the name lacks a language": ('en = "Mine"', "", "name"),
    "the name has a third language": ('en = "Mine"', 'en = "Mine"\nfr = "Mien"', "name.fr"),
    "the name is a number": ('ko = "내 전략"', "ko = 1", "name.ko"),
    "the order type is unknown": ('order_type = "limit"', 'order_type = "iceberg"', "entry_order.order_type"),
    "the order field is misspelt": ("offset_ticks = 1", "offset_tick = 1", "entry_order.offset_tick"),
    "the time-out is a fraction": ("timeout_s = 30", "timeout_s = 0.5", "entry_order.timeout_s"),
    "the stop-loss is missing": ("stop_loss_percent = 1", "", "exits.stop_loss_percent"),
    "the stop-loss is misspelt": ("stop_loss_percent = 1", "stoploss_percent = 1", "exits.stoploss_percent"),
    "the stop-loss is a ratio below zero": (
        "stop_loss_percent = 1",
        "stop_loss_percent = -1",
        "exits.stop_loss_percent",
    ),
    "the stop-loss is true": ("stop_loss_percent = 1", "stop_loss_percent = true", "exits.stop_loss_percent"),
    "the exits are a number": ("[exits]\nstop_loss_percent = 1", "[entry]\nx = 1", "entry"),
    "the holding time is a fraction": (
        "stop_loss_percent = 1",
        "stop_loss_percent = 1\nmax_hold_minutes = 1.5",
        "exits.max_hold_minutes",
    ),
    "the holding time is longer than time itself": (
        "stop_loss_percent = 1",
        "stop_loss_percent = 1\nmax_hold_minutes = 999999999999",
        "exits.max_hold_minutes",
    ),
    "the waiver is text": ("warmup_bars = 20", 'warmup_bars = 20\nstop_loss_waived = "yes"', "stop_loss_waived"),
    "a key appears twice": ("version = 1", "version = 1\nversion = 2", "line 5"),
    "a quote is never closed": ('id = "mine"', 'id = "mine', "line 3"),
}

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a blueprint file and tell its path."""

    def written(text: str) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def complaint(path: Path) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_blueprint(path)
    return str(caught.value)


def test_a_good_file_becomes_a_blueprint_with_exact_figures(write: Write) -> None:
    blueprint = read_blueprint(write(GOOD))
    assert blueprint.label == "mine v1"
    assert blueprint.name.ko == "내 전략"
    assert blueprint.default_budget == Decimal(1_000_000)
    assert [step.drop_percent for step in blueprint.steps] == [Decimal(0), Decimal("1.5")]
    assert blueprint.entry_order.order_type is OrderType.LIMIT
    assert blueprint.exits.stop_loss_percent == Decimal(1)
    assert blueprint.exits.take_profit_percent is None


@pytest.mark.parametrize("wrong", MALFORMED)
def test_a_malformed_file_is_refused_naming_file_and_field(wrong: str, write: Write) -> None:
    old, new, place = MALFORMED[wrong]
    assert old in GOOD
    words = complaint(write(GOOD.replace(old, new, 1)))
    assert words.startswith("mine.toml: ")
    assert place in words


def test_every_problem_of_a_file_is_told_at_once(write: Write) -> None:
    words = complaint(write(GOOD.replace("version = 1", "version = 0").replace('"1m"', '"7m"')))
    assert "version" in words
    assert "timeframe" in words


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    assert complaint(path).startswith("mine.toml: is not UTF-8")


def test_a_huge_file_is_refused_unread(write: Write) -> None:
    assert "larger than" in complaint(write("#" * (MAX_BYTES + 1)))


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "gone.toml").startswith("gone.toml: cannot be read")
    (tmp_path / "folder.toml").mkdir()
    assert complaint(tmp_path / "folder.toml").startswith("folder.toml: cannot be read")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused_and_never_crash(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "noise.toml"
    path.write_bytes(noise)
    assert complaint(path).startswith("noise.toml: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(alphabet="=[]{}\"'#.,\n0123456789aexo-_ ", max_size=12))
def test_a_damaged_good_file_is_read_or_refused_and_never_crashes(
    tmp_path: Path, at: int, length: int, noise: str
) -> None:
    path = tmp_path / "damaged.toml"
    path.write_text(GOOD[:at] + noise + GOOD[at + length :], encoding="utf-8")
    try:
        blueprint = read_blueprint(path)
    except InvalidInputError as error:
        assert str(error).startswith("damaged.toml: ")
    else:
        assert blueprint_problems(blueprint) == []


def test_the_shipped_blueprints_load_and_their_rules_are_sound() -> None:
    shelf = read_shelf([SHIPPED])
    assert shelf.problems == ()
    assert {blueprint.id for blueprint in shelf.blueprints} == SHIPPED_IDS
    for blueprint in shelf.blueprints:
        assert rule_problems(blueprint) == []
        assert blueprint.exits.stop_loss_percent is not None, "no shipped blueprint runs without a stop"
        assert all((blueprint.name.ko, blueprint.name.en, blueprint.description.ko, blueprint.description.en))


def test_a_shelf_keeps_the_good_and_tells_about_the_bad(write: Write) -> None:
    folder = write(GOOD).parent
    (folder / "bad.toml").write_text("schema = 1", encoding="utf-8")
    (folder / "notes.txt").write_text("not looked at", encoding="utf-8")
    shelf = read_shelf([folder])
    assert [blueprint.id for blueprint in shelf.blueprints] == ["mine"]
    (problem,) = shelf.problems
    assert str(problem) == "bad.toml: id: is missing"


def test_ones_own_blueprint_replaces_the_shipped_one_of_the_same_id(write: Write) -> None:
    folder = write(GOOD.replace('"mine"', '"dca-ladder"').replace("version = 1", "version = 99")).parent
    shelf = read_shelf([SHIPPED, folder])
    assert len(shelf.blueprints) == 3
    assert [b.version for b in shelf.blueprints if b.id == "dca-ladder"] == [99]


def test_two_files_of_one_folder_with_the_same_id_are_told(write: Write) -> None:
    folder = write(GOOD).parent
    (folder / "a-copy.toml").write_text(GOOD.replace("version = 1", "version = 2"), encoding="utf-8")
    shelf = read_shelf([folder])
    assert [blueprint.version for blueprint in shelf.blueprints] == [2]
    assert tuple(map(str, shelf.problems)) == ("mine.toml: id 'mine' is already that of a-copy.toml; change it",)


def test_a_folder_that_is_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    assert read_shelf([tmp_path / "nothing"]).blueprints == ()


def test_the_tolerance_for_slippage_is_read_and_has_a_default(write: Write) -> None:
    assert read_blueprint(write(GOOD)).slippage == SlippagePolicy(Decimal("0.5"), AboveTolerance.REFUSE)
    told = GOOD.replace("[exits]", '[slippage]\nmax_percent = 1\nwhen_above = "wait"\n[exits]')
    assert read_blueprint(write(told)).slippage == SlippagePolicy(Decimal(1), AboveTolerance.WAIT)
