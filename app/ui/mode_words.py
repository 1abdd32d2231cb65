"""Words for modes: what is at stake, the gate from paper to live, and the key of the live account."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.api_key import KeyFinding
from app.domain.promotion import PromotionRule
from app.domain.values import TradingMode

_TRADING_MODES: dict[TradingMode, object] = {
    TradingMode.PRACTICE: QT_TRANSLATE_NOOP("Wording", "Practice exchange"),
    TradingMode.DRY_RUN: QT_TRANSLATE_NOOP("Wording", "Dry run"),
    TradingMode.PAPER: QT_TRANSLATE_NOOP("Wording", "Paper account"),
    TradingMode.LIVE: QT_TRANSLATE_NOOP("Wording", "Live account"),
}
_STAKES: dict[TradingMode, object] = {
    TradingMode.PRACTICE: QT_TRANSLATE_NOOP(
        "Wording", "No real money: orders go to the practice exchange on this computer."
    ),
    TradingMode.DRY_RUN: QT_TRANSLATE_NOOP(
        "Wording", "Real prices. Decisions are made and written down, and no order is sent anywhere."
    ),
    TradingMode.PAPER: QT_TRANSLATE_NOOP(
        "Wording", "Real prices, play money: orders are matched on this computer against the real depth."
    ),
    TradingMode.LIVE: QT_TRANSLATE_NOOP("Wording", "Real money is at stake."),
}
_PROMOTION_RULES: dict[PromotionRule, object] = {
    PromotionRule.TRADES: QT_TRANSLATE_NOOP("Wording", "Closed trades"),
    PromotionRule.DAYS: QT_TRANSLATE_NOOP("Wording", "Days with a closed trade"),
    PromotionRule.WIN_RATE: QT_TRANSLATE_NOOP("Wording", "Win rate, lower end of its interval"),
    PromotionRule.DRAWDOWN: QT_TRANSLATE_NOOP("Wording", "Largest fall from a peak"),
    PromotionRule.EDGE: QT_TRANSLATE_NOOP("Wording", "Mean result of a trade, lower end of its interval"),
    PromotionRule.OPEN_POSITIONS: QT_TRANSLATE_NOOP("Wording", "Positions still open"),
    PromotionRule.DRILLS: QT_TRANSLATE_NOOP("Wording", "Fire drills passed"),
}
_KEY_FINDINGS: dict[KeyFinding, object] = {
    KeyFinding.NOT_A_KEY: QT_TRANSLATE_NOOP("Wording", "This is no key: both parts are letters and digits."),
    KeyFinding.UNKNOWN_KEY: QT_TRANSLATE_NOOP("Wording", "Upbit does not know this access key."),
    KeyFinding.WRONG_SECRET: QT_TRANSLATE_NOOP("Wording", "The secret key does not belong to this access key."),
    KeyFinding.WRONG_ADDRESS: QT_TRANSLATE_NOOP("Wording", "This computer's address is not on the key's list."),
    KeyFinding.EXPIRED: QT_TRANSLATE_NOOP("Wording", "The key has expired."),
    KeyFinding.CANNOT_READ_ACCOUNT: QT_TRANSLATE_NOOP("Wording", "The key may not read the account. Allow it."),
    KeyFinding.CANNOT_READ_ORDERS: QT_TRANSLATE_NOOP("Wording", "The key may not read orders. Allow it."),
    KeyFinding.MAY_WITHDRAW: QT_TRANSLATE_NOOP(
        "Wording", "The key has to do with withdrawals. Make one without: this program never needs it."
    ),
    KeyFinding.NO_ANSWER: QT_TRANSLATE_NOOP("Wording", "Upbit gave no usable answer, so the key was not checked."),
}


def trading_mode(mode: TradingMode) -> str:
    """Word for whose money is at stake."""
    return QCoreApplication.translate("Wording", str(_TRADING_MODES[mode]))


def mode_stakes(mode: TradingMode) -> str:
    """Sentence for where prices come from and orders go."""
    return QCoreApplication.translate("Wording", str(_STAKES[mode]))


def promotion_rule(rule: PromotionRule) -> str:
    """Words for one rule of the gate from paper to live."""
    return QCoreApplication.translate("Wording", str(_PROMOTION_RULES[rule]))


def key_finding(finding: KeyFinding) -> str:
    """Sentence for what is wrong with an API key."""
    return QCoreApplication.translate("Wording", str(_KEY_FINDINGS[finding]))


def key_is_fit(until: str) -> str:
    """Sentence for a key with nothing against it that expires on the day ``until``."""
    return QCoreApplication.translate("Wording", "The key works and may not withdraw. It is valid until {day}.").format(
        day=until
    )
