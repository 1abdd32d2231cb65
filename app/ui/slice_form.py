"""How an order is to be executed, as it is filled in: what is typed becomes a plan of slices."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.slicing import MAX_SLICES, SliceAlgorithm, SlicePlan
from app.domain.values import Side
from app.ui.launch_check import parse_figure

#: Almgren and Chriss' lambda for an urgency of 1, per KRW.
USUAL_AVERSION = Decimal("1e-9")
MINUTE_S = 60
#: A figure that was not read stands as this: no field takes it.
UNREAD = Decimal(-1)


@dataclass(frozen=True, slots=True)
class SliceForm:
    """What is typed: minutes, slices, percent of the market's volume, visible units, urgency (1 = usual)."""

    algorithm: SliceAlgorithm
    minutes: str = "10"
    slices: str = "10"
    share: str = "10"
    visible: str = ""
    urgency: str = "1"


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
        slices=_whole(_figure(form.slices)) if visible is None else _tips(volume, visible),
        participation_cap=None if iceberg else MONEY_CONTEXT.divide(_figure(form.share), HUNDRED),
        display_volume=visible,
        risk_aversion=MONEY_CONTEXT.multiply(urgency, USUAL_AVERSION) if shortfall else None,
        price_limit=price_limit,
    )


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
