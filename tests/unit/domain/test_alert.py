"""Values of the notices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.alert import Notice, PlainWords, QuietHours, RemoteStatus, Reply, ReplyKey, Severity, Topic

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 12:00 KST
NOTICE = Notice("n", Topic.RISK, Severity.CRITICAL, "rule_broken", "d", NOON, NOON)


def test_only_a_critical_notice_waits_for_somebody() -> None:
    assert NOTICE.is_open and not replace(NOTICE, severity=Severity.WARNING).is_open
    assert not replace(NOTICE, acknowledged_at=NOON).is_open


def test_what_no_quiet_hour_holds_back() -> None:
    assert NOTICE.is_loud and replace(NOTICE, severity=Severity.INFO, topic=Topic.EMERGENCY).is_loud
    assert not replace(NOTICE, severity=Severity.WARNING).is_loud


def test_severities_have_an_order() -> None:
    assert [one.rank for one in (Severity.INFO, Severity.WARNING, Severity.CRITICAL)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("begin", "end", "minute", "quiet"),
    [
        (0, 0, 0, False),
        (720, 780, 720, True),
        (720, 780, 780, False),
        (1380, 420, 1439, True),
        (1380, 420, 0, True),
        (1380, 420, 420, False),
        (1380, 420, 720, False),
    ],
)
def test_quiet_hours_may_pass_midnight(begin: int, end: int, minute: int, quiet: bool) -> None:
    midnight = NOON - timedelta(hours=12)
    assert QuietHours(begin, end).covers(midnight + timedelta(minutes=minute)) is quiet


def test_plain_words_for_a_program_without_a_screen() -> None:
    words = PlainWords()
    assert (words.title(NOTICE), words.text(NOTICE)) == ("rule broken", "d")
    assert words.reply(Reply(ReplyKey.CODE, ("1",))) == "code 1"
    assert "practice" in words.reply(Reply(ReplyKey.STATUS, status=RemoteStatus("practice", "enabled")))
