"""Every journaled event is a sentence with its figures, never a class name."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.messages import Event, Reconciled, StreamStateChanged
from app.domain.order import OrderState
from app.domain.values import Side
from app.ui.activity.event_texts import sentence, size_text, stream_name
from tests.ui.charts import samples


@pytest.mark.parametrize("event", samples.journaled(), ids=lambda event: type(event).__name__)
def test_every_journaled_event_has_a_sentence(qtbot: QtBot, event: Event) -> None:
    text = sentence(event)
    assert type(event).__name__ not in text
    assert "{" not in text and "None" not in text
    assert " " in text


def test_figures_are_in_the_sentence(qtbot: QtBot) -> None:
    texts = [sentence(event) for event in samples.journaled()]
    assert any("0.01891503" in text and "158,129,000" in text for text in texts)
    assert any("+71,420" in text and "Trailing stop" in text for text in texts)
    assert any("0 booked" in text for text in texts)
    assert any("1 of 1" in text for text in texts)


def test_sizes() -> None:
    assert size_text(samples.order(1, OrderState.OPEN, Side.BUY, None).intent) == "₩3,000,000"
    assert size_text(samples.order(1, OrderState.OPEN, Side.SELL, None).intent) == "0.0200"
    assert "158,604,000" in size_text(samples.order(1, OrderState.OPEN).intent)


def test_streams_and_agreement(qtbot: QtBot) -> None:
    assert stream_name("public") == "market data"
    assert stream_name("myOrder") == "myOrder"
    assert "agree" in sentence(Reconciled("upbit", ()))
    assert "lost" in sentence(StreamStateChanged("upbit", "private", up=False))


def test_anything_else_is_named() -> None:
    bars = samples.candles(count=1)
    ticker = samples.ticker(samples.BTC, bars)
    assert sentence(ticker) == "Ticker"
