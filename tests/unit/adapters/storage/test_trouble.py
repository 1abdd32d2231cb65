import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, StatementError

from app.adapters.storage.trouble import storage_error, trouble_at
from app.domain.errors import StorageError


class ServerError(Exception):
    """Shape of an asyncpg error."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("server says no\nwith details")
        self.sqlstate = sqlstate


def read_only_error(path: Path) -> sqlite3.Error:
    sqlite3.connect(path).close()
    path.touch()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.execute("CREATE TABLE t (a)")
    except sqlite3.Error as error:
        return error
    finally:
        connection.close()
    raise AssertionError("a read-only file was written")


def test_a_real_sqlite_error_is_explained(tmp_path: Path) -> None:
    cause = read_only_error(tmp_path / "a.db")
    error = storage_error(OperationalError("CREATE", {}, cause), "/data/gwanje.db")
    assert str(error).startswith("database /data/gwanje.db: it cannot be written; make the file")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (ServerError("28P01"), "refuses the user or password"),
        (ServerError("3D000"), "does not exist on the server"),
        (ServerError("53100"), "out of disk"),
        (ServerError("99999"), "cannot be used"),
        (ConnectionRefusedError("no"), "does not answer"),
        (PermissionError("no"), "access is denied"),
        (ModuleNotFoundError("no", name="asyncpg"), "asyncpg is not installed"),
        (sqlite3.OperationalError("Could not decode to UTF-8 column 'a'"), "damaged"),
        (UnicodeDecodeError("utf-8", b"\xd4", 0, 1, "invalid continuation byte"), "damaged"),
        (OSError(), "OSError"),
    ],
)
def test_advice(cause: Exception, words: str) -> None:
    text = str(storage_error(cause, "here"))
    assert words in text and "\n" not in text


def test_a_refusing_column_keeps_its_own_words() -> None:
    with pytest.raises(StorageError, match=r"^own words$"), trouble_at("here"):
        raise StatementError("outer", "INSERT", {}, StorageError("own words"))


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), trouble_at("here"):
        raise ZeroDivisionError


def test_a_complaint_that_cannot_be_read_is_damage_too() -> None:
    """sqlite3 decodes SQLite's words as UTF-8; a flipped bit in a table's name makes them unreadable."""
    with pytest.raises(StorageError, match="the file is damaged"), trouble_at("here"):
        b"malformed database schema (\xd4)".decode()
