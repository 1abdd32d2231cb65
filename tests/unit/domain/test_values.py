from app.domain.values import Market, Priority, Purpose, TradingState, is_name


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


def test_a_name_can_be_printed_and_has_an_end() -> None:
    assert is_name("click-1") and is_name("주문") and is_name("x" * 1000)
    assert not any(is_name(text) for text in ("", "a\nb", "\0", "\ud800", "x" * 1001))
