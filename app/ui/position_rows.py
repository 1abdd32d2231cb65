"""Rows of the position table: every text, colour and sort key of a row, made once per change."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from app.domain.exit_plan import ExitReason
from app.domain.messages import PositionMarked
from app.domain.money import ZERO
from app.domain.order import Order
from app.domain.position import Position, PositionState
from app.domain.price_age import PriceAge, price_age
from app.domain.protection import Layer, Protection, protection_of
from app.domain.values import Purpose
from app.domain.venue_health import MarketTrouble
from app.ui import wording
from app.ui.formats import NONE, clock, krw, percent, signed_krw, volume
from app.ui.price_tone import price_tone
from app.ui.read_model import ReadModel

#: A closed position stays in sight this long, so that its end is not missed.
KEEP_CLOSED_S = 120.0
translate = QCoreApplication.translate


class PositionColumn(IntEnum):
    """Columns from left to right."""

    MARKET = 0
    STRATEGY = 1
    STATE = 2
    ENTERED = 3
    INVESTED = 4
    VALUE = 5
    PROFIT = 6
    RATIO = 7
    EXIT = 8
    TREND = 9


COLUMNS = tuple(PositionColumn)
RIGHT = frozenset(
    {
        PositionColumn.ENTERED,
        PositionColumn.INVESTED,
        PositionColumn.VALUE,
        PositionColumn.PROFIT,
        PositionColumn.RATIO,
    }
)
STATE_ROLES = {
    PositionState.PENDING: "down",
    PositionState.ACTIVE: "good",
    PositionState.PAUSED: "dim",
    PositionState.CLOSING: "warning",
    PositionState.CLOSED: "faint",
    PositionState.ERROR: "danger",
}


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One line; ``roles`` are colour tokens, ``keys`` compare within a column.

    ``layer`` says what ends the position if this computer dies, ``protection`` says it in words; nothing held, nothing
    said.
    """

    position_id: str
    texts: tuple[str, ...]
    roles: tuple[str, ...]
    keys: tuple[object, ...]
    age: PriceAge
    trouble: MarketTrouble | None = None
    layer: Layer | None = None
    protection: str = ""


def column_titles() -> tuple[str, ...]:
    """Titles in the language of the screen."""
    return (
        translate("PositionTable", "Market"),
        translate("PositionTable", "Strategy"),
        translate("PositionTable", "State"),
        translate("PositionTable", "Entered"),
        translate("PositionTable", "Invested"),
        translate("PositionTable", "Value"),
        translate("PositionTable", "Unrealised"),
        "%",
        translate("PositionTable", "Next exit"),
        translate("PositionTable", "Trend"),
    )


def shown_positions(model: ReadModel, now: datetime) -> list[Position]:
    """Running positions, oldest first, then those that closed a moment ago."""
    closed = [position for position in model.positions.values() if not position.is_live and is_shown(position, now)]
    return model.live_positions() + closed


def is_shown(position: Position, now: datetime) -> bool:
    """True while the position runs, and for a while after its end."""
    if position.is_live:
        return True
    return position.closed_at is not None and (now - position.closed_at).total_seconds() < KEEP_CLOSED_S


def mark_age(mark: PositionMarked | None, now: datetime, stale_s: float) -> PriceAge:
    """How old the live figures are; without any there is nothing to grey out."""
    return PriceAge.FRESH if mark is None else price_age(mark.priced_at, now, stale_s)


def position_row(position: Position, model: ReadModel, now: datetime) -> PositionRow:
    """Everything the table shows about ``position`` at ``now``."""
    mark = model.marks.get(position.position_id)
    old = mark_age(mark, now, model.stale_price_s)
    trouble = model.trouble_of(position.market) if position.is_live else None
    profit, ratio = _profit(position, mark)
    value = mark.value if mark is not None and position.quantity > ZERO else None
    invested = position.cost if position.quantity > ZERO else position.invested
    name = wording.local(position.blueprint.name)
    tone = price_tone(old, _tone(profit))
    text = "faint" if not position.is_live else "text"
    texts = (
        position.market.symbol,
        f"{name} v{position.blueprint.version}",
        wording.position_state(position.state) if trouble is None else wording.halted_position(position.state),
        clock(position.entered_at),
        krw(invested) if invested else NONE,
        krw(value),
        signed_krw(profit),
        percent(ratio),
        next_exit(position, mark, model.orders),
        "",
    )
    dim = "faint" if old is PriceAge.STALE or not position.is_live else "dim"
    money = price_tone(old, text)
    state = STATE_ROLES[position.state] if trouble is None else "warning"
    roles = (text, dim, state, dim, text, money, tone, tone, _exit_tone(position, dim), tone)
    keys = (
        position.market.symbol,
        name,
        position.state.value,
        position.entered_at or position.created_at,
        invested,
        value or ZERO,
        profit or ZERO,
        ratio or ZERO,
        texts[PositionColumn.EXIT],
        ratio or ZERO,
    )
    protection = protection_of(position, model.working.values(), model.constraints.get(position.market))
    layer = None if protection is None else protection.layer
    words = protection_words(protection)
    if trouble is not None:
        words = "\n".join(part for part in (wording.market_trouble(trouble), words) if part)
    return PositionRow(position.position_id, texts, roles, keys, old, trouble, layer, words)


def protection_words(protection: Protection | None) -> str:
    """What still sells if this computer dies; empty while nothing is held."""
    if protection is None:
        return ""
    match protection.layer:
        case Layer.NOTHING:
            return translate("PositionTable", "No exit is set and nothing rests at the venue: nothing sells by itself.")
        case Layer.PROGRAM:
            words = translate(
                "PositionTable", "Exits are held by this program only: if this computer dies nothing sells."
            )
        case _:
            words = translate(
                "PositionTable",
                "Limit sales of {amount} rest at the venue and stay there if this computer dies. Every other exit is "
                "held by this program only.",
            ).format(amount=volume(protection.resting))
    if protection.holds_stops is False:
        words += " " + translate("PositionTable", "This venue takes no stop orders.")
    return words


def next_exit(position: Position, mark: PositionMarked | None, orders: dict[str, Order]) -> str:
    """What will end this position next, and how far away it is."""
    match position.state:
        case PositionState.PENDING:
            return translate("PositionTable", "waits for its entry signal")
        case PositionState.CLOSING:
            return _closing(position, orders)
        case PositionState.CLOSED:
            return "" if position.exit_reason is None else wording.exit_reason(position.exit_reason)
        case PositionState.ERROR:
            return wording.note(position.note) or translate("PositionTable", "stopped, see the log")
        case PositionState.PAUSED if position.quantity <= ZERO:
            return translate("PositionTable", "paused")
    if mark is not None and mark.exit_reason is not None and mark.exit_distance is not None:
        distance = percent(abs(mark.exit_distance), signed=False)
        return translate("PositionTable", "{reason} in {distance}").format(
            reason=wording.exit_reason(mark.exit_reason), distance=distance
        )
    plan = position.exit_plan
    if plan is not None and plan.deadline is not None:
        return f"{wording.exit_reason(ExitReason.TIME_EXIT)} {clock(plan.deadline)}"
    return NONE


def _closing(position: Position, orders: dict[str, Order]) -> str:
    sold = sum(
        (
            order.filled_volume
            for order in orders.values()
            if order.intent.position_id == position.position_id and order.intent.purpose is not Purpose.ENTRY
        ),
        ZERO,
    )
    whole = sold + position.quantity
    reason = position.exit_reason
    name = translate("PositionTable", "Exit") if reason is None else wording.exit_reason(reason)
    if position.note:
        return f"{name}: {wording.note(position.note)}"
    share = percent(sold / whole if whole else ZERO, 0, signed=False)
    return translate("PositionTable", "{reason}: {share} filled").format(reason=name, share=share)


def _profit(position: Position, mark: PositionMarked | None) -> tuple[Decimal | None, Decimal | None]:
    if not position.is_live:
        ratio = position.realised / position.invested if position.invested else None
        return position.realised, ratio
    if mark is None or position.quantity <= ZERO:
        return None, None
    return mark.unrealised, mark.unrealised_ratio


def _tone(profit: Decimal | None) -> str:
    if not profit:
        return "dim"
    return "up" if profit > ZERO else "down"


def _exit_tone(position: Position, dim: str) -> str:
    return {PositionState.ERROR: "danger", PositionState.CLOSING: "warning"}.get(position.state, dim)
