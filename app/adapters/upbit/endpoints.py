"""Where Upbit is. The live addresses are compiled in; only the practice exchange on this computer may replace them.

Source: upbit.md section 1.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.adapters.net.loopback import is_loopback
from app.domain.errors import InvalidInputError

LIVE_REST = "https://api.upbit.com"
LIVE_WS = "wss://api.upbit.com/websocket/v1"
LIVE_WS_PRIVATE = "wss://api.upbit.com/websocket/v1/private"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base addresses, without a slash at the end; ``rest`` is without ``/v1``.

    Raises:
        InvalidInputError: an address is neither Upbit's own nor on this computer.
    """

    rest: str
    ws: str
    ws_private: str

    def __post_init__(self) -> None:
        if (self.rest, self.ws, self.ws_private) == (LIVE_REST, LIVE_WS, LIVE_WS_PRIVATE):
            return
        _check_loopback("rest", self.rest, "http")
        _check_loopback("ws", self.ws, "ws")
        _check_loopback("ws_private", self.ws_private, "ws")

    @property
    def is_live(self) -> bool:
        """True when real money is behind these addresses."""
        return self.rest == LIVE_REST

    @classmethod
    def live(cls) -> "Endpoints":
        """Upbit Korea."""
        return cls(LIVE_REST, LIVE_WS, LIVE_WS_PRIVATE)

    @classmethod
    def practice(cls, rest: str, ws: str, ws_private: str) -> "Endpoints":
        """The practice exchange on this computer; ``rest`` may end in ``/v1``.

        Raises:
            InvalidInputError: an address leads to another computer.
        """
        return cls(rest.rstrip("/").removesuffix("/v1"), ws.rstrip("/"), ws_private.rstrip("/"))


def _check_loopback(name: str, url: str, scheme: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInputError(f"practice address {name} {url!r} cannot be read: {error}") from error
    if parts.scheme != scheme or port is None or "@" in parts.netloc:
        raise InvalidInputError(f"practice address {name} must look like {scheme}://127.0.0.1:PORT, not {url!r}")
    if not is_loopback(host):
        raise InvalidInputError(f"practice address {name} must stay on this computer (127.0.0.1), not {host!r}")
