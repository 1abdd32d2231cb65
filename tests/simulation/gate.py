"""The worlds every change must survive: seeds 0 to 299, and every seed that once found a bug."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tests.simulation.focus import FAMILY, Focus
from tests.simulation.runner import run_seed, scratch
from tests.simulation.world import Outcome

GATE = 300
PORTION = 15
#: Of every family of aimed worlds the first few.
AIMED = {focus: list(range(focus * FAMILY, focus * FAMILY + 8)) for focus in Focus}
#: Seeds outside the gate that broke an invariant once, with what it was. They stay for ever.
KEPT: dict[int, str] = {
    320: "a clock set between two runs renewed the allowance of entries a minute",
    459: "the same, with the clock set back",
    90: "a clean end hid that the venue had not told yet what an earlier run lost",
    259: "the first half of a holding was refused as too small, and all of it was called dust",
    984: "a position was closed as dust while half of its entry could still be filled",
    136: "fees of a list with one of two fills were shared out over that one",
    501: "one wrong print bought a rung, and valued what was held at nothing",
    689: "a press before the first quiet reading took the user's own coins for a residue",
    1214: "marks were expected from a journal that had failed before a proper end",
    2483: "a rest that the user had left by phone was closed as if all of the holding were dust",
    5646: "a lost sale that the venue listed late was looked for no more",
    5376: "an amended purchase was filled at its old price beyond the budget of the new one",
    731: "wrong alarm: a report of slices was held against slices the journal had lost",
    9211: "a resting sale kept a lost sale from being booked, and the units were sold once more",
    9296: "wrong alarm: a lost order that the venue's stale listing did not show",
    9111: "wrong alarm: a call that never left counted as a failed one",
    3066: "wrong alarm: a lost sale that an old listing hid until its position had closed",
    2248: "wrong alarm: by a clock that had stepped back, a replayed frame of balances was the newest word",
    1571: "a lost sale that was named, and had to wait, was forgotten when the next listing was an older one",
    1549: "wrong alarm: the computer slept just when the time of a position was over",
    10447: "wrong alarm: a second wait for the disk hid that the first had been given up",
    3280: "wrong alarm: a cancel that was decided before the emergency control was pressed",
    722: "a stop of a person did not wait for the word on lost orders",
    825: "the computer slept while exits waited for the word on lost orders",
    2210: "a lost sale listed late was waited for, and another one left beside it",
    2181: "a resting sale that the journal lost was adopted, and the exit waited for it for ever",
    1344: "after a restart the loss of a holding without a price counted as nothing",
    347: "a position by hand was expected to wait for a history",
    754: "dead letters beyond the bound were folded otherwise by the judge",
    871: "an order by hand that an exit took over from was expected to leave",
    1768: "an entry took the slot of a cancel that waited for its record",
    1802: "an order the stream had told of counted as under way",
    1511: "the check of late entries forgot that the computer had slept",
    1915: "entries a minute were counted by decision, not by departure",
    2442: "a simulated terminal that looked for lost orders ticked too rarely",
    9106: "an emergency sale cut down to a free rest too small to be sold closed the whole position as dust",
    9676: "the same, where a narrower press had sold a part before",
    5507: "wrong alarm: a lost sale whose request arrived after the listing",
    8046: "wrong alarm: a lost sale that a venue closed for the day could not name",
    6576: "wrong alarm: a fall that the silent stream had not told yet",
    3952: "a remote command was carried out after the computer had slept over the writing of its record",
    4006: "wrong alarm: a halt that only the stop file had kept was put back, and no record was left to tell",
    1868: "wrong alarm: a coin without a price for minutes did not count when the loss limits began",
    428: "a lost sale that was known waited longer than exits wait for a silent venue, and its units were sold again",
    626: "the network came back just when exits had stopped waiting for the word on lost orders",
}


@contextmanager
def silence() -> Iterator[None]:
    """The engine reports every injected fault; nobody reads that here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def portions(half: int) -> list[int]:
    """First seeds of the portions of one half; two files share the gate, so that two processes can."""
    return list(range(half * PORTION, GATE, 2 * PORTION))


def survive(seeds: list[int]) -> list[Outcome]:
    """Run the worlds; the first broken invariant fails the test with the command that shows it."""
    with silence(), scratch() as folder:
        outcomes = [run_seed(seed, folder) for seed in seeds]
    for outcome in outcomes:
        for found in outcome.violations:
            raise AssertionError(
                f"{found.invariant} in seed {found.seed}, step {found.step}: {found.words}\n"
                f"see it with: python3 run.py simulate --replay {found.seed}"
            )
    return outcomes
