"""Reading parameters of a call."""

import pytest

from app.practice.rest_call import Api, Call, Route
from app.practice.venue_errors import VenueError


def test_arrays_and_comma_lists() -> None:
    call = Call(Api.EXCHANGE, [("uuids", "a"), ("uuids", "b"), ("pairs", "x,y")])
    assert call.many("uuids") == ["a", "b"]
    assert call.listed("pairs") == ["x", "y"]


@pytest.mark.parametrize(
    "text", ["2026-11-20T23:00:00+09:00", "2026-11-20T14:00:00Z", "2026-11-20 14:00:00", "1795183200000"]
)
def test_moments(text: str) -> None:
    assert Call(Api.EXCHANGE, [("to", text)]).moment_us("to") == 1_795_183_200_000_000


def test_refusals_speak_the_words_of_their_api() -> None:
    for api, name in ((Api.EXCHANGE, "validation_error"), (Api.QUOTATION, 400)):
        with pytest.raises(VenueError) as refusal:
            Call(api, []).required("market")
        assert refusal.value.name == name


def test_only_real_orders_count_as_changes() -> None:
    def handler(call: Call) -> None:
        return None

    order = Route("POST", "/v1/orders", Api.EXCHANGE, "order", handler, "make_orders")
    test = Route("POST", "/v1/orders/test", Api.EXCHANGE, "order-test", handler, "make_orders")
    assert (order.creates_order, test.changes_orders) == (True, False)
