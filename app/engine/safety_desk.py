"""What ends or holds back trading: losses, parts that stand still, a broken rule, and the user who turns the switch."""

from collections.abc import Callable
from datetime import datetime

from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.errors import BrokenRuleError
from app.domain.loss import AcknowledgeLoss
from app.domain.messages import AlertRaised, CommandRefused, Message, OrderReported
from app.domain.order import Order
from app.domain.values import TradingState
from app.engine.account_book import AccountBook
from app.engine.kill_switch import KillSwitch
from app.engine.loss_guard import LossGuard, LossVerdict
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.watchdog import Watchdog


class SafetyDesk:
    """Losses are watched by ``loss``, signs of life by ``watchdog``; ``liquidate`` is the emergency control.

    Safe mode is REDUCING until a person enables again.
    """

    def __init__(
        self,
        switch: KillSwitch,
        account: AccountBook,
        desk: PositionDesk,
        board: MarketBoard,
        liquidate: Callable[[LiquidateAll, datetime, Outbox], None],
    ) -> None:
        self.loss = LossGuard(account, desk.positions, board)
        self.watchdog = Watchdog()
        self._switch = switch
        self._desk = desk
        self._liquidate = liquidate

    def before(self, message: Message, now: datetime, out: Outbox) -> None:
        """Look at a message before it is handled: whether a part stands still."""
        self._safe_mode(self.watchdog.follow(message, now, out), out)

    def after(self, message: Message, now: datetime, out: Outbox) -> None:
        """Look at the losses once it was handled. A limit that is reached sells, a guard that failed stops entries."""
        verdict = self.loss.follow(message, now, out)
        if verdict is LossVerdict.LIQUIDATE:
            self._liquidate(LiquidateAll("loss limit"), now, out)
        elif verdict is LossVerdict.REDUCE:
            self._safe_mode("the loss guard failed", out)

    def acknowledge(self, command: AcknowledgeLoss, now: datetime, out: Outbox) -> None:
        """A person ends the latch of a loss limit."""
        refusal = self.loss.acknowledge(command.reason, out)
        if refusal is not None:
            out.tell(CommandRefused("AcknowledgeLoss", refusal))

    def refuses(self, command: SetTradingState, out: Outbox) -> bool:
        """True, and told, when entries have to wait for a latched loss limit."""
        latched = self.loss.latch_refusal() if command.state is TradingState.ENABLED else None
        if latched is not None:
            out.tell(CommandRefused("SetTradingState", latched))
        return latched is not None

    def broken(self, message: Message, error: BrokenRuleError, now: datetime, out: Outbox) -> None:
        """A broken rule stops the position it is about, and everything that adds risk."""
        tracker = self._desk.desk.tracker
        order: Order | None = tracker.get(getattr(message, "order_id", None))
        if order is None and isinstance(message, OrderReported):
            order = tracker.get(message.report.order_id)
        position_id = order.intent.position_id if order else getattr(message, "position_id", "")
        self._desk.broken(position_id, str(error), now, out)
        self._ask(TradingState.REDUCING, str(error), out)
        out.tell(AlertRaised("rule_broken", str(error), critical=True))

    def _safe_mode(self, reason: str, out: Outbox) -> None:
        """Nothing that adds risk leaves until a person enables it again; where nothing does, nothing changes."""
        if reason and self._switch.state.allows_entries:
            self._ask(TradingState.REDUCING, reason, out)

    def _ask(self, wanted: TradingState, reason: str, out: Outbox) -> None:
        changed = self._switch.ask(wanted, reason, unlocked=False)
        if changed is not None:
            out.tell(changed)
