from app.domain.errors import Problem
from app.domain.refusal import Refusal, RefusalReason, unusable


def test_a_reason_is_written_as_its_own_lower_case_name() -> None:
    assert all(reason.value == reason.name.lower() for reason in RefusalReason), "translations look them up by value"


def test_a_refusal_may_stand_without_figures() -> None:
    assert Refusal(RefusalReason.HALTED).detail == ""
    assert Refusal(RefusalReason.HALTED) == Refusal(RefusalReason.HALTED)


def test_something_unusable_names_every_fault() -> None:
    faults = (Problem("price", "must be above 0 and at most {0}", ("5",)), Problem("volume", "is missing"))
    refusal = unusable(faults)
    assert refusal.detail == "price: must be above 0 and at most 5; volume: is missing"
    assert (refusal.reason, refusal.problems) == (RefusalReason.BAD_NUMBER, faults)
