"""One click is one order; a stop beside a sale is a second one in its group; a change is of one instruction."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.instruction import (
    AmendInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionChanged,
    InstructionState,
    OrderDraft,
    PlaceInstruction,
    sliced_draft,
)
from app.domain.messages import CommandRefused, PositionChanged
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import SliceAlgorithm, SlicePlan
from app.domain.values import Market, OrderType, Side
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.order_ticket import OrderTicket
from app.ui.ticket_form import TicketField
from tests.ui.screen_story import BTC, NOW, Story, positions

D = Decimal
AVAX = Market("upbit", "KRW-AVAX")
LIMIT_SALE = OrderDraft(Side.SELL, OrderType.LIMIT, D(160_000_000), D("0.01"))
NO = Refusal(RefusalReason.NO_PRICE)


@pytest.fixture
def ticket(full_window: MainWindow) -> OrderTicket:
    return full_window.ticket


def resting(draft: OrderDraft = LIMIT_SALE, condition: Condition | None = None, **changes: object) -> Instruction:
    waits = condition or Condition()
    made = Instruction("i-1", "p1", BTC, draft, waits, InstructionState.WORKING, NOW, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def fill_pair(ticket: OrderTicket) -> None:
    """A sale of Bitcoin above the market, or a stop below it."""
    ticket.open_fresh(BTC)
    ticket.sell_button.setChecked(True)
    ticket.fields.type_box.setCurrentIndex(1)
    ticket.fields.price.edit.setText("160000000")
    ticket.fields.amount.edit.setText("0.01")
    ticket.fields.alternative.edit.setText("155000000")


def answer(story: Story, full_window: MainWindow, *events: object) -> None:
    story.tell(*events)  # type: ignore[arg-type]
    full_window.feed.flush()


# ---- a fresh one -----------------------------------------------------------------------------------------------------


def test_a_purchase_is_posted_once_and_a_refusal_is_said(full_window: MainWindow, story: Story) -> None:
    ticket = full_window.ticket
    full_window.feed.select(AVAX)
    full_window.registry.action("order").trigger()
    assert ticket.isVisible() and not ticket.isModal() and not ticket.send_button.isEnabled()
    ticket.fields.amount.edit.setText("400000")
    ticket.send()
    ticket.send()
    (command,) = story.posted
    assert isinstance(command, PlaceInstruction)
    assert (command.market.symbol, command.draft.funds) == ("KRW-AVAX", Decimal(400_000))
    answer(story, full_window, CommandRefused("PlaceInstruction", NO))
    assert ticket.message.text() == "Not sent: There is no price for this market yet."
    assert ticket.send_button.isEnabled()


def test_a_sale_or_a_stop_are_two_instructions_of_one_group(ticket: OrderTicket, story: Story) -> None:
    fill_pair(ticket)
    ticket.send()
    sale, stop = story.posted
    assert isinstance(sale, PlaceInstruction) and isinstance(stop, PlaceInstruction)
    assert sale.group == stop.group == sale.command_id != stop.command_id
    assert stop.condition.kind is ConditionKind.AT_OR_BELOW


def test_the_size_within_the_tolerance_is_one_click_away(full_window: MainWindow) -> None:
    ticket = full_window.ticket
    full_window.feed.select(Market("upbit", "KRW-AVAX"))
    full_window.registry.action("order").trigger()
    assert ticket.room.isVisible()
    ticket.room.fill_button.click()
    assert ticket.fields.amount.edit.text() == ticket.room.size_text() != ""
    ticket.check()
    assert "slippage" not in ticket.message.text()


def test_both_answers_of_a_pair_are_waited_for(full_window: MainWindow, ticket: OrderTicket, story: Story) -> None:
    fill_pair(ticket)
    ticket.send()
    sale, stop = (f"i-{command.command_id}" for command in story.posted if isinstance(command, PlaceInstruction))
    answer(story, full_window, InstructionChanged(resting(instruction_id=sale), "placed"))
    assert ticket.message.text() == "Sent, waiting for the engine." and not ticket.send_button.isEnabled()
    answer(story, full_window, InstructionChanged(resting(instruction_id=stop), "placed"))
    assert ticket.message.text() == "The engine has taken it."
    assert ticket.fields.amount.edit.text() == ""


def test_a_stop_that_is_refused_is_said_though_the_sale_was_taken(
    full_window: MainWindow, ticket: OrderTicket, story: Story
) -> None:
    fill_pair(ticket)
    ticket.send()
    sale = story.posted[0]
    assert isinstance(sale, PlaceInstruction)
    answer(story, full_window, InstructionChanged(resting(instruction_id=f"i-{sale.command_id}"), "placed"))
    answer(story, full_window, CommandRefused("PlaceInstruction", NO))
    assert ticket.message.text() == "The sale was taken, its stop was not: There is no price for this market yet."


def test_without_an_answer_the_ticket_says_where_to_look(ticket: OrderTicket, story: Story) -> None:
    ticket.open_fresh(AVAX)
    ticket.fields.amount.edit.setText("400000")
    ticket.send()
    ticket._patience.timeout.emit()
    assert "No answer from the engine yet" in ticket.message.text()
    assert ticket.send_button.isEnabled()


# ---- the question ----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(ticket: OrderTicket, story: Story, qtbot: QtBot) -> OrderTicket:
    """A sale far from the market: asked about, not posted."""
    ticket.open_fresh(BTC)
    ticket.sell_button.setChecked(True)
    ticket.fields.type_box.setCurrentIndex(1)
    ticket.fields.price.edit.setText("200000000")
    ticket.fields.amount.edit.setText("0.01")
    qtbot.keyClick(ticket, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert ticket.confirm.isVisible() and not ticket.send_button.isVisible()
    assert story.posted == []
    return ticket


def test_an_unusual_sale_is_posted_only_when_confirmed(asked: OrderTicket, story: Story, qtbot: QtBot) -> None:
    asked.send()
    assert story.posted == []
    qtbot.mouseClick(asked.confirm.confirm_button, Qt.MouseButton.LeftButton)
    (command,) = story.posted
    assert isinstance(command, PlaceInstruction) and command.draft.price == D(200_000_000)
    assert not asked.confirm.isVisible() and asked.send_button.isVisible()


def test_escape_means_no_and_leaves_the_ticket_open(asked: OrderTicket, story: Story, qtbot: QtBot) -> None:
    qtbot.keyClick(asked.confirm.cancel_button, Qt.Key.Key_Escape)
    assert asked.isVisible() and not asked.confirm.isVisible() and asked.send_button.isVisible()
    assert story.posted == []


@pytest.mark.parametrize("what", ["typing", "hiding", "language", "sold meanwhile"])
def test_whatever_changes_takes_the_question_back(asked: OrderTicket, story: Story, qtbot: QtBot, what: str) -> None:
    match what:
        case "typing":
            asked.fields.amount.edit.setText("0.011")
        case "hiding":
            asked.hide()
        case "language":
            languages().set("ko")
            qtbot.waitUntil(lambda: asked.windowTitle() == "주문")
        case _:
            gone = replace(positions(NOW)[0], quantity=D(0))
            story.tell(PositionChanged(gone, "story"))
            asked.check()
    assert not asked.confirm.isVisible()
    assert story.posted == []


# ---- a change --------------------------------------------------------------------------------------------------------


def test_a_change_posts_only_what_is_new_and_closes_when_it_is_made(
    full_window: MainWindow, ticket: OrderTicket, story: Story
) -> None:
    before = resting()
    answer(story, full_window, InstructionChanged(before, "sent"))
    ticket.open_amend(before)
    fields = ticket.fields
    assert (fields.price.edit.text(), fields.amount.edit.text()) == ("160000000", "0.01")
    assert not any(part.isEnabled() for part in (ticket.buy_button, fields.market_box, fields.type_box))
    assert ticket.message.text() == "Nothing is changed yet." and not ticket.send_button.isEnabled()
    fields.price.edit.setText("161000000")
    ticket.send()
    assert story.posted == [AmendInstruction("i-1", price=D(161_000_000))]
    answer(story, full_window, InstructionChanged(replace(before, filled_volume=D("0.001")), "fill"))
    assert ticket.isVisible() and ticket.message.text() == "Sent, waiting for the engine."
    changed = replace(before, draft=replace(LIMIT_SALE, price=D(161_000_000)))
    answer(story, full_window, InstructionChanged(changed, "amended"))
    assert not ticket.isVisible()


def test_a_change_that_is_refused_stays_open_and_says_why(
    full_window: MainWindow, ticket: OrderTicket, story: Story
) -> None:
    ticket.open_amend(resting())
    ticket.fields.amount.edit.setText("0.012")
    ticket.send()
    assert story.posted == [AmendInstruction("i-1", volume=D("0.012"))]
    answer(story, full_window, CommandRefused("AmendInstruction", Refusal(RefusalReason.NOT_POSSIBLE_NOW)))
    assert ticket.isVisible()
    assert ticket.message.text() == "Not sent: This is not possible in the present state."


def test_of_a_stop_the_price_waited_for_can_be_changed(ticket: OrderTicket, story: Story) -> None:
    below = Condition(ConditionKind.AT_OR_BELOW, price=D(150_000_000))
    ticket.open_amend(resting(OrderDraft(Side.SELL, volume=D("0.01")), below, state=InstructionState.ARMED))
    assert not ticket.fields.price.isVisible() and ticket.fields.level.isEnabled()
    ticket.fields.level.edit.setText("170000000")
    assert "would be sent at once" in ticket.message.text() and not ticket.send_button.isEnabled()
    ticket.fields.level.edit.setText("151000000")
    ticket.send()
    assert story.posted == [AmendInstruction("i-1", trigger_price=D(151_000_000))]


def test_no_less_than_what_was_traded(ticket: OrderTicket) -> None:
    ticket.open_amend(resting(filled_volume=D("0.005")))
    ticket.fields.amount.edit.setText("0.005")
    check = ticket.check()
    assert check is not None and check.problems == {TicketField.SIZE: "So much has been traded already."}


def test_a_fresh_ticket_after_a_change_is_free_again(ticket: OrderTicket) -> None:
    ticket.open_amend(resting())
    ticket.open_fresh(AVAX)
    assert ticket.buy_button.isEnabled() and ticket.fields.market_box.isEnabled()
    assert ticket.windowTitle() == "Order"


# ---- the most --------------------------------------------------------------------------------------------------------


def test_the_most_that_can_be_spent_passes_the_check(ticket: OrderTicket, qtbot: QtBot) -> None:
    ticket.open_fresh(AVAX)
    qtbot.mouseClick(ticket.fields.most_button, Qt.MouseButton.LeftButton)
    assert ticket.fields.amount.edit.text() == "20,000,000"
    check = ticket.check()
    assert check is not None and TicketField.SIZE not in check.problems


def test_the_most_that_can_be_sold_is_what_is_held_and_free(ticket: OrderTicket, qtbot: QtBot) -> None:
    ticket.open_fresh(BTC)
    ticket.sell_button.setChecked(True)
    ticket.fields.most_button.click()
    check = ticket.check()
    assert check is not None and check.problems == {}
    assert check.ticket.draft.volume == D(ticket.fields.amount.edit.text()) > 0


def test_without_a_market_there_is_no_most(ticket: OrderTicket) -> None:
    ticket.open_fresh(AVAX)
    ticket.fields.market_box.setEditText("nothing")
    ticket.fill_most()
    assert ticket.fields.amount.edit.text() == ""


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
