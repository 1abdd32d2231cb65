"""Every quantile is at least the true one and at most 1/32 above it, whatever was measured."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.latency import LogHistogram, Stage
from app.domain.latency import _highest as highest
from app.domain.latency import _index as index


def filled(values_us: list[int]) -> LogHistogram:
    histogram = LogHistogram()
    for value in values_us:
        histogram.add(timedelta(microseconds=value))
    return histogram


@given(st.lists(st.integers(0, 3_600_000_000), min_size=1, max_size=60), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_a_quantile_is_close_to_the_sample_of_its_rank(values: list[int], share: float) -> None:
    ordered = sorted(values)
    rank = next(n for n in range(1, len(ordered) + 1) if n >= share * len(ordered))
    true = ordered[rank - 1] / 1000
    found = filled(values).quantile_ms(share)
    assert found is not None
    assert true <= found <= true * 33 / 32


def test_buckets_are_contiguous() -> None:
    """The first value behind each bucket is the first one of the next."""
    for number in range(800):
        assert index(highest(number)) == number
        assert index(highest(number) + 1) == number + 1


def test_the_maximum_is_exact_and_extremes_are_held() -> None:
    histogram = filled([7, 1_234_567])
    assert histogram.max_ms == 1234.567
    histogram.add(timedelta(seconds=-5))
    histogram.add(timedelta(days=2))
    assert (histogram.count, histogram.max_ms) == (4, 3_600_000.0)
    assert histogram.quantile_ms(0.1) == 0.0


def test_without_anything_measured_nothing_is_said() -> None:
    histogram = LogHistogram()
    assert histogram.quantile_ms(0.5) is None and histogram.max_ms is None
    assert histogram.summary(Stage.WIRE) is None
    told = filled([1000] * 3).summary(Stage.WIRE)
    assert told is not None
    assert (told.stage, told.count, told.p50_ms, told.p99_ms, told.max_ms) == (Stage.WIRE, 3, 1.0, 1.0, 1.0)


@given(st.lists(st.integers(0, 3_600_000_000), min_size=1, max_size=60))
def test_the_coarse_buckets_hold_every_duration_between_their_ends(values: list[int]) -> None:
    told = filled(values).summary(Stage.WIRE)
    assert told is not None
    uppers = [upper for upper, _ in told.buckets]
    assert uppers == sorted(set(uppers)) and told.buckets[0][1] and told.buckets[-1][1]
    for number, (upper, _) in enumerate(told.buckets):
        below = sum(count for _, count in told.buckets[: number + 1])
        assert below == sum(value / 1000 <= upper for value in values)
    assert len(told.buckets) <= 60
