"""What a person is asked before the window closes, and before trading is halted."""

from PySide6.QtCore import QCoreApplication

from app.domain.protection import Layer, protection_of
from app.domain.values import Purpose
from app.ui.ask_dialog import Question
from app.ui.formats import volume
from app.ui.read_model import ReadModel

translate = QCoreApplication.translate
#: Longer lists are cut; the table behind the dialog has them all.
MOST_LINES = 8


def unprotected(model: ReadModel) -> list[str]:
    """One line for each position that nothing sells while the program is off."""
    lines = []
    for position in model.live_positions():
        working = [order for order in model.working.values() if order.intent.position_id == position.position_id]
        found = protection_of(position, working, model.constraints.get(position.market))
        if found is None or found.layer is Layer.VENUE:
            continue
        if found.layer is Layer.PARTLY_VENUE:
            text = translate("Closing", "{market}: {volume} held, {resting} of it rests in sales at the venue")
        elif found.layer is Layer.PROGRAM:
            text = translate("Closing", "{market}: {volume} held, its stops work only while this program runs")
        else:
            text = translate("Closing", "{market}: {volume} held, without any stop")
        symbol = position.market.symbol
        lines.append(text.format(market=symbol, volume=volume(position.quantity), resting=volume(found.resting)))
    return lines


def entries_at_work(model: ReadModel) -> int:
    """Orders that would add to a position."""
    return sum(order.intent.purpose is Purpose.ENTRY for order in model.working.values())


def asks_before_closing(model: ReadModel) -> bool:
    """True when closing leaves something behind that a person should know."""
    return bool(unprotected(model)) or entries_at_work(model) > 0


def closing_question(model: ReadModel) -> Question:
    """What goes unprotected while the program is off."""
    lines, entries = unprotected(model), entries_at_work(model)
    more = len(lines) - MOST_LINES
    shown = lines[:MOST_LINES]
    if more > 0:
        shown.append(translate("Closing", "and {count} more").format(count=more))
    words = (
        translate("Closing", "These positions go unprotected while the program is off. Nothing is sold by closing:")
        if lines
        else translate("Closing", "Nothing is held without protection.")
    )
    note = translate("Closing", "{count} working entries are cancelled.").format(count=entries) if entries else ""
    return Question(
        translate("Closing", "End the program?"), words, translate("Closing", "End the program"), tuple(shown), note
    )


def halt_question() -> Question:
    """What halting does, before the second key."""
    return Question(
        translate("Closing", "Halt trading?"),
        translate(
            "Closing",
            "No entry leaves any more and working entries are cancelled. Exits go on, nothing is sold by this. "
            "A restart does not end it.",
        ),
        translate("Closing", "Halt trading"),
        note=translate("Closing", "Leaving it takes the password, a phrase, and books that agree with the venue."),
    )
