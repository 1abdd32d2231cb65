"""Notices and answers in words, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.alert import AT_SCREEN, REMOTE_USER, ChannelName, DailyReport, RemoteStatus, Reply, ReplyKey, Severity
from app.domain.emergency import LiquidationStage, Residue, ResidueKind
from app.domain.exit_plan import ExitReason
from app.domain.values import Market, TradingState
from app.ui import emergency_words
from app.ui.alerts.notice_words import (
    ScreenWords,
    acknowledger,
    channel_name,
    least_severity,
    notice_text,
    notice_title,
    report_text,
    trouble_words,
)
from app.ui.halt_words import halt_reason
from app.ui.languages import languages
from tests.ui.screen_story import NOW
from tests.ui.story_alerts import notice

KEYS = (
    *["bought", "sold", "exit_refused", "external_change", "stream_down", "started", "started_unclean", "stopped"],
    *[f"emergency_{stage}" for stage in LiquidationStage],
    *[f"exit_{reason}" for reason in ExitReason],
    *[f"trading_{state}" for state in TradingState],
    *[f"channel_{way}_{name}" for way in ("up", "down") for name in ChannelName],
    *[
        "daily_report",
        "remote_stranger",
        "remote_late",
        "holding_missing",
        "task_died",
        "unlock_wrong",
        "unlock_failing",
    ],
)
REPORT = DailyReport(NOW, 3, 2, Decimal(-12500), Decimal(1500), 1, (("daily_loss", Decimal("0.85")),))


@pytest.mark.parametrize("key", KEYS)
def test_every_notice_has_a_title_in_both_languages(key: str) -> None:
    titles = set()
    for name in ("en", "ko"):
        languages().set(name)
        titles.add(notice_title(notice(NOW, key=key)))
    assert len(titles) == 2 and key not in titles


def test_a_reminder_says_that_nobody_answered() -> None:
    text = notice_text(replace(notice(NOW), reminders=2))
    assert text == "KRW-SOL: 0.12\nNobody has acknowledged this yet (told 3 times)."


def test_codes_of_the_engine_are_told_in_words() -> None:
    text = notice_text(notice(NOW, detail="4/5; KRW-DOGE: too_many_requests: 429"))
    assert text == "4/5; KRW-DOGE: the venue took no more requests"


def test_what_an_emergency_could_not_end_is_named_in_the_language_of_the_screen() -> None:
    left = (Residue(ResidueKind.REFUSED, Market("upbit", "KRW-XRP"), Decimal(5), "too_many_requests: 429"),)
    told = replace(notice(NOW, key="emergency_attention", detail="0/1"), left=left)
    assert notice_text(told) == f"0/1; {emergency_words.residue(left[0])}"
    languages().set("ko")
    assert "refuse" not in notice_text(told) and notice_text(told).startswith("0/1; KRW-XRP 5.0000: 거래소가")


def test_why_trading_is_halted_is_told_in_words() -> None:
    languages().set("ko")
    halted = notice(NOW, key="trading_halted", detail="the stop file is missing")
    assert notice_text(halted) == halt_reason("the stop file is missing") != halted.detail


def test_the_report_of_a_day() -> None:
    assert report_text(REPORT).splitlines() == [
        "2026-11-20",
        "Realised −12,500 KRW after 1,500 KRW of fees",
        "3 purchases, 2 sales",
        "1 emergency liquidation",
        "Limit: Loss today 85% used",
    ]
    assert notice_text(replace(notice(NOW), report=REPORT)) == report_text(REPORT)


@pytest.mark.parametrize("key", list(ReplyKey))
def test_every_answer_is_in_both_languages(key: ReplyKey) -> None:
    status = RemoteStatus("practice", "enabled", 3, 1, Decimal(50), Decimal(1), LiquidationStage.FLAT, 2)
    reply = Reply(key, ("123456",), status if key is ReplyKey.STATUS else None)
    answers = set()
    for name in ("en", "ko"):
        languages().set(name)
        answers.add(ScreenWords().reply(reply))
    assert len(answers) == 2
    assert key is not ReplyKey.CODE or all("123456" in answer for answer in answers)


def test_a_status_of_which_nothing_is_known_yet() -> None:
    text = ScreenWords().reply(Reply(ReplyKey.STATUS, status=RemoteStatus("practice", "disabled")))
    assert "Total – KRW" in text and "– positions" in text


def test_names_of_channels_and_of_what_they_are_told() -> None:
    assert [channel_name(name) for name in ChannelName] == ["Desktop", "Telegram", "Webhook"]
    assert [least_severity(one) for one in Severity] == ["Everything", "Warnings and critical", "Critical only"]


def test_troubles_in_the_language_of_the_screen_with_their_details() -> None:
    languages().set("ko")
    assert trouble_words("Telegram cannot be reached (TimeoutError)") == "텔레그램에 연결할 수 없음 (TimeoutError)"
    assert trouble_words("/x/settings.toml: alerts.quiet_hours: must look like 23:00-07:00, or be empty").startswith(
        "조용한"
    )
    assert trouble_words("something new") == "something new"


def test_the_words_of_the_screen_are_those_of_the_table() -> None:
    words, one = ScreenWords(), notice(NOW)
    assert (words.title(one), words.text(one)) == (notice_title(one), notice_text(one))


def test_who_acknowledged_is_said_in_the_language_of_the_screen() -> None:
    assert (acknowledger(AT_SCREEN), acknowledger(f"{REMOTE_USER}7")) == ("the screen", "user 7")
    languages().set("ko")
    assert (acknowledger(AT_SCREEN), acknowledger(f"{REMOTE_USER}7")) == ("화면", "사용자 7")
