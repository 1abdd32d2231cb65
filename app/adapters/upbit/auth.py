"""Signing of private calls: a JWT with a fresh nonce and the hash of what is asked. Source: upbit.md section 2."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
from jwt import PyJWS
from jwt.algorithms import HMACAlgorithm

#: Query parameters or body fields in the order in which they are sent.
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key pair; neither part ever shows in a log or a traceback."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


class _UpbitHmac(HMACAlgorithm):
    """HMAC with the key length Upbit deals out (40 characters), which PyJWT would warn about for SHA-512."""

    def check_key_length(self, key: Any) -> str | None:
        """Upbit chooses the length; there is nothing to warn about."""
        return None

    def prepare_key(self, key: str | bytes) -> bytes:
        """The secret as it is. The library would first try to read it as a public key, at every order."""
        return key.encode() if isinstance(key, str) else key


_JWS = PyJWS(algorithms=[])
_JWS.register_algorithm("HS512", _UpbitHmac(HMACAlgorithm.SHA512))


def plain_query(pairs: Pairs) -> str:
    """``k=v`` joined by ``&`` without percent-encoding: the form that is hashed."""
    return "&".join(f"{name}={value}" for name, value in pairs)


def encoded_query(pairs: Pairs) -> str:
    """The same for the wire: values percent-encoded, names with their ``[]`` as they are."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


def query_hash(pairs: Pairs) -> str:
    """Lower-case hex SHA-512 of the plain query."""
    return hashlib.sha512(plain_query(pairs).encode()).hexdigest()


def bearer(credentials: Credentials, pairs: Pairs = (), nonce: str | None = None) -> str:
    """Value of the Authorization header for one single call with these parameters or body fields."""
    claims = {"access_key": credentials.access_key, "nonce": nonce or str(uuid.uuid4())}
    if pairs:
        claims["query_hash"] = query_hash(pairs)
        claims["query_hash_alg"] = "SHA512"
    token = _JWS.encode(msgspec.json.encode(claims), credentials.secret_key, algorithm="HS512")
    return f"Bearer {token}"
