"""Swarm testing: one seed decides which faults exist in its world and how strong they are.

A world with every fault on at once tests little, because nothing ever gets far; a world with a random handful of them
finds what only their combination breaks (Groce et al., "Swarm Testing", ISSTA 2012; TigerBeetle's VOPR).
"""

import random
from collections import Counter
from dataclasses import dataclass, field

#: Every fault: what it does. A rate is the chance per occasion; the few that are planned ahead say so.
FAULTS: dict[str, str] = {
    # answers to our calls
    "submit_not_sent": "connection refused: no byte of a submit leaves",
    "quota_wait": "a submit waits for the rate limit before its first byte leaves",
    "queue_surprise": "while a submit waits for the rate limit the private stream falls, or the book empties, or jumps",
    "tight_quota": "the venue lets an order through every three seconds, and two other calls a second (all the time)",
    "submit_dropped": "the submit leaves and never arrives; no answer",
    "submit_answer_lost": "the venue accepts, its answer never comes",
    "submit_error_before": "500, nothing was accepted",
    "submit_error_after": "500 although the order was accepted",
    "submit_answer_late": "the answer comes seconds after the stream told everything",
    "submit_arrives_late": "the request is held up on its way and accepted seconds later",
    "submit_refused": "a plain refusal (business code)",
    "duplicate_refusal": "the order is accepted, the answer says its identifier is taken",
    "slow_answers": "every call takes up to some seconds",
    "cancel_lost": "a cancel request or its answer is lost",
    "cancel_refused": "a cancel is refused although the order is open",
    "cancel_slow": "an accepted cancel is carried out seconds later",
    "lookup_fails": "a look-up gets no usable answer",
    "lookup_blind": "a new order is not found for some seconds",
    "history_fails": "the history of a market cannot be loaded",
    "untyped_error": "the adapter raises something nobody foresaw",
    "lookup_partial": "a look-up lists only some of the fills",
    "account_read_fails": "a reading of the account gets no usable answer",
    "account_stale": "a reading of the account shows the state of some seconds ago",
    "account_lags": "balances follow fills some seconds later",
    "venue_sick": "for a while the venue answers many calls with 500 and does nothing (planned)",
    # the private and public streams
    "frame_lost": "single private frames are lost",
    "frame_doubled": "private frames come twice",
    "frame_late": "private frames come late and out of order",
    "frames_replayed": "after a reconnect old private frames come again",
    "stream_down": "private stream cut for a while (planned)",
    "outage": "no call and no private frame gets through for up to 90 s (planned)",
    "public_silent": "public stream up but silent for a while (planned)",
    "price_garbage": "a public frame carries price 0, NaN or 1e-9",
    "price_spike": "a public frame carries ten times the price",
    "book_one_sided": "nobody bids, or nobody offers, in a book frame",
    # what the venue does
    "fills_in_parts": "orders are filled in several pieces",
    "fill_runs_dry": "the market turns away from an order that is filled in part",
    "rest_left": "a limit purchase is filled for the most part, then the market turns or runs away from it",
    "fills_slow": "accepted orders meet the market seconds later",
    "fill_while_cancelling": "the rest is filled just before the cancel is done",
    "market_frozen": "a market shows an empty side, then nothing, and comes back far away (planned)",
    "maintenance": "the venue closes for an hour of the day, and has said so (planned)",
    "venue_clock": "the venue's clock is wrong for a while (planned)",
    "check_fails": "a check of the venue, or a book that is asked for, gets no usable answer",
    "market_halted": "a market refuses every order for a while (planned)",
    "rules_change": "minimum and tick of a market change (planned)",
    "price_jump": "a market moves some percent at once (planned)",
    "external_trade": "the user trades in the phone app (planned)",
    "money_moves": "a deposit or withdrawal (planned)",
    # this computer
    "crash": "kill -9 at a random time (planned)",
    "crash_at_point": "kill -9 before or after a commit, a send, an answer or a decision",
    "crash_again": "a restart is killed again within seconds",
    "clean_restart": "the user ends and starts the program (planned)",
    "clock_step": "the wall clock of the next start is wrong by minutes",
    "suspend": "the computer sleeps for minutes (planned)",
    "loop_stall": "the loop blocks for seconds (planned)",
    "disk_full": "commits fail: disk full (planned)",
    "disk_error": "commits fail: I/O error (planned)",
    "disk_slow": "commits take up to some seconds",
    "database_locked": "another program holds the database locked (planned)",
    # the user
    "double_click": "commands arrive twice",
    "user_pauses": "positions are paused and resumed",
    "user_closes": "positions are closed by hand",
    "user_cancels": "working orders are cancelled by hand",
    "user_races": "the user toggles, pauses, closes or presses within milliseconds of a decision",
    "user_toggles": "trading is disabled and enabled",
    "user_trips": "circuit breakers are opened and closed by hand",
    "user_retries": "what ended without effect is done again by hand",
    "emergency": "the emergency control is pressed (planned)",
    "emergency_twice": "the emergency control is pressed again while it runs",
    "remote_user": "the user pauses, kills and asks for more than that from outside (planned)",
    "remote_strangers": "strangers, groups and forwarded messages command the bot (planned)",
    "channel_dead": "the channels of notices take nothing for a while (planned)",
}

#: Chance that a seed has a fault at all, where it is not the usual one.
_USUAL = 0.3
_PRESENCE = {
    "crash_at_point": 0.5, "emergency": 0.45, "price_jump": 0.7, "fills_in_parts": 0.5, "user_closes": 0.5,
    "fill_runs_dry": 0.4, "rest_left": 0.5,
    "cancel_slow": 0.5, "cancel_refused": 0.5, "cancel_lost": 0.4, "fill_while_cancelling": 0.5, "user_cancels": 0.5,
    "lookup_partial": 0.5, "user_retries": 0.5, "tight_quota": 0.4,
}  # fmt: skip
#: Faults of which everything would go under if they happened often: highest rate per occasion.
_HIGHEST_RATE = {
    "price_garbage": 0.05, "price_spike": 0.02, "book_one_sided": 0.1, "crash_at_point": 0.01, "crash_again": 0.4,
    "frames_replayed": 1.0, "slow_answers": 0.5, "disk_slow": 0.2, "fills_in_parts": 0.9, "fill_runs_dry": 0.6,
    "cancel_slow": 0.9, "fill_while_cancelling": 0.9, "cancel_refused": 0.7,
    "untyped_error": 0.1, "outage": 0.15, "user_races": 0.3, "lookup_partial": 0.8,
    "venue_sick": 0.95, "user_trips": 0.9, "rest_left": 2.0,
}  # fmt: skip
_USUAL_RATE = 0.35


@dataclass(slots=True)
class Knobs:
    """What one seed drew. ``rates`` holds the faults that exist in this world.

    Every fault has dice of its own, so that a new fault changes as little as possible in the worlds there are.
    """

    seed: int
    rates: dict[str, float]
    random: random.Random
    on: bool = True
    happened: Counter[str] = field(default_factory=Counter)
    _dice: dict[str, random.Random] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """True when the fault exists in this world and faults are switched on."""
        return self.on and name in self.rates

    def hits(self, name: str) -> bool:
        """Draw whether the fault happens on this occasion."""
        if not self.on:
            return False
        rate = self.rates.get(name)
        if rate is None:
            return False
        dice = self._dice.get(name)
        if dice is None:
            dice = self._dice[name] = random.Random(f"{name}-{self.seed}")
        if dice.random() >= rate:
            return False
        self.happened[name] += 1
        return True

    def note(self, name: str) -> None:
        """A planned fault happened."""
        self.happened[name] += 1

    def seconds(self, low: float, high: float) -> float:
        """Draw a duration."""
        return self.random.uniform(low, high)


def draw(seed: int) -> Knobs:
    """The world of one seed."""
    rates: dict[str, float] = {}
    if random.Random(f"knobs-{seed}").random() >= 0.03:  # a few worlds are calm: a bug there is a plain bug
        for name in FAULTS:
            chance = random.Random(f"knob-{name}-{seed}")
            if chance.random() < _PRESENCE.get(name, _USUAL):
                rates[name] = chance.uniform(0.02, 1.0) * _HIGHEST_RATE.get(name, _USUAL_RATE)
    return Knobs(seed, rates, random.Random(f"draws-{seed}"))
