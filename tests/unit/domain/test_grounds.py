"""Grounds are written into every order: they come back from the journal as they were, and older orders have none."""

from datetime import timedelta
from decimal import Decimal

import msgspec

from app.adapters.storage.codec import decode, encode
from app.domain.grounds import BarSeen, CheckName, GateCheck, Grounds
from app.domain.messages import OrderChanged
from tests.unit.adapters.storage.samples import NOW, order

GROUNDS = Grounds(
    price=Decimal("98765000"),
    bid=Decimal("98764000"),
    book_at=NOW,
    bar=BarSeen(NOW - timedelta(minutes=1), 60, Decimal("98760000")),
    checks=(GateCheck(CheckName.SPREAD, Decimal("0.00001"), None), GateCheck(CheckName.CASH, Decimal(5), Decimal(6))),
)


def test_grounds_come_back_from_the_journal_as_they_were() -> None:
    event = OrderChanged(order(grounds=GROUNDS), "intent")
    kind, payload = encode(event)
    assert decode(kind, payload, 1) == event


def test_an_order_of_an_older_journal_has_none() -> None:
    kind, payload = encode(OrderChanged(order(grounds=GROUNDS), "intent"))
    older = msgspec.json.decode(payload)
    del older["order"]["grounds"]
    found = decode(kind, msgspec.json.encode(older).decode(), 1)
    assert isinstance(found, OrderChanged) and found.order.grounds is None
    assert found.order == order(), "everything else is read as before"
