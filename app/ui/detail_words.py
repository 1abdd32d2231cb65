"""What the program notes beside an alert or a finding, in the language of the screen.

The engine notes facts in plain English; the sentence with places for its figures is the key of the translation. What
matches none (the words of an operating system, of the venue, or of a person) stays as it is.
"""

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.breaker import CallGroup
from app.domain.loss import LossLimit
from app.domain.order import OrderState
from app.domain.venue_health import MarketTrouble
from app.ui import wording

_SENTENCES: tuple[object, ...] = (
    # the program itself
    QT_TRANSLATE_NOOP("Details", "the event loop stood still for {0} s"),
    QT_TRANSLATE_NOOP("Details", "{0}: no sign of life for {1} s"),
    QT_TRANSLATE_NOOP("Details", "a nested event loop held up engine and screen"),
    QT_TRANSLATE_NOOP("Details", "the last run did not end properly; entries stay off"),
    QT_TRANSLATE_NOOP("Details", "{0} wrong passwords in a row"),
    QT_TRANSLATE_NOOP("Details", "user id {0}"),
    # the kill switch's password
    QT_TRANSLATE_NOOP("Details", "a password is set already"),
    QT_TRANSLATE_NOOP("Details", "set a password first"),
    QT_TRANSLATE_NOOP("Details", "the switch did not take the password"),
    QT_TRANSLATE_NOOP("Details", "the password needs at least {0} characters"),
    QT_TRANSLATE_NOOP("Details", "{0}: not written in {1} s"),
    QT_TRANSLATE_NOOP("Details", "{0}: cannot be written ({1})"),
    # markets and the venue
    QT_TRANSLATE_NOOP("Details", "{0}: {1}; entries are refused, exits are tried on"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} % away from where it stopped"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} before, {2} now ({3} %); signals from before are void"),
    QT_TRANSLATE_NOOP("Details", "maintenance begins {0} UTC"),
    QT_TRANSLATE_NOOP("Details", "{0}: account and bars were read again"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1}; no entry leaves, exits are tried on"),
    QT_TRANSLATE_NOOP("Details", "{0} calls in a row failed"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} ms for the last call"),
    QT_TRANSLATE_NOOP("Details", "{0}: its clock is {1} s from ours"),
    QT_TRANSLATE_NOOP("Details", "{0}: prices come again"),
    QT_TRANSLATE_NOOP("Details", "{0}: no price for {1} s; stops go by polled books"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} to {2} UTC; no entry leaves"),
    # circuit breakers
    QT_TRANSLATE_NOOP("Details", "{0} {1}: {2} of {3} calls failed"),
    QT_TRANSLATE_NOOP("Details", "{0} {1}: {2} of {3} calls took {4} s or longer"),
    QT_TRANSLATE_NOOP("Details", "{0} {1}: {2} calls were answered"),
    QT_TRANSLATE_NOOP("Details", "{0} {1}: no call failed meanwhile"),
    QT_TRANSLATE_NOOP("Details", "{0} {1}: by hand: {2}"),
    QT_TRANSLATE_NOOP("Details", "{0} {1}: by hand"),
    # orders and holdings
    QT_TRANSLATE_NOOP("Details", "order {0} in {1} is ours, and the journal does not know it"),
    QT_TRANSLATE_NOOP("Details", "open order {0} in {1} was not made here"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} units fewer at the venue than in our books"),
    QT_TRANSLATE_NOOP("Details", "{0}: nothing left at the venue to sell"),
    QT_TRANSLATE_NOOP("Details", "{0} in {1} is {2} here and open at the venue; cancelling it"),
    QT_TRANSLATE_NOOP("Details", "{0} is {1} here and not open at the venue"),
    QT_TRANSLATE_NOOP("Details", "{0} is {1} here and open at the venue"),
    QT_TRANSLATE_NOOP("Details", "open order {0} in {1} is not ours"),
    QT_TRANSLATE_NOOP("Details", "{0}: {1} units fewer at the venue"),
    QT_TRANSLATE_NOOP("Details", "emergency control"),
    # losses
    QT_TRANSLATE_NOOP("Details", "{0}: lost {1}, allowed {2}"),
    QT_TRANSLATE_NOOP("Details", "the account was not read yet"),
    QT_TRANSLATE_NOOP("Details", "what the account is worth is not known"),
    QT_TRANSLATE_NOOP("Details", "{0} is held and has no price"),
    QT_TRANSLATE_NOOP("Details", "{0} is held and nobody bids"),
    QT_TRANSLATE_NOOP("Details", "{0} is held and its price is {1} s old"),
)
_PLACE = re.compile(r"\{\d\}")


def detail_words(text: str) -> str:
    """A note in words: a sentence the program knows, or facts and codes of the engine and the venue after a name."""
    told = _sentence(text)
    if told is not None:
        return told
    parts = [part.partition(": ") for part in text.split("; ")]
    return "; ".join(
        f"{name}: {_sentence(rest) or wording.note(rest)}" if colon else name for name, colon, rest in parts
    )


def _sentence(text: str) -> str | None:
    for source, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            words = QCoreApplication.translate("Details", source)
            return words.format(*(_name(figure) for figure in found.groups()))
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every sentence with what finds it; a longer one comes before one that is its beginning."""
    found = []
    for source in sorted(map(str, _SENTENCES), key=len, reverse=True):
        literals = [re.escape(part) for part in _PLACE.split(source)]
        found.append((source, re.compile("(.+?)".join(literals))))
    return tuple(found)


def _name(text: str) -> str:
    """A name of the domain, or a sentence within one, in words; figures and markets as they are."""
    if text in set(MarketTrouble):
        return wording.market_trouble(MarketTrouble(text))
    if text in set(CallGroup):
        return wording.call_group(CallGroup(text))
    if text in set(LossLimit):
        return wording.loss_limit(LossLimit(text))
    if text in set(OrderState):
        return wording.order_state(OrderState(text))
    return _sentence(text) or text
