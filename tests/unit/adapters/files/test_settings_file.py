import errno
import os
import stat
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.files.settings_file import FIRST_TEXT, Settings, change_setting, read_settings, write_atomically
from app.domain.errors import InvalidInputError
from app.domain.limits import MAY_BE_OFF
from app.domain.values import TradingMode

BAD = {
    "no TOML": ("[limits]", "[limits", "not valid TOML"),
    "an unknown table": ("[limits]", "[limit]", "limit"),
    "an unknown name": ("max_positions", "max_position", "limits.max_position"),
    "a table that is a number": ("[storage]", "[storage]\n[other]", "other"),
    "zero positions": ("max_positions = 10", "max_positions = 0", "limits.max_positions"),
    "half a position": ("max_positions = 10", "max_positions = 1.5", "limits.max_positions"),
    "positions in words": ("max_positions = 10", 'max_positions = "ten"', "limits.max_positions"),
    "a truth for a ratio": ("daily_loss_ratio = 0.02", "daily_loss_ratio = true", "limits.daily_loss_ratio"),
    "a percent for a ratio": ("daily_loss_ratio = 0.02", "daily_loss_ratio = 2", "limits.daily_loss_ratio"),
    "a ratio that is no number": ("daily_loss_ratio = 0.02", "daily_loss_ratio = nan", "limits.daily_loss_ratio"),
    "an endless time": ("stale_price_s = 5.0", "stale_price_s = inf", "limits.stale_price_s"),
    "an astronomical time": ("stale_price_s = 5.0", "stale_price_s = " + "9" * 400, "limits.stale_price_s"),
    "trades below zero": ("max_daily_entries = 200", "max_daily_entries = -1", "limits.max_daily_entries"),
    "money in words": ("max_order_value = 20000000", 'max_order_value = "much"', "limits.max_order_value"),
    "a pause for ever": ("cooldown_s = 0.0", "cooldown_s = inf", "limits.cooldown_s"),
    "a multiple below zero": ("max_book_multiple = 3", "max_book_multiple = -3", "limits.max_book_multiple"),
    "no cash": ("cash = 50000000", "cash = 0", "practice.cash"),
    "all the cash there is": ("cash = 50000000", "cash = 1e30", "practice.cash"),
    "a seed below zero": ("seed = 1", "seed = -1", "practice.seed"),
    "a seed of a thousand digits": ("seed = 1", "seed = " + "9" * 1000, "practice.seed"),
    "a webhook without TLS": ('webhook_url = ""', 'webhook_url = "http://example.com"', "alerts.webhook_url"),
    "a user id in words": ("telegram_user_ids = []", 'telegram_user_ids = ["me"]', "telegram_user_ids"),
    "hours that are none": ('quiet_hours = ""', 'quiet_hours = "night"', "alerts.quiet_hours"),
    "an unknown severity": ('webhook_least = "info"', 'webhook_least = "some"', "webhook_least"),
    "reminders every moment": ("remind_after_minutes = 5", "remind_after_minutes = 0", "remind_after_minutes"),
    "checks all the time": ("check_every_s = 30.0", "check_every_s = 0.1", "venue_health.check_every_s"),
    "no spread at all": ("max_spread_percent = 5", "max_spread_percent = 0", "venue_health.max_spread_percent"),
    "maintenance in words": ("maintenance = []", 'maintenance = ["tonight"]', "venue_health.maintenance"),
    "maintenance without a zone": ("maintenance = []", 'maintenance = ["2026-12-01T02:00/2026-12-01T07:00"]', "zone"),
    "a switch in words": ("before_maintenance = false", 'before_maintenance = "yes"', "liquidate_before_maintenance"),
    "a URL that is a number": ('url = ""', "url = 5", "storage.url"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A settings file as a first start writes it."""
    file = tmp_path / "settings.toml"
    read_settings(file)
    return file


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_first_start_writes_the_defaults_and_they_are_those_of_the_program(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == FIRST_TEXT
    assert read_settings(path) == Settings()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits")
def test_only_the_owner_can_read_the_file(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_left_out_keeps_its_default(path: Path) -> None:
    path.write_text("[limits]\nmax_positions = 3\n", encoding="utf-8")
    assert read_settings(path).limits.max_positions == 3
    assert read_settings(path).practice == Settings().practice


def test_a_limit_that_is_switched_off_is_read_as_zero(path: Path) -> None:
    for name in sorted(MAY_BE_OFF):
        change_setting(path, "limits", name, 0)
    assert all(getattr(read_settings(path).limits, name) == 0 for name in MAY_BE_OFF)


def test_the_words_about_a_bad_limit_say_how_to_switch_it_off(path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"limits\.max_daily_value: .* 0 to switch the limit off"):
        change_setting(path, "limits", "max_daily_value", -5)


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_file_is_refused_by_name_and_left_alone(wrong: str, path: Path) -> None:
    old, new, place = BAD[wrong]
    bad = FIRST_TEXT.replace(old, new, 1)
    path.write_text(bad, encoding="utf-8")
    for attempt in (lambda: read_settings(path), lambda: change_setting(path, "practice", "seed", 7)):
        with pytest.raises(InvalidInputError) as caught:
            attempt()
        assert str(caught.value).startswith(f"{path}: ")
        assert place in str(caught.value)
    assert path.read_text(encoding="utf-8") == bad
    assert names(path.parent) == ["settings.toml"]


def test_all_faults_are_told_at_once(path: Path) -> None:
    path.write_text("[limits]\nmax_positions = 0\n[practice]\ncash = 0\nseed = -1\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"max_positions.*cash.*seed"):
        read_settings(path)


def test_a_changed_value_keeps_every_comment_and_every_other_line(path: Path) -> None:
    text = FIRST_TEXT.replace("max_positions = 10", "max_positions = 10  # my mother said so") + "# the end\n"
    path.write_text(text, encoding="utf-8")
    change_setting(path, "limits", "max_positions", 4)
    assert path.read_text(encoding="utf-8") == text.replace("max_positions = 10", "max_positions = 4")
    assert names(path.parent) == ["settings.toml"]


def test_money_is_written_digit_by_digit(path: Path) -> None:
    exact = Decimal("12345678901234567.123456789")
    change_setting(path, "limits", "max_position_value", exact)
    assert read_settings(path).limits.max_position_value == exact


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.decimals(min_value=Decimal("0.0001"), max_value=1, places=6))
def test_a_ratio_comes_back_as_it_was_written(path: Path, ratio: Decimal) -> None:
    change_setting(path, "limits", "daily_loss_ratio", ratio)
    assert read_settings(path).limits.daily_loss_ratio == ratio


def test_a_table_that_was_left_out_is_added(path: Path) -> None:
    path.write_text("# mine\n", encoding="utf-8")
    change_setting(path, "practice", "seed", 42)
    assert read_settings(path).practice.seed == 42
    assert path.read_text(encoding="utf-8").startswith("# mine\n")


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("limits", "max_positions", 0),
        ("limits", "max_positions", "ten"),
        ("limits", "daily_loss_ratio", Decimal("NaN")),
        ("limits", "daily_loss_ratio", Decimal(2)),
        ("limits", "bravery", 1),
        ("colours", "accent", "teal"),
        ("storage", "url", 5),
    ],
)
def test_a_change_that_would_spoil_the_file_is_refused_and_nothing_moves(
    path: Path, table: str, name: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change_setting(path, table, name, value)
    assert str(caught.value).startswith(f"{path}: "), "it names the real file, not a trial copy"
    assert path.read_text(encoding="utf-8") == FIRST_TEXT
    assert names(path.parent) == ["settings.toml"]


@pytest.mark.parametrize("moment", ["write", "flush to disk", "replace"])
def test_a_crash_between_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    class PowerCutError(BaseException):
        """Nothing in the program catches this."""

    def cut(*_: object, **__: object) -> None:
        raise PowerCutError

    target = {"write": (os, "fdopen"), "flush to disk": (os, "fsync"), "replace": (Path, "replace")}[moment]
    with monkeypatch.context() as patch:
        patch.setattr(*target, cut)
        with pytest.raises(PowerCutError):
            change_setting(path, "limits", "max_positions", 4)
    assert path.read_text(encoding="utf-8") == FIRST_TEXT
    assert read_settings(path) == Settings()


def test_a_full_disk_is_told_and_leaves_no_litter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InvalidInputError, match="cannot be written"):
            change_setting(path, "limits", "max_positions", 4)
    assert path.read_text(encoding="utf-8") == FIRST_TEXT
    assert names(path.parent) == ["settings.toml"]


def test_the_leftover_of_a_real_crash_disturbs_nobody(path: Path) -> None:
    path.with_name(f"settings.toml.{os.getpid()}.new").write_text("half a fi", encoding="utf-8")
    change_setting(path, "limits", "max_positions", 4)
    assert read_settings(path).limits.max_positions == 4
    assert names(path.parent) == ["settings.toml"]


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read or made"):
        read_settings(tmp_path / "no such folder" / "settings.toml")
    with pytest.raises(InvalidInputError, match="cannot be read or made"):
        read_settings(tmp_path)


def test_a_file_that_is_not_text_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInputError, match="not UTF-8"):
        read_settings(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    st.integers(0, len(FIRST_TEXT)), st.integers(0, 30), st.text(alphabet="=[]{}\"'#.,\n0123456789aexo-_ ", max_size=12)
)
def test_a_damaged_file_is_read_or_refused_and_never_crashes(path: Path, at: int, length: int, noise: str) -> None:
    path.write_text(FIRST_TEXT[:at] + noise + FIRST_TEXT[at + length :], encoding="utf-8")
    try:
        read_settings(path)
    except InvalidInputError as error:
        assert str(error).startswith(f"{path}: ")


def test_writing_replaces_the_whole_text(tmp_path: Path) -> None:
    file = tmp_path / "x"
    write_atomically(file, "a long text that was there before")
    write_atomically(file, "짧은 글")
    assert file.read_text(encoding="utf-8") == "짧은 글"
    assert names(tmp_path) == ["x"]


def test_thresholds_of_the_gate_are_read_and_their_faults_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[promotion]\nmin_trades = 50\nmax_drawdown = 0.05\nmin_edge = 0\n")
    rules = read_settings(file).promotion
    assert (rules.min_trades, rules.max_drawdown, rules.min_edge, rules.min_days) == (50, 0.05, 0.0, 14)
    file.write_text("[promotion]\nmin_trades = 3\n")
    with pytest.raises(InvalidInputError, match=r"promotion\.min_trades: must be 10 to 100,000"):
        read_settings(file)


def test_no_two_modes_share_a_database(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    url = "postgresql+asyncpg://user:password@host/database"
    file.write_text(f'[storage]\npaper_url = "{url}"\nlive_url = "{url}"\n')
    with pytest.raises(InvalidInputError, match="two modes have the same database"):
        read_settings(file)
    file.write_text(f'[storage]\npaper_url = "{url}"\n')
    urls = [read_settings(file).storage.url_of(mode) for mode in TradingMode]
    assert urls == ["", "", url, ""]
