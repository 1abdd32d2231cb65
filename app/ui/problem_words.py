"""What is wrong with an order, a rule or a file a person wrote, in the language of the screen.

The domain says it in plain English with places for figures; that text is the key of the translation.
"""

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.errors import Problem
from app.domain.messages import AlertRaised
from app.domain.refusal import Refusal
from app.ui import wording
from app.ui.detail_words import detail_words

_INDEX = re.compile(r"\[\d+\]")

# Every text of a Problem that can reach the screen.
WHAT = (
    # figures, times and names of any command
    QT_TRANSLATE_NOOP("Problems", "is no number, or far too large a one"),
    QT_TRANSLATE_NOOP("Problems", "two modes have the same database; each needs its own"),
    QT_TRANSLATE_NOOP("Problems", "has more digits than anything is computed with"),
    QT_TRANSLATE_NOOP("Problems", "must be a time in UTC"),
    QT_TRANSLATE_NOOP("Problems", "holds signs that cannot be written down"),
    QT_TRANSLATE_NOOP("Problems", "must be a name of 1 to 1,000 characters that can be printed"),
    # orders
    QT_TRANSLATE_NOOP("Problems", "a limit order needs a price above 0"),
    QT_TRANSLATE_NOOP("Problems", "an order at market has no price of its own"),
    QT_TRANSLATE_NOOP("Problems", "is given in money: a number above 0"),
    QT_TRANSLATE_NOOP("Problems", "is given in units: a number above 0"),
    QT_TRANSLATE_NOOP("Problems", "this order is not given in money"),
    QT_TRANSLATE_NOOP("Problems", "this order is not given in units"),
    QT_TRANSLATE_NOOP("Problems", "only limit and best-price orders have one; post-only needs a limit"),
    QT_TRANSLATE_NOOP("Problems", "a best-price order is sent IOC or FOK"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to 86,400 seconds, or nothing"),
    QT_TRANSLATE_NOOP("Problems", "belongs to a limit purchase that rests"),
    QT_TRANSLATE_NOOP("Problems", "so much has been traded already"),
    QT_TRANSLATE_NOOP("Problems", "changes nothing"),
    # telling a person
    QT_TRANSLATE_NOOP("Problems", "must be 0 to 3600"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to 1440"),
    QT_TRANSLATE_NOOP("Problems", "must look like 23:00-07:00, or be empty"),
    QT_TRANSLATE_NOOP("Problems", "is no chat id"),
    QT_TRANSLATE_NOOP("Problems", "must be at most {0} ids above 0"),
    QT_TRANSLATE_NOOP("Problems", "is no address"),
    QT_TRANSLATE_NOOP("Problems", "must begin with https:// (http:// only on this computer)"),
    QT_TRANSLATE_NOOP("Problems", "must not hold a name or password"),
    # what the venue's health is judged by
    QT_TRANSLATE_NOOP("Problems", "must be {0} to {1}"),
    QT_TRANSLATE_NOOP("Problems", "must be a number above 0 and at most 100 percent"),
    QT_TRANSLATE_NOOP(
        "Problems", "{0} must look like 2026-12-01T02:00+09:00/2026-12-01T07:00+09:00: two times with their zone"
    ),
    QT_TRANSLATE_NOOP("Problems", "{0} must end after it begins, and within two days"),
    # orders worked in slices
    QT_TRANSLATE_NOOP("Problems", "side, size and limit are not those of the draft"),
    QT_TRANSLATE_NOOP("Problems", "what is worked in slices is ended and placed anew, not amended"),
    QT_TRANSLATE_NOOP("Problems", "the market has no price now, so the size of a slice cannot be checked"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to {0}"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to {0} seconds"),
    QT_TRANSLATE_NOOP("Problems", "is too short: {0} slices need a second each"),
    QT_TRANSLATE_NOOP("Problems", "is too short: a slice rests up to {0} s, but only {1} s are left before the next"),
    QT_TRANSLATE_NOOP("Problems", "must be given; only an iceberg may go without"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0 and at most 1; 10 % is written 0.1"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 to {0}"),
    QT_TRANSLATE_NOOP("Problems", "must be a price above 0, or left out"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 to 1; a usual value is 0.000000001 per KRW"),
    QT_TRANSLATE_NOOP("Problems", "belongs to implementation shortfall only; leave it out"),
    QT_TRANSLATE_NOOP("Problems", "must be given: an iceberg rests at it, or chases"),
    QT_TRANSLATE_NOOP("Problems", "belongs to an iceberg only; leave it out"),
    QT_TRANSLATE_NOOP("Problems", "must be -{0} to {0} ticks"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 to 1000, or left out to never cross"),
    QT_TRANSLATE_NOOP("Problems", "must be a multiple of {0}, the venue's step"),
    QT_TRANSLATE_NOOP("Problems", "is worth less than the venue's minimum of {0}"),
    QT_TRANSLATE_NOOP("Problems", "a slice is worth less than the venue's minimum of {0}"),
    QT_TRANSLATE_NOOP("Problems", "a slice is worth more than the venue's maximum of {0}"),
    QT_TRANSLATE_NOOP("Problems", "must not be more than the whole volume"),
    # limits and settings
    QT_TRANSLATE_NOOP("Problems", "must be a number above 0"),
    QT_TRANSLATE_NOOP("Problems", "must be a number above 0, or 0 to switch the limit off"),
    QT_TRANSLATE_NOOP("Problems", "must be at most 1; it is a ratio, 2 % is written 0.02"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 or more"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 or more, or 0 to switch the limit off"),
    QT_TRANSLATE_NOOP("Problems", "must be 0.5 to 600 seconds"),
    QT_TRANSLATE_NOOP("Problems", "must be at most {0} seconds (a day), or 0 to switch the limit off"),
    QT_TRANSLATE_NOOP("Problems", "must be at most {0}"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 or more"),
    # what they wait for
    QT_TRANSLATE_NOOP("Problems", "does not belong to this kind of condition"),
    QT_TRANSLATE_NOOP("Problems", "must be a price above 0"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0 and at most {0} %"),
    QT_TRANSLATE_NOOP("Problems", "must be a time"),
    QT_TRANSLATE_NOOP("Problems", "is a time that has passed"),
    QT_TRANSLATE_NOOP("Problems", "must be a condition"),
    QT_TRANSLATE_NOOP("Problems", "must be the length of a bar, such as 60"),
    QT_TRANSLATE_NOOP("Problems", "must name an instruction"),
    QT_TRANSLATE_NOOP("Problems", "there is no such running instruction"),
    # rules
    QT_TRANSLATE_NOOP("Problems", "is empty; write a condition such as 'close > ema(20)' or 'true'"),
    QT_TRANSLATE_NOOP("Problems", "is longer than {0} characters"),
    QT_TRANSLATE_NOOP("Problems", "regular expressions are not allowed here"),
    QT_TRANSLATE_NOOP(
        "Problems",
        "${0} is not allowed here: a condition speaks of prices, not of the clock, of chance or of lists",
    ),
    QT_TRANSLATE_NOOP("Problems", "lists are not allowed here"),
    QT_TRANSLATE_NOOP("Problems", "of the arithmetic signs only + - * / // and % are allowed here"),
    QT_TRANSLATE_NOOP("Problems", "times and bytes in quotes are not allowed here"),
    QT_TRANSLATE_NOOP("Problems", "'inf' and 'nan' are no numbers to compare with"),
    QT_TRANSLATE_NOOP("Problems", "'{0}' is not a plain number such as 0.5 or 1000"),
    QT_TRANSLATE_NOOP("Problems", "there is no value or function called '{0}'"),
    QT_TRANSLATE_NOOP("Problems", "there is no value or function called '{0}'; did you mean '{1}'?"),
    QT_TRANSLATE_NOOP("Problems", "cannot be read at '{0}'"),
    QT_TRANSLATE_NOOP("Problems", "ends before it says what is compared with what"),
    QT_TRANSLATE_NOOP("Problems", "'{0}' is given something other than one length in bars"),
    QT_TRANSLATE_NOOP("Problems", "compares or computes with things that do not go together"),
    QT_TRANSLATE_NOOP("Problems", "{0}: the length must be 1 to {1} bars"),
    QT_TRANSLATE_NOOP("Problems", "is nested too deeply"),
    QT_TRANSLATE_NOOP("Problems", "computes with a number that is none, or far too large"),
    # blueprints
    QT_TRANSLATE_NOOP("Problems", "is {0}; this version reads {1}"),
    QT_TRANSLATE_NOOP("Problems", "must be a name of 1 to 64 characters"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 or more; raise it with every change"),
    QT_TRANSLATE_NOOP("Problems", "is not one of {0}"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 to 200 bars"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0, at most {0}"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0 and at most 100"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0, at most 100"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to 3600 seconds"),
    QT_TRANSLATE_NOOP("Problems", "must be -100 to 100 ticks"),
    QT_TRANSLATE_NOOP("Problems", "split is for market orders; the price of other orders is their bound"),
    QT_TRANSLATE_NOOP("Problems", "needs 1 to 20 steps"),
    QT_TRANSLATE_NOOP("Problems", "must be 0 or more and below 100"),
    QT_TRANSLATE_NOOP("Problems", "the shares add up to more than 100 %"),
    QT_TRANSLATE_NOOP("Problems", "must be above 0 and below {0} %"),
    QT_TRANSLATE_NOOP("Problems", "must be 1 to {0} minutes"),
    QT_TRANSLATE_NOOP("Problems", "does nothing without trailing_stop_percent"),
    QT_TRANSLATE_NOOP("Problems", "is missing; set it, or say stop_loss_waived = true"),
    # files
    QT_TRANSLATE_NOOP("Problems", "is not valid TOML: {0}"),
    QT_TRANSLATE_NOOP("Problems", "holds a number with too many digits or too large an exponent"),
    QT_TRANSLATE_NOOP("Problems", "is too large a number"),
    QT_TRANSLATE_NOOP("Problems", "is larger than {0} bytes"),
    QT_TRANSLATE_NOOP("Problems", "cannot be read ({0})"),
    QT_TRANSLATE_NOOP("Problems", "is not UTF-8 text (byte {0})"),
    QT_TRANSLATE_NOOP("Problems", "is an unknown field"),
    QT_TRANSLATE_NOOP("Problems", "id '{0}' is already that of {1}; change it"),
    QT_TRANSLATE_NOOP("Problems", "is missing"),
    QT_TRANSLATE_NOOP("Problems", "must be {0}, not {1}"),
    QT_TRANSLATE_NOOP("Problems", "cannot be {0}; there is no such choice"),
    QT_TRANSLATE_NOOP("Problems", "is not of the kind it must be ({0})"),
)
_PLACES: dict[str, object] = {
    "price": QT_TRANSLATE_NOOP("Problems", "price"),
    "draft.price": QT_TRANSLATE_NOOP("Problems", "price"),
    "volume": QT_TRANSLATE_NOOP("Problems", "size"),
    "draft.volume": QT_TRANSLATE_NOOP("Problems", "size"),
    "funds": QT_TRANSLATE_NOOP("Problems", "amount"),
    "draft.funds": QT_TRANSLATE_NOOP("Problems", "amount"),
    "entry_order": QT_TRANSLATE_NOOP("Problems", "how it ends"),
    "entry_order.timeout_s": QT_TRANSLATE_NOOP("Problems", "time-out"),
    "entry_order.market_from_percent": QT_TRANSLATE_NOOP("Problems", "rest at market from"),
    "entry_order.max_drift_percent": QT_TRANSLATE_NOOP("Problems", "drift"),
    "plan": QT_TRANSLATE_NOOP("Problems", "slices"),
    "plan.volume": QT_TRANSLATE_NOOP("Problems", "size"),
    "plan.slices": QT_TRANSLATE_NOOP("Problems", "slices"),
    "plan.duration_s": QT_TRANSLATE_NOOP("Problems", "duration"),
    "plan.participation_cap": QT_TRANSLATE_NOOP("Problems", "share of the market"),
    "plan.randomisation": QT_TRANSLATE_NOOP("Problems", "random part"),
    "plan.price_limit": QT_TRANSLATE_NOOP("Problems", "price"),
    "plan.risk_aversion": QT_TRANSLATE_NOOP("Problems", "urgency"),
    "plan.display_volume": QT_TRANSLATE_NOOP("Problems", "visible part"),
    "plan.chase.offset_ticks": QT_TRANSLATE_NOOP("Problems", "ticks"),
    "plan.chase.rest_s": QT_TRANSLATE_NOOP("Problems", "rest of a slice"),
    "plan.chase.reprices": QT_TRANSLATE_NOOP("Problems", "new prices of a slice"),
    "budget": QT_TRANSLATE_NOOP("Problems", "budget"),
    "time_in_force": QT_TRANSLATE_NOOP("Problems", "duration"),
    "timeout_s": QT_TRANSLATE_NOOP("Problems", "time-out"),
    "amendment": QT_TRANSLATE_NOOP("Problems", "change"),
    "condition.price": QT_TRANSLATE_NOOP("Problems", "price waited for"),
    "trigger_price": QT_TRANSLATE_NOOP("Problems", "price waited for"),
    "condition.percent": QT_TRANSLATE_NOOP("Problems", "distance"),
    "condition.at": QT_TRANSLATE_NOOP("Problems", "time"),
    "condition.rule": QT_TRANSLATE_NOOP("Problems", "rule"),
    "entry_when": QT_TRANSLATE_NOOP("Problems", "entry rule"),
    "exit_when": QT_TRANSLATE_NOOP("Problems", "exit rule"),
    "exits.stop_loss_percent": QT_TRANSLATE_NOOP("Problems", "stop-loss"),
    "exits.take_profit_percent": QT_TRANSLATE_NOOP("Problems", "take-profit"),
    "exits.trailing_stop_percent": QT_TRANSLATE_NOOP("Problems", "trailing stop"),
}


def what_is_wrong(problem: Problem) -> str:
    """The fault without its place."""
    words = QCoreApplication.translate("Problems", problem.what)
    return words.format(*problem.figures) if problem.figures else words


def in_words(problem: Problem) -> str:
    """Place and fault; a file before the place stays, and so does a name that only the file has."""
    *before, place = problem.where.split(": ")
    named = _PLACES.get(_INDEX.sub("", place))
    where = place if named is None else QCoreApplication.translate("Problems", str(named))
    return ": ".join([*before, where, what_is_wrong(problem)])


def refused(refusal: Refusal) -> str:
    """Why not, with the first single fault where one is known."""
    words = wording.refusal(refusal.reason)
    return f"{words} ({in_words(refusal.problems[0])})" if refusal.problems else words


def alert_detail(event: AlertRaised) -> str:
    """What an alert is about; a fault of a file, or what the program noted in plain English."""
    return detail_words(event.detail) if event.problem is None else in_words(event.problem)
