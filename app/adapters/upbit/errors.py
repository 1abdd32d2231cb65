"""What an answer that is not a yes means for us. Source: upbit.md sections 3 and 4.

The question behind every line: may the order exist? Only a clear no of Upbit itself says it does not.
"""

import aiohttp
import msgspec

from app.adapters.upbit.wire import UNREADABLE
from app.domain.errors import (
    OutcomeUnknownError,
    VenueError,
    VenueNotFoundError,
    VenueRefusedError,
    VenueUnavailableError,
)

#: Upbit answered no and did nothing.
REFUSED_NAMES = frozenset(
    {
        "create_bid_error",
        "create_ask_error",
        "insufficient_funds_bid",
        "insufficient_funds_ask",
        "under_min_total_bid",
        "under_min_total_ask",
        "invalid_price_bid",
        "invalid_price_ask",
        "over_krw_funds_bid",
        "validation_error",
        "invalid_parameter",
        "bad_request",
        "QUERY_PARAMETER_NOT_SUPPORTED",
        "invalid_time_in_force",
        "invalid_post_only",
        "notfoundmarket",
        "volume_too_large",
        "invalid_funds",
        "thirdparty_agreement_required",
        "invalid_query_payload",
        "jwt_verification",
        "expired_access_key",
        "no_authorization_ip",
        "no_authorization_i_p",
        "no_authorization_token",
        "invalid_access_key",
        "out_of_scope",
        "open_api_withdraw_locked",
        "pocket_not_found",
        "currency_not_found",
    }
)
NOT_FOUND_NAMES = frozenset({"order_not_found"})
#: Maintenance or a market not open: nothing was done, and it may work later.
UNAVAILABLE_NAMES = frozenset({"market_offline", "too_many_requests"})
#: Our own identifier or nonce was seen before, so an earlier copy of these bytes has arrived: look it up.
ARRIVED_NAMES = frozenset({"duplicated_identifier", "nonce_used"})

#: Codes of ours for trouble that Upbit did not name; a read may be tried again after these.
CONNECT_FAILED = "connect_failed"
TIMED_OUT = "timed_out"
CONNECTION_LOST = "connection_lost"
SERVER_ERROR = "server_error"
UNUSABLE_ANSWER = "unusable_answer"
RATE_LIMITED = "rate_limited"
BANNED = "banned"
WITHDRAWN = "withdrawn"
RETRYABLE_READ_CODES = frozenset(
    {CONNECT_FAILED, TIMED_OUT, CONNECTION_LOST, SERVER_ERROR, UNUSABLE_ANSWER, RATE_LIMITED}
)


class ErrorDetail(msgspec.Struct):
    """Inner part of an error answer; ``name`` is a word (exchange) or the status (quotation)."""

    name: str | int
    message: str | None = None


class ErrorBody(msgspec.Struct):
    """Error answer of REST and WebSocket."""

    error: ErrorDetail


_DECODER = msgspec.json.Decoder(ErrorBody)


def parse_error(body: bytes | str) -> ErrorDetail | None:
    """The error an answer names; None when it is no error answer of Upbit."""
    try:
        return _DECODER.decode(body).error
    except UNREADABLE:
        return None


def answer_error(status: int, body: bytes, *, changes: bool) -> VenueError:
    """Error for an answer with an HTTP status other than 2xx."""
    named = parse_error(body)
    words = (named.message or "") if named else f"status {status}, not an answer of Upbit"
    if status == 429:
        return VenueUnavailableError(RATE_LIMITED, words)
    if status == 418:
        return VenueUnavailableError(BANNED, words)
    if status >= 500:
        return no_answer(SERVER_ERROR, f"status {status}: {words}", changes=changes)
    if named is None or status < 400 or status == 408:
        # a proxy, a redirect or a captive portal spoke, not Upbit: it proves nothing about an order
        return no_answer(UNUSABLE_ANSWER, words, changes=changes)
    return _named_error(status, str(named.name), words, changes=changes)


def _named_error(status: int, name: str, words: str, *, changes: bool) -> VenueError:
    if name in NOT_FOUND_NAMES:
        return VenueNotFoundError(name, words)
    if name in UNAVAILABLE_NAMES:
        return VenueUnavailableError(name, words)
    if name in ARRIVED_NAMES:
        return no_answer(name, words, changes=changes)
    if name in REFUSED_NAMES:
        return VenueRefusedError(name, words)
    # a name that is not documented, in Upbit's own form and with a 4xx: still a no
    return VenueRefusedError(name, words or f"status {status}")


def transport_error(error: Exception, *, changes: bool) -> VenueError:
    """Error for a call that brought no answer at all."""
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return VenueUnavailableError(CONNECT_FAILED, words)  # no byte of the request has left
    if isinstance(error, TimeoutError):
        return no_answer(TIMED_OUT, words, changes=changes)
    return no_answer(CONNECTION_LOST, words, changes=changes)


def no_answer(code: str, detail: str, *, changes: bool) -> VenueError:
    """Bytes left and nothing usable came back."""
    return OutcomeUnknownError(code, detail) if changes else VenueUnavailableError(code, detail)
