"""One click is one order; a stop beside a sale is a second one in its group."""

from decimal import Decimal

from app.domain.instruction import (
    AmendInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    PlaceInstruction,
    sliced_draft,
)
from app.domain.messages import CommandRefused
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import SliceAlgorithm, SlicePlan
from app.domain.values import Market, Side
from app.ui.main_window import MainWindow
from tests.ui.screen_story import BTC, NOW, Story


def test_a_purchase_is_posted_once_and_a_refusal_is_said(full_window: MainWindow, story: Story) -> None:
    ticket = full_window.ticket
    full_window.feed.select(Market("upbit", "KRW-AVAX"))
    full_window.registry.action("order").trigger()
    assert ticket.isVisible() and not ticket.isModal() and not ticket.send_button.isEnabled()
    ticket.fields.amount.edit.setText("400000")
    ticket.send()
    ticket.send()
    (command,) = story.posted
    assert isinstance(command, PlaceInstruction)
    assert (command.market.symbol, command.draft.funds) == ("KRW-AVAX", Decimal(400_000))
    story.tell(CommandRefused("PlaceInstruction", Refusal(RefusalReason.NO_PRICE)))
    full_window.feed.flush()
    assert ticket.message.text() == "Not sent: There is no price for this market yet."
    assert ticket.send_button.isEnabled()


def test_a_sale_or_a_stop_are_two_instructions_of_one_group(full_window: MainWindow, story: Story) -> None:
    ticket = full_window.ticket
    ticket.open_fresh(BTC)
    ticket.sell_button.setChecked(True)
    ticket.fields.type_box.setCurrentIndex(1)
    ticket.fields.price.edit.setText("160000000")
    ticket.fields.amount.edit.setText("0.01")
    ticket.fields.alternative.edit.setText("155000000")
    ticket.send()
    sale, stop = story.posted
    assert isinstance(sale, PlaceInstruction) and isinstance(stop, PlaceInstruction)
    assert sale.group == stop.group == sale.command_id != stop.command_id
    assert stop.condition.kind is ConditionKind.AT_OR_BELOW


def test_an_order_in_slices_is_posted_with_its_plan(full_window: MainWindow, story: Story) -> None:
    ticket = full_window.ticket
    ticket.open_fresh(Market("upbit", "KRW-AVAX"))
    ticket.fields.slicing.how_box.setCurrentIndex(1)
    ticket.fields.amount.edit.setText("8")
    ticket.fields.slicing.slices.edit.setText("4")
    assert ticket.fields.amount.unit.text() == "AVAX" and not ticket.fields.duration_box.isEnabled()
    ticket.send()
    (command,) = story.posted
    assert isinstance(command, PlaceInstruction) and command.plan is not None
    assert (command.plan.algorithm, command.plan.slices, command.plan.volume) == (SliceAlgorithm.TWAP, 4, 8)
    assert command.draft == sliced_draft(command.plan)


def test_a_waiting_plan_is_changed_in_its_price_only(full_window: MainWindow, story: Story) -> None:
    ticket, plan = full_window.ticket, SlicePlan(SliceAlgorithm.TWAP, Side.SELL, Decimal("0.01"), 600, 5)
    waits = Condition(ConditionKind.AT_OR_BELOW, price=Decimal(150_000_000))
    armed = InstructionState.ARMED
    ticket.open_amend(Instruction("i-1", "p", BTC, sliced_draft(plan), waits, armed, NOW, NOW, plan=plan))
    assert not ticket.fields.amount.isEnabled() and not ticket.fields.slicing.slices.isEnabled()
    ticket.fields.level.edit.setText("149000000")
    ticket.send()
    assert story.posted == [AmendInstruction("i-1", trigger_price=Decimal(149_000_000))]
