"""A short flight, recorded: a strategy buys, stops out, another one ends by the emergency control."""

from pathlib import Path

from app.adapters.storage.flight_log import FORMAT, FlightLogWriter
from app.domain.commands import LiquidateAll
from app.domain.flight import FlightHeader
from app.domain.limits import TradingLimits
from app.domain.messages import Message
from tests.unit.engine.playbook import BTC, ETH, VENUE, XRP, Playbook, Recovered, StoryIds, price, seconds

HEADER = FlightHeader(FORMAT, "0.1.0", VENUE, "KRW", TradingLimits(), "abcdef", 2, "practice")


class RecordedStory(Playbook):
    """A playbook whose core is recorded as TradingEngine does it."""

    def __init__(self, path: Path) -> None:
        self.messages: list[Message] = []
        self.writer = FlightLogWriter(path, HEADER, StoryIds())
        super().__init__(ids=self.writer.ids)  # type: ignore[arg-type]
        self.writer.began(Recovered(), None, self.now, self.core.recover(Recovered(), None, self.now))

    def _take(self, message: Message) -> None:
        self.messages.append(message)
        items = self.core.handle(message, self.now)
        self.writer.handled(message, self.now, items)
        self.news += items

    def ask(self) -> None:
        """The executor is about to send the newest order."""
        order_id = self.order.order_id
        self.writer.asked(order_id, self.now, self.core.may_send(order_id, self.now))

    def tell(self) -> "RecordedStory":
        """The whole story."""
        self.ready()
        self >> self.start(XRP)
        self.ask()
        self >> [self.sent(), self.filled()]
        self >> [price(XRP, 900), seconds(1)]
        self >> [self.sent(), self.filled(price=900)]
        for market in (BTC, ETH):
            self >> self.start(market)
            self >> [self.sent(), self.filled()]
        self >> [seconds(1), LiquidateAll("press"), seconds(1)]
        self.ask()
        self.writer.noted("stopped properly", self.now)
        return self
