"""Pictures of the real window with a made-up day: ``python -m tests.ui.showcase DIRECTORY [name part]``."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.alert import ChannelName
from app.domain.api_key import KeyFinding, KeyReport
from app.domain.drill import DrillMoved, DrillProgress, DrillStep
from app.domain.emergency import LiquidationStage
from app.domain.errors import VenueUnavailableError
from app.domain.kill import KillMark, KillMarked, UnlockAttempted, UnlockOutcome
from app.domain.messages import AlertRaised, TradingStateChanged
from app.domain.promotion import PromotionCard, PromotionOverridden, PromotionRule, RuleResult, strategy_hash
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market, TradingMode, TradingState
from app.ui.activity.log_handler import LogLine
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.start_dialogs import LiveStartDialog, StartFailedDialog
from app.ui.theme import apply_theme, load_fonts, theme
from app.ui.ui_feed import UiFeed
from tests.ui.drill_story import drills
from tests.ui.flow_story import flow
from tests.ui.screen_story import BLUEPRINTS, NOW, Story, alert, halted_preview, run
from tests.ui.story_alerts import notices

SIZES = ((1600, 960), (1280, 720))


def settle(milliseconds: int = 120) -> None:
    """Let Qt lay out and paint."""
    QTest.qWait(milliseconds)


def window_of(story: Story) -> MainWindow:
    feed = UiFeed(story.bus, clock=story.clock)
    window = MainWindow(story.services(), feed=feed)
    for part in (window.dashboard.chart, window.dashboard.book, window.dashboard.timeline, window.dashboard.events):
        part.clock = story.clock
    return window


def log_lines() -> list[LogLine]:
    words = (
        (20, "order gw-1-0009 accepted, limit 318450"),
        (20, "KRW-SOL exit partly filled 62%"),
        (30, "KRW-ETH spread 3 ticks, split into 4"),
        (20, "KRW-BTC high water 159240000"),
        (40, "order answer timed out -> looked up: filled"),
        (20, "reconciled with upbit, no differences"),
    )
    return [LogLine(NOW, level, "app.engine", text) for level, text in words]


def full(window: MainWindow, story: Story) -> None:
    story.tell_all()
    window.dashboard.log.append(log_lines())
    window.feed.flush()
    window.feed.select(*next((p.market, p.position_id) for p in window.feed.positions.values()))


def scene_empty(window: MainWindow, story: Story) -> None:
    """A first start before anything is known."""


def scene_full(window: MainWindow, story: Story) -> None:
    full(window, story)


def scene_liquidation(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(run(NOW, LiquidationStage.SELLING))
    window.feed.flush()


def scene_flat(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(run(NOW, LiquidationStage.SELLING), run(NOW, LiquidationStage.FLAT))
    window.feed.flush()


def scene_attention(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(run(NOW, LiquidationStage.ATTENTION), alert())
    window.feed.flush()


def scene_off(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(TradingStateChanged(TradingState.ENABLED, TradingState.REDUCING, "start after an unclean end"))
    story.tell(AlertRaised("unclean_end", "the last run did not end properly"))
    window.feed.flush()
    window.dashboard.positions.close_selected()
    window.top.emergency.press_key()


def scene_dialogs(window: MainWindow, story: Story) -> None:
    full(window, story)
    window.palette_dialog.open_fresh()
    window.show_shortcuts()
    for dialog in (window.first_run, window.about_dialog):
        dialog.show()


def scene_scopes(window: MainWindow, story: Story) -> None:
    """The card with something that cannot be sold, the ring half way, a narrower press, the runs so far."""
    full(window, story)
    story.tell(halted_preview(NOW), run(NOW, LiquidationStage.SELLING), run(NOW, LiquidationStage.ATTENTION))
    window.feed.flush()
    window.liquidation.dismiss()
    window.top.emergency._held_since = window.top.emergency.now() - 0.6
    window.top.emergency.update()
    window.scope_dialog.open_fresh()
    window.scope_dialog.action.setCurrentIndex(4)
    window.run_history.show()


def scene_flow(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(*flow(story.now))
    window.feed.flush()
    window.dashboard.positions.check_age()
    window.ticket.open_fresh(Market("upbit", "KRW-AVAX"))
    window.order_flow.show_flow()


def scene_alerts(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(*notices(story.now))
    window.feed.flush()
    window.alert_center.show_notices()


def scene_channels(window: MainWindow, story: Story) -> None:
    story.alerts.settings = replace(
        story.alerts.settings, telegram=True, telegram_chat_id=123456789, telegram_user_ids=(123456789, 987654321),
        webhook_url="https://example.com/hooks/gwanje", quiet_hours="23:00-07:00",
    )  # fmt: skip
    story.alerts.secrets["telegram-bot-token"] = "kept"
    scene_alerts(window, story)
    window.alert_center.show_channels()
    window.alert_center.channels.tests[ChannelName.TELEGRAM].click()


def scene_latency(window: MainWindow, story: Story) -> None:
    scene_flow(window, story)
    window.limits_dialog.show()
    window.order_flow.show_latency()


def scene_halted(window: MainWindow, story: Story) -> None:
    full(window, story)
    words = "the stop file is missing"
    story.tell(TradingStateChanged(TradingState.DISABLED, TradingState.HALTED, words))
    story.tell(KillMarked(KillMark(7, True, words, story.now, 12, True, "fingerprint")))
    story.tell(UnlockAttempted("u", UnlockOutcome.WRONG, 3, story.now))
    story.halt.seconds = 7.4
    window.feed.flush()
    window.unlock_dialog.open_fresh()
    window.unlock_dialog.refresh()


def scene_password(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(TradingStateChanged(TradingState.DISABLED, TradingState.HALTED, "halted on the screen"))
    story.tell(KillMarked(KillMark(2, True, "halted on the screen", story.now, 12, False)))
    story.halt.has_password, story.halt.unclean = False, Refusal(RefusalReason.NOT_RECONCILED)
    window.feed.flush()
    window.unlock_dialog.open_fresh()


def scene_new_password(window: MainWindow, story: Story) -> None:
    """Another password, after a wrong one."""
    full(window, story)
    window.password_dialog.open_fresh()
    story.tell(UnlockAttempted("change-1", UnlockOutcome.WRONG, 1, story.now))
    window.feed.flush()


def scene_closing(window: MainWindow, story: Story) -> None:
    full(window, story)
    window.close()
    settle(30)
    window.halt()


def scene_drill(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(*drills(story.now), DrillMoved(DrillProgress(DrillStep.PRESSED, 2.3, 4, 6)))
    window.feed.flush()
    window.drill_dialog.show()


def scene_drilled(window: MainWindow, story: Story) -> None:
    full(window, story)
    story.tell(*drills(story.now))
    window.feed.flush()
    window.drill_dialog.show()


def promoted(met: bool) -> PromotionCard:
    """What a strategy has shown: everything, or not enough."""
    rows = (
        (PromotionRule.TRADES, 41.0, 30.0, True),
        (PromotionRule.DAYS, 17.0 if met else 9.0, 14.0, met),
        (PromotionRule.WIN_RATE, 0.4312, 0.3, True),
        (PromotionRule.DRAWDOWN, 0.0421, 0.1, True),
        (PromotionRule.EDGE, 0.0017 if met else -0.0004, 0.0, met),
        (PromotionRule.OPEN_POSITIONS, 0.0, 0.0, True),
        (PromotionRule.DRILLS, 1.0 if met else 0.0, 1.0, met),
    )
    blueprint = BLUEPRINTS[0 if not met else 1]
    return PromotionCard(strategy_hash(blueprint), blueprint.label, tuple(RuleResult(*row) for row in rows))


def scene_mode(window: MainWindow, story: Story) -> None:
    """Any mode: its strip and title, the chooser of the next start, the key, the gate to live."""
    full(window, story)
    if story.mode is TradingMode.LIVE:
        done = PromotionOverridden("f" * 64, BLUEPRINTS[2].label, (PromotionRule.EDGE,))
        story.tell(done)
    window.feed.flush()
    window.mode_dialog.show()
    window.mode_dialog.buttons[TradingMode.DRY_RUN if story.mode is TradingMode.PAPER else TradingMode.PAPER].click()
    window.key_dialog.open_fresh()
    window.key_dialog.access.setText("A" * 40)
    window.key_dialog.secret.setText("B" * 40)
    window.key_dialog.test_button.click()
    window.promotion.open_fresh()
    before = StartFailedDialog(story.mode, VenueUnavailableError("no_real_prices", "its words stand above"), window)
    before.show()
    LiveStartDialog(story.keys, window.services.spawn, window).show()


MODES = {f"mode_{mode.value}": mode for mode in TradingMode}
SCENES: dict[str, Callable[[MainWindow, Story], None]] = {
    "full": scene_full,
    "empty": scene_empty,
    "liquidation": scene_liquidation,
    "flat": scene_flat,
    "attention": scene_attention,
    "off": scene_off,
    "dialogs": scene_dialogs,
    "scopes": scene_scopes,
    "flow": scene_flow,
    "latency": scene_latency,
    "halted": scene_halted,
    "password": scene_password,
    "new_password": scene_new_password,
    "closing": scene_closing,
    "alerts": scene_alerts,
    "channels": scene_channels,
    "drill": scene_drill,
    "drilled": scene_drilled,
    **dict.fromkeys(MODES, scene_mode),
}
#: Scenes whose dialog is a picture of its own.
WITH_DIALOG = (
    *("dialogs", "scopes", "flow", "latency", "alerts", "channels", "drill", "drilled"),
    *("halted", "password", "new_password", "closing"),
    *MODES,
)


#: Scenes that open a dialog: it is taken by itself as well.


def take(app: QApplication, folder: Path, name: str, language: str, look: str, size: tuple[int, int]) -> None:
    theme().set(look)
    languages().set(language)
    with tempfile.TemporaryDirectory() as profile:
        story = Story(Path(profile), clean=name != "off", mode=MODES.get(name, TradingMode.PRACTICE))
        story.keys.kept, story.cards = ("A" * 36 + "wxyz", "S" * 40), (promoted(False), promoted(True))
        story.keys.report = KeyReport("AAAA", (KeyFinding.MAY_WITHDRAW,))
        (Path(profile) / "screen.ini").write_text(f"[General]\nlanguage={language}\ntheme={look}\n")
        window = window_of(story)
        apply_theme(app)
        window.resize(*size)
        window.start()
        settle(60)
        SCENES[name](window, story)
        settle()
        file = f"{name}-{language}-{look}-{size[0]}x{size[1]}"
        window.grab().save(str(folder / f"{file}.png"))
        for dialog in window.findChildren(QDialog):
            if dialog.isVisible() and name in WITH_DIALOG:
                dialog.grab().save(str(folder / f"{file}-{type(dialog).__name__}.png"))
        window.finish()
        window.deleteLater()
        settle(10)


def main(words: list[str] | None = None) -> None:
    """Take the pictures whose names hold ``wanted``."""
    parser = argparse.ArgumentParser(
        description="Pictures of the window: every scene in both languages, themes and sizes."
    )
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("wanted", nargs="?", default="", help=f"part of a picture's name; scenes: {', '.join(SCENES)}")
    options = parser.parse_args(words)
    pictures = [
        (f"{name}-{language}-{look}-{size[0]}x{size[1]}", name, language, look, size)
        for name, language, look, size in product(SCENES, ("ko", "en"), ("dark", "light"), SIZES)
    ]
    chosen = [item for item in pictures if options.wanted in item[0]]
    if not chosen:
        parser.error(f"no picture's name holds {options.wanted!r}; scenes are {', '.join(SCENES)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    load_fonts()
    apply_theme(app)
    for file, name, language, look, size in chosen:
        take(app, options.folder, name, language, look, size)
        print(file)


if __name__ == "__main__":
    main()
