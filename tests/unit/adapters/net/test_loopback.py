"""This computer, and nothing that looks like it."""

import pytest

from app.adapters.net.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_computer(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "192.168.0.1", "localhost.evil.kr", "127.0.0.1.evil.kr", "::2"])
def test_another_one(host: str) -> None:
    assert not is_loopback(host)
