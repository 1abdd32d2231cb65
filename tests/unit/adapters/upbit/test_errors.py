import json

import aiohttp
import pytest

from app.adapters.upbit.errors import (
    ARRIVED_NAMES,
    NOT_FOUND_NAMES,
    REFUSED_NAMES,
    UNAVAILABLE_NAMES,
    answer_error,
    parse_error,
    transport_error,
)
from app.domain.errors import OutcomeUnknownError, VenueNotFoundError, VenueRefusedError, VenueUnavailableError


def body(name: str | int, message: str = "이유") -> bytes:
    return json.dumps({"error": {"name": name, "message": message}}).encode()


@pytest.mark.parametrize("name", sorted(REFUSED_NAMES))
@pytest.mark.parametrize("changes", [True, False])
def test_a_named_no_is_a_refusal(name: str, changes: bool) -> None:
    error = answer_error(400, body(name), changes=changes)
    assert type(error) is VenueRefusedError
    assert (error.code, error.detail) == (name, "이유")


@pytest.mark.parametrize("name", sorted(NOT_FOUND_NAMES))
def test_order_not_found(name: str) -> None:
    assert type(answer_error(404, body(name), changes=True)) is VenueNotFoundError


@pytest.mark.parametrize("name", sorted(UNAVAILABLE_NAMES))
def test_maintenance_did_nothing(name: str) -> None:
    assert type(answer_error(403, body(name), changes=True)) is VenueUnavailableError


@pytest.mark.parametrize("name", sorted(ARRIVED_NAMES))
def test_our_own_identifier_or_nonce_seen_before_means_it_arrived(name: str) -> None:
    assert type(answer_error(400, body(name), changes=True)) is OutcomeUnknownError
    assert type(answer_error(401, body(name), changes=False)) is VenueUnavailableError


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (418, "banned")])
@pytest.mark.parametrize("content", [b"", b"Too many API requests.", body("too_many_requests")])
def test_rate_limits_are_told_by_the_status_alone(status: int, code: str, content: bytes) -> None:
    error = answer_error(status, content, changes=True)
    assert type(error) is VenueUnavailableError
    assert error.code == code


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, body("internal_server_error")),
        (502, b"<html>bad gateway</html>"),
        (503, b""),
        (408, body("timeout")),
        (302, b""),
        (403, b"<html>captive portal</html>"),
        (400, b'{"error":'),
        (400, b'{"error":{"message":"no name"}}'),
    ],
)
def test_what_upbit_did_not_clearly_say_is_unknown_for_a_change(status: int, content: bytes) -> None:
    assert type(answer_error(status, content, changes=True)) is OutcomeUnknownError
    assert type(answer_error(status, content, changes=False)) is VenueUnavailableError


def test_a_new_name_in_upbits_own_form_is_still_a_no() -> None:
    error = answer_error(400, body("brand_new_rule"), changes=True)
    assert type(error) is VenueRefusedError
    assert error.code == "brand_new_rule"


def test_quotation_errors_carry_their_status_as_name() -> None:
    error = answer_error(404, body(404, "Code not found"), changes=False)
    assert type(error) is VenueRefusedError
    assert (error.code, error.detail) == ("404", "Code not found")


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ClientPayloadError("cut"),
        aiohttp.SocketTimeoutError(),
    ],
)
def test_trouble_after_the_first_byte(error: Exception) -> None:
    assert type(transport_error(error, changes=True)) is OutcomeUnknownError
    assert type(transport_error(error, changes=False)) is VenueUnavailableError


def test_trouble_before_the_first_byte_did_nothing() -> None:
    refused = transport_error(aiohttp.ConnectionTimeoutError("connect"), changes=True)
    assert type(refused) is VenueUnavailableError
    assert refused.code == "connect_failed"


def test_only_an_error_answer_is_an_error_answer() -> None:
    assert parse_error(b'{"status":"UP"}') is None
    assert parse_error(b"\xff") is None
    found = parse_error(body("NO_TICKET"))
    assert found is not None and found.name == "NO_TICKET"
