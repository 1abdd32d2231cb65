"""A replay decides the same as the recording, in any process; the first entry that does not is named."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.storage.flight_log import DecisionStream
from app.adapters.storage.flight_reader import FlightLog
from app.domain.errors import InvalidInputError
from app.domain.flight import FlightAsk, FlightEntry, FlightHeader, FlightStep
from app.domain.market_data import Trade
from app.lab.flight_replay import RecordedIds, replay_flight
from tests.unit.lab.flight_story import RecordedStory

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def log(tmp_path: Path) -> FlightLog:
    path = tmp_path / "flight.log"
    asyncio.run(RecordedStory(path).tell().writer.close())
    return FlightLog(path)


def position_in(log: FlightLog, kind: type) -> int:
    """Number of the first entry of this kind that decided something."""
    return next(n for n, e in log if isinstance(e, kind) and getattr(e, "out", "") and n > 2)


def test_a_replay_decides_the_same(log: FlightLog) -> None:
    report = replay_flight(log, DecisionStream())
    assert report.identical and report.first_difference is None
    assert report.decision_hash == report.recorded_hash
    assert report.messages > 50 and report.decisions > 50 and report.virtual_seconds == 3


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_with_other_hashes_decides_the_same(log: FlightLog, hash_seed: str) -> None:
    command = [sys.executable, "-m", "app", "replay", str(log.path)]
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["identical"] and said["decision_hash"] == said["recorded_hash"]


def changed(log: FlightLog, number: int, **fields: object) -> Iterator[tuple[int, FlightEntry]]:
    """The log as it would be had one entry other fields."""
    for at, entry in log:
        yield at, replace(entry, **fields) if at == number else entry  # type: ignore[type-var, arg-type]


def test_a_step_that_decides_differently_is_named(log: FlightLog) -> None:
    at = position_in(log, FlightStep)
    report = replay_flight(changed(log, at, out="0" * 16), DecisionStream())
    assert not report.identical and report.first_difference == at
    assert report.decision_hash == report.recorded_hash  # only the claim of that step was wrong


def test_an_answer_that_differs_is_named(log: FlightLog) -> None:
    at = position_in(log, FlightAsk)
    report = replay_flight(changed(log, at, order_id="order-99"), DecisionStream())
    assert report.first_difference == at and report.decision_hash != report.recorded_hash


def test_another_price_leads_to_other_decisions(log: FlightLog) -> None:
    at = next(n for n, e in log if isinstance(e, FlightStep) and isinstance(e.message, Trade) and n > 20)
    entry = dict(iter(log))[at]
    assert isinstance(entry, FlightStep) and isinstance(entry.message, Trade)
    report = replay_flight(changed(log, at, message=replace(entry.message, price=Decimal(1))), DecisionStream())
    assert report.first_difference is not None and report.first_difference >= at


def test_another_time_leads_to_other_decisions(log: FlightLog) -> None:
    at, entry = next((n, e) for n, e in log if isinstance(e, FlightStep) and e.ids)  # an order carries its time
    report = replay_flight(changed(log, at, now=entry.now + timedelta(microseconds=1)), DecisionStream())
    assert report.first_difference == at and report.decision_hash != report.recorded_hash


def test_identifiers_that_were_not_drawn_are_noticed(log: FlightLog) -> None:
    at = next(n for n, e in log if isinstance(e, FlightStep) and e.ids)
    assert replay_flight(changed(log, at, ids=()), DecisionStream()).first_difference == at
    entry = dict(iter(log))[at]
    assert isinstance(entry, FlightStep)
    assert replay_flight(changed(log, at, ids=(*entry.ids, "more")), DecisionStream()).first_difference == at


def test_a_recording_without_its_end_is_compared_as_far_as_it_goes(log: FlightLog) -> None:
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:-2]))
    report = replay_flight(log, DecisionStream())
    assert report.identical and report.recorded_hash is None and report.entries == len(lines) - 2


def test_a_log_without_a_header_is_refused(log: FlightLog) -> None:
    rest = [(number, entry) for number, entry in log if not isinstance(entry, FlightHeader)]
    for entries in (rest, []):
        with pytest.raises(InvalidInputError, match="header"):
            replay_flight(entries, DecisionStream())


def test_recorded_ids_say_when_they_do_not_suffice() -> None:
    ids = RecordedIds()
    ids.expect(("p-1", "o-1"))
    assert (ids.position_id(), ids.is_used_up, ids.order_id(), ids.is_used_up) == ("p-1", False, "o-1", True)
    assert ids.run_id() == "not-recorded" and not ids.is_used_up
    ids.expect(("True", "False"))
    assert (ids.owns("o-1"), ids.owns("foreign"), ids.is_used_up) == (True, False, True)
