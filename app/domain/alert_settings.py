"""What a person decides about being told. Secrets are not among it: they are in the key store of the system."""

import re
from dataclasses import dataclass

from app.domain.alert import AlertPolicy, ChannelName, QuietHours, Severity
from app.domain.errors import Problem

#: Names of the secrets in the vault.
BOT_TOKEN = "telegram-bot-token"
WEBHOOK_SECRET = "webhook-secret"
MOST_USERS = 20
LARGEST_ID = 2**53
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Table [alerts] of the settings. ``telegram_chat_id`` is told; ``telegram_user_ids`` may also command there.

    ``quiet_hours`` are like 23:00-07:00, KST; empty means none.
    """

    desktop: bool = True
    sound: bool = True
    telegram: bool = False
    telegram_chat_id: int = 0
    telegram_user_ids: tuple[int, ...] = ()
    telegram_least: Severity = Severity.INFO
    webhook: bool = False
    webhook_url: str = ""
    webhook_least: Severity = Severity.INFO
    repeat_window_s: float = 60.0
    remind_after_minutes: int = 5
    quiet_hours: str = ""
    daily_report: bool = True

    @property
    def policy(self) -> AlertPolicy:
        """What the alert desk goes by."""
        return AlertPolicy(
            least=(
                (ChannelName.DESKTOP, Severity.WARNING),
                (ChannelName.TELEGRAM, self.telegram_least),
                (ChannelName.WEBHOOK, self.webhook_least),
            ),
            repeat_window_s=self.repeat_window_s,
            remind_after_s=self.remind_after_minutes * 60.0,
            quiet=quiet_hours(self.quiet_hours) or QuietHours(),
            daily_report=self.daily_report,
        )


def quiet_hours(text: str) -> QuietHours | None:
    """Quiet hours of a text like 23:00-07:00; None when it is none."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    hours = [int(part) for part in found.groups()]
    return QuietHours(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])


def alert_problems(settings: AlertSettings) -> list[Problem]:
    """What cannot be used, and what to do about it; empty when all can."""
    problems = []
    if not 0 <= settings.repeat_window_s <= 3600:
        problems.append(Problem("alerts.repeat_window_s", "must be 0 to 3600"))
    if not 1 <= settings.remind_after_minutes <= 1440:
        problems.append(Problem("alerts.remind_after_minutes", "must be 1 to 1440"))
    if settings.quiet_hours and quiet_hours(settings.quiet_hours) is None:
        problems.append(Problem("alerts.quiet_hours", "must look like 23:00-07:00, or be empty"))
    if abs(settings.telegram_chat_id) > LARGEST_ID:
        problems.append(Problem("alerts.telegram_chat_id", "is no chat id"))
    users = settings.telegram_user_ids
    if len(users) > MOST_USERS or any(not 0 < user <= LARGEST_ID for user in users):
        problems.append(Problem("alerts.telegram_user_ids", "must be at most {0} ids above 0", (str(MOST_USERS),)))
    return problems
