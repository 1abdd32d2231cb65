"""Where the recorded data lies. It belongs to no clone, so the tests of this folder skip without it."""

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("GWANJE_TEST_DATA") or HERE.parents[4] / "shared" / "data")

needs_data = pytest.mark.skipif(
    not (DATA / "expected.json").is_file(),
    reason="the recorded data is not here: it lies beside the clone in ../shared/data, or where GWANJE_TEST_DATA says",
)


@functools.cache
def _all_expected() -> dict[str, Any]:
    return dict(json.loads((DATA / "expected.json").read_text(encoding="utf-8")))


def expected(name: str) -> dict[str, Any]:
    """Reference results for one file."""
    return dict(_all_expected()[name])
