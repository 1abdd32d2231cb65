from collections.abc import Callable

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from app.adapters.storage import tables
from app.adapters.storage.projections import CLEAN_KEY, TRADING_STATE_KEY, merge, project, upsert
from app.domain.messages import AlertRaised, EngineStarted, EngineStopped, OrderChanged
from app.domain.order import OrderState
from tests.unit.adapters.storage.samples import NOW, ONE_OF_EACH, order


def test_rows_have_exactly_the_columns_of_their_table() -> None:
    seen = set()
    for seq, event in enumerate(ONE_OF_EACH, 1):
        for table, row in project(seq, NOW, event):
            assert list(row) == [column.name for column in table.columns]
            seen.add(table.name)
    assert seen == {"orders", "fills", "positions", "events", "state"}


def test_last_one_wins_within_a_group() -> None:
    steps = (OrderState.SENT, OrderState.OPEN, OrderState.FILLED)
    rows = [
        row for seq, state in enumerate(steps, 1) for row in project(seq, NOW, OrderChanged(order(state=state), ""))
    ]
    merged = merge(rows)
    assert [(row["seq"], row["state"]) for row in merged[tables.orders]] == [(3, "filled")]
    assert len(merged[tables.events]) == 3


def test_state_rows() -> None:
    assert project(1, NOW, EngineStarted(1, "live", True))[0] == (tables.state, {"key": CLEAN_KEY, "value": "no"})
    assert project(1, NOW, EngineStopped(1))[0] == (tables.state, {"key": CLEAN_KEY, "value": "yes"})
    assert project(1, NOW, ONE_OF_EACH[1])[0] == (tables.state, {"key": TRADING_STATE_KEY, "value": "enabled"})


def test_nul_never_reaches_a_text_column() -> None:
    (_, row) = project(1, NOW, AlertRaised("a\x00", "x\x00y"))[0]
    assert (row["title"], row["detail"]) == ("a\ufffd", "x\ufffdy")


@pytest.mark.parametrize(("name", "dialect"), [("sqlite", sqlite.dialect), ("postgresql", postgresql.dialect)])
def test_upsert_in_both_dialects(name: str, dialect: Callable[[], Dialect]) -> None:
    words = str(upsert(tables.fills, name).compile(dialect=dialect()))
    assert "ON CONFLICT (order_id, trade_id) DO UPDATE SET" in words
    assert "excluded.volume" in words
