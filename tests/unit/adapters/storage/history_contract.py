"""What the order history promises on every database; SQLite and PostgreSQL run the same tests."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.adapters.storage import order_history
from app.adapters.storage.database import Database
from app.adapters.storage.order_history import OrderHistory
from app.domain.blueprint import LocalText
from app.domain.errors import InvalidInputError
from app.domain.exit_plan import ExitReason
from app.domain.grounds import Grounds
from app.domain.instruction import Condition, InstructionChanged, InstructionState
from app.domain.messages import ExitTriggered, FillBooked, LiquidationChanged, OrderChanged, PositionChanged, StateEvent
from app.domain.order import OrderState
from app.domain.order_chain import SignalKind
from app.domain.order_query import WORKING, OrderPage, OrderQuery
from app.domain.position import PositionState
from app.domain.values import Market, Purpose, Side
from tests.unit.adapters.storage.contract import OnDatabase, write
from tests.unit.adapters.storage.samples import BLUEPRINT, BTC, INTENT, NOW, RUN, fill, instruction, order, position

ETH = Market("upbit", "KRW-ETH")
SECOND = timedelta(seconds=1)
OTHER = replace(BLUEPRINT, id="ladder", name=LocalText("사다리", "Ladder"))


def names(page: OrderPage) -> list[str]:
    return [found.order_id for found in page.orders]


def many(count: int) -> list[StateEvent]:
    """Orders of two strategies in two markets and every state; always three at the same time."""
    chance = random.Random(5)
    events: list[StateEvent] = [
        PositionChanged(position("p-1"), "started"),
        PositionChanged(replace(position("p-2"), blueprint=OTHER, market=ETH), "started"),
    ]
    for number in range(count):
        owner, market = chance.choice((("p-1", BTC), ("p-2", ETH)))
        made = order(
            f"gw-{number:03}",
            chance.choice(list(OrderState)),
            created_at=NOW + number // 3 * SECOND,
            intent=replace(INTENT, position_id=owner, market=market),
            venue_order_id=chance.choice((None, f"Venue_{number}%")),
        )
        events.append(OrderChanged(made, "x"))
    return events


class OrderHistoryContract(OnDatabase):
    # ---- finding ------------------------------------------------------------------------------------------------

    async def test_an_empty_history_has_one_empty_page(self, database: Database) -> None:
        history = OrderHistory(database)
        assert await history.find(OrderQuery()) == OrderPage()
        assert await history.choices() == order_history.OrderChoices()

    async def test_pages_follow_each_other_without_gap_or_repetition(self, database: Database) -> None:
        await write(database, many(25))
        history = OrderHistory(database)
        pages = [await history.find(OrderQuery(limit=10))]
        await write(database, [OrderChanged(order("gw-new", created_at=NOW + timedelta(1)), "x")])
        while pages[-1].cursor:
            assert pages[-1].reaches == pages[-1].orders[-1].created_at
            pages.append(await history.find(OrderQuery(limit=10, cursor=pages[-1].cursor)))
        assert [name for page in pages for name in names(page)] == [f"gw-{n:03}" for n in range(24, -1, -1)]
        assert [len(page.orders) for page in pages] == [10, 10, 5] and pages[-1].reaches is None
        assert names(await history.find(OrderQuery(limit=1))) == ["gw-new"]

    async def test_a_page_that_is_just_full_is_the_last(self, database: Database) -> None:
        await write(database, many(10))
        assert (await OrderHistory(database).find(OrderQuery(limit=10))).cursor == ""

    async def test_the_store_and_the_query_itself_agree(self, database: Database) -> None:
        """The screen asks ``matches`` about what is live, and the store about the rest."""
        events = many(60)
        await write(database, events)
        orders = [event.order for event in events if isinstance(event, OrderChanged)]
        strategies = {"p-1": BLUEPRINT.id, "p-2": OTHER.id}
        chance, history, sizes = random.Random(6), OrderHistory(database), set()
        for _ in range(120):
            begin = chance.randrange(-5, 20)
            query = OrderQuery(
                text=chance.choice(("", "", "gw-01", " VENUE_1", "e_3%", "%", "none")),
                market=chance.choice((None, None, BTC, ETH)),
                state=chance.choice(("", "", WORKING, *OrderState)),
                strategy=chance.choice(("", "", "breakout", "ladder", "gone")),
                since=chance.choice((None, NOW + begin * SECOND)),
                until=chance.choice((None, NOW + (begin + chance.randrange(1, 20)) * SECOND)),
            )
            wanted = [one for one in orders if query.matches(one, strategies[one.intent.position_id])]
            found = await history.find(query)
            assert names(found) == [one.order_id for one in reversed(wanted)], query
            assert {one.position_id for one in found.positions} == {one.intent.position_id for one in wanted}
            sizes.add(len(wanted))
        assert len(sizes) > 8, "queries that find nothing prove nothing"

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            (OrderQuery(state="open sesame"), "state 'open sesame' is unknown; it is one of working, intent, sent"),
            (OrderQuery(since=NOW, until=NOW), "ends .* before it begins"),
            (OrderQuery(since=datetime(2026, 1, 1)), "since .* has no time zone"),
            (OrderQuery(until=datetime(2026, 1, 1)), "until .* has no time zone"),
            (OrderQuery(limit=0), "1 to 500 orders, not 0"),
            (OrderQuery(limit=501), "1 to 500 orders"),
            (OrderQuery(text="a\x00b"), "printable"),
            (OrderQuery(text="x" * 101), "at most 100"),
            (OrderQuery(cursor="yesterday gw-1"), "'yesterday gw-1' is no cursor"),
        ],
    )
    async def test_a_query_that_makes_no_sense_is_told_so(
        self, database: Database, query: OrderQuery, words: str
    ) -> None:
        with pytest.raises(InvalidInputError, match=words):
            await OrderHistory(database).find(query)

    async def test_choices_are_what_occurs_with_the_newest_names(self, database: Database) -> None:
        renamed = replace(BLUEPRINT, name=LocalText("돌파 2", "Breakout 2"))
        await write(database, [*many(12), PositionChanged(replace(position("p-9"), blueprint=renamed), "started")])
        choices = await OrderHistory(database).choices()
        assert choices.markets == (BTC, ETH)
        assert choices.strategies == (("breakout", renamed.name), ("ladder", OTHER.name))

    # ---- why ----------------------------------------------------------------------------------------------------

    async def test_the_chain_has_every_record_of_the_order_and_no_other(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also when its life is much longer than what is read at once."""
        monkeypatch.setattr(order_history, "WINDOW", 3)
        noise: list[StateEvent] = [OrderChanged(order(f"gw-1{n}", OrderState.SENT), "sending") for n in range(7)]
        grounds = Grounds(price=Decimal(98_764_500))
        sent = order(state=OrderState.SENT, grounds=grounds)
        done = order(
            state=OrderState.FILLED, grounds=grounds, venue_order_id="v-1", filled_volume=Decimal("0.0005"),
            filled_funds=Decimal("49382.5"), paid_fee=Decimal("24.69125"),
        )  # fmt: skip
        story: list[StateEvent] = [
            PositionChanged(position(), "started"),
            OrderChanged(order(state=OrderState.INTENT, grounds=grounds), "intent"),
            *noise,
            OrderChanged(sent, "sending"),
            *noise,
            OrderChanged(done, "all_filled"),
            FillBooked(fill(), "p-1"),
            FillBooked(fill("gw-10", "t-7"), "p-1"),
        ]
        await write(database, story)
        chain = await OrderHistory(database).why("gw-1")
        assert [(step.seq, step.trigger) for step in chain.steps] == [
            (2, "intent"), (10, "sending"), (18, "all_filled"), (19, "fill"),
        ]  # fmt: skip
        assert (chain.order, chain.position, chain.fills) == (done, position(), (fill(),))
        assert chain.steps[2].venue_order_id == "v-1" and chain.steps[0].at == NOW
        assert chain.signal.kind is SignalKind.STRATEGY
        assert (chain.signal.seq, chain.signal.rule, chain.signal.price) == (2, "close > highest(20)", grounds.price)
        assert chain.cost is not None and chain.cost.against_decision is not None
        assert chain.cost.against_decision.money == Decimal("49382.5") - Decimal(98_764_500) * Decimal("0.0005")
        assert await OrderHistory(database).why(fill()) == chain

    async def test_orders_and_fills_nobody_made_are_told_so(self, database: Database) -> None:
        await write(database, [OrderChanged(order(state=OrderState.INTENT), "intent"), FillBooked(fill(), "p-1")])
        history = OrderHistory(database)
        with pytest.raises(InvalidInputError, match="no order 'gw-2'"):
            await history.why("gw-2")
        with pytest.raises(InvalidInputError, match="no fill 't-2' of order 'gw-1'"):
            await history.why(fill(trade_id="t-2"))

    async def test_a_sale_names_the_exit_that_owned_the_position(self, database: Database) -> None:
        sale = replace(INTENT, side=Side.SELL, purpose=Purpose.EXIT, reason="stop_loss")
        closing = position(quantity=Decimal("0.001"))
        story: list[StateEvent] = [
            PositionChanged(closing, "exit_started"),
            ExitTriggered("p-1", BTC, ExitReason.STOP_LOSS, Decimal(96_000_000)),
            ExitTriggered("p-2", ETH, ExitReason.STOP_LOSS, Decimal(1)),
            OrderChanged(order(state=OrderState.INTENT, intent=sale), "intent"),
        ]
        await write(database, story)
        signal = (await OrderHistory(database).why("gw-1")).signal
        assert (signal.kind, signal.seq, signal.reason) == (SignalKind.PROTECTION, 2, "stop_loss")
        assert closing.exit_plan is not None
        assert (signal.price, signal.level) == (Decimal(96_000_000), closing.exit_plan.stop_price)

    async def test_an_emergency_names_its_run_and_the_press(self, database: Database) -> None:
        sale = replace(INTENT, side=Side.SELL, purpose=Purpose.LIQUIDATION, reason="stop_loss")
        pressed = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
        story: list[StateEvent] = [
            LiquidationChanged(replace(RUN, run_id="kill-0", started_at=pressed - timedelta(1))),
            LiquidationChanged(replace(RUN, started_at=pressed)),
            ExitTriggered("p-1", BTC, ExitReason.EMERGENCY, Decimal(5)),
            OrderChanged(order(state=OrderState.INTENT, intent=sale), "intent"),
        ]
        await write(database, story)
        signal = (await OrderHistory(database).why("gw-1")).signal
        assert (signal.kind, signal.run_id, signal.at, signal.seq) == (SignalKind.EMERGENCY, "kill-1", pressed, 3)

    async def test_an_instruction_is_told_as_it_fired(self, database: Database) -> None:
        mine = replace(INTENT, side=Side.SELL, purpose=Purpose.EXIT, reason="at_or_below", instruction_id="i-1")
        fired = instruction(state=InstructionState.WORKING)
        story: list[StateEvent] = [
            InstructionChanged(instruction(), "placed"),
            InstructionChanged(instruction(instruction_id="i-10"), "fired"),
            InstructionChanged(fired, "fired"),
            InstructionChanged(instruction(note="later"), "failed"),
            OrderChanged(order(state=OrderState.INTENT, intent=mine), "intent"),
        ]
        await write(database, story)
        signal = (await OrderHistory(database).why("gw-1")).signal
        assert (signal.kind, signal.seq, signal.instruction) == (SignalKind.INSTRUCTION, 3, fired)
        assert signal.level == Decimal(95_000_000)

    async def test_an_order_at_once_is_by_hand_and_one_found_at_the_venue_says_so(self, database: Database) -> None:
        mine = replace(INTENT, reason="now", instruction_id="i-1")
        story: list[StateEvent] = [
            InstructionChanged(instruction(condition=Condition(), state=InstructionState.WORKING), "fired"),
            OrderChanged(order(state=OrderState.INTENT, intent=mine), "intent"),
            OrderChanged(order("gw-2", OrderState.UNKNOWN), "adopted"),
        ]
        await write(database, story)
        history = OrderHistory(database)
        assert (await history.why("gw-1")).signal.kind is SignalKind.BY_HAND
        assert (await history.why("gw-2")).signal.kind is SignalKind.RECOVERED
        assert (await history.why("gw-2")).position is None

    # ---- dust ---------------------------------------------------------------------------------------------------

    async def test_dust_is_what_closed_positions_left_newest_first(self, database: Database) -> None:
        closed, few, none = PositionState.CLOSED, Decimal("0.00001234"), Decimal("0E-8")
        left = [
            position(f"p-{n}", closed, quantity=few, dust=few, dust_worth=Decimal(900), closed_at=NOW + n * SECOND)
            for n in range(3)
        ]
        sold = position("p-7", closed, quantity=none, dust=none, closed_at=NOW)
        reopened = position("p-8", PositionState.CLOSING, quantity=few, dust=few, closed_at=NOW)
        made = [PositionChanged(one, "empty") for one in (*left, sold, reopened, position("p-9", quantity=few))]
        await write(database, made)
        assert await OrderHistory(database).dust() == tuple(left[::-1])
