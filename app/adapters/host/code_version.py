"""Which state of the program this is: a short hash of its source, or of the frozen program."""

import hashlib
import sys
from pathlib import Path

APP = Path(__file__).resolve().parents[2]
LENGTH = 12


def code_version(folder: Path = APP) -> str:
    """Hexadecimal digits that change with any line of the program below ``folder``. Reads a few megabytes."""
    digest = hashlib.sha256()
    if getattr(sys, "frozen", False):
        digest.update(Path(sys.executable).read_bytes())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:LENGTH]
