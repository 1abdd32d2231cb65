"""When the account is read, what a reading changes, and what somebody else did to the account."""

from dataclasses import replace

import pytest

from app.domain.commands import LiquidateAll, ReconcileNow
from app.domain.effects import LookUpOrder, ReadAccount, SubmitOrder
from app.domain.emergency import LiquidationStage, ResidueKind
from app.domain.kill import KillMark, KillRecord
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    AlertRaised,
    BalancesReported,
    ExternalChangeFound,
    IntentRefused,
    OrderChanged,
    OrderLookedUp,
    PositionChanged,
    Reconciled,
    StreamStateChanged,
)
from app.domain.money import ZERO
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import Side
from app.domain.venue_reports import Balance
from tests.unit.engine.playbook import (
    BTC,
    START,
    VENUE,
    XRP,
    Playbook,
    blueprint,
    did,
    money,
    nothing,
    order_of,
    price,
    seconds,
)


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def test_the_account_is_read_at_the_first_tick_and_every_half_minute(play: Playbook) -> None:
    new = Playbook()
    new >> seconds(0.1) << did(ReadAccount)
    play >> seconds(29, tick=1) << nothing(ReadAccount)
    play >> seconds(2, tick=1) << did(ReadAccount)


def test_a_reading_that_brings_no_answer_is_asked_again(play: Playbook) -> None:
    play >> StreamStateChanged(VENUE, "private", True) << did(ReadAccount)
    play >> seconds(9.5, tick=0.5) << nothing(ReadAccount)
    play >> seconds(1, tick=0.5) << did(ReadAccount)


def test_a_reading_that_failed_is_asked_again_soon(play: Playbook) -> None:
    play >> seconds(31, tick=1) << did(ReadAccount)
    play >> AccountReadFailed(VENUE, "502")
    play >> seconds(10, tick=1) << did(ReadAccount)


def test_entries_wait_until_a_reading_after_the_private_stream_came_up(play: Playbook) -> None:
    """T11: nothing of the gap is replayed (Lean.IB#249)."""
    play >> [StreamStateChanged(VENUE, "private", False), play.account()]
    play >> play.start(XRP) << did(IntentRefused, reason=RefusalReason.NOT_RECONCILED)
    play >> StreamStateChanged(VENUE, "private", True) << did(ReadAccount)
    play >> play.account() << did(Reconciled, differences=())
    play >> play.next_bar(XRP, 1000) << did(SubmitOrder)


def test_the_public_stream_says_nothing_about_the_account(play: Playbook) -> None:
    play >> StreamStateChanged(VENUE, "public", False) << did(StreamStateChanged) << nothing(ReadAccount)
    assert play.core.account.reconciled


def test_a_reading_carries_on_orders_of_ours(play: Playbook) -> None:
    """O14."""
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.unknown(), seconds(0.5)]
    play >> play.account(play.report(fills=[play.fill(10)])) << did(OrderChanged, state=OrderState.PARTIAL)
    play << did(PositionChanged, quantity=10)


def test_an_order_that_a_reading_does_not_list_is_looked_up(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> [play.sent(), play.accepted()]
    play >> play.account() << did(Reconciled) << nothing(OrderChanged)
    play >> seconds(0.1) << did(LookUpOrder)


def test_a_strange_order_is_told_once_and_left_alone(play: Playbook) -> None:
    play >> play.account(play.foreign(XRP)) << did(ExternalChangeFound) << did(Reconciled)
    play >> play.account(play.foreign(XRP)) << nothing(ExternalChangeFound) << nothing(Reconciled)


def test_a_holding_that_is_missing_twice_raises_an_alert_and_is_never_traded(play: Playbook) -> None:
    """I12 (bytex#30 logged the mismatch and carried on)."""
    play.holding(XRP)
    play >> seconds(6, tick=1) >> play.account(XRP=100) << nothing(AlertRaised)
    play >> play.account(XRP=100) << did(ExternalChangeFound)
    play << did(AlertRaised, key="holding_missing", critical=True) << nothing(SubmitOrder)
    play >> play.account(XRP=100) << nothing(AlertRaised)
    assert play.position(XRP).quantity > 100


def test_words_of_the_stream_about_balances_replace_single_assets(play: Playbook) -> None:
    play >> BalancesReported(VENUE, (Balance("KRW", money(7), ZERO),), play.now)
    assert play.core.account.balance("KRW").free == 7


def test_units_locked_by_a_stranger_are_waited_for(play: Playbook) -> None:
    """All of it is bound in an order from the phone: nothing to sell now, but it is not gone."""
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("insufficient_funds_ask")]
    locked = BalancesReported(VENUE, (Balance("XRP", ZERO, money("999.5")),), play.now)
    reading = play.account(XRP=0).snapshot
    play.core.account.take_balances(locked.balances, play.now, complete=False)
    assert reading.balances and play.position(XRP).is_live
    play >> seconds(0.6) << did(SubmitOrder, volume="999.5")


def pressed_with_little_free(play: Playbook, locked: str) -> None:
    """Two units of the holding are free at the venue, so little that nothing can be sold; the button is pressed."""
    play.holding(XRP)
    play >> seconds(30, tick=1)
    balance = Balance("XRP", money(2), money(locked))
    play >> BalancesReported(VENUE, (balance,), play.now) >> LiquidateAll("a person")
    play << did(SubmitOrder, volume=play.position(XRP).quantity)  # the venue has to say no, not our books
    play >> [play.sent(), play.refused("insufficient_funds_ask")]
    play >> BalancesReported(VENUE, (balance,), play.now)
    reading = play.account(XRP=2)
    others = tuple(known for known in reading.snapshot.balances if known.asset != "XRP")
    play >> AccountRead(replace(reading.snapshot, balances=(*others, balance))) >> seconds(1, tick=0.5)


def test_what_was_sold_elsewhere_but_for_a_little_is_dust_of_that_little(play: Playbook) -> None:
    """Seed 9106: the emergency sale was cut down to what is free, and the whole position went as dust."""
    pressed_with_little_free(play, locked="0")
    position = play.position(XRP)
    assert position.state is PositionState.CLOSED and position.dust == 2


def test_a_little_that_is_free_beside_an_order_made_elsewhere_ends_nothing(play: Playbook) -> None:
    pressed_with_little_free(play, locked="997.5")
    assert play.position(XRP).is_live and play.position(XRP).dust == 0


def test_without_a_price_what_is_free_is_sold_beside_an_order_made_elsewhere(play: Playbook) -> None:
    """Nobody can say then that it is too little."""
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("insufficient_funds_ask")]
    play.core.positions.marks.clear()
    reading = play.account(XRP=500)
    balance = Balance("XRP", money(500), money("499.5"))
    others = tuple(known for known in reading.snapshot.balances if known.asset != "XRP")
    play >> AccountRead(replace(reading.snapshot, balances=(*others, balance))) >> seconds(0.6)
    play << did(SubmitOrder, volume=500)


def test_what_is_not_ours_is_known_again_after_a_restart(play: Playbook) -> None:
    """Seed 689: pressed before the first quiet reading, the run took the user's own coins for a residue."""
    play >> play.account(XRP=3) << did(Reconciled, unmanaged=(("XRP", money(3)),))
    again = play.restarted()
    assert again.core.account.unmanaged == {"XRP": money(3)}
    again >> again.account(XRP=3) << nothing(Reconciled)  # nobody is told twice before the private stream is up


# ---- another program sold in our place ------------------------------------------------------------------------------

WOKE_UP = ReconcileNow("gwanje-kill was at work", lost=True)


def sold_by_gwanje_kill(play: Playbook) -> AccountRead:
    """A reading with the sale of the whole holding in it; coins of the user's own are there."""
    held = play.position(XRP).quantity
    sale = play.report(order_of("order-99", side=Side.SELL, volume=held), executed=held, ended=True)
    reading = play.account(XRP=5000)
    return AccountRead(replace(reading.snapshot, ended_orders=(sale,), ended_since=START))


def test_what_another_program_sold_is_found_before_the_button_sells_own_coins(play: Playbook) -> None:
    play.holding(XRP)
    play.coins["XRP"] = money(5000)
    play >> seconds(40, tick=1) >> WOKE_UP << did(ReadAccount)
    play >> LiquidateAll("a person") >> seconds(2) << nothing(SubmitOrder)
    play >> sold_by_gwanje_kill(play) << did(OrderChanged, order_id="order-99")
    play >> seconds(2) << did(LookUpOrder, order_id="order-99") << nothing(SubmitOrder)


def test_a_sale_that_waits_to_leave_does_not_leave_before_that_is_known(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) << did(SubmitOrder)
    order_id = play.order.order_id
    assert play.core.may_send(order_id, play.now) is None
    play >> WOKE_UP
    assert "asked for first" in (play.core.may_send(order_id, play.now) or "")


def test_a_reading_from_before_the_sleep_is_no_answer(play: Playbook) -> None:
    play.holding(XRP)
    play >> seconds(40, tick=1) >> WOKE_UP >> price(XRP, 900)
    play >> play.account(started_ago=20) >> seconds(0.5) << nothing(SubmitOrder)
    play >> play.account() >> seconds(0.5) << did(SubmitOrder)


def test_exits_wait_for_that_word_for_two_minutes_at_most(play: Playbook) -> None:
    play.holding(XRP)
    play >> WOKE_UP >> price(XRP, 900) >> seconds(119, tick=1) << nothing(SubmitOrder)
    play >> seconds(2, tick=1) << did(SubmitOrder)
    assert play.core.may_send(play.order.order_id, play.now) is None


def test_nothing_is_sold_beside_a_lost_sale_that_is_known_however_long_it_waits(play: Playbook) -> None:
    """Seed 428: it waited for a sale in doubt, longer than exits wait for a silent venue; then all was sold again."""
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.unknown()]
    doubtful = play.order.order_id
    play >> WOKE_UP >> sold_by_gwanje_kill(play) << nothing(OrderChanged, order_id="order-99")
    play >> seconds(200, tick=1) << nothing(SubmitOrder) << nothing(OrderChanged, order_id="order-99")
    play >> [OrderLookedUp(doubtful, None), seconds(5), OrderLookedUp(doubtful, None), seconds(5)]
    play >> OrderLookedUp(doubtful, None) << did(OrderChanged, order_id=doubtful, state=OrderState.REJECTED)
    play >> seconds(1) << did(OrderChanged, order_id="order-99") << nothing(SubmitOrder)


def test_an_emergency_names_the_lost_sale_it_waits_for_and_sells_the_rest(play: Playbook) -> None:
    play.holding(XRP)
    play.holding(BTC)
    play >> price(XRP, 900) >> [play.sent(), play.unknown()]
    play >> WOKE_UP >> sold_by_gwanje_kill(play) >> seconds(121, tick=1)
    play >> LiquidateAll("a person") << did(SubmitOrder, market=BTC)
    play >> [play.sent(), play.filled()]
    play >> seconds(60, tick=1) << nothing(SubmitOrder)
    run = play.core.emergency.run
    assert run is not None and run.stage is LiquidationStage.ATTENTION
    held = {residue.kind for residue in run.left if residue.market == XRP and residue.amount}
    assert held == {ResidueKind.UNKNOWN_ORDER, ResidueKind.LOST_SALE}


def test_entries_wait_for_it_too(play: Playbook) -> None:
    play >> WOKE_UP >> play.start(XRP) << did(IntentRefused, reason=RefusalReason.NOT_RECONCILED)
    play >> play.account() >> play.next_bar(XRP, 1000) << did(SubmitOrder)


def test_records_of_the_switch_that_differ_after_a_proper_end_ask_for_it(play: Playbook) -> None:
    """Nobody was there to see it: gwanje-kill sold between two runs."""
    play.holding(XRP)
    mark = KillMark(3, True, "gwanje-kill: sell all", START, 0, keyring=False)
    for rewrite in (True, False):
        record = KillRecord(mark, mark.reason, rewrite=rewrite)
        after = Playbook().recover([play.position(XRP)], play.orders(), (), clean=True, kill=record)
        assert after.core.account_desk.is_searching is rewrite is after.core.position_desk.hold.until_told
