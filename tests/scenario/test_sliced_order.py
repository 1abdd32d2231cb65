"""An order in slices against the practice exchange: to its report, and across a crash."""

from decimal import Decimal

from app.domain.instruction import InstructionChanged, InstructionState, PlaceInstruction, sliced_draft
from app.domain.slicing import SliceAlgorithm, SlicePlan, SlicingReported
from app.domain.values import Side
from tests.scenario.flight import Flight

SYMBOL = "KRW-XRP"


def plan_for(flight: Flight, worth: int, duration_s: int) -> SlicePlan:
    market, core = flight.market(SYMBOL), flight.terminal.engine.core
    price = core.board.books[market].best_ask
    assert price is not None
    volume = core.board.constraints[market].floor_volume(Decimal(worth) / price)
    return SlicePlan(SliceAlgorithm.TWAP, Side.BUY, volume, duration_s, slices=4, participation_cap=Decimal(1))


def place(flight: Flight, plan: SlicePlan) -> None:
    flight.terminal.engine.post(PlaceInstruction("click", flight.market(SYMBOL), sliced_draft(plan), plan=plan))


def reports(flight: Flight) -> list[SlicingReported]:
    return [event for event in flight.events if isinstance(event, SlicingReported)]


async def bought(flight: Flight) -> tuple[int, Decimal]:
    """Orders of ours in the exchange's ledger, and the units they bought."""
    ledger = await flight.admin.ledger()
    assert ledger.repeated_identifiers == ()
    ours = [order for order in ledger.orders if order.identifier]
    return len(ours), sum((fill.volume for order in ours for fill in order.fills), Decimal(0))


async def test_a_twap_is_worked_to_its_report(flight: Flight) -> None:
    flight.enable()
    plan = plan_for(flight, 100_000, duration_s=8)
    place(flight, plan)
    await flight.until(lambda: bool(reports(flight)), "the report", patience_s=30)
    (told,) = reports(flight)
    orders, units = await bought(flight)
    assert orders >= 4
    assert told.report.filled_volume == units == plan.volume
    assert told.report.arrival_bps is not None and told.report.twap_bps is not None
    last = [event.instruction for event in flight.events if isinstance(event, InstructionChanged)][-1]
    assert (last.state, last.filled_volume) == (InstructionState.DONE, plan.volume)
    assert flight.position(SYMBOL).quantity == plan.volume


async def test_a_twap_goes_on_after_a_crash_and_buys_no_more_than_it_was_asked_for(flight: Flight) -> None:
    flight.enable()
    plan = plan_for(flight, 100_000, duration_s=30)
    place(flight, plan)
    live = flight.terminal.engine.core.instructions.live
    await flight.until(lambda: any(item.filled_volume for item in live.values()), "the first slice")
    await flight.crash()
    await flight.take_off_again()
    (known,) = flight.terminal.engine.core.instructions.live.values()
    assert known.progress is not None and known.progress.filled_volume == known.filled_volume
    flight.enable()
    await flight.until(lambda: bool(reports(flight)), "the report", patience_s=60)
    assert known.filled_volume < reports(flight)[0].report.filled_volume
    _, units = await bought(flight)
    assert reports(flight)[0].report.filled_volume == units <= plan.volume
