from app.adapters.upbit import calls
from app.adapters.upbit.calls import Call

ALL = [value for value in vars(calls).values() if isinstance(value, Call)] + list(calls.CANDLE_MINUTES.values())


def test_every_group_has_a_limit() -> None:
    assert {call.group for call in ALL} <= set(calls.LIMITS)
    assert set(calls.LIMITS) >= calls.EXCHANGE_GROUPS | calls.QUOTATION_GROUPS


def test_everything_but_a_get_changes_something_except_the_test_order() -> None:
    assert [call.path for call in ALL if call.changes != (call.method != "GET")] == ["/v1/orders/test"]


def test_only_exchange_calls_are_signed_and_bans_stay_within_their_family() -> None:
    assert calls.ACCOUNTS.signed and calls.PLACE_ORDER.signed
    assert not calls.MARKETS.signed and not calls.INSTRUMENTS.signed
    assert "order" in calls.ACCOUNTS.ban_groups
    assert "order" not in calls.TICKER.ban_groups
