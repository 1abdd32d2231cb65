"""What the desk does beside the watches: it reads again once, and voids only what strategies wanted."""

from app.domain.effects import ReadAccount, SendCancel
from app.domain.messages import StreamStateChanged
from app.domain.venue_health import VenueCheckFailed, VenueState
from tests.unit.engine.playbook import ETH, VENUE, XRP, CallGroup, Playbook, blueprint, did, nothing, price, seconds


def test_after_an_outage_the_account_is_read_once_and_trusted_no_sooner() -> None:
    play = Playbook().ready()
    play.skew_s = None
    play >> [VenueCheckFailed(VENUE, "x", CallGroup.QUOTATION)] * 3
    play >> play.checked() << did(ReadAccount) << nothing(SendCancel)
    assert not play.core.account.reconciled and play.core.health.venue.state is VenueState.RESUMING
    play >> play.checked() << nothing(ReadAccount)


def test_markets_at_stake_are_those_held_and_those_waited_for() -> None:
    play = Playbook().ready()
    assert play.core.health._at_stake() == []
    play.holding(XRP)
    play >> play.start(ETH, blueprint(enter="false"))
    assert play.core.health._at_stake() == [XRP, ETH]


def test_a_gap_leaves_other_markets_alone() -> None:
    play = Playbook().ready()
    play >> play.start(ETH, blueprint(limit=True, stop=None, timeout_s=3600))
    play >> [play.sent(), play.accepted()]
    for _ in range(7):
        play >> [play.book(XRP, 1000, 1100), price(ETH, 4_000_000), seconds(1)]
    play >> price(XRP, 800) << nothing(SendCancel)
    play >> StreamStateChanged(VENUE, "public", up=True) << nothing(SendCancel)
