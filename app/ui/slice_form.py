"""How an order is to be executed, as it is filled in: what is typed becomes a plan of slices."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.slicing import MAX_OFFSET_TICKS, MAX_SLICES, ChasePolicy, SliceAlgorithm, SlicePlan
from app.domain.values import Side
from app.ui.launch_check import parse_figure

#: Almgren and Chriss' lambda for an urgency of 1, per KRW.
USUAL_AVERSION = Decimal("1e-9")
MINUTE_S = 60
#: A figure that was not read stands as this: no field takes it.
UNREAD = Decimal(-1)


class Chase(StrEnum):
    """What a slice does first: take what is there, rest and then take it, or only rest."""

    NONE = "none"
    CROSSES = "crosses"
    RESTS = "rests"


@dataclass(frozen=True, slots=True)
class SliceForm:
    """What is typed: minutes, slices, percent of the market's volume, visible units, urgency (1 = usual).

    ``random`` is the percent by which sizes and times move. A chase is only looked at with ``chase``: seconds of rest,
    new prices before it crosses, and ticks towards the other side.
    """

    algorithm: SliceAlgorithm
    minutes: str = "10"
    slices: str = "10"
    share: str = "10"
    visible: str = ""
    urgency: str = "1"
    random: str = "0"
    chase: Chase = Chase.NONE
    rest: str = "10"
    reprices: str = "2"
    ticks: str = "0"


def read_plan(form: SliceForm, side: Side, volume: Decimal | None, price_limit: Decimal | None) -> SlicePlan:
    """The plan as it would be sent; what is no figure is one that ``plan_problems`` does not let pass."""
    iceberg, shortfall = form.algorithm is SliceAlgorithm.ICEBERG, form.algorithm is SliceAlgorithm.IS
    visible = _figure(form.visible) if iceberg else None
    urgency = _figure(form.urgency)
    return SlicePlan(
        algorithm=form.algorithm,
        side=side,
        volume=UNREAD if volume is None else volume,
        duration_s=_whole(MONEY_CONTEXT.multiply(_figure(form.minutes), Decimal(MINUTE_S))),
        slices=whole(form.slices) if visible is None else _tips(volume, visible),
        participation_cap=None if iceberg else MONEY_CONTEXT.divide(_figure(form.share), HUNDRED),
        randomisation=MONEY_CONTEXT.divide(_figure(form.random), HUNDRED),
        display_volume=visible,
        chase=_chase(form),
        risk_aversion=MONEY_CONTEXT.multiply(urgency, USUAL_AVERSION) if shortfall else None,
        price_limit=price_limit,
    )


def whole(text: str) -> int:
    """A whole number above 0 of at most six digits; 0 for what is none."""
    return _whole(_figure(text))


def _chase(form: SliceForm) -> ChasePolicy | None:
    if form.chase is Chase.NONE:
        return None
    return ChasePolicy(
        offset_ticks=_integer(form.ticks, MAX_OFFSET_TICKS + 1),
        rest_s=float(_figure(form.rest)),
        reprices=None if form.chase is Chase.RESTS else _integer(form.reprices, -1),
    )


def _integer(text: str, otherwise: int) -> int:
    """A whole number of at most six digits, of either sign; ``otherwise`` for what is none."""
    value = parse_figure(text)
    if value is None or abs(value) >= Decimal(1_000_000) or value != value.to_integral_value():
        return otherwise
    return int(value)


def _figure(text: str) -> Decimal:
    value = parse_figure(text)
    return UNREAD if value is None else value


def _whole(value: Decimal) -> int:
    """A whole number of at most six digits; 0 for what is none."""
    return int(value) if ZERO < value < Decimal(1_000_000) and value == value.to_integral_value() else 0


def _tips(volume: Decimal | None, visible: Decimal) -> int:
    """How many visible parts an iceberg has; the algorithm itself does not count them."""
    if volume is None or not is_usable(volume) or not is_usable(visible):
        return 1
    parts = MONEY_CONTEXT.divide(volume, visible).to_integral_value(ROUND_CEILING)
    return int(min(max(parts, ONE), Decimal(MAX_SLICES)))
