"""Words for the emergency control: what is left and what is done about it, what cannot be sold, a scope."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.emergency import EmergencyAction, EmergencyPreview, EmergencyScope, Residue, ResidueKind, Unsellable
from app.domain.emergency import Outcome as PositionOutcome
from app.ui import wording
from app.ui.formats import MINUS, NONE, clock, krw, percent, volume

K, A = ResidueKind, EmergencyAction
# What stands in the way.
_WHY: dict[ResidueKind, object] = {
    K.DUST: QT_TRANSLATE_NOOP("Emergency", "too little to be sold at this venue"),
    K.HALTED: QT_TRANSLATE_NOOP("Emergency", "the venue does not trade this market now"),
    K.NO_BUYERS: QT_TRANSLATE_NOOP("Emergency", "nobody buys at the moment"),
    K.UNREACHABLE: QT_TRANSLATE_NOOP("Emergency", "the venue does not answer"),
    K.RATE_LIMITED: QT_TRANSLATE_NOOP("Emergency", "the venue's rate limit holds calls back"),
    K.REFUSED: QT_TRANSLATE_NOOP("Emergency", "the venue refuses the sale"),
    K.LOCKED: QT_TRANSLATE_NOOP("Emergency", "the venue has fewer free units than our books"),
    K.UNKNOWN_ORDER: QT_TRANSLATE_NOOP("Emergency", "an order with an unknown outcome"),
    K.WORKING_ORDER: QT_TRANSLATE_NOOP("Emergency", "an order still works at the venue"),
    K.FOREIGN_ORDER: QT_TRANSLATE_NOOP("Emergency", "an order that was not made here still works"),
    K.HELD: QT_TRANSLATE_NOOP("Emergency", "still held"),
    K.NO_RULES: QT_TRANSLATE_NOOP("Emergency", "the rules of this market are not loaded yet"),
    K.SEARCHING: QT_TRANSLATE_NOOP("Emergency", "the venue has not told yet what the last run had sent"),
    K.LOST_SALE: QT_TRANSLATE_NOOP("Emergency", "a sale of the last run is found and not booked yet"),
    K.UNCONFIRMED: QT_TRANSLATE_NOOP("Emergency", "the venue did not confirm yet"),
}
# What the program keeps doing about it.
_DOING: dict[ResidueKind, object] = {
    K.DUST: QT_TRANSLATE_NOOP("Emergency", "it stays; nothing more is done"),
    K.HALTED: QT_TRANSLATE_NOOP("Emergency", "tried again every 10 s until the market opens"),
    K.NO_BUYERS: QT_TRANSLATE_NOOP("Emergency", "tried again every 10 s until somebody buys"),
    K.UNREACHABLE: QT_TRANSLATE_NOOP("Emergency", "asked again without end"),
    K.RATE_LIMITED: QT_TRANSLATE_NOOP("Emergency", "goes out as soon as the limit allows"),
    K.REFUSED: QT_TRANSLATE_NOOP("Emergency", "tried again every 10 s, each time as another kind of order"),
    K.LOCKED: QT_TRANSLATE_NOOP("Emergency", "what is free is sold, the rest as soon as it is"),
    K.UNKNOWN_ORDER: QT_TRANSLATE_NOOP("Emergency", "looked up every 5 s; nothing is sold twice"),
    K.WORKING_ORDER: QT_TRANSLATE_NOOP("Emergency", "cancelled again every 2 s"),
    K.FOREIGN_ORDER: QT_TRANSLATE_NOOP("Emergency", "cancelled again with every reading"),
    K.HELD: QT_TRANSLATE_NOOP("Emergency", "read again every 2 s; please look at the venue's own screen"),
    K.NO_RULES: QT_TRANSLATE_NOOP("Emergency", "sold as soon as they are"),
    K.SEARCHING: QT_TRANSLATE_NOOP("Emergency", "asked every second, sold after 2 minutes at the latest"),
    K.LOST_SALE: QT_TRANSLATE_NOOP("Emergency", "booked once the order before it has ended; nothing is sold twice"),
    K.UNCONFIRMED: QT_TRANSLATE_NOOP("Emergency", "read again every 2 s"),
}
_ACTIONS: dict[EmergencyAction, object] = {
    A.BLOCK_ENTRIES: QT_TRANSLATE_NOOP("Emergency", "Block entries"),
    A.CANCEL_ENTRIES: QT_TRANSLATE_NOOP("Emergency", "Cancel entries"),
    A.CANCEL_ALL: QT_TRANSLATE_NOOP("Emergency", "Cancel all orders"),
    A.REDUCE: QT_TRANSLATE_NOOP("Emergency", "Reduce by {percent} %"),
    A.FLATTEN: QT_TRANSLATE_NOOP("Emergency", "Sell everything"),
    A.FLATTEN_AND_LOCK: QT_TRANSLATE_NOOP("Emergency", "Sell everything and lock"),
}
_OUTCOMES: dict[PositionOutcome, object] = {
    PositionOutcome.ALL: QT_TRANSLATE_NOOP("Emergency", "all"),
    PositionOutcome.WINNERS: QT_TRANSLATE_NOOP("Emergency", "positions in profit"),
    PositionOutcome.LOSERS: QT_TRANSLATE_NOOP("Emergency", "positions at a loss"),
}


def _translate(words: str) -> str:
    return QCoreApplication.translate("Emergency", words)


def why(kind: ResidueKind) -> str:
    """What stands in the way, in a few words."""
    return _translate(str(_WHY[kind]))


def doing(kind: ResidueKind) -> str:
    """What the program keeps doing about it."""
    return _translate(str(_DOING[kind]))


def residue(left: Residue) -> str:
    """One line of what is left: market, units, why, and what is done about it; the venue's own word in brackets."""
    where = "" if left.market is None else left.market.symbol
    amount = "" if left.amount is None else volume(left.amount)
    told = f"{why(left.kind)} [{wording.note(left.detail)}]" if left.detail else why(left.kind)
    head = " ".join(part for part in (where, amount) if part)
    words = QCoreApplication.translate("Emergency", "{what} — {doing}").format(what=told, doing=doing(left.kind))
    return f"{head}: {words}" if head else words


def unsellable(one: Unsellable) -> str:
    """One market that cannot be sold, until when or why."""
    if one.until is not None:
        words = QCoreApplication.translate("Emergency", "{market} not before {time}")
        return words.format(market=one.market.symbol, time=clock(one.until))
    return f"{one.market.symbol}: {why(one.why)}"


def action(scope: EmergencyScope) -> str:
    """What a press with this scope does, its filters included."""
    words = _translate(str(_ACTIONS[scope.action])).format(percent=scope.percent)
    filters = [market.symbol for market in scope.markets] + list(scope.venues) + list(scope.strategies)
    if scope.outcome is not PositionOutcome.ALL:
        filters.append(_translate(str(_OUTCOMES[scope.outcome])))
    if scope.whole_account:
        filters.append(QCoreApplication.translate("Emergency", "whole account"))
    return f"{words} · {', '.join(filters)}" if filters else words


def slippage(card: EmergencyPreview) -> str:
    """What the sales lose against the middle of the books: percent and KRW; a dash when no book tells."""
    if card.slippage is None or card.slippage_value is None:
        return NONE
    words = f"{percent(-card.slippage)} ({MINUS}{krw(card.slippage_value)} KRW)"
    return f"≥ {words}" if card.beyond_depth or card.unpriced else words
