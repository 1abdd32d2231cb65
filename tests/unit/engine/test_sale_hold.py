"""Which sales wait after an unclean end."""

from app.engine.sale_hold import SaleHold
from tests.unit.engine.playbook import BTC, XRP


def test_until_the_venue_has_told_every_sale_waits() -> None:
    hold = SaleHold(until_told=True)
    assert hold.holds(XRP) and hold.holds(BTC)


def test_a_lost_sale_that_is_known_holds_its_market_only() -> None:
    hold = SaleHold(known=frozenset({XRP}))
    assert hold.holds(XRP) and not hold.holds(BTC)


def test_otherwise_nothing_waits() -> None:
    assert not SaleHold().holds(XRP)
