"""How a limit purchase ends, as it is filled in: what is typed becomes the policy of its draft."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.blueprint import LIMIT_TIMEOUT_S, EntryOrderPolicy, RestPolicy
from app.domain.values import OrderType
from app.ui.launch_check import parse_figure
from app.ui.slice_form import UNREAD, whole

_USUAL = EntryOrderPolicy()


@dataclass(frozen=True, slots=True)
class RestForm:
    """What is typed: seconds until it ends, percent filled from which the rest is bought, percent of drift."""

    rest: RestPolicy = RestPolicy.WAIT
    seconds: str = str(LIMIT_TIMEOUT_S)
    market_from: str = f"{_USUAL.market_from_percent:f}"
    drift: str = f"{_USUAL.max_drift_percent:f}"


def read_policy(form: RestForm) -> EntryOrderPolicy | None:
    """The policy as it would be sent, None to wait; what is no figure is one that ``policy_problems`` names."""
    if form.rest is RestPolicy.WAIT:
        return None
    market_from = (
        _percent(form.market_from) if form.rest is RestPolicy.CANCEL_AND_MARKET else _USUAL.market_from_percent
    )
    return EntryOrderPolicy(
        order_type=OrderType.LIMIT,
        timeout_s=whole(form.seconds),
        rest=form.rest,
        market_from_percent=market_from,
        max_drift_percent=_percent(form.drift),
    )


def _percent(text: str) -> Decimal:
    value = parse_figure(text)
    return UNREAD if value is None else value
