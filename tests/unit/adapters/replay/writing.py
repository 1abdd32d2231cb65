"""Little recordings made up by the tests; none of it is real data."""

import gzip
from pathlib import Path

import pytest

from app.domain.errors import InvalidInputError


def written(folder: Path, name: str, text: str) -> Path:
    """A recording with this text, compressed when its name says so."""
    path = folder / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def complaint(read: object, path: Path) -> str:
    """What a reader says about an unusable file; the file's name comes first."""
    assert callable(read)
    with pytest.raises(InvalidInputError) as caught:
        list(read(path))
    words = str(caught.value)
    assert words.startswith(path.name)
    return words
