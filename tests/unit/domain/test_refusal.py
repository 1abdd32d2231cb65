from app.domain.refusal import Refusal, RefusalReason


def test_a_reason_is_written_as_its_own_lower_case_name() -> None:
    assert all(reason.value == reason.name.lower() for reason in RefusalReason), "translations look them up by value"


def test_a_refusal_may_stand_without_figures() -> None:
    assert Refusal(RefusalReason.HALTED).detail == ""
    assert Refusal(RefusalReason.HALTED) == Refusal(RefusalReason.HALTED)
