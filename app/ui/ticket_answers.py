"""What the engine answers to a ticket: one order has one answer, a sale with a stop beside it has two."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.domain.instruction import Instruction, InstructionState
from app.domain.refusal import Refusal
from app.ui.instruction_words import note
from app.ui.problem_words import refused
from app.ui.ticket_form import Ticket

translate = QCoreApplication.translate


class TicketAnswers:
    """Collects answers until every instruction was taken or refused; a refusal does not say which one it is about."""

    def __init__(self) -> None:
        self.waits_for: tuple[str, ...] = ()
        self._change: Ticket | None = None
        self._refusals: list[Refusal] = []

    def expect(self, *instruction_ids: str, change: Ticket | None = None) -> None:
        """Wait for each of them, the sale before the stop beside it; ``change`` is what one is to become."""
        self.waits_for, self._change, self._refusals = instruction_ids, change, []

    def refuse(self, refusal: Refusal) -> None:
        """One of them was refused."""
        self._refusals.append(refusal)

    def outcome(self, instructions: Mapping[str, Instruction]) -> tuple[bool, str] | None:
        """Whether all was taken, and the words for it; None while an answer is missing."""
        known = [instructions[key] for key in self.waits_for if key in instructions]
        taken = [item for item in known if self._is_answer(item)]
        if not self.waits_for or len(taken) + len(self._refusals) < len(self.waits_for):
            return None
        failed = next((item for item in taken if item.state is InstructionState.FAILED), None)
        if self._refusals:
            return False, self._refused_words(taken).format(reason=refused(self._refusals[0]))
        if failed is not None:
            return False, translate("Ticket", "Not sent: {reason}").format(reason=note(failed))
        if self._change is not None:
            return True, translate("Ticket", "The engine has changed it.")
        return True, translate("Ticket", "The engine has taken it.")

    def _refused_words(self, taken: list[Instruction]) -> str:
        if not taken:
            return translate("Ticket", "Not sent: {reason}")
        if taken[0].instruction_id == self.waits_for[0]:
            return translate("Ticket", "The sale was taken, its stop was not: {reason}")
        return translate("Ticket", "The stop was taken, the sale was not: {reason}")

    def _is_answer(self, instruction: Instruction) -> bool:
        """True for news that are the answer: a fill of what is to be changed is none."""
        change = self._change
        return change is None or (instruction.draft, instruction.condition) == (change.draft, change.condition)
