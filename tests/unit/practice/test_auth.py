"""Keys, nonces and query hashes; the vectors are those of upbit.md section 2."""

import pytest

from app.practice.auth import ApiKey, Authenticator, body_text, hashable_query, query_hash
from app.practice.settings import Endpoints
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import bearer

ENDS = Endpoints("", "", "", "", "access", "s" * 64)


@pytest.fixture
def keys() -> Authenticator:
    return Authenticator(ApiKey("access", "s" * 64))


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("market=KRW-BTC&side=bid&volume=0.01&price=100.0&ord_type=limit", "1db802a392c559d55c99662a20c6911b"),
        ("market=KRW-BTC&limit=10", "d8214a07d0b7181ac91485f885d4349e"),
        ("market=KRW-BTC&states[]=wait&states[]=watch", "c01bbcb80094d2225c90eda65128baf7"),
    ],
)
def test_hash_vectors(text: str, start: str) -> None:
    assert query_hash(text).startswith(start)
    assert len(query_hash(text)) == 128


def test_the_hash_is_of_the_decoded_query() -> None:
    assert hashable_query("states%5B%5D=wait&to=2026-11-20T00%3A00%3A00%2B09%3A00") == [
        "states[]=wait&to=2026-11-20T00:00:00+09:00"
    ]


def test_body_pairs_keep_their_order_and_repeat_arrays() -> None:
    assert body_text([("market", "KRW-BTC"), ("price", "100.0"), ("ids", ["a", "b"])]) == (
        "market=KRW-BTC&price=100.0&ids[]=a&ids[]=b"
    )


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_all_three_algorithms(keys: Authenticator, algorithm: str) -> None:
    keys.check(bearer(ENDS, "a=1", algorithm), ["a=1"], "make_orders")


def refused(keys: Authenticator, header: str | None, query: str = "", scope: str | None = None) -> object:
    with pytest.raises(VenueError) as refusal:
        keys.check(header, [query] if query else [], scope)
    assert refusal.value.status == 401
    return refusal.value.name


def test_refusals(keys: Authenticator) -> None:
    assert refused(keys, None) == "no_authorization_token"
    assert refused(keys, "Basic abc") == "no_authorization_token"
    assert refused(keys, "Bearer a.b") == "jwt_verification"
    assert refused(keys, "Bearer a.b.c") == "jwt_verification"
    assert refused(keys, bearer(ENDS, access_key="other")) == "invalid_access_key"
    assert refused(keys, bearer(ENDS, nonce="")) == "jwt_verification"
    assert refused(keys, bearer(ENDS)[:-4] + "AAAA") == "jwt_verification"
    assert refused(keys, bearer(ENDS, "a=1"), "a=2") == "invalid_query_payload"
    assert refused(keys, bearer(ENDS), "a=2") == "invalid_query_payload"
    assert refused(keys, bearer(ENDS), scope="withdraw") == "out_of_scope"


def test_a_nonce_is_good_once(keys: Authenticator) -> None:
    header = bearer(ENDS)
    keys.check(header, [], None)
    assert refused(keys, header) == "nonce_used"


def test_the_none_algorithm_is_no_signature(keys: Authenticator) -> None:
    head = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    body = bearer(ENDS).split(".")[1]
    assert refused(keys, f"Bearer {head}.{body}.") == "jwt_verification"
