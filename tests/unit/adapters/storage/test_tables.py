from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.adapters.storage import database as database_module
from app.adapters.storage import tables
from app.adapters.storage.database import KNOWN_REVISIONS, Database


async def test_migrations_build_exactly_these_tables(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), tables.metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


def test_known_revisions_are_those_of_the_migrations() -> None:
    folder = f"{database_module.__file__.removesuffix('database.py')}migrations"
    script = ScriptDirectory(folder)
    assert tuple(reversed([revision.revision for revision in script.walk_revisions()])) == KNOWN_REVISIONS
    assert script.get_current_head() == KNOWN_REVISIONS[-1]
