"""One click is one order; a stop beside a sale is a second one in its group."""

from decimal import Decimal

from app.domain.instruction import ConditionKind, PlaceInstruction
from app.domain.messages import CommandRefused
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market
from app.ui.main_window import MainWindow
from tests.ui.screen_story import BTC, Story


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


def test_the_size_within_the_tolerance_is_one_click_away(full_window: MainWindow) -> None:
    ticket = full_window.ticket
    full_window.feed.select(Market("upbit", "KRW-AVAX"))
    full_window.registry.action("order").trigger()
    assert ticket.room.isVisible()
    ticket.room.fill_button.click()
    assert ticket.fields.amount.edit.text() == ticket.room.size_text() != ""
    ticket.check()
    assert "slippage" not in ticket.message.text()
