"""Reading a flight log: every byte counts, damage is named by its entry, a cut-off end leaves a sound prefix."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.storage.flight_log import GENESIS, sealed
from app.adapters.storage.flight_reader import FlightLog, FlightLogError
from app.domain.errors import InvalidInputError
from app.domain.flight import FlightEntry, FlightStep
from tests.unit.adapters.storage.test_flight_log import writer_on
from tests.unit.engine.playbook import START
from tests.unit.lab.flight_story import RecordedStory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "flight.log"
    asyncio.run(RecordedStory(path).tell().writer.close())
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.log"
    writer = writer_on(path)
    for number in range(3):
        writer.noted(f"note {number}", START)
    asyncio.run(writer.close())
    return path


def read(path: Path) -> tuple[list[FlightEntry], FlightLog]:
    log = FlightLog(path)
    return [entry for _, entry in log], log


def test_a_whole_log_has_no_note(path: Path) -> None:
    entries, log = read(path)
    assert len(entries) > 50 and log.note is None


def test_any_flipped_byte_is_found_and_its_entry_named(small: Path) -> None:
    whole = small.read_bytes()
    for at in range(len(whole)):
        for bit in (0x01, 0x20, 0x80):
            damaged = bytearray(whole)
            damaged[at] ^= bit
            small.write_bytes(damaged)
            with pytest.raises(FlightLogError) as caught:
                read(small)
            assert caught.value.entry == whole[:at].count(b"\n") + 1, f"byte {at}"
            assert f"entry {caught.value.entry}" in str(caught.value)


def test_any_byte_that_became_a_line_end_is_found(small: Path) -> None:
    whole = small.read_bytes()
    for at, byte in enumerate(whole):
        if byte == ord("\n"):
            continue
        small.write_bytes(whole[:at] + b"\n" + whole[at + 1 :])
        with pytest.raises(FlightLogError) as caught:
            read(small)
        assert caught.value.entry == whole[:at].count(b"\n") + 1


def test_a_log_cut_anywhere_is_a_sound_prefix_with_a_note(small: Path) -> None:
    whole = small.read_bytes()
    first = whole.index(b"\n") + 1
    complete, _ = read(small)
    for end in range(first, len(whole)):
        small.write_bytes(whole[:end])
        entries, log = read(small)
        assert entries == complete[: whole[:end].count(b"\n")]
        assert log.note is not None and ("cut off" in log.note) == (whole[end - 1] != ord("\n"))


def test_a_log_cut_in_its_first_line_holds_nothing(small: Path) -> None:
    whole = small.read_bytes()
    for end in (0, 1, whole.index(b"\n")):
        small.write_bytes(whole[:end])
        with pytest.raises(InvalidInputError, match="no whole entry"):
            read(small)


def test_a_lost_line_end_before_a_cut_off_line_is_damage(small: Path) -> None:
    lines = small.read_bytes().splitlines(keepends=True)
    small.write_bytes(b"".join(lines[:2]) + lines[2][:-1] + b" " + lines[3][:20])
    with pytest.raises(FlightLogError) as caught:
        read(small)
    assert caught.value.entry == 3


@pytest.mark.parametrize("order", [(0, 2, 1, 3, 4), (0, 2, 3, 4), (0, 1, 1, 2, 3, 4), (1, 2, 3, 4)])
def test_entries_that_are_missing_moved_or_doubled_are_found(small: Path, order: tuple[int, ...]) -> None:
    lines = small.read_bytes().splitlines(keepends=True)
    small.write_bytes(b"".join(lines[number] for number in order))
    with pytest.raises(FlightLogError) as caught:
        read(small)
    assert caught.value.entry == next(n for n, line in enumerate(order) if n != line) + 1


def test_nothing_may_stand_behind_the_end(small: Path) -> None:
    with small.open("ab") as file:
        file.write(b"more")
    with pytest.raises(FlightLogError, match="entry 6 stands behind the end"):
        read(small)


def forged(*contents: bytes) -> bytes:
    """Lines with sound hashes, as another program might write them."""
    previous, lines = GENESIS, []
    for content in contents:
        previous = sealed(previous, content)
        lines.append(content + b',"hash":"' + previous.encode() + b'"}\n')
    return b"".join(lines)


def test_a_newer_format_is_named(small: Path) -> None:
    header = small.read_bytes().splitlines()[0].split(b',"hash"')[0]
    small.write_bytes(forged(header.replace(b'"format":1', b'"format":2').replace(b'"venue":', b'"place":')))
    with pytest.raises(FlightLogError, match="another format than 1"):
        read(small)


@pytest.mark.parametrize(
    "second",
    [
        b'{"number":3,"kind":"note","body":{"now":"2026-11-20T03:00:00Z","words":""}',
        b'{"number":2,"kind":"Wormhole","body":{}',
        b'{"number":2,"kind":"Trade","body":{}',
        b'{"number":2,"kind":"note","body":3',
        b'{"number":2,"kind":"note"',
        b"[]",
    ],
)
def test_sound_hashes_do_not_make_sense_of_nonsense(small: Path, second: bytes) -> None:
    header = small.read_bytes().splitlines()[0].split(b',"hash"')[0]
    small.write_bytes(forged(header, second))
    with pytest.raises(FlightLogError) as caught:
        read(small)
    assert caught.value.entry == 2


def test_what_is_no_flight_log_is_refused_with_its_name(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("dear diary\n")
    with pytest.raises(FlightLogError, match=r"notes\.txt: entry 1 is damaged"):
        read(other)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read(tmp_path / "nowhere")


def test_messages_come_back_equal(tmp_path: Path) -> None:
    """What the core is given in a replay equals what it was given live, to the last digit."""
    story = RecordedStory(tmp_path / "flight.log").tell()
    asyncio.run(story.writer.close())
    entries, _ = read(tmp_path / "flight.log")
    came_back = [entry.message for entry in entries if isinstance(entry, FlightStep)]
    assert came_back == story.messages and repr(came_back) == repr(story.messages)
    assert len({type(message) for message in came_back}) >= 8
