"""The hash chain: each journal record seals everything before it."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Last record of the journal: its number (0 = empty) and its hash (hex SHA-256)."""

    seq: int
    hash: str


def genesis(install: str) -> ChainHead:
    """Head of the empty journal of one installation."""
    return ChainHead(0, hashlib.sha256(f"gwanje journal {install}".encode()).hexdigest())


def link(previous: ChainHead, epoch: int, happened_at: str, kind: str, payload: str) -> ChainHead:
    """Head after one more record. ``happened_at`` is the stored text of the time.

    The parts are joined by line feeds; none of them can contain one (JSON escapes it), so no two records join alike.
    """
    seq = previous.seq + 1
    sealed = f"{previous.hash}\n{seq}\n{epoch}\n{happened_at}\n{kind}\n{payload}"
    return ChainHead(seq, hashlib.sha256(sealed.encode(errors="surrogatepass")).hexdigest())
