"""Where the events of the timeline stand: visible span, zoom, lanes and clusters. Plain arithmetic, no Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.ui.activity.event_facts import EventFacts, Lane, Tone

LANES = tuple(Lane)
MIN_SPAN, MAX_SPAN = timedelta(minutes=2), timedelta(days=7)
#: Symbols nearer than this many pixels become one with a count.
CLUSTER_WIDTH = 9


@dataclass(slots=True)
class TimeSpan:
    """The part of time in sight. While ``follows``, its end moves with the clock."""

    end: datetime
    length: timedelta = timedelta(hours=2)
    follows: bool = True

    @property
    def start(self) -> datetime:
        """Left edge."""
        return self.end - self.length

    def advance(self, now: datetime) -> None:
        """Let the right edge follow the clock, with a little room, unless the user moved away."""
        if self.follows:
            self.end = now + self.length * 0.02

    def zoom(self, factor: float, anchor: datetime, now: datetime) -> None:
        """Show ``factor`` times as much; ``anchor`` stays where it is unless the clock is followed."""
        length = min(MAX_SPAN, max(MIN_SPAN, self.length * factor))
        if not self.follows:
            self.end = anchor + (self.end - anchor) * (length / self.length)
        self.length = length
        self.advance(now)

    def pan(self, by: timedelta, now: datetime) -> None:
        """Move; reaching the present follows it again."""
        self.end += by
        self.follows = self.end >= now
        self.advance(now)

    def share(self, moment: datetime) -> float:
        """Place of ``moment`` between left edge (0) and right edge (1)."""
        return (moment - self.start) / self.length

    def moment(self, share: float) -> datetime:
        """Moment at a place between left edge (0) and right edge (1)."""
        return self.start + self.length * share


@dataclass(frozen=True, slots=True)
class Cluster:
    """Events that share one symbol; ``x`` in pixels from the left edge of the lanes, oldest event first."""

    lane: Lane
    x: int
    entries: tuple[EventFacts, ...]

    @property
    def tone(self) -> Tone:
        """The most serious one's tone."""
        return max(entry.tone for entry in self.entries)

    @property
    def leader(self) -> EventFacts:
        """The event whose symbol is drawn: the latest of the most serious ones."""
        return max(self.entries, key=lambda entry: (entry.tone, entry.at))


def clusters(entries: Iterable[EventFacts], span: TimeSpan, width: int) -> list[Cluster]:
    """Symbols of the entries in sight, lane by lane, oldest first; entries must be sorted by time."""
    open_groups: dict[Lane, list[EventFacts]] = {}
    anchors: dict[Lane, int] = {}
    found: dict[Lane, list[Cluster]] = {lane: [] for lane in LANES}

    def finish(lane: Lane) -> None:
        group = open_groups.pop(lane, [])
        if group:
            found[lane].append(Cluster(lane, anchors[lane], tuple(group)))

    for entry in entries:
        if not span.start <= entry.at <= span.end:
            continue
        x = round(span.share(entry.at) * width)
        lane = entry.lane
        if lane in open_groups and x - anchors[lane] < CLUSTER_WIDTH:
            open_groups[lane].append(entry)
            continue
        finish(lane)
        open_groups[lane] = [entry]
        anchors[lane] = x
    for lane in LANES:
        finish(lane)
    return [cluster for lane in LANES for cluster in found[lane]]


def axis_moments(span: TimeSpan, step: int) -> list[datetime]:
    """Round moments (Korean time) of ``step`` seconds inside the span."""
    offset = 9 * 3600
    first = -(-(int(span.start.timestamp()) + offset) // step) * step - offset
    last = int(span.end.timestamp())
    return [datetime.fromtimestamp(epoch, UTC) for epoch in range(first, last + 1, step)]


def nearest(found: Sequence[Cluster], lane: Lane, x: int, reach: int) -> Cluster | None:
    """The cluster of ``lane`` closest to ``x`` within ``reach`` pixels."""
    near = [cluster for cluster in found if cluster.lane is lane and abs(cluster.x - x) <= reach]
    return min(near, key=lambda cluster: abs(cluster.x - x), default=None)
