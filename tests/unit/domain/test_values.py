from app.domain.values import Market, Priority, Purpose, TradingState


def test_a_market_reads_as_its_symbol_and_is_told_apart_by_venue() -> None:
    assert str(Market("upbit", "KRW-BTC")) == "KRW-BTC"
    assert Market("upbit", "KRW-BTC") != Market("bithumb", "KRW-BTC")
    assert len({Market("upbit", "KRW-BTC"), Market("upbit", "KRW-BTC")}) == 1


def test_only_entries_add_risk() -> None:
    assert [purpose for purpose in Purpose if not purpose.reduces_risk] == [Purpose.ENTRY]


def test_only_the_enabled_state_lets_entries_leave() -> None:
    assert [state for state in TradingState if state.allows_entries] == [TradingState.ENABLED]


def test_the_emergency_leaves_first_and_entries_last() -> None:
    assert sorted(Priority) == [
        Priority.LIQUIDATION,
        Priority.EXIT,
        Priority.CANCEL,
        Priority.LOOKUP,
        Priority.ENTRY,
    ]
