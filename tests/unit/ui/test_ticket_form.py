"""What is typed becomes an order and its condition, or words about what is no figure."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.blueprint import RestPolicy
from app.domain.exit_plan import ExitRules
from app.domain.instruction import ConditionKind
from app.domain.slicing import SliceAlgorithm
from app.domain.values import OrderType, Side, TimeInForce
from app.ui.rest_form import RestForm, read_policy
from app.ui.slice_form import SliceForm
from app.ui.ticket_form import TicketField, TicketForm, parse_moment, read_form
from tests.ui.screen_story import BTC, NOW

BUY = TicketForm(BTC, size="400,000")
SALE = TicketForm(BTC, Side.SELL, OrderType.LIMIT, price="160000000", size="0.01")


def test_a_purchase_at_market_carries_money_and_its_protection() -> None:
    ticket = read_form(replace(BUY, stop_loss="-2", trailing="1.5%"), NOW)
    assert ticket.problems == {}
    assert (ticket.draft.funds, ticket.draft.volume) == (Decimal(400_000), None)
    assert ticket.exits == ExitRules(stop_loss_percent=Decimal(2), trailing_stop_percent=Decimal("1.5"))


def test_a_sale_with_a_stop_beside_it() -> None:
    assert read_form(replace(SALE, alternative="155000000"), NOW).alternative == Decimal(155_000_000)
    above = read_form(replace(SALE, alternative="160000000"), NOW)
    assert TicketField.ALTERNATIVE in above.problems
    passing = replace(SALE, alternative="155000000", time_in_force=TimeInForce.IOC)
    assert read_form(passing, NOW).alternative is None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(BUY, size="much"), TicketField.SIZE),
        (replace(SALE, price=""), TicketField.PRICE),
        (replace(BUY, kind=ConditionKind.AT_OR_BELOW), TicketField.LEVEL),
        (replace(BUY, kind=ConditionKind.TRAILING, level="51"), TicketField.LEVEL),
        (replace(BUY, kind=ConditionKind.TIME, level="25:00"), TicketField.LEVEL),
        (replace(BUY, kind=ConditionKind.TIME, level="2020-01-01 09:00"), TicketField.LEVEL),
        (replace(BUY, kind=ConditionKind.RULE, level="close >"), TicketField.LEVEL),
        (replace(BUY, stop_loss="100"), TicketField.EXITS),
    ],
)
def test_each_field_says_what_is_wrong(form: TicketForm, field: TicketField) -> None:
    assert list(read_form(form, NOW).problems) == [field]


def test_a_time_of_day_is_the_next_one_in_korea() -> None:
    assert parse_moment("11:43", NOW) == datetime(2026, 11, 20, 2, 43, tzinfo=UTC)
    assert parse_moment("09:30", NOW) == datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


def test_slices_are_given_in_units_and_their_draft_says_the_same() -> None:
    form = replace(BUY, size="0.01", slicing=SliceForm(SliceAlgorithm.TWAP))
    assert not form.by_money
    ticket = read_form(form, NOW)
    assert ticket.problems == {} and ticket.plan is not None
    assert (ticket.draft.volume, ticket.draft.funds, ticket.plan.volume) == (Decimal("0.01"), None, Decimal("0.01"))
    priced = read_form(replace(form, order_type=OrderType.LIMIT, price="159000000"), NOW)
    assert priced.plan is not None and priced.plan.price_limit == priced.draft.price == 159_000_000
    unread = read_form(replace(form, order_type=OrderType.LIMIT, price="dear"), NOW)
    assert list(unread.problems) == [TicketField.PRICE]
    assert not replace(SALE, slicing=SliceForm(SliceAlgorithm.TWAP)).may_have_alternative


def test_only_a_limit_purchase_that_rests_says_how_it_ends() -> None:
    ending = RestForm(RestPolicy.CANCEL, seconds="60")
    limit = replace(SALE, side=Side.BUY, ending=ending)
    assert limit.may_end and read_form(limit, NOW).draft.policy == read_policy(ending)
    for other in (
        replace(SALE, ending=ending),
        replace(BUY, ending=ending),
        replace(limit, time_in_force=TimeInForce.IOC),
        replace(limit, slicing=SliceForm(SliceAlgorithm.TWAP)),
    ):
        assert not other.may_end and read_form(other, NOW).draft.policy is None
    wrong = read_form(replace(limit, ending=replace(ending, seconds="", drift="x")), NOW)
    assert list(wrong.problems) == [TicketField.TIMEOUT, TicketField.DRIFT]
    assert wrong.problems[TicketField.TIMEOUT] == "time-out: must be 1 to 3600 seconds"
