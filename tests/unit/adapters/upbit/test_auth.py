import jwt
import pytest

from app.adapters.upbit.auth import Credentials, bearer, encoded_query, plain_query, query_hash

KEYS = Credentials("the-access-key", "s3cret" * 7)

#: upbit.md section 2
VECTORS = [
    (
        [("market", "KRW-BTC"), ("side", "bid"), ("volume", "0.01"), ("price", "100.0"), ("ord_type", "limit")],
        "1db802a392c559d55c99662a20c6911ba9ea31a9f58bf92156af243ca1462b00"
        "4c6e6b27c934afefbde5ca15d28deb67e90cd619b466c9a3c2fe020ad2bbdd24",
    ),
    (
        [("market", "KRW-BTC"), ("limit", "10")],
        "d8214a07d0b7181ac91485f885d4349e9de6733bbd0806fec3102519a0ba1479"
        "b9be54245055706da413a6e916a8a978c1fc1a79e8e459d54c4de8fbe2bc70cd",
    ),
    (
        [("market", "KRW-BTC"), ("states[]", "wait"), ("states[]", "watch")],
        "c01bbcb80094d2225c90eda65128baf7ef800471fbdeb76579856d1532cd2630"
        "60e41ede9c52bfc926a0b46c4b7797a61e4327cda59d236f829cde4c875dfe77",
    ),
]


@pytest.mark.parametrize(("pairs", "expected"), VECTORS)
def test_hashes_agree_with_the_documents(pairs: list[tuple[str, str]], expected: str) -> None:
    assert query_hash(pairs) == expected


def test_the_hash_is_over_the_decoded_text() -> None:
    pairs = [("start_time", "2026-11-20T20:00:00+09:00"), ("pairs", "KRW-BTC,KRW-ETH")]
    assert plain_query(pairs) == "start_time=2026-11-20T20:00:00+09:00&pairs=KRW-BTC,KRW-ETH"
    assert encoded_query(pairs) == "start_time=2026-11-20T20%3A00%3A00%2B09%3A00&pairs=KRW-BTC%2CKRW-ETH"
    assert encoded_query([("states[]", "wait")]) == "states[]=wait"


def test_token_carries_key_nonce_and_hash() -> None:
    header = bearer(KEYS, VECTORS[1][0], nonce="n-1")
    token = header.removeprefix("Bearer ")
    assert jwt.get_unverified_header(token) == {"alg": "HS512", "typ": "JWT"}
    # checked by hand: PyJWT warns about the key length Upbit deals out
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims == {
        "access_key": "the-access-key",
        "nonce": "n-1",
        "query_hash": VECTORS[1][1],
        "query_hash_alg": "SHA512",
    }


def test_signature_is_hmac_over_the_secrets_bytes() -> None:
    import base64
    import hashlib
    import hmac

    signed, _, signature = bearer(KEYS).removeprefix("Bearer ").rpartition(".")
    expected = hmac.new(KEYS.secret_key.encode(), signed.encode(), hashlib.sha512).digest()
    assert base64.urlsafe_b64encode(expected).rstrip(b"=").decode() == signature


def test_without_parameters_there_is_no_hash_and_nonces_differ() -> None:
    first, second = (
        jwt.decode(bearer(KEYS).removeprefix("Bearer "), options={"verify_signature": False}) for _ in range(2)
    )
    assert set(first) == {"access_key", "nonce"}
    assert first["nonce"] != second["nonce"]


def test_credentials_never_show() -> None:
    assert "s3cret" not in repr(KEYS)
    assert "the-access-key" not in f"{KEYS}"
