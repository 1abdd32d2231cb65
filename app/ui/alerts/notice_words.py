"""Notices and answers to remote commands as words, in the language of the screen."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.alert import (
    AT_SCREEN,
    REMOTE_USER,
    ChannelName,
    DailyReport,
    Notice,
    RemoteStatus,
    Reply,
    ReplyKey,
    Severity,
)
from app.domain.exit_plan import ExitReason
from app.domain.kill import UnlockOutcome
from app.domain.limits import LimitName
from app.domain.values import TradingState
from app.ui import emergency_words, wording
from app.ui.counted_words import counted
from app.ui.detail_words import detail_words
from app.ui.formats import KST, krw, percent, signed_krw
from app.ui.halt_words import halt_reason, unlock_outcome
from app.ui.problem_words import in_words

translate = QCoreApplication.translate

_TITLES: dict[str, object] = {
    "bought": QT_TRANSLATE_NOOP("Notices", "Bought"),
    "sold": QT_TRANSLATE_NOOP("Notices", "Sold"),
    "exit_refused": QT_TRANSLATE_NOOP("Notices", "The venue refused a sale"),
    "external_change": QT_TRANSLATE_NOOP("Notices", "Something changed at the venue that was not us"),
    "stream_down": QT_TRANSLATE_NOOP("Notices", "A connection to the venue is lost"),
    "started": QT_TRANSLATE_NOOP("Notices", "Program started; entries are off"),
    "started_unclean": QT_TRANSLATE_NOOP("Notices", "Program started after an unclean end; entries are off"),
    "stopped": QT_TRANSLATE_NOOP("Notices", "Program ended; stops held by it do not work now"),
    "daily_report": QT_TRANSLATE_NOOP("Notices", "Report of the day"),
    "emergency_cancelling": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: cancelling orders"),
    "emergency_selling": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: selling"),
    "emergency_confirming": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: asking the venue for proof"),
    "emergency_flat": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: flat, proven by the venue"),
    "emergency_done": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: done, proven by the venue"),
    "emergency_attention": QT_TRANSLATE_NOOP("Notices", "Emergency liquidation: something is left, look at it"),
}
_CHANNELS: dict[ChannelName, object] = {
    ChannelName.DESKTOP: QT_TRANSLATE_NOOP("Notices", "Desktop"),
    ChannelName.TELEGRAM: QT_TRANSLATE_NOOP("Notices", "Telegram"),
    ChannelName.WEBHOOK: QT_TRANSLATE_NOOP("Notices", "Webhook"),
}
_SEVERITIES: dict[Severity, object] = {
    Severity.INFO: QT_TRANSLATE_NOOP("Notices", "Everything"),
    Severity.WARNING: QT_TRANSLATE_NOOP("Notices", "Warnings and critical"),
    Severity.CRITICAL: QT_TRANSLATE_NOOP("Notices", "Critical only"),
}

#: The notice of a halt; its detail is a reason.
HALTED = f"trading_{TradingState.HALTED}"
#: What adapters and settings say when something cannot be done; details follow in brackets.
_TROUBLES: tuple[object, ...] = (
    QT_TRANSLATE_NOOP("Notices", "Telegram cannot be reached"),
    QT_TRANSLATE_NOOP("Notices", "Telegram does not know this bot token"),
    QT_TRANSLATE_NOOP("Notices", "Telegram asks to wait"),
    QT_TRANSLATE_NOOP("Notices", "Telegram refused"),
    QT_TRANSLATE_NOOP("Notices", "Telegram gave no usable answer"),
    QT_TRANSLATE_NOOP("Notices", "the webhook cannot be reached"),
    QT_TRANSLATE_NOOP("Notices", "the webhook answered with HTTP"),
    QT_TRANSLATE_NOOP("Notices", "the webhook refused"),
    QT_TRANSLATE_NOOP("Notices", "the channel is not switched on"),
    QT_TRANSLATE_NOOP("Notices", "there is no bot token yet"),
    QT_TRANSLATE_NOOP("Notices", "this is no bot token; BotFather gives one like 123456789:ABC…"),
    QT_TRANSLATE_NOOP("Notices", "this system has no key store (keyring) that can be used; secrets last until the "
                      "program ends"),
    QT_TRANSLATE_NOOP("Notices", "the system's key store did not answer; it may wait for you to unlock it"),
    QT_TRANSLATE_NOOP("Notices", "the system's key store refused"),
    QT_TRANSLATE_NOOP("Notices", "must begin with https:// (http:// only on this computer)"),
    QT_TRANSLATE_NOOP("Notices", "must look like 23:00-07:00, or be empty"),
    QT_TRANSLATE_NOOP("Notices", "must be 1 to 1440"),
    QT_TRANSLATE_NOOP("Notices", "must be at most 20 ids above 0"),
)  # fmt: skip


def trouble_words(text: str) -> str:
    """Why something was not done; what is not known here stays as it is, for it names a file or an answer."""
    for source in _TROUBLES:
        if str(source) in text:
            rest = text.rpartition(str(source))[2].strip()
            return f"{translate('Notices', str(source))} {rest}".strip()
    return text


def channel_name(name: ChannelName) -> str:
    """Word for a channel."""
    return translate("Notices", str(_CHANNELS[name]))


def least_severity(severity: Severity) -> str:
    """What a channel is told, from its mildest notice on."""
    return translate("Notices", str(_SEVERITIES[severity]))


def acknowledger(by: str) -> str:
    """Who acknowledged a notice: the screen, or a user of Telegram by number."""
    if by == AT_SCREEN:
        return translate("Notices", "the screen")
    if by.startswith(REMOTE_USER):
        return translate("Notices", "user {number}").format(number=by.removeprefix(REMOTE_USER))
    return by


def notice_title(notice: Notice) -> str:
    """One line."""
    key = notice.key
    if key == "unlock_wrong":
        return unlock_outcome(UnlockOutcome.WRONG)
    source = _TITLES.get(key)
    if source is not None:
        return translate("Notices", str(source))
    for prefix, make in (("exit_", _exit), ("trading_", _trading)):
        if key.startswith(prefix) and (words := make(key.removeprefix(prefix))):
            return words
    return wording.alert(key)


def notice_text(notice: Notice) -> str:
    """All that is to be told, without the title."""
    if notice.report is not None:
        return report_text(notice.report)
    if notice.problem is not None:
        detail = in_words(notice.problem)
    else:
        detail = halt_reason(notice.detail) if notice.key == HALTED else detail_words(notice.detail)
    detail = "; ".join([detail, *(emergency_words.residue(left) for left in notice.left)])
    if notice.reminders:
        asks = translate("Notices", "Nobody has acknowledged this yet (told {count} times).")
        detail = "\n".join(part for part in (detail, asks.format(count=notice.reminders + 1)) if part)
    return detail


def report_text(report: DailyReport) -> str:
    """The day in a few lines."""
    lines = [
        f"{report.day.astimezone(KST):%Y-%m-%d}",
        translate("Notices", "Realised {profit} KRW after {fees} KRW of fees").format(
            profit=signed_krw(report.realised), fees=krw(report.fees)
        ),
        f"{counted('purchases', report.bought)}, {counted('sales', report.sold)}",
        counted("emergencies", report.emergencies),
    ]
    names = {name.value: name for name in LimitName}
    for name, share in report.limits:
        words = translate("Notices", "Limit: {name} {share} used")
        lines.append(words.format(name=wording.limit_name(names[name]), share=percent(share, 0, signed=False)))
    return "\n".join(lines)


class ScreenWords:
    """AlertWords in the language of the screen."""

    def title(self, notice: Notice) -> str:
        """See AlertWords."""
        return notice_title(notice)

    def text(self, notice: Notice) -> str:
        """See AlertWords."""
        return notice_text(notice)

    def reply(self, reply: Reply) -> str:
        """See AlertWords."""
        return _status(reply.status) if reply.status is not None else _answer(reply)


def _answer(reply: Reply) -> str:
    first = reply.figures[0] if reply.figures else ""
    match reply.key:
        case ReplyKey.PAUSED:
            return translate("Notices", "Entries are off. Exits go on. They are turned on at the screen only.")
        case ReplyKey.ALREADY_OFF:
            return translate("Notices", "Entries are off already. Exits go on.")
        case ReplyKey.CODE:
            return translate(
                "Notices", "Entries are off now. To sell everything answer {code} within 60 seconds."
            ).format(code=first)
        case ReplyKey.KILLED:
            return translate("Notices", "Liquidating everything. The proof follows.")
        case ReplyKey.WRONG_CODE:
            return translate("Notices", "Wrong code; nothing was sold. Send kill again for a new one.")
        case ReplyKey.NO_CODE:
            return translate("Notices", "No code is waiting, or it is too old. Send kill for a new one.")
        case ReplyKey.ACKNOWLEDGED:
            return counted("notices acknowledged", first)
        case _:
            return translate("Notices", "status, pause (entries off), kill (two steps), ack. Nothing else, on purpose.")


def _status(status: RemoteStatus) -> str:
    states = {state.value: state for state in TradingState}
    state = states.get(status.trading_state)
    lines = [
        f"{status.mode} · {wording.trading_state(state) if state is not None else status.trading_state}",
        translate("Notices", "Total {equity} KRW, today {profit} KRW").format(
            equity=krw(status.equity), profit=signed_krw(status.day_profit)
        ),
        ", ".join(
            (counted("positions", _count(status.positions)), counted("working orders", _count(status.working_orders)))
        ),
    ]
    if status.emergency is not None:
        lines.append(wording.liquidation_stage(status.emergency))
    if status.open_notices:
        lines.append(counted("notices waiting", status.open_notices))
    return "\n".join(lines)


def _count(number: int | None) -> str:
    return "–" if number is None else str(number)


def _exit(name: str) -> str:
    reasons = {reason.value: reason for reason in ExitReason}
    return wording.exit_reason(reasons[name]) if name in reasons else ""


def _trading(name: str) -> str:
    states = {state.value: state for state in TradingState}
    return wording.trading_state(states[name]) if name in states else ""
