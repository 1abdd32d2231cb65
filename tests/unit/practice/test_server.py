"""The whole program: as a child process and as a virtual-time venue."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import aiohttp
import pytest

from app.practice.clock import VenueClock
from app.practice.server import PracticeServer
from app.practice.settings import Settings
from tests.unit.practice.venue_kit import START_US, RestClient

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "app.practice"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "not a port"),
        (["--speed", "0"], "above 0"),
        (["--replay", "none.csv"], "no such file"),
        (["--replay", __file__, "--state", "none.json"], "give only one of them"),
        (["--mirror", "--replay", __file__], "give only one of them"),
        (["--state", __file__], "not a state file of the practice exchange; move the file away"),
        (["--nonsense"], "unrecognized"),
    ],
)
def test_bad_arguments_are_one_line(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr


@pytest.mark.parametrize(
    ("origin", "words"), [("https://evil.example", "can be mirrored"), ("http://127.0.0.1:9", "cannot be reached")]
)
def test_nothing_to_mirror_has_an_exit_code_of_its_own(origin: str, words: str) -> None:
    done = run("--mirror", origin)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert words in done.stderr


def test_the_program_tells_its_doors_and_ends_silently() -> None:
    fixed = ["--access-key", "a", "--secret-key", "b" * 40, "--watch-stdin"]
    process = subprocess.Popen(
        [*PROGRAM, *fixed], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    ends = json.loads(process.stdout.readline())
    assert set(ends) == {"rest", "ws", "ws_private", "admin", "access_key", "secret_key"}
    assert (ends["access_key"], ends["rest"].startswith("http://127.0.0.1:")) == ("a", True)
    with urllib.request.urlopen(ends["rest"] + "/candles/minutes/1?market=KRW-BTC&count=200") as answer:
        assert len(json.load(answer)) == 200
    _, errors = process.communicate(timeout=10)  # closes standard input
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for children")
def test_sigterm_ends_it() -> None:
    process = subprocess.Popen(PROGRAM, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGTERM)
    assert process.communicate(timeout=10)[1] == b""
    assert process.returncode == 0


async def test_virtual_time_with_the_simulated_market() -> None:
    server = PracticeServer(Settings(seed=4), VenueClock(START_US))
    async with server as ends, aiohttp.ClientSession() as session:
        rest = RestClient(session, ends)
        body = {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": "1000000", "identifier": "x"}
        await rest.call("POST", "/orders", body)
        await server.advance(100)
        found = await rest.call("GET", "/order", {"identifier": "x"})
        ledger = await rest.admin("GET", "/ledger")
        markets = await rest.call("GET", "/market/all")
    assert found.body["trades_count"] > 0
    assert ledger.body["conservation"]["ok"]
    assert len(markets.body) >= 8


async def test_a_broken_rule_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    server = PracticeServer(Settings(cash=Settings().cash))
    async with server:
        server.clock.call_later(0, lambda: [].pop())
        await asyncio.wait_for(server.failed.wait(), 5)
    assert "broke one of its own rules" in caplog.text
    caplog.clear()
