"""The guided tour as a test: the real window, real clicks, a kill -9, and the exchange's ledger as the witness."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
RECORDED = CHECKOUT.parent / "shared" / "data" / "upbit" / "orderbook_L5_KRW-ETH_20240427_1739_2130.csv.gz"


def fly(out: Path, *arguments: str) -> dict[str, object]:
    """Run the tour as a user would, offscreen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "app", "tour", "--out", str(out), *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    summary: dict[str, object] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, (summary["failures"], done.stderr[-2000:])
    return summary


@pytest.mark.timeout(300)
def test_from_click_to_proof_in_korean(tmp_path: Path) -> None:
    summary = fly(tmp_path / "out", "--lang", "ko", "--theme", "dark")
    assert summary["ok"] is True and summary["duplicates"] == 0 and summary["restart_recovered"] is True
    assert {"pending", "active", "closing", "closed"} <= set(summary["states_seen"])  # type: ignore[call-overload]
    assert summary["flat_proof"] == {"flat": True, "open_orders": 0, "holdings": {}}


@pytest.mark.timeout(300)
@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded books are not beside this checkout")
def test_the_recorded_books_are_traded_in_english(tmp_path: Path) -> None:
    summary = fly(tmp_path / "out", "--lang", "en", "--theme", "light", "--replay", str(RECORDED), "--speed", "60")
    assert summary["ok"] is True and summary["depth_disagreements"] == []
