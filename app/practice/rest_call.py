"""One REST call as the endpoints see it: decoded parameters, typed readers, and its route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from .venue_errors import VenueError, bad_request, quotation_error

Pairs = list[tuple[str, str | None]]
MISSING = "Missing request parameter error. Check the required parameters!"
WRONG_TYPE = "Type mismatch error. Check the parameters type!"
INVALID = "Invalid parameter. Check the given value!"
# Digits of a count or of an epoch time: more than either has, and few enough for int().
MOST_DIGITS = 15


class Api(Enum):
    """Quotation errors carry an integer name; exchange errors carry words and need a key."""

    EXCHANGE = "exchange"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Call:
    """Parameters in the order they were sent; names of arrays without their `[]`."""

    api: Api
    pairs: Pairs = field(default_factory=list)
    path_value: str = ""

    def text(self, name: str) -> str | None:
        for key, value in self.pairs:
            if key == name:
                return value or None
        return None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise self.refusal("validation_error", MISSING if self._quotes else f"{name} is missing")
        return value

    def many(self, name: str) -> list[str]:
        """Values of `name[]=a&name[]=b` (or a single `name=a`)."""
        return [value for key, value in self.pairs if key == name and value]

    def listed(self, name: str) -> list[str]:
        """Values of a comma list."""
        return [part for part in (self.text(name) or "").split(",") if part]

    def number(self, name: str, default: int, highest: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not _is_number(text):
            raise self.refusal("invalid_parameter", WRONG_TYPE)
        if len(text) > MOST_DIGITS or not 1 <= int(text) <= highest:
            raise self.refusal("invalid_parameter", INVALID)
        return int(text)

    def moment_us(self, name: str) -> int | None:
        """An ISO-8601 time (UTC unless it says otherwise) or epoch milliseconds, as epoch microseconds."""
        text = self.text(name)
        if text is None:
            return None
        if _is_number(text) and len(text) <= MOST_DIGITS:
            return int(text) * 1000
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.refusal("invalid_parameter", INVALID) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp() * 1_000_000)

    def newest_first(self) -> bool:
        order = self.text("order_by") or "desc"
        if order not in ("asc", "desc"):
            raise self.refusal("invalid_parameter", INVALID)
        return order == "desc"

    def refusal(self, name: str, message: str) -> VenueError:
        return quotation_error(400, message) if self._quotes else bad_request(name, message)

    @property
    def _quotes(self) -> bool:
        return self.api is Api.QUOTATION


def _is_number(text: str) -> bool:
    """Digits as on a keyboard; isdigit() alone lets a superscript through."""
    return text.isascii() and text.isdigit()


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """`scope` is the permission needed; None with `needs_key` means any valid key."""

    method: str
    path: str
    api: Api
    group: str
    handler: Handler
    scope: str | None = None
    status: int = 200

    @property
    def changes_orders(self) -> bool:
        return self.scope == "make_orders" and not self.path.endswith("/test")

    @property
    def creates_order(self) -> bool:
        return self.changes_orders and self.method == "POST"
