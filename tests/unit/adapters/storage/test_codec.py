from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given

from app.adapters.storage.codec import decode, encode
from app.domain.errors import StorageError
from app.domain.exit_plan import ExitReason
from app.domain.messages import (
    JOURNALED,
    AlertRaised,
    ExitTriggered,
    FillBooked,
    LiquidationChanged,
    StateEvent,
    TimePassed,
)
from tests.unit.adapters.storage.samples import BTC, NOW, ONE_OF_EACH, RUN, decimals, fill, state_events


def test_samples_cover_every_journaled_event() -> None:
    assert {type(event) for event in ONE_OF_EACH} == set(JOURNALED)


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: type(event).__name__)
def test_round_trip(event: StateEvent) -> None:
    kind, payload = encode(event)
    again = decode(kind, payload, 1)
    assert again == event and type(again) is type(event)
    assert "\n" not in payload


@given(state_events)
def test_round_trip_of_anything(event: StateEvent) -> None:
    assert decode(*encode(event), 1) == event


@given(decimals)
def test_decimals_keep_every_digit(price: Decimal) -> None:
    again = decode(*encode(ExitTriggered("p", BTC, ExitReason.USER, price)), 1)
    assert isinstance(again, ExitTriggered)
    assert again.price.as_tuple() == price.as_tuple()
    assert again.market == BTC and type(again.market) is type(BTC)


@pytest.mark.parametrize("word", ["NaN", "Infinity", 'at 10:30"', "2026-01-01T00:00:00", "\x00", "한글"])
def test_words_that_look_like_trouble_pass(word: str) -> None:
    event = AlertRaised(word, f'"{word}"')
    assert decode(*encode(event), 1) == event


@pytest.mark.parametrize(
    ("event", "place"),
    [
        (FillBooked(replace(fill(), price=Decimal("NaN")), "p"), "FillBooked.fill.price = NaN"),
        (FillBooked(replace(fill(), fee=Decimal("sNaN")), "p"), "FillBooked.fill.fee = sNaN"),
        (FillBooked(replace(fill(), volume=Decimal("-Infinity")), "p"), "FillBooked.fill.volume = -Infinity"),
        (FillBooked(replace(fill(), traded_at=NOW.replace(tzinfo=None)), "p"), "FillBooked.fill.traded_at"),
        (
            FillBooked(replace(fill(), traded_at=NOW.astimezone(timezone(timedelta(hours=9)))), "p"),
            "FillBooked.fill.traded_at",
        ),
        (LiquidationChanged(replace(RUN, predicted_s=float("inf"))), "LiquidationChanged.run.predicted_s = inf"),
        (LiquidationChanged(replace(RUN, lines=(replace(RUN.lines[0], sold=Decimal("NaN")),))), r"lines\[0\].sold"),
        (LiquidationChanged(replace(RUN, left=["dust"])), "LiquidationChanged"),  # type: ignore[arg-type]
        (AlertRaised("a", "\ud800"), "AlertRaised"),
        (AlertRaised("a", object()), "AlertRaised"),  # type: ignore[arg-type]
        (TimePassed(), "not a journaled event"),
    ],
)
def test_what_would_not_come_back_is_refused(event: StateEvent, place: str) -> None:
    with pytest.raises(StorageError, match=place):
        encode(event)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("Nonsense", "{}"), ("EngineStopped", "{}"), ("EngineStopped", "{"), ("EngineStopped", '{"epoch":"x"}')],
)
def test_damage_is_named_by_its_record(kind: str, payload: str) -> None:
    with pytest.raises(StorageError, match="journal record 77"):
        decode(kind, payload, 77)
