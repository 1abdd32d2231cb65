"""What the strategies have done in paper mode, read from its journal: the evidence at the promotion gate."""

from app.adapters.storage import tables
from app.adapters.storage.books import load_positions, rows_with_record
from app.adapters.storage.database import Database
from app.adapters.storage.recovery import check_mode, verified_modes
from app.domain.promotion import PaperRecord, paper_records
from app.domain.values import TradingMode


async def read_paper_records(database: Database, *, is_running: bool = False) -> dict[str, PaperRecord]:
    """Records by strategy hash. A journal nobody writes to is verified first, from its first record on.

    Raises:
        StorageError: it is damaged, was altered, belongs to another mode, or cannot be read.
    """
    async with database.reading() as connection:
        if not is_running:
            check_mode(await verified_modes(connection), TradingMode.PAPER.value, database.where)
        table = tables.positions
        return paper_records(await load_positions(connection, rows_with_record(table).order_by(table.c.created_at)))
