"""Refusals carry Upbit's words."""

from app.practice.venue_errors import VenueError, bad_request, quotation_error


def test_exchange_errors_have_words_and_korean_messages() -> None:
    error = bad_request("insufficient_funds_bid")
    assert (error.status, error.name, error.message) == (
        400,
        "insufficient_funds_bid",
        "주문 가능한 금액(KRW)이 부족합니다.",
    )
    assert VenueError(404, "order_not_found").message == "주문을 찾지 못했습니다."


def test_quotation_errors_have_an_integer_name() -> None:
    assert quotation_error(404, "Code not found").name == 404
