"""What a child swears to before it dies: every record it handed to the journal, and how far ``durable`` came back.

The side file is opened with O_APPEND and written with one system call per line: a kill cannot take back a line.
"""

import hashlib
import os
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.adapters.storage.codec import encode
from app.adapters.storage.journal import SqlJournal
from app.domain.messages import StateEvent

FILE_NAME = "witness.txt"


def digest(kind: str, payload: str) -> str:
    """Short fingerprint of a record."""
    return hashlib.sha256(f"{kind} {payload}".encode()).hexdigest()[:24]


def install(path: Path) -> None:
    """Wrap ``append`` and ``durable`` of the journal in this process."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    real_append, real_durable = SqlJournal.append, SqlJournal.durable

    def append(self: SqlJournal, event: StateEvent, happened_at: datetime) -> None:
        os.write(file, f"handed {self._epoch} {digest(*encode(event))}\n".encode())
        real_append(self, event, happened_at)

    def durable(self: SqlJournal) -> Awaitable[None]:
        promised, reached = self._appended, real_durable(self)

        async def acknowledged() -> None:
            await reached
            os.write(file, f"durable {self._epoch} {promised}\n".encode())

        return acknowledged()

    patched: Any = SqlJournal
    patched.append, patched.durable = append, durable


@dataclass(slots=True)
class Sworn:
    """Of one run of the program: fingerprints in order, and how many of them were acknowledged."""

    handed: list[str] = field(default_factory=list)
    durable: int = 0


def read(path: Path) -> dict[int, Sworn]:
    """Epoch -> what was sworn; empty when no run came as far as its journal."""
    found: dict[int, Sworn] = {}
    if not path.exists():
        return found
    for line in path.read_text().splitlines():
        word, epoch, value = line.split()
        sworn = found.setdefault(int(epoch), Sworn())
        if word == "handed":
            sworn.handed.append(value)
        else:
            sworn.durable = max(sworn.durable, int(value))
    return found
