from typing import get_args

from app.domain import effects
from app.domain.effects import EFFECTS, ApprovedOrder, SubmitOrder
from app.domain.values import Priority
from tests.unit.domain.samples import order


def test_the_tuple_for_isinstance_names_the_same_types_as_the_union() -> None:
    assert get_args(effects.Effect) == EFFECTS


def test_only_an_approved_order_can_be_submitted() -> None:
    submit = SubmitOrder(ApprovedOrder(order(), Priority.EXIT))
    assert SubmitOrder.__annotations__ == {"approved": ApprovedOrder}
    assert submit.approved.order.order_id == "o-1"
    assert isinstance(submit, EFFECTS)
    assert not isinstance(order(), EFFECTS)
