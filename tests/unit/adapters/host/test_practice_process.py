import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.host import practice_process
from app.adapters.host.practice_process import PracticeProcess, read_address, read_address_file
from app.domain.errors import InvalidInputError, VenueUnavailableError

ROOT = Path(__file__).resolve().parents[4]
LINE = (
    '{"rest":"http://127.0.0.1:1/v1","ws":"ws://127.0.0.1:1/websocket/v1",'
    '"ws_private":"ws://127.0.0.1:1/websocket/v1/private","admin":"http://127.0.0.1:2",'
    '"access_key":"a","secret_key":"s"}'
)
#: A terminal in small: starts the exchange, says its process id, and then hangs until it is killed.
TERMINAL = """
import asyncio, os
from app.adapters.host.practice_process import PracticeProcess

async def main():
    process = PracticeProcess()
    await process.start(os.getpid())
    print(process.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def ended(pid: int, within_s: float) -> bool:
    """True when the process is gone, or only waits to be collected, in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


# ---- the address ------------------------------------------------------------------------------------------------


def test_the_line_of_the_exchange_becomes_its_address() -> None:
    address = read_address(LINE + "\n")
    assert (address.rest, address.admin, address.secret_key) == ("http://127.0.0.1:1/v1", "http://127.0.0.1:2", "s")


def test_a_later_version_may_say_more() -> None:
    assert read_address(LINE.replace("{", '{"version":2,', 1)) == read_address(LINE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "usage: practice [-h]",
        "null",
        "[]",
        "{}",
        LINE[:-1],
        LINE.replace('"rest"', '"rset"'),
        LINE.replace('"a"', "1"),
        LINE.replace('"a"', "null"),
        '{"x":' + "[" * 100_000,
    ],
    ids=lambda text: text[:24],
)
def test_anything_else_is_not_an_address(text: str) -> None:
    with pytest.raises(InvalidInputError, match="not the address line"):
        read_address(text)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_address(noise)


def test_an_address_file_holds_the_line(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    path.write_text(LINE + "\n", encoding="utf-8")
    assert read_address_file(path) == read_address(LINE)


def test_a_bad_address_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    with pytest.raises(InvalidInputError, match=r"practice\.json: cannot be read .*start 'run\.py practice' first"):
        read_address_file(path)
    path.write_bytes(b"\xff\x00")
    with pytest.raises(InvalidInputError, match=r"practice\.json: not the address line"):
        read_address_file(path)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_address_file(tmp_path)


# ---- the process ------------------------------------------------------------------------------------------------


async def test_it_starts_listens_and_stops() -> None:
    process = PracticeProcess(["--seed", "7"])
    assert process.pid is None
    address = await process.start(os.getpid())
    try:
        pid = process.pid
        assert pid is not None
        host, port = address.rest.removeprefix("http://").partition("/")[0].split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()
    finally:
        await process.stop()
    assert process.pid is None
    assert ended(pid, within_s=5)


async def test_stopping_twice_or_before_the_start_is_harmless() -> None:
    process = PracticeProcess()
    await process.stop()
    await process.start(os.getpid())
    await process.stop()
    await process.stop()


async def test_two_exchanges_live_side_by_side() -> None:
    one, other = PracticeProcess(), PracticeProcess()
    try:
        first, second = await asyncio.gather(one.start(os.getpid()), other.start(os.getpid()))
        assert first.rest != second.rest
        assert first.secret_key != second.secret_key
    finally:
        await asyncio.gather(one.stop(), other.stop())


async def test_an_exchange_that_ends_at_once_is_unavailable(capfd: pytest.CaptureFixture[str]) -> None:
    process = PracticeProcess(["--seed", "not a number"])
    with pytest.raises(VenueUnavailableError, match="ended with status 2"):
        await process.start(os.getpid())
    assert process.pid is None
    assert "practice:" in capfd.readouterr().err, "its own words reach the terminal's"


async def test_an_exchange_that_says_something_else_is_unavailable_and_ended() -> None:
    process = PracticeProcess(["--help"])
    with pytest.raises(VenueUnavailableError, match="not the address line"):
        await process.start(os.getpid())
    assert process.pid is None


async def test_an_exchange_that_says_nothing_in_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_process, "START_PATIENCE_S", 0.0)
    process = PracticeProcess()
    with pytest.raises(VenueUnavailableError, match="said nothing for 0 s"):
        await process.start(os.getpid())
    assert process.pid is None


async def test_a_line_without_end_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_process, "MAX_LINE", 16)
    process = PracticeProcess()
    with pytest.raises(VenueUnavailableError, match="longer than 16 bytes"):
        await process.start(os.getpid())
    assert process.pid is None


async def test_a_missing_interpreter_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(ROOT / "no such python"))
    with pytest.raises(VenueUnavailableError, match="cannot be started"):
        await PracticeProcess().start(os.getpid())


async def test_giving_up_the_start_leaves_no_process_behind() -> None:
    process = PracticeProcess()
    start = asyncio.create_task(process.start(os.getpid()))
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if process.pid is not None:
            break
    pid = process.pid
    assert pid is not None
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert ended(pid, within_s=5)


def start_terminal() -> tuple["subprocess.Popen[str]", int]:
    """A terminal in a process of its own, and the process id of its exchange."""
    terminal = subprocess.Popen([sys.executable, "-c", TERMINAL], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert terminal.stdout is not None
    pid = int(terminal.stdout.readline())
    assert psutil.pid_exists(pid)
    return terminal, pid


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL; there the closed pipe does it")
def test_it_ends_when_its_terminal_is_killed() -> None:
    terminal, pid = start_terminal()
    with terminal:
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait(15)
    assert ended(pid, within_s=15)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM handler")
def test_it_ends_when_its_terminal_is_terminated() -> None:
    terminal, pid = start_terminal()
    with terminal:
        terminal.terminate()
        terminal.wait(15)
    assert ended(pid, within_s=15)
