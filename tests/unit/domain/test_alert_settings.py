"""What a person may write into the table [alerts]."""

from dataclasses import replace

import pytest

from app.domain.alert import ChannelName, QuietHours, Severity
from app.domain.alert_settings import LARGEST_ID, AlertSettings, alert_problems, quiet_hours


def test_the_defaults_are_sound_and_make_a_policy() -> None:
    settings = AlertSettings(telegram_least=Severity.CRITICAL, quiet_hours="23:30-07:00", remind_after_minutes=2)
    assert alert_problems(settings) == []
    policy = settings.policy
    assert dict(policy.least)[ChannelName.TELEGRAM] is Severity.CRITICAL
    assert (policy.remind_after_s, policy.quiet) == (120, QuietHours(1410, 420))


@pytest.mark.parametrize("text", ["", "7-8", "24:00-07:00", "23:60-07:00", "23:00", "23:00-07:00x"])
def test_what_are_no_quiet_hours(text: str) -> None:
    assert quiet_hours(text) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("repeat_window_s", -1.0),
        ("repeat_window_s", float("nan")),
        ("repeat_window_s", 1e9),
        ("remind_after_minutes", 0),
        ("remind_after_minutes", 5000),
        ("quiet_hours", "at night"),
        ("telegram_chat_id", LARGEST_ID + 1),
        ("telegram_user_ids", (0,)),
        ("telegram_user_ids", (-5,)),
        ("telegram_user_ids", tuple(range(1, 30))),
    ],
)
def test_what_is_out_of_range_is_named(field: str, value: object) -> None:
    (problem,) = alert_problems(replace(AlertSettings(), **{field: value}))  # type: ignore[arg-type]
    assert problem.where == f"alerts.{field}"
