"""DISABLED, ENABLED, REDUCING, HALTED: what may leave. Kept in the journal; a start never finds itself enabled."""

from app.domain.messages import TradingStateChanged
from app.domain.values import TradingState


class TradingSwitch:
    """The present trading state and the only way to change it."""

    def __init__(self) -> None:
        self.state = TradingState.DISABLED

    def start(self, before: TradingState, clean: bool) -> TradingStateChanged | None:
        """State after a start: HALTED stays; an unclean end gives REDUCING; all else is DISABLED."""
        if before is TradingState.HALTED:
            after = TradingState.HALTED
        else:
            after = TradingState.DISABLED if clean else TradingState.REDUCING
        self.state = after
        if after is before:
            return None
        return TradingStateChanged(before, after, "start" if clean else "start after an unclean end")

    def ask(self, wanted: TradingState, reason: str, unlocked: bool) -> TradingStateChanged | None:
        """Change the state; HALTED is left only with ``unlocked``. Returns None when nothing changes."""
        if wanted is self.state or (self.state is TradingState.HALTED and not unlocked):
            return None
        before, self.state = self.state, wanted
        return TradingStateChanged(before, wanted, reason)
