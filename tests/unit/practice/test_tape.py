"""Prints, ids and the day's figures."""

from decimal import Decimal

from app.practice.candles import CandleSeries
from app.practice.order import Side
from app.practice.tape import TradeTape

DAY = 86_400_000


def test_ids_are_seventeen_digits_and_unique() -> None:
    tape = TradeTape(CandleSeries(), Decimal(1))
    trades = [tape.print_trade(Decimal(1), Decimal(1), Side.BID, 1_786_613_091_449) for _ in range(3)]
    assert [len(str(trade.sequential_id)) for trade in trades] == [17, 17, 17]
    assert len({trade.sequential_id for trade in trades}) == 3


def test_the_previous_close_changes_at_midnight_utc() -> None:
    tape = TradeTape(CandleSeries(), Decimal(1))
    tape.print_trade(Decimal(100), Decimal(1), Side.BID, DAY - 1)
    trade = tape.print_trade(Decimal(90), Decimal(2), Side.ASK, DAY)
    assert trade.previous_close == 100
    assert tape.trend(Decimal(91)) == "up"
    assert tape.trend(Decimal(89)) == "down"


def test_the_last_24_hours_forget_what_is_older() -> None:
    tape = TradeTape(CandleSeries(), Decimal(1))
    tape.print_trade(Decimal(10), Decimal(1), Side.BID, 0)
    tape.print_trade(Decimal(10), Decimal(3), Side.BID, 60_000)
    assert tape.last_24h(60_500) == (40, 4)
    assert tape.last_24h(DAY + 60_500) == (30, 3)


def test_loaded_prints_do_not_count_twice() -> None:
    candles = CandleSeries()
    tape = TradeTape(candles, Decimal(1))
    tape.load([(Decimal(5), Decimal(1), Side.BID, 1_000)])
    assert len(tape.trades) == 1
    assert candles.latest("1m") is None
    assert candles.latest("1s") is not None


def test_it_goes_on_after_the_last_print_of_an_earlier_run() -> None:
    before = TradeTape(CandleSeries(), Decimal(1))
    before.load([(Decimal(5), Decimal(1), Side.BID, 1_000)])
    last = before.print_trade(Decimal(7), Decimal(1), Side.BID, 2_000)
    tape = TradeTape(CandleSeries(), Decimal(1))
    tape.load([(Decimal(5), Decimal(1), Side.BID, 1_000)])
    tape.resume(last)
    assert (list(tape.trades), tape.last_price) == ([last], 7)
    assert tape.print_trade(Decimal(7), Decimal(1), Side.BID, 0).sequential_id == last.sequential_id + 1
