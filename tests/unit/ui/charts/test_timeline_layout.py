"""Span, clusters and axis of the timeline."""

from datetime import timedelta

from app.ui.activity.event_facts import Lane, Tone, event_facts
from app.ui.charts.timeline_layout import MIN_SPAN, TimeSpan, axis_moments, clusters, nearest
from tests.ui.charts import samples
from tests.ui.charts.samples import NOW


def span_of_two_hours() -> TimeSpan:
    return TimeSpan(NOW, timedelta(hours=2))


def test_share_and_moment_are_inverse() -> None:
    span = span_of_two_hours()
    assert span.share(NOW - timedelta(hours=1)) == 0.5
    assert span.moment(0.5) == NOW - timedelta(hours=1)


def test_the_end_follows_the_clock_until_it_is_moved_back() -> None:
    span = span_of_two_hours()
    span.advance(NOW + timedelta(minutes=5))
    assert span.end > NOW + timedelta(minutes=5)
    span.pan(timedelta(minutes=-30), NOW + timedelta(minutes=5))
    end = span.end
    span.advance(NOW + timedelta(minutes=9))
    assert span.end == end and not span.follows
    span.pan(timedelta(hours=3), NOW)
    assert span.follows


def test_zoom_keeps_the_anchor_and_is_bounded() -> None:
    span = span_of_two_hours()
    span.pan(timedelta(hours=-3), NOW)
    anchor = span.moment(0.25)
    span.zoom(0.5, anchor, NOW)
    assert abs(span.share(anchor) - 0.25) < 1e-6
    span.zoom(1e-9, anchor, NOW)
    assert span.length == MIN_SPAN


def test_events_at_one_place_become_one_symbol_with_the_worst_tone() -> None:
    events = [event_facts(event, NOW) for event in samples.journaled()]
    span = TimeSpan(NOW + timedelta(minutes=1), timedelta(hours=2))
    found = clusters(sorted(events, key=lambda facts: facts.at), span, 800)
    risk = [cluster for cluster in found if cluster.lane is Lane.RISK]
    assert len(risk) == 1
    assert risk[0].tone is Tone.DANGER
    assert risk[0].leader.tone is Tone.DANGER
    assert sum(len(cluster.entries) for cluster in found) == len(events)


def test_events_outside_the_span_are_left_out() -> None:
    events = [event_facts(event, NOW) for event in samples.journaled()]
    span = TimeSpan(NOW - timedelta(days=1), timedelta(hours=2))
    assert clusters(events, span, 800) == []


def test_nearest_needs_the_lane_and_the_reach() -> None:
    events = [event_facts(event, NOW) for event in samples.journaled()[-1:]]
    found = clusters(events, TimeSpan(NOW, timedelta(hours=2)), 800)
    assert nearest(found, Lane.SYSTEM, 795, 8) is found[0]
    assert nearest(found, Lane.SYSTEM, 700, 8) is None
    assert nearest(found, Lane.RISK, 800, 8) is None


def test_axis_moments_are_round_in_korean_time() -> None:
    moments = axis_moments(span_of_two_hours(), 1800)
    assert len(moments) == 4
    assert {moment.minute for moment in moments} == {0, 30}
