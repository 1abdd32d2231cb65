"""Checks Upbit's JWT: signature, access key, nonce, query hash, permission (upbit.md section 2).

Written without a JWT library on purpose: the clients use one, and an oracle should not share its mistakes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from .venue_errors import VenueError

_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_KEPT_NONCES = 300_000
ALL_SCOPES = frozenset({"view_account", "view_orders", "make_orders"})


@dataclass(frozen=True, slots=True)
class ApiKey:
    access_key: str
    secret_key: str
    scopes: frozenset[str] = ALL_SCOPES
    expire_at: str = "2027-11-20T00:00:00+09:00"


class Authenticator:
    """Knows the one key and every nonce it has seen."""

    def __init__(self, key: ApiKey, lenient: bool = False) -> None:
        self.key = key
        self._lenient = lenient
        self._seen: set[str] = set()
        self._order: deque[str] = deque()

    def check(self, authorization: str | None, accepted_queries: Sequence[str], scope: str | None) -> None:
        """Raise the refusal Upbit would answer; `accepted_queries` are the strings a hash may be of."""
        claims = self._verified_claims(authorization)
        self._use_nonce(claims.get("nonce"))
        if any(accepted_queries):
            self._check_hash(claims, accepted_queries)
        if scope is not None and scope not in self.key.scopes:
            raise VenueError(401, "out_of_scope")

    def _verified_claims(self, authorization: str | None) -> dict[str, object]:
        kind, _, token = (authorization or "").partition(" ")
        if kind != "Bearer" or not token:
            raise VenueError(401, "no_authorization_token")
        try:
            head, body, signature = token.strip().split(".")
            header, claims = _decoded(head), _decoded(body)
            given = _from_base64(signature)
        except (ValueError, binascii.Error):
            raise VenueError(401, "jwt_verification") from None
        if claims.get("access_key") != self.key.access_key:
            raise VenueError(401, "invalid_access_key")
        digest = _HASHES.get(str(header.get("alg")))
        if digest is None:
            raise VenueError(401, "jwt_verification")
        expected = hmac.new(self.key.secret_key.encode(), f"{head}.{body}".encode(), digest).digest()
        if not hmac.compare_digest(expected, given):
            raise VenueError(401, "jwt_verification")
        return claims

    def _use_nonce(self, nonce: object) -> None:
        if not isinstance(nonce, str) or not nonce:
            raise VenueError(401, "jwt_verification", "nonce is missing")
        if nonce in self._seen:
            raise VenueError(401, "nonce_used")
        self._seen.add(nonce)
        self._order.append(nonce)
        if len(self._order) > _KEPT_NONCES:
            self._seen.discard(self._order.popleft())

    @staticmethod
    def _check_hash(claims: dict[str, object], accepted: Sequence[str]) -> None:
        if str(claims.get("query_hash_alg", "SHA512")) != "SHA512":
            raise VenueError(401, "invalid_query_payload")
        if claims.get("query_hash") not in {query_hash(text) for text in accepted}:
            raise VenueError(401, "invalid_query_payload")


def query_hash(text: str) -> str:
    """Lower-case hex SHA-512 of the percent-decoded query string."""
    return hashlib.sha512(text.encode()).hexdigest()


def hashable_query(raw_query: str, lenient: bool = False) -> list[str]:
    """Strings whose hash is right for a query string as it was sent."""
    decoded = unquote(raw_query)
    return [decoded, unquote_plus(raw_query), raw_query] if lenient else [decoded]


def body_text(pairs: Sequence[tuple[str, object]]) -> str:
    """`k=v` pairs of a JSON body in order; arrays repeat the name with `[]`."""
    parts: list[str] = []
    for name, value in pairs:
        if isinstance(value, list):
            label = name if name.endswith("[]") else f"{name}[]"
            parts += [f"{label}={_word(item)}" for item in value]
        else:
            parts.append(f"{name}={_word(value)}")
    return "&".join(parts)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _decoded(part: str) -> dict[str, object]:
    value = json.loads(_from_base64(part))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _from_base64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
