"""What was shown in paper mode, read from its journal: the evidence at the promotion gate."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.storage import tables
from app.adapters.storage.books import load_positions, rows_with_record
from app.adapters.storage.codec import decode
from app.adapters.storage.database import Database
from app.adapters.storage.recovery import check_mode, verified_modes
from app.domain.drill import DrillEnded
from app.domain.promotion import PaperRecord, paper_records
from app.domain.values import TradingMode


@dataclass(frozen=True, slots=True)
class PaperEvidence:
    """Records by strategy hash, and how many fire drills on real positions this state of the program has passed."""

    records: dict[str, PaperRecord]
    drills: int


async def read_paper_evidence(database: Database, code: str, *, is_running: bool = False) -> PaperEvidence:
    """Evidence for the program ``code``. A journal nobody writes to is verified first, from its first record on.

    Raises:
        StorageError: it is damaged, was altered, belongs to another mode, or cannot be read.
    """
    async with database.reading() as connection:
        if not is_running:
            check_mode(await verified_modes(connection), TradingMode.PAPER.value, database.where)
        table = tables.positions
        positions = await load_positions(connection, rows_with_record(table).order_by(table.c.created_at))
        return PaperEvidence(paper_records(positions), await _drills_passed(connection, code))


async def _drills_passed(connection: AsyncConnection, code: str) -> int:
    """A drill on made-up positions, or of another state of the program, proves nothing here."""
    journal = tables.journal
    query = select(journal.c.seq, journal.c.kind, journal.c.payload).where(journal.c.kind == DrillEnded.__name__)
    events = [decode(kind, payload, seq) for seq, kind, payload in await connection.execute(query)]
    drills = [event.drill for event in events if isinstance(event, DrillEnded)]
    return sum(drill.passed and not drill.sample and drill.code == code for drill in drills)
