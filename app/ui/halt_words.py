"""Words of the kill switch: why trading is halted, and how attempts to leave the halt went."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.kill import OUTSIDE_CANCEL, OUTSIDE_FLATTEN, OUTSIDE_TRIP, UnlockOutcome

_UNLOCK_OUTCOMES: dict[UnlockOutcome, object] = {
    UnlockOutcome.ASKED: QT_TRANSLATE_NOOP("Wording", "Somebody tries to leave the halt"),
    UnlockOutcome.WRONG: QT_TRANSLATE_NOOP("Wording", "Wrong password of the kill switch"),
    UnlockOutcome.UNCLEAN: QT_TRANSLATE_NOOP("Wording", "Right password, but books and venue do not agree"),
    UnlockOutcome.UNLOCKED: QT_TRANSLATE_NOOP("Wording", "The halt was left with the right password"),
    UnlockOutcome.CHANGE_ASKED: QT_TRANSLATE_NOOP("Wording", "Somebody wants another password of the kill switch"),
    UnlockOutcome.CHANGED: QT_TRANSLATE_NOOP("Wording", "The password of the kill switch was changed"),
}
# Why the switch is halted, where the program says so itself; a person's own words stay as they are.
_HALT_REASONS: dict[str, object] = {
    "halted on the screen": QT_TRANSLATE_NOOP("Wording", "halted on the screen"),
    OUTSIDE_TRIP: QT_TRANSLATE_NOOP("Wording", "halted by gwanje-kill"),
    OUTSIDE_CANCEL: QT_TRANSLATE_NOOP("Wording", "halted by gwanje-kill, all orders cancelled"),
    OUTSIDE_FLATTEN: QT_TRANSLATE_NOOP("Wording", "halted by gwanje-kill, everything sold"),
    "first start": QT_TRANSLATE_NOOP("Wording", "first start"),
    "unlocked by password": QT_TRANSLATE_NOOP("Wording", "unlocked by password"),
    "the stop file is missing": QT_TRANSLATE_NOOP("Wording", "the stop file is missing"),
    "the stop file cannot be read": QT_TRANSLATE_NOOP("Wording", "the stop file cannot be read"),
    "the stop file was changed from outside": QT_TRANSLATE_NOOP("Wording", "the stop file was changed from outside"),
    "the stop file does not fit the other records": QT_TRANSLATE_NOOP("Wording", "the stop file was replaced"),
    "the stop file is older than the other records": QT_TRANSLATE_NOOP("Wording", "the stop file was put back"),
    "a record is older than the stop file": QT_TRANSLATE_NOOP("Wording", "the database was put back"),
    "a record is older than the keyring": QT_TRANSLATE_NOOP("Wording", "database and stop file were put back"),
    "the keyring is older than the other records": QT_TRANSLATE_NOOP("Wording", "the keyring was put back"),
    "the keyring does not fit the other records": QT_TRANSLATE_NOOP("Wording", "the mark in the keyring was replaced"),
    "the mark in the keyring is missing": QT_TRANSLATE_NOOP("Wording", "the mark in the keyring is missing"),
    "the keyring is locked or cannot be read": QT_TRANSLATE_NOOP("Wording", "the keyring is locked or cannot be read"),
    "the keyring that was there is gone": QT_TRANSLATE_NOOP("Wording", "the keyring that was there is gone"),
    "the journal does not know the switch: it was replaced": QT_TRANSLATE_NOOP("Wording", "the database was replaced"),
}


def unlock_outcome(outcome: UnlockOutcome) -> str:
    """How an attempt to leave HALTED went."""
    return QCoreApplication.translate("Wording", str(_UNLOCK_OUTCOMES[outcome]))


def halt_reason(reason: str) -> str:
    """Why the switch is as it is."""
    source = _HALT_REASONS.get(reason)
    return reason if source is None else QCoreApplication.translate("Wording", str(source))
