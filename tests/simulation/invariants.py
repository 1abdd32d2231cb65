"""The invariants by name: what must hold, and where it is checked. Those of features to come are listed as such.

Source of the list: the reliability notes, section 3. "S" is checked at every step, "E" at the end of a process or of
the faults, "L" after everything had time to settle.
"""

from enum import StrEnum


class Where(StrEnum):
    """Who checks an invariant."""

    HERE = "the simulation"
    ELSEWHERE = "other tests"
    TO_COME = "joins with its feature"


INVARIANTS: dict[str, tuple[str, str, Where, str]] = {
    "I1": ("S", "one intent, at most one order at the venue", Where.HERE, "identifiers on the wire and in the ledger"),
    "I2": ("S", "a durable record before every state-changing request", Where.HERE, "read from the file at the send;"
           " exits may leave while the disk hangs, and are found again at the venue"),
    "I3": ("S", "no submit is repeated while its outcome is unknown", Where.HERE, "counted with I1"),
    "I4": ("S", "an unknown order keeps its funds, and nothing else goes to its side", Where.HERE, "at the send"),
    "I5": ("S", "orders move forward only; no rule of ours is broken", Where.HERE, "every OrderChanged, every alert"),
    "I6": ("L", "every order ends, or works at the venue too", Where.HERE, "compared with the ledger; entries that the"
           " price has left behind, or whose time is over, are asked to end"),
    "I7": ("L", "each fill of the venue is booked exactly once", Where.HERE, "compared with the ledger"),
    "I8": ("L", "holdings and fees are the venue's, to the last digit", Where.HERE, "compared with the ledger"),
    "I9": ("S", "exits never exceed what we bought and have not sold", Where.HERE, "ledger, at the send"),
    "I10": ("E", "profit recomputed from the venue's fills is the profit shown", Where.HERE, "closed positions"),
    "I11": ("S", "one exit owner per position, one working exit", Where.HERE, "ledger and PositionChanged"),
    "I12": ("L", "holdings we did not buy are never traded", Where.HERE, "as I9: sales are bounded by our purchases"),
    "I13": ("S", "no entry unless a person enabled trading in this run, none during an emergency", Where.HERE, "send"),
    "I14": ("L", "an emergency ends FLAT only when the venue is flat", Where.HERE, "ledger, when FLAT is said"),
    "I15": ("S", "limits hold across restarts", Where.HERE, "entries a minute, positions, value of an order,"
            " slippage on the last shown book, sum of the parts of a step;"
            " trades, money and loss of a day and a month, money in a market, pause, price and size of one order:"
            " recomputed from the ledger at the send and at the end"),
    "I16": ("S", "what is on the wire is what was approved", Where.HERE, "compared with the approved intent"),
    "I17": ("S", "nothing passes on a price, volume or amount that is no number above zero", Where.HERE, "send, exits"),
    "I18": ("S", "high-water marks and trailing stops never loosen", Where.HERE, "PositionChanged, restarts included"),
    "I19": ("S", "no entry on old prices or while the private stream is down", Where.HERE, "what the world had sent"),
    "I20": ("S", "no busy loop against the venue", Where.HERE, "calls a second; the venue's own limits are checked"
            " over the wire (tests/simulation/wire)"),
    "I21": ("S", "no order-capable request to a live host in practice", Where.TO_COME, "live mode"),
    "I22": ("E", "daily actions happen once per business date", Where.HERE, "alerts about limits, read"
            " from the journal; others join with their feature"),
    "I23": ("E", "after a crash: the committed prefix, with everything acknowledged", Where.HERE, "file against what"
            " was handed in; recovered state against its fold"),
    "I24": ("S", "no entry after the journal has failed", Where.HERE, "at the send"),
    "I25": ("E", "the hash chain verifies, by a second implementation", Where.HERE, "at every start"),
    "I26": ("S", "a stalled loop lets no entry out on what it knew before", Where.HERE, "as I19, with stalls"),
    "I27": ("E", "no task dies unnoticed", Where.HERE, "supervisor and loop"),
    "I28": ("E", "nothing is shown closed while one of its orders may work", Where.HERE, "PositionChanged; the screen"
            " itself in tests/unit/ui"),
    "I29": ("S", "one engine per account", Where.ELSEWHERE, "tests/unit/adapters/files, tests/unit/adapters/storage"),
    "I30": ("E", "no secret leaves", Where.ELSEWHERE, "tests/scenario (bot token, webhook secret), "
            "tests/unit/adapters"),
    "I31": ("S", "remote commands come from the allowed only, act once, and raise no risk", Where.HERE, "what is asked"
            " of the engine while a message is handled"),
    "I32": ("S", "verified TLS to known hosts", Where.TO_COME, "live mode"),
    "I33": ("E", "keys that could withdraw are refused", Where.TO_COME, "key vault"),
    "I34": ("S", "every order belongs to a position a command started", Where.HERE, "at the send"),
    "I35": ("E", "the journal is private from its creation on", Where.HERE, "file modes at every start"),
    "I36": ("S", "no entry while a circuit breaker is open, one at a time while it is tried", Where.HERE, "recomputed"
            " from the answers of the network; open breakers are read from the file after a restart"),
    "I37": ("S", "an open breaker holds back no exit and no cancel", Where.HERE, "they are tried within seconds"),
    "I38": ("E", "what ended without effect can be done again, once, and never what did arrive", Where.HERE,
            "letters on disk against orders on disk and the ledger"),
    "I41": ("S", "what reduces risk never waits behind an entry or a look-up", Where.HERE, "calls, rate limit, send"),
    "I42": ("S", "no more entries wait to leave than the limit allows", Where.HERE, "every OrderChanged"),
    "I43": ("S", "the rest of a limit entry is bought at market only when most of it was filled", Where.HERE, "at the"
            " send, by the ledger"),
    "I44": ("S", "a command that makes no sense leaves nothing behind", Where.HERE, "no instruction, no order, and a"
            " journal that goes on"),
    "I45": ("E", "every order is found in the history, and its story adds up", Where.HERE, "read as the screen does,"
            " compared with the ledger"),
    "I46": ("S", "after a halt no entry leaves, over restarts and changed records, until password, phrase and clean"
            " books have opened it", Where.HERE, "journal on disk, stop file and keyring, at the send, at every start"
            " and whenever HALTED is left"),
    "I47": ("S", "the switch refuses nothing that reduces risk", Where.HERE, "refusals, ends of orders; exits and"
            " cancels are tried within seconds while halted"),
    "I48": ("L", "a narrower press is done only when its orders and holdings are gone", Where.HERE, "ledger, when DONE"
            " is said"),
    "I49": ("S", "a press touches nothing outside its scope; of x % it sells x %", Where.HERE, "at the send; ledger,"
            " within one lot, when DONE is said"),
    "I50": ("S", "a loss beyond its limit is being liquidated within seconds", Where.HERE, "loss by the ledger, where"
            " its prices have reached the engine; acknowledged losses excepted"),
    "I51": ("S", "a loss limit sells nothing that was not lost in trading", Where.HERE, "loss by the ledger when the"
            " latch falls: no deposit, withdrawal, wrong print or restart makes one"),
    "I52": ("S", "no entry while the venue is out, closing, halted, or its clock far away", Where.HERE, "from the"
            " answers of the network and what the venue did, at the send"),
    "I53": ("S", "a stop fires by books that are asked for when the stream is silent", Where.HERE, "the venue's price"),
    "I54": ("S", "an amended order and its successor never work at once, nor trade more than was asked for", Where.HERE,
            "ledger, whenever one of them changes"),
    "I55": ("S", "a dry run sends no order and no cancel", Where.HERE, "at the send; none of ours is in the ledger"),
    "I57": ("E", "a critical alert reaches every channel, again and again until somebody acknowledges it", Where.HERE,
            "records on disk against what arrived, over restarts"),
}  # fmt: skip

#: Checked together with another one, so no check of its own carries the name.
COVERED_BY = {"I3": "I1", "I12": "I9", "I26": "I19"}
