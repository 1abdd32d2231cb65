import pickle

import pytest

from app.domain import errors
from app.domain.errors import InvalidInputError, Problem, VenueError, VenueNotFoundError, VenueRefusedError


def test_a_venue_error_says_code_and_words() -> None:
    error = VenueRefusedError("under_min_total_bid", "5,000 KRW at least")
    assert str(error) == "under_min_total_bid: 5,000 KRW at least"
    assert (error.code, error.detail) == ("under_min_total_bid", "5,000 KRW at least")
    assert str(VenueError("timeout")) == "timeout"


@pytest.mark.parametrize("name", ["VenueUnavailableError", "OutcomeUnknownError"])
def test_an_unknown_outcome_is_never_caught_as_a_refusal(name: str) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, VenueError)
    assert not issubclass(kind, VenueRefusedError)


def test_an_order_that_is_not_found_is_a_refusal() -> None:
    assert issubclass(VenueNotFoundError, VenueRefusedError)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (errors.VenueUnavailableError("connect_failed"), True),
        (errors.VenueUnavailableError("timed_out"), True),
        (errors.VenueUnavailableError("banned"), True),
        (errors.OutcomeUnknownError("server_error"), True),
        (errors.VenueUnavailableError("withdrawn"), False),
        (errors.VenueUnavailableError("rate_limited"), False),
        (VenueRefusedError("insufficient_funds_bid"), False),
        (VenueNotFoundError("order_not_found"), False),
    ],
)
def test_only_a_line_that_does_not_carry_is_a_failure(error: VenueError, failure: bool) -> None:
    assert error.is_failure is failure


def test_every_error_on_purpose_has_one_root() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert kinds
    assert all(issubclass(kind, errors.GwanjeError) for kind in kinds)


def test_a_venue_error_survives_the_way_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(VenueError("timeout")))
    assert copy.code == "timeout"


def test_a_problem_reads_as_place_and_remedy() -> None:
    assert str(Problem("exits.stop_loss_percent", "is missing")) == "exits.stop_loss_percent: is missing"


def test_unusable_input_says_every_fault_and_keeps_them_apart() -> None:
    faults = (Problem("mine.toml", "is larger than {0} bytes", ("9",)), Problem("mine.toml: id", "is {not} a place"))
    error = InvalidInputError.of(*faults)
    assert str(error) == "mine.toml: is larger than 9 bytes; mine.toml: id: is {not} a place"
    assert error.problems == faults
    assert InvalidInputError("words alone").problems == ()
