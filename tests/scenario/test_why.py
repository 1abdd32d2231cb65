"""Why did it trade: the chain of real orders, read from the journal the real engine wrote, also after a restart."""

from dataclasses import replace
from decimal import Decimal

from app.adapters.storage.order_history import OrderHistory
from app.domain.blueprint import StrategyBlueprint
from app.domain.commands import ClosePosition, LiquidateAll
from app.domain.emergency import LiquidationStage
from app.domain.exit_plan import ExitRules
from app.domain.grounds import CheckName
from app.domain.instruction import Condition, ConditionKind, OrderDraft, PlaceInstruction
from app.domain.order import Order, OrderState
from app.domain.order_chain import OrderChain, SignalKind
from app.domain.order_query import WORKING, OrderQuery
from app.domain.position import PositionState
from app.domain.values import Purpose, Side
from tests.scenario.flight import Flight

D = Decimal


def at_once(flight: Flight) -> StrategyBlueprint:
    """Buys at the market as soon as it may, and is not stopped out by the moves of these stories."""
    ladder = flight.blueprint("dca-ladder")
    steps = flight.blueprint("trend-breakout").steps
    return replace(ladder, id="at-once", steps=steps, exits=ExitRules(stop_loss_percent=D(30)))


def history(flight: Flight) -> OrderHistory:
    return OrderHistory(flight.terminal.database)


async def last_order(flight: Flight, side: Side) -> Order:
    """The newest finished order of a side, once the journal holds it."""
    await flight.terminal.journal.durable()
    page = await history(flight).find(OrderQuery(state=OrderState.FILLED))
    return next(order for order in page.orders if order.intent.side is side)


def check_whole(chain: OrderChain) -> None:
    """Every link is there: checks, intent, request, answer, fills and cost, in the order in which they happened."""
    triggers = [step.trigger for step in chain.steps]
    assert triggers[:2] == ["intent", "sending"], triggers
    assert "fill" in triggers and set(triggers) & {"accepted", "part_filled", "all_filled"}, triggers
    seqs = [step.seq for step in chain.steps]
    assert seqs == sorted(set(seqs)) and chain.signal.seq <= seqs[0]
    times = [step.at for step in chain.steps]
    assert times == sorted(times) and chain.signal.at <= times[0]
    assert any(step.venue_order_id for step in chain.steps), "the venue's own identifier is part of its answer"
    grounds, estimate, cost = chain.grounds, chain.estimate, chain.cost
    assert grounds is not None and estimate is not None and cost is not None
    assert grounds.price is not None and grounds.bid is not None and grounds.ask is not None and grounds.checks
    assert sum(fill.volume for fill in chain.fills) == cost.volume == chain.order.filled_volume
    assert sum(fill.fee for fill in chain.fills) == cost.fee > 0
    assert cost.against_decision is not None and cost.against_estimate is not None
    sign = 1 if chain.order.intent.side is Side.BUY else -1
    paper = grounds.price * cost.volume
    assert cost.against_decision.money == sign * (sum(fill.funds for fill in chain.fills) - paper)


async def test_an_entry_of_a_strategy_and_its_closing_by_hand(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", at_once(flight))
    position = await flight.until_state("KRW-SOL", PositionState.ACTIVE)
    await flight.until(lambda: not flight.terminal.engine.core.tracker.working(), "the end of the order")
    bought = await history(flight).why((await last_order(flight, Side.BUY)).order_id)
    check_whole(bought)
    assert (bought.signal.kind, bought.signal.reason) == (SignalKind.STRATEGY, "entry signal")
    assert bought.signal.rule == position.blueprint.entry_when
    assert bought.position is not None and bought.position.blueprint.id == "at-once"
    assert bought.grounds is not None and bought.grounds.bar is not None
    names = {check.name for check in bought.grounds.checks}
    assert names >= {CheckName.CASH, CheckName.SPREAD, CheckName.SLIPPAGE, CheckName.EXPOSURE, CheckName.BOOK_AGE}
    flight.terminal.engine.post(ClosePosition(position.position_id))
    await flight.until_state("KRW-SOL", PositionState.CLOSED)
    sold = await history(flight).why((await last_order(flight, Side.SELL)).order_id)
    check_whole(sold)
    assert (sold.signal.kind, sold.signal.reason) == (SignalKind.BY_HAND, "user")
    assert sold.signal.seq < sold.steps[0].seq, "the exit has a record of its own"


async def test_an_order_by_hand_and_a_stop_that_waited(flight: Flight) -> None:
    flight.enable()
    market = flight.market("KRW-XRP")
    buy = OrderDraft(Side.BUY, funds=D(1_000_000))
    flight.terminal.engine.post(PlaceInstruction("ticket-1", market, buy, exits=ExitRules(D(30))))
    await flight.until_state("KRW-XRP", PositionState.ACTIVE)
    await flight.until(lambda: not flight.terminal.engine.core.tracker.working(), "the end of the order")
    bought = await history(flight).why((await last_order(flight, Side.BUY)).order_id)
    check_whole(bought)
    assert bought.signal.kind is SignalKind.BY_HAND and bought.signal.instruction is not None
    assert bought.signal.instruction.draft == buy
    core = flight.terminal.engine.core
    level = core.board.constraints[market].floor_price(core.positions.price_of(market) * D("0.98"))
    held = flight.position("KRW-XRP").quantity
    stop = OrderDraft(Side.SELL, volume=held)
    below = Condition(ConditionKind.AT_OR_BELOW, price=level)
    flight.terminal.engine.post(PlaceInstruction("ticket-2", market, stop, below))
    await flight.admin.move("KRW-XRP", -5)
    await flight.until_state("KRW-XRP", PositionState.CLOSED)
    sold = await history(flight).why((await last_order(flight, Side.SELL)).order_id)
    check_whole(sold)
    signal = sold.signal
    assert (signal.kind, signal.reason, signal.level) == (SignalKind.INSTRUCTION, "at_or_below", level)
    assert signal.price is not None and signal.price <= level
    assert signal.instruction is not None and signal.instruction.instruction_id == "i-ticket-2"


async def test_a_protective_exit_and_an_emergency_sale_also_after_a_restart(flight: Flight) -> None:
    flight.enable()
    flight.start("KRW-SOL", replace(at_once(flight), exits=ExitRules(stop_loss_percent=D(3))))
    flight.start("KRW-XRP", at_once(flight))
    for symbol in ("KRW-SOL", "KRW-XRP"):
        await flight.until_state(symbol, PositionState.ACTIVE)
    await flight.admin.move("KRW-SOL", -5)
    await flight.until_state("KRW-SOL", PositionState.CLOSED)
    stopped = await history(flight).why((await last_order(flight, Side.SELL)).order_id)
    check_whole(stopped)
    assert (stopped.signal.kind, stopped.signal.reason) == (SignalKind.PROTECTION, "stop_loss")
    assert stopped.signal.price is not None and stopped.signal.level is not None
    assert stopped.signal.price <= stopped.signal.level
    flight.terminal.engine.post(LiquidateAll("press"))
    emergency = flight.terminal.engine.core.emergency
    await flight.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat")
    assert emergency.run is not None
    sold = await history(flight).why((await last_order(flight, Side.SELL)).order_id)
    check_whole(sold)
    assert sold.order.intent.purpose is Purpose.LIQUIDATION and sold.signal.kind is SignalKind.EMERGENCY
    assert (sold.signal.run_id, sold.signal.at) == (emergency.run.run_id, emergency.run.started_at)
    before = await history(flight).find(OrderQuery())
    await flight.land()
    await flight.take_off_again()
    assert await history(flight).find(OrderQuery()) == before
    assert await history(flight).why(sold.fills[0]) == sold and await history(flight).why(stopped.fills[0]) == stopped
    assert (await history(flight).find(OrderQuery(state=WORKING))).orders == ()
    at_once_only = await history(flight).find(OrderQuery(strategy="at-once", market=flight.market("KRW-XRP")))
    assert [order.intent.side for order in at_once_only.orders] == [Side.SELL, Side.BUY]
