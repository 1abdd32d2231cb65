"""What waits for one channel: bounded, critical notices first, and never two versions of the same notice."""

from app.domain.alert import Notice, Severity

ROOM = 100


class ChannelQueue:
    """A slow or dead channel costs this much memory and no more; ``dropped`` counts what it never carried."""

    def __init__(self, room: int = ROOM) -> None:
        self.dropped = 0
        self._room = room
        self._waiting: dict[str, Notice] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, notice: Notice) -> None:
        """Queue a notice; a newer version replaces the one that waits. When full the oldest mildest one is dropped."""
        self._waiting[notice.notice_id] = notice
        if len(self._waiting) > self._room:
            mildest = min(self._waiting.values(), key=lambda one: one.severity.rank)
            del self._waiting[mildest.notice_id]
            self.dropped += 1

    def put_back(self, notice: Notice) -> None:
        """It could not be delivered: it goes first again among its like, unless a newer version waits."""
        if notice.notice_id not in self._waiting:
            self._waiting = {notice.notice_id: notice, **self._waiting}

    def next(self) -> Notice | None:
        """Take the next one out: critical ones first, else in order; None when nothing waits."""
        if not self._waiting:
            return None
        critical = (one for one in self._waiting.values() if one.severity is Severity.CRITICAL)
        chosen = next(critical, None) or next(iter(self._waiting.values()))
        return self._waiting.pop(chosen.notice_id)
