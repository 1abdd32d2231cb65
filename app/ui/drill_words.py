"""Words for the fire drill: how far it is, its verdict, and what that rests on."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.drill import DrillRecord, DrillStep, DrillVerdict

V, S = DrillVerdict, DrillStep
_VERDICTS: dict[DrillVerdict, object] = {
    V.PASSED: QT_TRANSLATE_NOOP("Drill", "Passed"),
    V.LEFT: QT_TRANSLATE_NOOP("Drill", "Something was left that the card had not named"),
    V.SOLD: QT_TRANSLATE_NOOP("Drill", "Something was sold that the card had called unsellable"),
    V.LATE: QT_TRANSLATE_NOOP("Drill", "Sold, but slower than foretold"),
    V.UNFINISHED: QT_TRANSLATE_NOOP("Drill", "Did not come to its end"),
    V.BROKEN: QT_TRANSLATE_NOOP("Drill", "Could not be run"),
}
_STEPS: dict[DrillStep, object] = {
    S.OPENING: QT_TRANSLATE_NOOP("Drill", "Opening an exchange of its own"),
    S.COPYING: QT_TRANSLATE_NOOP("Drill", "Copying positions and books"),
    S.WATCHING: QT_TRANSLATE_NOOP("Drill", "Reading books and balances"),
    S.PRESSED: QT_TRANSLATE_NOOP("Drill", "Pressed"),
    S.JUDGING: QT_TRANSLATE_NOOP("Drill", "Comparing with the exchange's ledger"),
}


def verdict(value: DrillVerdict) -> str:
    """What came of a drill."""
    return QCoreApplication.translate("Drill", str(_VERDICTS[value]))


def step(value: DrillStep) -> str:
    """How far a drill is."""
    return QCoreApplication.translate("Drill", str(_STEPS[value]))


def told(drill: DrillRecord) -> str:
    """The verdict with its seconds in one line; what it rests on in brackets, in the words of the exchange."""
    words = verdict(drill.verdict)
    if drill.took_s is not None and drill.card is not None:
        words = QCoreApplication.translate("Drill", "{verdict} ({took} s, p95 {p95} s)").format(
            verdict=words, took=f"{drill.took_s:.1f}", p95=f"{drill.card.p95_s:.1f}"
        )
    return f"{words} [{drill.detail}]" if drill.detail else words
