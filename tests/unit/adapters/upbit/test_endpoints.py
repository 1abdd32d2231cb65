import pytest

from app.adapters.upbit.endpoints import LIVE_REST, LIVE_WS, LIVE_WS_PRIVATE, Endpoints
from app.domain.errors import InvalidInputError

WS = "ws://127.0.0.1:9000/websocket/v1"


def test_live_is_compiled_in() -> None:
    live = Endpoints.live()
    assert (live.rest, live.ws, live.ws_private) == (LIVE_REST, LIVE_WS, LIVE_WS_PRIVATE)
    assert live.is_live


@pytest.mark.parametrize("rest", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/"])
def test_practice_takes_this_computer(rest: str) -> None:
    practice = Endpoints.practice(rest, WS, WS + "/private")
    assert practice.rest == "http://127.0.0.1:8000"
    assert not practice.is_live


@pytest.mark.parametrize("host", ["localhost", "[::1]", "127.8.9.1"])
def test_every_loopback_name_counts(host: str) -> None:
    assert Endpoints.practice(f"http://{host}:1", f"ws://{host}:1", f"ws://{host}:1").rest == f"http://{host}:1"


@pytest.mark.parametrize(
    "rest",
    [
        "https://api.upbit.com",
        "http://192.168.0.2:80",
        "http://127.0.0.1@evil.example:80",
        "http://127.0.0.1.evil.example:80",
        "http://127.0.0.1",
        "ftp://127.0.0.1:21",
        "http://127.0.0.1:99999",
        "",
    ],
)
def test_practice_never_leaves_this_computer(rest: str) -> None:
    with pytest.raises(InvalidInputError, match="rest"):
        Endpoints.practice(rest, WS, WS)


def test_no_constructor_gets_round_the_rule() -> None:
    with pytest.raises(InvalidInputError, match="ws_private"):
        Endpoints("http://127.0.0.1:1", WS, "wss://elsewhere.example")
    with pytest.raises(InvalidInputError):
        Endpoints(LIVE_REST, WS, WS)
