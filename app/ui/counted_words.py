"""How many of something, in words that agree with the number."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

# What is counted -> words for one, words for any other number.
_COUNTED: dict[str, tuple[object, object]] = {
    "positions": (
        QT_TRANSLATE_NOOP("Counted", "{count} position"),
        QT_TRANSLATE_NOOP("Counted", "{count} positions"),
    ),
    "venues": (QT_TRANSLATE_NOOP("Counted", "{count} venue"), QT_TRANSLATE_NOOP("Counted", "{count} venues")),
    "cancels": (QT_TRANSLATE_NOOP("Counted", "{count} cancel"), QT_TRANSLATE_NOOP("Counted", "{count} cancels")),
    "orders": (QT_TRANSLATE_NOOP("Counted", "{count} order"), QT_TRANSLATE_NOOP("Counted", "{count} orders")),
    "to cancel": (
        QT_TRANSLATE_NOOP("Counted", "{count} order to cancel"),
        QT_TRANSLATE_NOOP("Counted", "{count} orders to cancel"),
    ),
    "working orders": (
        QT_TRANSLATE_NOOP("Counted", "{count} working order"),
        QT_TRANSLATE_NOOP("Counted", "{count} working orders"),
    ),
    "items": (QT_TRANSLATE_NOOP("Counted", "{count} item"), QT_TRANSLATE_NOOP("Counted", "{count} items")),
    "purchases": (
        QT_TRANSLATE_NOOP("Counted", "{count} purchase"),
        QT_TRANSLATE_NOOP("Counted", "{count} purchases"),
    ),
    "sales": (QT_TRANSLATE_NOOP("Counted", "{count} sale"), QT_TRANSLATE_NOOP("Counted", "{count} sales")),
    "emergencies": (
        QT_TRANSLATE_NOOP("Counted", "{count} emergency liquidation"),
        QT_TRANSLATE_NOOP("Counted", "{count} emergency liquidations"),
    ),
    "calls first": (
        QT_TRANSLATE_NOOP("Counted", "{count} call goes first"),
        QT_TRANSLATE_NOOP("Counted", "{count} calls go first"),
    ),
    "notices waiting": (
        QT_TRANSLATE_NOOP("Counted", "{count} notice waits for you"),
        QT_TRANSLATE_NOOP("Counted", "{count} notices wait for you"),
    ),
    "notices acknowledged": (
        QT_TRANSLATE_NOOP("Counted", "{count} notice acknowledged."),
        QT_TRANSLATE_NOOP("Counted", "{count} notices acknowledged."),
    ),
}


def counted(what: str, number: int | str) -> str:
    """``number`` of a thing of the table; one that is not known yet comes as the dash that stands for it."""
    one, other = _COUNTED[what]
    return QCoreApplication.translate("Counted", str(one if str(number) == "1" else other)).format(count=number)
