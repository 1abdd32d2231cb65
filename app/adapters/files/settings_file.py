"""The settings a person may edit: read strictly, written with their comments kept."""

import os
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from app.adapters.files.toml_text import parse_toml
from app.adapters.webhook.webhook_channel import webhook_problem
from app.domain.alert_settings import AlertSettings, alert_problems
from app.domain.emergency import SellFirst
from app.domain.errors import InvalidInputError, Problem
from app.domain.limits import TradingLimits, limits_problems
from app.domain.money import is_usable
from app.domain.promotion import PromotionRules, rules_problems
from app.domain.values import TradingMode
from app.domain.venue_health import USUAL_HEALTH, HealthSettings, health_problems

MAX_PRACTICE_CASH = Decimal(10) ** 12
FIRST_TEXT = """# Gwanje settings. Money is in KRW, ratios are of total equity (0.02 = 2 %), times in seconds.

[limits]
max_positions = 10
max_position_value = 20000000
max_exposure_ratio = 0.9
max_orders_per_minute = 60
max_queued_entries = 20
price_collar_ratio = 0.05
stale_price_s = 5.0
daily_loss_ratio = 0.02
total_loss_ratio = 0.10
# Days begin at 09:00 KST, months with the first day. From here on 0 switches a limit off.
monthly_loss_ratio = 0.06
max_daily_entries = 200
max_monthly_entries = 3000
max_daily_value = 200000000
max_monthly_value = 2000000000
max_market_value = 30000000
cooldown_s = 0.0
# One order: its value, a multiple of all that is offered, ticks from the best price.
max_order_value = 20000000
max_book_multiple = 3
max_ticks_away = 500

[emergency]
# What is sold first: "value" (the largest), "loss" (the largest open loss) or "illiquid" (what costs most to sell).
sell_first = "value"

[storage]
# Empty means SQLite in the data folder; PostgreSQL: "postgresql+asyncpg://user:password@host/database"
# One database per mode, and no two the same.
url = ""
dry_run_url = ""
paper_url = ""
live_url = ""

[venue_health]
# Seconds between two checks, milliseconds from which a venue is slow, failures in a row that mean it is out.
check_every_s = 30.0
slow_ms = 1000.0
failures_in_a_row = 3
# Entries are refused: no price for so many seconds, clocks further apart, spread wider (percent of the best bid), and
# for a minute after a market came back from a halt further away (percent).
silent_feed_s = 10.0
max_skew_s = 5.0
max_spread_percent = 5
resume_gap_percent = 10
# Known maintenance, "START/END" with their zone: ["2026-12-01T02:00+09:00/2026-12-01T07:00+09:00"]. No entry leaves
# from an hour before; with the switch on everything is sold ten minutes before.
maintenance = []
liquidate_before_maintenance = false

[practice]
cash = 50000000
seed = 1

[alerts]
# Who is told besides the screen. The bot token and the webhook secret are in the system's key store, never here.
desktop = true
sound = true
telegram = false
# The private chat that is told, and the users who may send status, pause, kill and ack there.
telegram_chat_id = 0
telegram_user_ids = []
# The mildest notice that is sent: info, warning or critical.
telegram_least = "info"
webhook = false
webhook_url = ""
webhook_least = "info"
# The same notice within this time is counted, not sent again.
repeat_window_s = 60.0
# A critical notice comes again on every channel until somebody acknowledges it.
remind_after_minutes = 5
# KST, like "23:00-07:00". Critical notices and emergencies come all the same. Empty: none.
quiet_hours = ""
# What the business day brought, at 09:00 KST.
daily_report = true
[promotion]
# What a strategy must have shown in paper mode before it may trade real money. Any change of it begins anew.
min_trades = 30
min_days = 14
# The win rate and the mean result of a trade (0.01 = 1 %) count by the lower end of their interval.
min_win_rate = 0.3
max_drawdown = 0.1
min_edge = 0.0
confidence = 0.95
min_drills = 1
"""


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Database URLs of SQLAlchemy, one per mode (``url``: practice); empty means SQLite in the data folder."""

    url: str = ""
    dry_run_url: str = ""
    paper_url: str = ""
    live_url: str = ""

    def url_of(self, mode: TradingMode) -> str:
        """Database of a mode; empty means SQLite in its data folder."""
        urls = {TradingMode.DRY_RUN: self.dry_run_url, TradingMode.PAPER: self.paper_url}
        return {**urls, TradingMode.LIVE: self.live_url}.get(mode, self.url)


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """Money of the practice account (KRW) and the seed of its market."""

    cash: Decimal = Decimal(50_000_000)
    seed: int = 1


@dataclass(frozen=True, slots=True)
class EmergencySettings:
    """Which risk the emergency control sells first."""

    sell_first: SellFirst = SellFirst.VALUE


_LIMITS = [(name, type(getattr(TradingLimits(), name))) for name in TradingLimits.__slots__]
_HEALTH = [(name, type(getattr(USUAL_HEALTH, name))) for name in HealthSettings.__slots__]
_RATIOS = {"min_win_rate", "max_drawdown", "min_edge", "confidence"}
_SECONDS = frozenset({"repeat_window_s", *_RATIOS, *(name for name, kind in (*_LIMITS, *_HEALTH) if kind is float)})
_DECIMALS = frozenset({"cash", *(name for name, kind in (*_LIMITS, *_HEALTH) if kind is Decimal)})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in settings.toml."""

    limits: TradingLimits = field(default_factory=TradingLimits)
    emergency: EmergencySettings = field(default_factory=EmergencySettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    practice: PracticeSettings = field(default_factory=PracticeSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    venue_health: HealthSettings = USUAL_HEALTH
    promotion: PromotionRules = field(default_factory=PromotionRules)


def read_settings(path: Path) -> Settings:
    """Read the file; a missing one is written with the defaults.

    Raises:
        InvalidInputError: unreadable, no TOML, an unknown name, or a figure out of range; nothing is changed.
    """
    try:
        if not path.exists():
            write_atomically(path, FIRST_TEXT)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be read or made ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    return _settings_of(text, path)


def _settings_of(text: str, path: Path) -> Settings:
    data = parse_toml(text, str(path))
    _refuse_unknown(path, data)
    try:
        settings = msgspec.convert(_typed(data), Settings, strict=True)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"{path}: {error}") from error
    problems = [
        *limits_problems(settings.limits),
        *health_problems(settings.venue_health),
        *rules_problems(settings.promotion),
    ]
    if not is_usable(settings.practice.cash):
        problems.append(Problem("practice.cash", "must be a number above 0"))
    elif settings.practice.cash > MAX_PRACTICE_CASH:
        problems.append(Problem("practice.cash", "must be at most {0}", (f"{MAX_PRACTICE_CASH:,}",)))
    given = [url for mode in TradingMode if (url := settings.storage.url_of(mode))]
    if len(set(given)) < len(given):
        problems.append(Problem("storage", "two modes have the same database; each needs its own"))
    if settings.practice.seed < 0:
        problems.append(Problem("practice.seed", "must be 0 or more"))
    problems += alert_problems(settings.alerts)
    if settings.alerts.webhook_url and (words := webhook_problem(settings.alerts.webhook_url)):
        problems.append(Problem("alerts.webhook_url", words))
    if problems:
        raise InvalidInputError.of(*(replace(problem, where=f"{path}: {problem.where}") for problem in problems))
    return settings


def change_setting(path: Path, table: str, name: str, value: object) -> None:
    """Change one value and keep the person's comments; the result is validated before it replaces the file.

    Raises:
        InvalidInputError: the changed file would not be valid or cannot be written; it stays as it was.
    """
    read_settings(path)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        section = document.setdefault(table, tomlkit.table())
        section[name] = tomlkit.value(f"{value:f}") if isinstance(value, Decimal) else value
        text = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise InvalidInputError(f"{path}: {table}.{name} cannot be changed: {error}") from error
    _settings_of(text, path)
    try:
        write_atomically(path, text)
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be written ({error.strerror})") from error


def write_atomically(path: Path, text: str) -> None:
    """Write beside the file, flush to disk, then replace it: a crash leaves the old file or the new one."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _refuse_unknown(path: Path, data: dict[str, object]) -> None:
    tables = {
        "limits": set(TradingLimits.__slots__),
        "emergency": set(EmergencySettings.__slots__),
        "storage": set(StorageSettings.__slots__),
        "practice": set(PracticeSettings.__slots__),
        "alerts": set(AlertSettings.__slots__),
        "venue_health": set(HealthSettings.__slots__),
        "promotion": set(PromotionRules.__slots__),
    }
    unknown = [name for name in data if name not in tables]
    for table, fields in tables.items():
        inner = data.get(table, {})
        if not isinstance(inner, dict):
            raise InvalidInputError(f"{path}: [{table}] must be a table")
        unknown += [f"{table}.{name}" for name in inner if name not in fields]
    if unknown:
        raise InvalidInputError(f"{path}: unknown name {', '.join(sorted(unknown))}; remove it or correct its spelling")


def _typed(data: dict[str, object]) -> dict[str, object]:
    """TOML has one kind of number; money and ratios become Decimal, times in seconds stay a float."""
    result: dict[str, object] = {}
    for table, inner in data.items():
        assert isinstance(inner, dict)
        result[table] = {name: _number(name, value) for name, value in inner.items()}
    return result


def _number(name: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    if name in _SECONDS and isinstance(value, int | Decimal):
        return float(value)
    if isinstance(value, int) and name in _DECIMALS:
        return Decimal(value)
    return value
