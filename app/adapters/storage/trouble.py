"""Database trouble in words: what happened, where, and what to do. Nothing is ever deleted or overwritten to help."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import StorageError

# By SQLite's own names of its result codes, longest prefix first: the extended codes start with the plain one.
_ADVICE = {
    "SQLITE_CORRUPT": "the file is damaged; keep it, and start with a copy from a backup or another data folder",
    "SQLITE_NOTADB": "the file is not a database, or is damaged; keep it, and start with a backup or another folder",
    "SQLITE_BUSY": "another program holds it locked; end the other Gwanje, backup or database tool and start again",
    "SQLITE_LOCKED": "another program holds it locked; end the other Gwanje, backup or database tool and start again",
    "SQLITE_READONLY": "it cannot be written; make the file and its folder writable for your account",
    "SQLITE_PERM": "access is denied; make the file and its folder readable and writable for your account",
    "SQLITE_AUTH": "access is denied; make the file and its folder readable and writable for your account",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists, is writable and is not a file name taken",
    "SQLITE_FULL": "the disk is full; free some space and start again",
    "SQLITE_IOERR": "the disk reports an error or is full; check the disk and its free space",
}
_PG_ADVICE = {
    "28": "the server refuses the user or password; check the database URL",
    "3D": "the database does not exist on the server; create it or correct the database URL",
    "53": "the server is out of disk, memory or connections; free some and start again",
    "25": "the server is read-only; connect to the primary server",
    "08": "the connection to the server is lost; check that it runs, then start again",
    "57": "the server was shut down; start it, then start again",
}


@contextmanager
def trouble_at(where: str) -> Iterator[None]:
    """Turn whatever the database layer raises inside into StorageError about ``where``."""
    try:
        yield
    except (SQLAlchemyError, OSError, ModuleNotFoundError, UnicodeDecodeError) as error:
        raise storage_error(error, where) from error


def storage_error(error: BaseException, where: str) -> StorageError:
    """StorageError that says what, where and what to do about ``error``."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, StorageError):
        return cause
    return StorageError(f"database {where}: {_advice(cause)} ({_first_line(cause)})")


def _advice(cause: BaseException) -> str:
    name = str(getattr(cause, "sqlite_errorname", ""))
    for prefix, advice in _ADVICE.items():
        if name.startswith(prefix):
            return advice
    sqlstate = str(getattr(cause, "sqlstate", None) or "")
    if sqlstate[:2] in _PG_ADVICE:
        return _PG_ADVICE[sqlstate[:2]]
    if isinstance(cause, ModuleNotFoundError):
        return f"the driver {cause.name} is not installed; install the postgres extra"
    if isinstance(cause, ConnectionError | TimeoutError):
        return "the server does not answer; check that it runs and that the database URL is right"
    if isinstance(cause, PermissionError):
        return "access is denied; make the file and its folder readable and writable for your account"
    # Damaged text: SQLite names the column, or sqlite3 cannot even read the words of SQLite's own complaint.
    if isinstance(cause, UnicodeDecodeError) or "UTF-8" in str(cause):
        return _ADVICE["SQLITE_CORRUPT"]
    return "it cannot be used; entries stay off until this is solved"


def _first_line(cause: BaseException) -> str:
    return (str(cause).splitlines() or [type(cause).__name__])[0]
