"""What storage promises on every database. SQLite and PostgreSQL run the same tests with their own ``url`` fixture."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, delete, text, update
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.storage import tables
from app.adapters.storage.database import Database
from app.adapters.storage.history import History
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import ORDERS_KEPT, FoldedBooks, Recovered, fold_journal, recover
from app.domain.errors import StorageError
from app.domain.limits import DayUse
from app.domain.messages import (
    AlertRaised,
    EngineStopped,
    OrderChanged,
    PositionChanged,
    StateEvent,
    TradingStateChanged,
)
from app.domain.order import TERMINAL_STATES, OrderState
from app.domain.position import PositionState
from app.domain.values import Purpose, Side, TradingState
from tests.unit.adapters.storage.samples import INTENT, NOW, ONE_OF_EACH, fill, marked, order, position, state_events


async def write(database: Database, events: Sequence[StateEvent]) -> Recovered:
    """One run of the program: recover, write ``events``, stop. Returns what recovery said."""
    failures: list[StorageError] = []
    recovered = await recover(database, NOW)
    journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append)
    await journal.start()
    for event in events:
        journal.append(event, NOW)
    await journal.durable()
    await journal.stop()
    assert failures == []
    return recovered


async def unlock_journal(database: Database) -> None:
    """Take the append-only triggers away, as an intruder with the file in hand would."""
    async with database.writing() as connection:
        if database.is_sqlite:
            await connection.execute(text("DROP TRIGGER journal_no_update"))
            await connection.execute(text("DROP TRIGGER journal_no_delete"))
        else:
            await connection.execute(text("DROP TRIGGER journal_append_only ON journal"))


class OnDatabase:
    """What is run on each kind of database; a subclass says where with ``url``."""

    @pytest.fixture
    async def database(self, url: URL) -> AsyncIterator[Database]:
        database = Database(url)
        await database.open()
        yield database
        await database.close()


class StorageContract(OnDatabase):
    async def test_first_start_is_clean_and_disabled(self, database: Database) -> None:
        first = await recover(database, NOW)
        assert (first.epoch, first.clean, first.trading_state) == (1, True, TradingState.DISABLED)
        assert (first.positions, first.orders, first.fills) == ((), (), ())

    async def test_every_event_comes_back_equal(self, database: Database) -> None:
        await write(database, ONE_OF_EACH)
        again = await recover(database, NOW)
        assert again.head.seq == len(ONE_OF_EACH)
        assert again.positions == (position(),)
        assert again.orders == (order(),)
        assert again.fills == (fill(),)
        assert (again.epoch, again.clean, again.trading_state) == (2, True, TradingState.ENABLED)

    async def test_epoch_rises_and_install_stays(self, database: Database) -> None:
        runs = [await recover(database, NOW) for _ in range(3)]
        assert [run.epoch for run in runs] == [1, 2, 3]
        assert len({run.install for run in runs}) == 1
        assert (await recover(database, NOW, epoch_floor=40)).epoch == 41

    async def test_only_a_stop_as_last_record_of_the_last_run_is_clean(self, database: Database) -> None:
        await write(database, [EngineStopped(1)])
        assert (await recover(database, NOW)).clean is True
        assert (await recover(database, NOW)).clean is False  # run 2 never stopped
        await write(database, [EngineStopped(4), OrderChanged(order(), "late")])
        assert (await recover(database, NOW)).clean is False

    async def test_recovery_hands_back_what_may_still_matter(self, database: Database) -> None:
        old = NOW - timedelta(days=8)
        events: list[StateEvent] = [
            OrderChanged(order("old-done", OrderState.FILLED, created_at=old), "x"),
            OrderChanged(order("old-unknown", OrderState.UNKNOWN, created_at=old), "x"),
            OrderChanged(order("young-done", OrderState.REJECTED), "x"),
            PositionChanged(position("p-2", PositionState.CLOSED), "x"),
        ]
        await write(database, events)
        assert {found.order_id for found in (await recover(database, NOW)).orders} == {"old-unknown", "young-done"}
        assert (await recover(database, NOW)).positions == ()
        await write(database, [PositionChanged(position("p-1"), "x")])  # the orders of a live position belong to it
        assert {found.order_id for found in (await recover(database, NOW)).orders} >= {"old-done"}

    async def test_the_rest_of_the_month_is_handed_back_as_sums(self, database: Database) -> None:
        """Business days begin at 00:00 UTC; NOW is the 20th of November."""
        first, second = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
        last_month, just_before = first - timedelta(days=3), second - timedelta(seconds=1)

        def done(name: str, at: datetime, funds: str, **changes: object) -> OrderChanged:
            figures = {"filled_volume": Decimal(1), "filled_funds": Decimal(funds), "created_at": at, **changes}
            return OrderChanged(order(name, OrderState.FILLED, **figures), "x")

        def closed(name: str, at: datetime, profit: str) -> PositionChanged:
            made = position(name, PositionState.CLOSED, closed_at=at, created_at=at, realised=Decimal(profit))
            return PositionChanged(made, "x")

        exits = replace(INTENT, side=Side.SELL, purpose=Purpose.EXIT)
        events: list[StateEvent] = [
            done("before", last_month, "1"),
            done("first", first, "10.25"),
            done("also-first", just_before, "0.00000001"),
            done("second", second, "7"),
            done("exit", second, "9", intent=exits),
            OrderChanged(order("nothing", OrderState.CANCELLED, created_at=second), "x"),
            done("known-one-by-one", NOW, "5"),
            closed("p-0", last_month, "-1"),
            closed("p-7", just_before, "-2.5"),
            closed("p-8", second, "-4"),
            closed("p-9", second, "1.5"),
        ]
        await write(database, events)
        recovered = await recover(database, NOW)
        assert {found.order_id for found in recovered.orders} == {"known-one-by-one"}
        assert recovered.earlier == (
            DayUse(first, 2, Decimal("10.25000001"), Decimal("-2.5")),
            DayUse(second, 1, Decimal(7), Decimal("-2.5")),
        )
        assert (await recover(database, NOW + timedelta(days=30))).earlier == (), "another month begins at nothing"

    async def test_alerts_about_limits_are_handed_back(self, database: Database) -> None:
        """The same one is not told again on the same business day."""
        await write(database, [AlertRaised("limit_near_positions", "x"), AlertRaised("loop_blocked", "limit_near_x")])
        assert (await recover(database, NOW)).limit_alerts == (("limit_near_positions", NOW),)

    async def test_last_state_wins_over_many_runs(self, database: Database) -> None:
        await write(database, [OrderChanged(order(state=OrderState.SENT), "sending")])
        await write(database, [OrderChanged(order(state=OrderState.OPEN), "accepted")])
        halted = TradingStateChanged(TradingState.ENABLED, TradingState.HALTED, "kill")
        await write(database, [OrderChanged(order(state=OrderState.FILLED), "all_filled"), halted])
        again = await recover(database, NOW)
        assert [found.state for found in again.orders] == [OrderState.FILLED]
        assert again.trading_state is TradingState.HALTED

    async def test_group_commit_keeps_the_order_of_many_writers(self, database: Database) -> None:
        recovered = await recover(database, NOW)
        journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
        await journal.start()

        async def one(number: int) -> None:
            journal.append(OrderChanged(order(f"gw-{number}"), "x"), NOW)
            await journal.durable()
            async with database.reading() as connection:
                found = await connection.execute(text("SELECT count(*) FROM orders"))
                assert found.scalar_one() > number

        await asyncio.gather(*(one(number) for number in range(32)))
        await journal.stop()
        assert list((await fold_journal(database)).orders) == [f"gw-{number}" for number in range(32)]

    async def test_journal_refuses_changes_by_sql(self, database: Database) -> None:
        await write(database, ONE_OF_EACH)
        for statement in (update(tables.journal).values(kind="x"), delete(tables.journal)):
            with pytest.raises(StorageError, match="append-only"):
                async with database.writing() as connection:
                    await connection.execute(statement)

    @pytest.mark.parametrize("column", ["payload", "hash", "previous", "kind", "happened_at"])
    async def test_an_altered_record_is_named(self, database: Database, column: str) -> None:
        await write(database, ONE_OF_EACH)
        await unlock_journal(database)
        async with database.writing() as connection:
            changed = text(f"UPDATE journal SET {column} = {column} || ' ' WHERE seq = 5")
            await connection.execute(changed)
        with pytest.raises(StorageError, match="journal record 5 does not fit"):
            await recover(database, NOW)

    async def test_a_missing_record_is_named(self, database: Database) -> None:
        await write(database, ONE_OF_EACH)
        await unlock_journal(database)
        async with database.writing() as connection:
            await connection.execute(delete(tables.journal).where(tables.journal.c.seq == 7))
        with pytest.raises(StorageError, match="journal record 7 is missing"):
            await recover(database, NOW)

    async def test_a_cut_off_end_is_seen_by_the_projections(self, database: Database) -> None:
        await write(database, [OrderChanged(order(f"gw-{number}"), "x") for number in range(5)])
        await unlock_journal(database)
        async with database.writing() as connection:
            await connection.execute(delete(tables.journal).where(tables.journal.c.seq > 3))
        with pytest.raises(StorageError, match="orders disagrees with journal record 4"):
            await recover(database, NOW)

    async def test_an_altered_projection_is_named(self, database: Database) -> None:
        await write(database, ONE_OF_EACH)
        async with database.writing() as connection:
            await connection.execute(update(tables.positions).values(quantity=Decimal(7)))
        with pytest.raises(StorageError, match="positions disagrees with journal record 3"):
            await recover(database, NOW)

    async def test_history_reads_back(self, database: Database) -> None:
        recovered = await recover(database, NOW)
        journal = SqlJournal(database, recovered.head, recovered.epoch, lambda error: None)
        await journal.start()
        closed = position("p-9", PositionState.CLOSED, closed_at=NOW)
        for event in (*ONE_OF_EACH, PositionChanged(closed, "empty")):
            journal.append(event, NOW)
        for minute in range(3):
            journal.sample_equity(marked(minute))
        await journal.stop()
        history = History(database)
        assert await history.last_orders() == (order(),)
        assert await history.last_fills(position_id="p-1") == (fill(),)
        assert await history.closed_positions() == (closed,)
        assert [point.cash for point in await history.equity_curve(NOW + timedelta(minutes=1))] == [
            Decimal("50000000")
        ] * 2
        titles = [line.title for line in await history.last_events(5)]
        assert titles[-2:] == ["engine.stopped", "position.closed"]

    async def test_folding_the_journal_gives_the_projections(self, database: Database) -> None:
        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(state_events, max_size=25))
        def collect(events: list[StateEvent]) -> None:
            histories.append(events)

        histories: list[list[StateEvent]] = []
        collect()
        expected = FoldedBooks()
        for events in histories:
            await write(database, events)
            for event in events:
                expected.take(event)
            folded = await fold_journal(database)
            assert (folded.orders, folded.fills, folded.positions) == (
                expected.orders,
                expected.fills,
                expected.positions,
            )
            await self._compare_with_projections(database, folded)

    async def _compare_with_projections(self, database: Database, folded: FoldedBooks) -> None:
        """Recovery reads through the projections: it must find exactly what the fold holds."""
        again = await recover(database, NOW)
        assert again.trading_state == folded.trading_state
        live = {key: found for key, found in folded.positions.items() if found.state is not PositionState.CLOSED}
        found = {position.position_id: position for position in again.positions}
        assert all(found[key] == position for key, position in live.items())
        assert all(folded.positions[key] == position for key, position in found.items())
        owners = {order.intent.position_id for order in again.orders if order.created_at >= NOW - ORDERS_KEPT}
        assert set(found) == set(live) | (owners & set(folded.positions)), "closed ones only for a late fill"
        known = {found.order_id: found for found in again.orders}
        assert known == folded.orders  # all are younger than seven days
        assert all(key in known for key, found in folded.orders.items() if found.state not in TERMINAL_STATES)
        found_fills = {(found.order_id, found.trade_id): found for found in again.fills}
        assert found_fills.items() <= folded.fills.items()
        assert {key for key in folded.fills if key[0] in known} <= set(found_fills)
        async with database.reading() as connection:
            rows = await connection.execute(tables.orders.select())
            states = {row.order_id: (row.state, row.filled_volume) for row in rows}
        assert states == {key: (found.state, found.filled_volume) for key, found in folded.orders.items()}

    async def test_a_second_writer_is_refused(self, database: Database) -> None:
        recovered = await recover(database, NOW)
        await write(database, [OrderChanged(order(), "x")])
        with pytest.raises(StorageError, match="another Gwanje"):
            await SqlJournal(database, recovered.head, recovered.epoch, lambda error: None).start()

    async def test_failure_latches_and_is_told_once(self, database: Database) -> None:
        failures: list[StorageError] = []
        recovered = await recover(database, NOW)
        journal = SqlJournal(database, recovered.head, recovered.epoch, failures.append)
        await journal.start()
        async with database.writing() as connection:
            await connection.execute(text("DROP TABLE orders"))
        journal.append(OrderChanged(order(), "x"), NOW)
        with pytest.raises(StorageError):
            await journal.durable()
        with pytest.raises(StorageError):
            journal.append(OrderChanged(order(), "x"), NOW)
        with pytest.raises(StorageError):
            journal.sample_equity(marked())
        await journal.stop()
        assert len(failures) == 1 and journal.failure is failures[0]
        assert (await fold_journal(database)).orders == {}  # nothing of the failed transaction stayed

    async def test_reopening_migrates_nothing(self, database: Database, url: URL) -> None:
        await write(database, ONE_OF_EACH)
        await database.close()
        await database.open()
        assert (await recover(database, NOW)).head.seq == len(ONE_OF_EACH)

    async def test_a_newer_schema_is_refused(self, database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await database.close()
        with pytest.raises(StorageError, match="newer version"):
            await database.open()

    async def test_tables_of_another_program_are_refused(self, database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(text("DROP TABLE alembic_version"))
        await database.close()
        with pytest.raises(StorageError, match="another program"):
            await database.open()

    async def test_queries_speak_storage_error(self, database: Database) -> None:
        with pytest.raises(StorageError) as caught:
            async with database.reading() as connection:
                await connection.execute(text("SELECT nonsense FROM nowhere"))
        assert isinstance(caught.value.__cause__, SQLAlchemyError)
