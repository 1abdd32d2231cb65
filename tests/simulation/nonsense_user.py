"""Somebody whose orders make no sense: figures that are none, times without a zone, signs that nobody can write."""

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from app.domain.commands import StartStrategy
from app.domain.exit_plan import ExitRules
from app.domain.instruction import Condition, ConditionKind, OrderDraft, PlaceInstruction
from app.domain.messages import Message
from app.domain.values import Market, OrderType, Side
from tests.simulation.venue_door import VENUE
from tests.unit.engine.playbook import blueprint

D = Decimal
#: Share of the worlds in which there is one.
PRESENT = 0.4
#: Begins the name of every command that must have no effect.
BAD = "bad-"
_FIGURES = tuple(map(D, ("NaN", "Infinity", "-1", "0", "1e40", "1e-40", "1." + "1" * 60)))


class NonsenseUser:
    """Draws from dice of its own, so that the rest of the world stays as it was."""

    def __init__(self, seed: int, markets: list[str]) -> None:
        self._dice = random.Random(f"nonsense-{seed}")
        self._present = self._dice.random() < PRESENT
        self._markets = markets
        self._number = 0

    def times(self, length: float) -> list[float]:
        """Seconds into an episode at which a command comes."""
        return [self._dice.uniform(3, length * 0.9) for _ in range(3)] if self._present else []

    def command(self, now: datetime) -> Message:
        """One that must be refused; nothing may come of it."""
        dice, self._number = self._dice, self._number + 1
        name, market = f"{BAD}{self._number}", Market(VENUE, dice.choice(self._markets))
        figure = dice.choice(_FIGURES)
        soon = now + timedelta(minutes=dice.randint(1, 60))
        funds = OrderDraft(Side.BUY, funds=D(100_000))
        match dice.randrange(8):
            case 0:
                return StartStrategy(name, market, blueprint(), figure)
            case 1:
                return StartStrategy(name, market, blueprint(stop=figure), D(100_000))
            case 2:
                return PlaceInstruction(name, market, OrderDraft(Side.BUY, funds=figure))
            case 3:
                return PlaceInstruction(name, market, OrderDraft(Side.SELL, OrderType.LIMIT, figure, D(1)))
            case 4:
                at = dice.choice((soon.replace(tzinfo=None), soon.astimezone(timezone(timedelta(hours=9)))))
                return PlaceInstruction(name, market, funds, Condition(ConditionKind.TIME, at=at))
            case 5:
                rule = dice.choice(("close >", "'\ud800' == 'x' or true", "$now > 1"))
                return PlaceInstruction(name, market, funds, Condition(ConditionKind.RULE, rule=rule))
            case 6:
                return PlaceInstruction(name, market, funds, Condition(ConditionKind.TRAILING, percent=figure))
            case _:
                return PlaceInstruction(name, market, funds, exits=ExitRules(stop_loss_percent=figure))
