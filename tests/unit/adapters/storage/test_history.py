from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.adapters.storage.database import Database
from app.adapters.storage.history import History
from app.adapters.storage.timeline import Category
from app.domain.errors import StorageError
from app.domain.messages import AlertRaised, FillBooked, OrderChanged
from tests.unit.adapters.storage.contract import write
from tests.unit.adapters.storage.samples import BTC, NOW, ONE_OF_EACH, fill, order


async def test_an_empty_database_has_no_past(database: Database) -> None:
    history = History(database)
    assert await history.install() is None
    assert await history.last_events() == ()
    assert await history.last_orders() == ()
    assert await history.last_fills() == ()
    assert await history.closed_positions() == ()
    assert await history.equity_curve(NOW) == ()


async def test_events_come_oldest_first_and_by_lane(database: Database) -> None:
    recovered = await write(database, ONE_OF_EACH)
    history = History(database)
    assert await history.install() == recovered.install
    lines = await history.last_events()
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    found = await history.last_events(category=Category.FILL)
    (line,) = (line for line in found if line.title == "fill.buy")
    assert (line.market, line.position_id, line.happened_at) == (BTC, "p-1", NOW)
    assert {one.category for one in found} == {Category.FILL}
    assert [line.critical for line in await history.last_events(4)] == [True, False, False, False]


async def test_limits_keep_the_newest(database: Database) -> None:
    events = [OrderChanged(order(f"gw-{number}", created_at=NOW + timedelta(number)), "x") for number in range(5)]
    fills = [FillBooked(fill(trade_id=f"t-{number}", volume=Decimal(number)), "p-1") for number in range(5)]
    await write(database, [*events, *fills])
    history = History(database)
    assert [found.order_id for found in await history.last_orders(2)] == ["gw-4", "gw-3"]
    assert [found.trade_id for found in await history.last_fills(2)] == ["t-4", "t-3"]
    assert await history.last_fills(position_id="p-2") == ()


async def test_damage_is_named(database: Database) -> None:
    await write(database, [AlertRaised("a", "b")])
    async with database.writing() as connection:
        await connection.execute(text("UPDATE events SET category = 'x'"))
    with pytest.raises(StorageError, match="category 'x' is damaged"):
        await History(database).last_events()
