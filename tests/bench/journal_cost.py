"""What one durable record costs by itself: ``journal.append(event)`` and ``await journal.durable()``, nothing beside.

The real journal (SQLite, WAL, synchronous=FULL, hash chain, projection) on the disk of the scratch folder; beside it
what that disk needs for the bare minimum, 512 bytes appended and ``os.fdatasync``. Both alternate in one loop.
"""

import argparse
import asyncio
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import recover
from app.domain.errors import StorageError
from app.domain.messages import OrderChanged
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.values import Market, OrderType, Purpose, Side
from tests.bench.stats import summary

RECORDS = 400
WARM_UP = 20
#: A pause between records, so that each one is a commit of its own and not a part of the one before.
PAUSE_S = 0.002


def _failed(error: StorageError) -> None:
    raise SystemExit(f"the journal failed: {error}")


def _order(order_id: str) -> Order:
    now = datetime.now(UTC)
    intent = OrderIntent(
        position_id="p-bench-1",
        market=Market("upbit", "KRW-BTC"),
        side=Side.SELL,
        order_type=OrderType.MARKET,
        purpose=Purpose.EXIT,
        reason="stop_loss",
        volume=Decimal("0.00731121"),
    )
    return Order(order_id, intent, OrderState.INTENT, created_at=now, updated_at=now)


def _append(file: int) -> float:
    started = time.perf_counter()
    os.write(file, b"x" * 512)
    (os.fdatasync if hasattr(os, "fdatasync") else os.fsync)(file)
    return (time.perf_counter() - started) * 1e6


async def measure(folder: Path) -> dict[str, object]:
    """Both costs in microseconds."""
    database = Database(sqlite_url(folder))
    await database.open()
    recovered = await recover(database, datetime.now(UTC))
    ids = DurableIds(recovered.install, recovered.epoch)
    journal = SqlJournal(database, recovered.head, recovered.epoch, _failed)
    await journal.start()
    file = os.open(folder / "append.bin", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    durable: list[float] = []
    bare: list[float] = []
    for _ in range(RECORDS + WARM_UP):
        order = _order(ids.order_id())
        started = time.perf_counter()
        journal.append(OrderChanged(replace(order), "intent"), order.created_at)
        await journal.durable()
        durable.append((time.perf_counter() - started) * 1e6)
        bare.append(_append(file))
        await asyncio.sleep(PAUSE_S)
    os.close(file)
    await journal.stop()
    await database.close()
    return {
        "append_and_durable_us": summary(durable[WARM_UP:]),
        "bare_append_and_fdatasync_us": summary(bare[WARM_UP:]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.journal_cost")
    parser.add_argument("--folder", type=Path, required=True)
    print(json.dumps(asyncio.run(measure(parser.parse_args().folder))))
