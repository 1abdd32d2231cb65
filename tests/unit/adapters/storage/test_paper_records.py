"""Evidence from the journal of paper mode, and from nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.adapters.storage.database import Database
from app.adapters.storage.paper_records import PaperEvidence, read_paper_evidence
from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.errors import StorageError
from app.domain.messages import EngineStarted, PositionChanged
from app.domain.position import PositionState
from app.domain.promotion import strategy_hash
from tests.unit.adapters.storage.contract import unlock_journal, write
from tests.unit.adapters.storage.samples import NOW, position

CODE = "3f9a1c0b77de"
DRILL = DrillRecord("drill-1", NOW, CODE, 2, False, DrillVerdict.PASSED)
CLOSED = replace(
    position(),
    state=PositionState.CLOSED,
    quantity=Decimal(0),
    invested=Decimal(1_000_000),
    realised=Decimal(-1234),
    entered_at=NOW,
    closed_at=NOW + timedelta(hours=1),
)


async def test_closed_positions_are_the_evidence(database: Database) -> None:
    await write(database, [EngineStarted(1, "paper", True), PositionChanged(CLOSED, "empty")])
    (record,) = (await read_paper_evidence(database, CODE)).records.values()
    assert record.strategy_hash == strategy_hash(CLOSED.blueprint)
    assert [(trade.invested, trade.result) for trade in record.trades] == [(Decimal(1_000_000), Decimal(-1234))]


async def test_an_empty_journal_shows_nothing(database: Database) -> None:
    assert await read_paper_evidence(database, CODE) == PaperEvidence({}, 0)


async def test_the_journal_of_another_mode_is_no_evidence(database: Database) -> None:
    await write(database, [EngineStarted(1, "practice", True), PositionChanged(CLOSED, "empty")])
    with pytest.raises(StorageError, match="journal of mode practice, not of paper"):
        await read_paper_evidence(database, CODE)


async def test_a_result_that_was_polished_is_found_out(database: Database) -> None:
    await write(database, [EngineStarted(1, "paper", True), PositionChanged(CLOSED, "empty")])
    await unlock_journal(database)
    async with database.writing() as connection:
        polished = "UPDATE journal SET payload = replace(payload, '-1234', '91234') WHERE kind = 'PositionChanged'"
        await connection.execute(text(polished))
    with pytest.raises(StorageError, match="does not fit the hash chain"):
        await read_paper_evidence(database, CODE)


@pytest.mark.parametrize(
    ("drill", "counts"),
    [
        (DRILL, 1),
        (replace(DRILL, verdict=DrillVerdict.LATE), 0),
        (replace(DRILL, sample=True), 0),
        (replace(DRILL, code="000000000000"), 0),
    ],
)
async def test_drills_count_that_this_program_passed_on_real_positions(
    database: Database, drill: DrillRecord, counts: int
) -> None:
    await write(database, [EngineStarted(1, "paper", True), DrillEnded(drill)])
    assert (await read_paper_evidence(database, CODE)).drills == counts
