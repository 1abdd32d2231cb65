"""A fresh SQLite database for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.adapters.storage.database import Database, sqlite_url


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return sqlite_url(tmp_path / "home" / "data")


@pytest.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    database = Database(url)
    await database.open()
    yield database
    await database.close()
