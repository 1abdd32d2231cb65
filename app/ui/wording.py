"""Words for the enumerations of the domain, in the language of the screen. Unknown keys fall back to themselves."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.blueprint import LocalText
from app.domain.breaker import BreakerState, CallGroup
from app.domain.dead_letter import DRY_RUN, LetterOutcome
from app.domain.emergency import LineState, LiquidationStage
from app.domain.exit_plan import ExitReason
from app.domain.instruction import ConditionKind, InstructionState
from app.domain.latency import Stage
from app.domain.limits import LimitName
from app.domain.loss import LossLimit
from app.domain.order import OrderState, OrderTrigger
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import OrderType, Priority, Purpose, Side, TradingState
from app.domain.venue_health import MarketTrouble, VenueState
from app.ui.languages import languages

_POSITION_STATES: dict[PositionState, object] = {
    PositionState.PENDING: QT_TRANSLATE_NOOP("Wording", "Waiting"),
    PositionState.ACTIVE: QT_TRANSLATE_NOOP("Wording", "Active"),
    PositionState.PAUSED: QT_TRANSLATE_NOOP("Wording", "Paused"),
    PositionState.CLOSING: QT_TRANSLATE_NOOP("Wording", "Closing"),
    PositionState.CLOSED: QT_TRANSLATE_NOOP("Wording", "Closed"),
    PositionState.ERROR: QT_TRANSLATE_NOOP("Wording", "Error"),
}
_ORDER_STATES: dict[OrderState, object] = {
    OrderState.INTENT: QT_TRANSLATE_NOOP("Wording", "Written down"),
    OrderState.SENT: QT_TRANSLATE_NOOP("Wording", "Sent"),
    OrderState.UNKNOWN: QT_TRANSLATE_NOOP("Wording", "Unknown"),
    OrderState.OPEN: QT_TRANSLATE_NOOP("Wording", "Open"),
    OrderState.PARTIAL: QT_TRANSLATE_NOOP("Wording", "Partly filled"),
    OrderState.CANCELLING: QT_TRANSLATE_NOOP("Wording", "Cancelling"),
    OrderState.FILLED: QT_TRANSLATE_NOOP("Wording", "Filled"),
    OrderState.CANCELLED: QT_TRANSLATE_NOOP("Wording", "Cancelled"),
    OrderState.REJECTED: QT_TRANSLATE_NOOP("Wording", "Rejected"),
    OrderState.EXPIRED: QT_TRANSLATE_NOOP("Wording", "Expired"),
}
_INSTRUCTION_STATES: dict[InstructionState, object] = {
    InstructionState.ARMED: QT_TRANSLATE_NOOP("Wording", "Armed"),
    InstructionState.WORKING: QT_TRANSLATE_NOOP("Wording", "At work"),
    InstructionState.PAUSED: QT_TRANSLATE_NOOP("Wording", "Paused"),
    InstructionState.DONE: QT_TRANSLATE_NOOP("Wording", "Done"),
    InstructionState.CANCELLED: QT_TRANSLATE_NOOP("Wording", "Withdrawn"),
    InstructionState.FAILED: QT_TRANSLATE_NOOP("Wording", "Failed"),
}
_CONDITIONS: dict[ConditionKind, object] = {
    ConditionKind.NOW: QT_TRANSLATE_NOOP("Wording", "At once"),
    ConditionKind.AT_OR_ABOVE: QT_TRANSLATE_NOOP("Wording", "Price at or above"),
    ConditionKind.AT_OR_BELOW: QT_TRANSLATE_NOOP("Wording", "Price at or below"),
    ConditionKind.TRAILING: QT_TRANSLATE_NOOP("Wording", "Trailing"),
    ConditionKind.TIME: QT_TRANSLATE_NOOP("Wording", "At a time"),
    ConditionKind.RULE: QT_TRANSLATE_NOOP("Wording", "By a rule"),
    ConditionKind.AFTER: QT_TRANSLATE_NOOP("Wording", "After another one"),
}
_TRADING_STATES: dict[TradingState, object] = {
    TradingState.DISABLED: QT_TRANSLATE_NOOP("Wording", "Entries off"),
    TradingState.ENABLED: QT_TRANSLATE_NOOP("Wording", "Entries on"),
    TradingState.REDUCING: QT_TRANSLATE_NOOP("Wording", "Exits only"),
    TradingState.HALTED: QT_TRANSLATE_NOOP("Wording", "Halted"),
}
_EXIT_REASONS: dict[ExitReason, object] = {
    ExitReason.STOP_LOSS: QT_TRANSLATE_NOOP("Wording", "Stop-loss"),
    ExitReason.TAKE_PROFIT: QT_TRANSLATE_NOOP("Wording", "Take-profit"),
    ExitReason.TRAILING_STOP: QT_TRANSLATE_NOOP("Wording", "Trailing stop"),
    ExitReason.TIME_EXIT: QT_TRANSLATE_NOOP("Wording", "Time exit"),
    ExitReason.STRATEGY: QT_TRANSLATE_NOOP("Wording", "Strategy signal"),
    ExitReason.USER: QT_TRANSLATE_NOOP("Wording", "By hand"),
    ExitReason.EMERGENCY: QT_TRANSLATE_NOOP("Wording", "Emergency"),
    ExitReason.RECOVERED: QT_TRANSLATE_NOOP("Wording", "Found at the venue"),
}
_STAGES: dict[LiquidationStage, object] = {
    LiquidationStage.CANCELLING: QT_TRANSLATE_NOOP("Wording", "Cancelling orders"),
    LiquidationStage.SELLING: QT_TRANSLATE_NOOP("Wording", "Selling"),
    LiquidationStage.CONFIRMING: QT_TRANSLATE_NOOP("Wording", "Confirming with the venue"),
    LiquidationStage.FLAT: QT_TRANSLATE_NOOP("Wording", "Flat: the venue confirmed it twice"),
    LiquidationStage.DONE: QT_TRANSLATE_NOOP("Wording", "Done as asked: the venue confirmed it twice"),
    LiquidationStage.ATTENTION: QT_TRANSLATE_NOOP("Wording", "Needs your attention"),
}
_LINE_STATES: dict[LineState, object] = {
    LineState.WAITING: QT_TRANSLATE_NOOP("Wording", "Waiting for its turn"),
    LineState.CANCELLING: QT_TRANSLATE_NOOP("Wording", "Cancelling orders"),
    LineState.CANCELLED: QT_TRANSLATE_NOOP("Wording", "Orders gone, not confirmed yet"),
    LineState.SELLING: QT_TRANSLATE_NOOP("Wording", "Selling"),
    LineState.SOLD: QT_TRANSLATE_NOOP("Wording", "Sold, not confirmed yet"),
    LineState.CONFIRMED: QT_TRANSLATE_NOOP("Wording", "Confirmed by the venue"),
    LineState.DUST: QT_TRANSLATE_NOOP("Wording", "Sold, dust below the minimum is left"),
    LineState.STUCK: QT_TRANSLATE_NOOP("Wording", "Stuck, trying again"),
}
_SIDES: dict[Side, object] = {
    Side.BUY: QT_TRANSLATE_NOOP("Wording", "Buy"),
    Side.SELL: QT_TRANSLATE_NOOP("Wording", "Sell"),
}
_ORDER_TYPES: dict[OrderType, object] = {
    OrderType.MARKET: QT_TRANSLATE_NOOP("Wording", "Market"),
    OrderType.LIMIT: QT_TRANSLATE_NOOP("Wording", "Limit"),
    OrderType.BEST: QT_TRANSLATE_NOOP("Wording", "Best price"),
}
_PURPOSES: dict[Purpose, object] = {
    Purpose.ENTRY: QT_TRANSLATE_NOOP("Wording", "Entry"),
    Purpose.EXIT: QT_TRANSLATE_NOOP("Wording", "Exit"),
    Purpose.LIQUIDATION: QT_TRANSLATE_NOOP("Wording", "Liquidation"),
}
_PRIORITIES: dict[Priority, object] = {
    Priority.LIQUIDATION: QT_TRANSLATE_NOOP("Wording", "Liquidation"),
    Priority.EXIT: QT_TRANSLATE_NOOP("Wording", "Exit"),
    Priority.CANCEL: QT_TRANSLATE_NOOP("Wording", "Cancel order"),
    Priority.LOOKUP: QT_TRANSLATE_NOOP("Wording", "Look-up"),
    Priority.ENTRY: QT_TRANSLATE_NOOP("Wording", "Entry"),
}
_LATENCY_STAGES: dict[Stage, object] = {
    Stage.DECISION: QT_TRANSLATE_NOOP("Wording", "price received to decision"),
    Stage.JOURNAL: QT_TRANSLATE_NOOP("Wording", "decision to journal on disk, waiting in the queue included"),
    Stage.WIRE: QT_TRANSLATE_NOOP("Wording", "journal on disk to first byte, waiting for the rate limit included"),
    Stage.WIRE_TOTAL: QT_TRANSLATE_NOOP("Wording", "price received to first byte, all of the above"),
    Stage.ANSWER: QT_TRANSLATE_NOOP("Wording", "first byte to the venue's acknowledgement"),
    Stage.FILL: QT_TRANSLATE_NOOP("Wording", "first byte to the first fill (market orders)"),
}
_REFUSALS: dict[RefusalReason, object] = {
    RefusalReason.TRADING_DISABLED: QT_TRANSLATE_NOOP("Wording", "Entries are off. Enable them to trade."),
    RefusalReason.REDUCING_ONLY: QT_TRANSLATE_NOOP("Wording", "Only exits are allowed now. Enable entries first."),
    RefusalReason.NO_PASSWORD: QT_TRANSLATE_NOOP("Wording", "A password has to be set first."),
    RefusalReason.UNLOCK_DELAYED: QT_TRANSLATE_NOOP("Wording", "Too soon after a failed attempt."),
    RefusalReason.WRONG_PHRASE: QT_TRANSLATE_NOOP("Wording", "The phrase is not the one that is asked for."),
    RefusalReason.HALTED: QT_TRANSLATE_NOOP("Wording", "Trading is halted until it is unlocked."),
    RefusalReason.LIQUIDATING: QT_TRANSLATE_NOOP("Wording", "The emergency liquidation is running."),
    RefusalReason.NOT_RECONCILED: QT_TRANSLATE_NOOP("Wording", "The account has not been compared with the venue yet."),
    RefusalReason.NO_CONSTRAINTS: QT_TRANSLATE_NOOP("Wording", "The rules of this market are not known yet."),
    RefusalReason.MARKET_INACTIVE: QT_TRANSLATE_NOOP("Wording", "The venue does not trade this market now."),
    RefusalReason.NO_PRICE: QT_TRANSLATE_NOOP("Wording", "There is no price for this market yet."),
    RefusalReason.STALE_PRICE: QT_TRANSLATE_NOOP("Wording", "The last price is too old."),
    RefusalReason.SPREAD_TOO_WIDE: QT_TRANSLATE_NOOP("Wording", "The spread is too wide."),
    RefusalReason.SLIPPAGE_TOO_HIGH: QT_TRANSLATE_NOOP(
        "Wording", "The order would move the price further than the strategy allows."
    ),
    RefusalReason.PRICE_COLLAR: QT_TRANSLATE_NOOP("Wording", "The price is too far from the market."),
    RefusalReason.BAD_NUMBER: QT_TRANSLATE_NOOP("Wording", "A figure is not usable."),
    RefusalReason.WRONG_CURRENCY: QT_TRANSLATE_NOOP("Wording", "This market is paid in another currency."),
    RefusalReason.ALREADY_MET: QT_TRANSLATE_NOOP("Wording", "The price it waits for has been reached already."),
    RefusalReason.OFF_TICK: QT_TRANSLATE_NOOP("Wording", "The price is not on the venue's price grid."),
    RefusalReason.BELOW_MINIMUM: QT_TRANSLATE_NOOP("Wording", "The amount is below the venue's minimum."),
    RefusalReason.ABOVE_MAXIMUM: QT_TRANSLATE_NOOP("Wording", "The amount is above the venue's maximum."),
    RefusalReason.INSUFFICIENT_BALANCE: QT_TRANSLATE_NOOP("Wording", "There is not enough free cash."),
    RefusalReason.POSITION_TOO_LARGE: QT_TRANSLATE_NOOP("Wording", "The position would exceed your size limit."),
    RefusalReason.TOO_MANY_POSITIONS: QT_TRANSLATE_NOOP("Wording", "The greatest number of positions is reached."),
    RefusalReason.DUPLICATE_ORDER: QT_TRANSLATE_NOOP("Wording", "The same order is on its way already."),
    RefusalReason.UNRESOLVED_ORDER: QT_TRANSLATE_NOOP("Wording", "An order with an unknown outcome comes first."),
    RefusalReason.TOO_MANY_ORDERS: QT_TRANSLATE_NOOP("Wording", "Too many orders in the last minute."),
    RefusalReason.COOL_DOWN: QT_TRANSLATE_NOOP("Wording", "The last entry in this market left a moment ago."),
    RefusalReason.ORDER_TOO_LARGE: QT_TRANSLATE_NOOP("Wording", "The order is larger than one order may be."),
    RefusalReason.MARKET_LIMIT: QT_TRANSLATE_NOOP("Wording", "It would exceed your limit for this market."),
    RefusalReason.DAILY_ENTRIES_LIMIT: QT_TRANSLATE_NOOP("Wording", "Today's number of trades is used up."),
    RefusalReason.DAILY_VALUE_LIMIT: QT_TRANSLATE_NOOP("Wording", "It would exceed what may be bought for today."),
    RefusalReason.MONTHLY_ENTRIES_LIMIT: QT_TRANSLATE_NOOP("Wording", "This month's number of trades is used up."),
    RefusalReason.MONTHLY_VALUE_LIMIT: QT_TRANSLATE_NOOP(
        "Wording", "It would exceed what may be bought for this month."
    ),
    RefusalReason.QUEUE_FULL: QT_TRANSLATE_NOOP("Wording", "Too many entries are waiting to leave."),
    RefusalReason.MARKET_TAKEN: QT_TRANSLATE_NOOP("Wording", "A position is running in this market already."),
    RefusalReason.NOTHING_TO_SELL: QT_TRANSLATE_NOOP("Wording", "There is nothing to do for this position."),
    RefusalReason.DAILY_LOSS_LIMIT: QT_TRANSLATE_NOOP("Wording", "The loss limit is reached. Entries stay off."),
    RefusalReason.MONTHLY_LOSS_LIMIT: QT_TRANSLATE_NOOP(
        "Wording", "The month's loss limit is reached. Entries stay off."
    ),
    RefusalReason.LOSS_LATCHED: QT_TRANSLATE_NOOP("Wording", "A loss limit was reached. Acknowledge it first."),
    RefusalReason.LOSS_UNKNOWN: QT_TRANSLATE_NOOP(
        "Wording", "What is lost cannot be computed: a holding has no price to be trusted."
    ),
    RefusalReason.BREAKER_OPEN: QT_TRANSLATE_NOOP("Wording", "The circuit breaker is open; entries wait."),
    RefusalReason.VENUE_DOWN: QT_TRANSLATE_NOOP("Wording", "The venue does not answer, or is being read again."),
    RefusalReason.MAINTENANCE: QT_TRANSLATE_NOOP("Wording", "The venue is about to close for maintenance."),
    RefusalReason.CLOCK_SKEW: QT_TRANSLATE_NOOP("Wording", "The venue's clock and this computer's do not agree."),
    RefusalReason.FEED_SILENT: QT_TRANSLATE_NOOP("Wording", "The price stream is silent."),
    RefusalReason.MARKET_HALTED: QT_TRANSLATE_NOOP("Wording", "The market seems to be halted, or came back far away."),
    RefusalReason.NOT_POSSIBLE_NOW: QT_TRANSLATE_NOOP("Wording", "This is not possible in the present state."),
    RefusalReason.NOT_PROMOTED: QT_TRANSLATE_NOOP(
        "Wording", "The strategy has not passed the gate from paper to live."
    ),
    RefusalReason.EXPIRED: QT_TRANSLATE_NOOP("Wording", "It came too late to be carried out."),
}
_LOSS_LIMITS: dict[LossLimit, object] = {
    LossLimit.DAILY: QT_TRANSLATE_NOOP("Wording", "daily loss limit"),
    LossLimit.TOTAL: QT_TRANSLATE_NOOP("Wording", "total loss limit"),
    LossLimit.GUARD: QT_TRANSLATE_NOOP("Wording", "loss limits not watched"),
}
_CALL_GROUPS: dict[CallGroup, object] = {
    CallGroup.ORDER: QT_TRANSLATE_NOOP("Wording", "orders"),
    CallGroup.CANCEL: QT_TRANSLATE_NOOP("Wording", "cancels"),
    CallGroup.LOOKUP: QT_TRANSLATE_NOOP("Wording", "look-ups"),
    CallGroup.QUOTATION: QT_TRANSLATE_NOOP("Wording", "price history"),
}
_BREAKER_STATES: dict[BreakerState, object] = {
    BreakerState.CLOSED: QT_TRANSLATE_NOOP("Wording", "Closed, entries may leave"),
    BreakerState.OPEN: QT_TRANSLATE_NOOP("Wording", "Open, no entry leaves"),
    BreakerState.HALF_OPEN: QT_TRANSLATE_NOOP("Wording", "Half-open, one entry at a time"),
}
_VENUE_STATES: dict[VenueState, object] = {
    VenueState.UP: QT_TRANSLATE_NOOP("Wording", "Answers"),
    VenueState.DOWN: QT_TRANSLATE_NOOP("Wording", "No answer"),
    VenueState.RESUMING: QT_TRANSLATE_NOOP("Wording", "Read again"),
}
_MARKET_TROUBLES: dict[MarketTrouble, object] = {
    MarketTrouble.ONE_SIDED: QT_TRANSLATE_NOOP("Wording", "one side of the book is empty"),
    MarketTrouble.WIDE_SPREAD: QT_TRANSLATE_NOOP("Wording", "spread too wide"),
    MarketTrouble.NO_TRADES: QT_TRANSLATE_NOOP("Wording", "trading has stopped"),
    MarketTrouble.INACTIVE: QT_TRANSLATE_NOOP("Wording", "closed by the venue"),
    MarketTrouble.CAUTION: QT_TRANSLATE_NOOP("Wording", "the venue warns of it"),
    MarketTrouble.DELISTED: QT_TRANSLATE_NOOP("Wording", "not listed any more"),
    MarketTrouble.GAP: QT_TRANSLATE_NOOP("Wording", "came back far away"),
}
_LETTER_OUTCOMES: dict[LetterOutcome, object] = {
    LetterOutcome.RETRIED: QT_TRANSLATE_NOOP("Wording", "done again"),
    LetterOutcome.ARRIVED: QT_TRANSLATE_NOOP("Wording", "the order did arrive at the venue"),
    LetterOutcome.POSITION_CLOSED: QT_TRANSLATE_NOOP("Wording", "its position is closed"),
}
_DEAD_THINGS: dict[str, object] = {
    "Order": QT_TRANSLATE_NOOP("Wording", "Order"),
    "LiquidateAll": QT_TRANSLATE_NOOP("Wording", "Emergency liquidation"),
    "StartStrategy": QT_TRANSLATE_NOOP("Wording", "Start of a strategy"),
    "ClosePosition": QT_TRANSLATE_NOOP("Wording", "Closing of a position"),
    "PausePosition": QT_TRANSLATE_NOOP("Wording", "Pause of a position"),
    "ResumePosition": QT_TRANSLATE_NOOP("Wording", "Resumption of a position"),
    "CancelOrder": QT_TRANSLATE_NOOP("Wording", "Cancel of an order"),
    "PlaceInstruction": QT_TRANSLATE_NOOP("Wording", "Instruction by hand"),
    "CancelInstruction": QT_TRANSLATE_NOOP("Wording", "Withdrawal of an instruction"),
    "PauseInstruction": QT_TRANSLATE_NOOP("Wording", "Pause of an instruction"),
    "ResumeInstruction": QT_TRANSLATE_NOOP("Wording", "Resumption of an instruction"),
    "AmendInstruction": QT_TRANSLATE_NOOP("Wording", "Change of an instruction"),
    "SetTradingState": QT_TRANSLATE_NOOP("Wording", "Change of the trading state"),
    "AskUnlock": QT_TRANSLATE_NOOP("Wording", "Leaving the halt"),
    "SetKillPassword": QT_TRANSLATE_NOOP("Wording", "Password of the kill switch"),
    "ChangeKillPassword": QT_TRANSLATE_NOOP("Wording", "Change of the password of the kill switch"),
    "TripBreaker": QT_TRANSLATE_NOOP("Wording", "Opening of a circuit breaker"),
    "OverridePromotion": QT_TRANSLATE_NOOP("Wording", "Override of the gate from paper to live"),
    "ResetBreaker": QT_TRANSLATE_NOOP("Wording", "Closing of a circuit breaker"),
    "AcknowledgeLoss": QT_TRANSLATE_NOOP("Wording", "Acknowledgement of a loss"),
}
_ALERTS: dict[str, object] = {
    "unclean_end": QT_TRANSLATE_NOOP("Wording", "The last run did not end properly"),
    "order_revived": QT_TRANSLATE_NOOP("Wording", "An order given up here works at the venue; cancelling it"),
    "order_recovered": QT_TRANSLATE_NOOP("Wording", "The venue had an order of ours that the journal lost"),
    "holding_missing": QT_TRANSLATE_NOOP("Wording", "The venue holds less than our books say"),
    "rule_broken": QT_TRANSLATE_NOOP("Wording", "A rule was broken; only exits are allowed now"),
    "exit_keeps_failing": QT_TRANSLATE_NOOP("Wording", "An exit keeps failing and is tried again"),
    "instruction_keeps_failing": QT_TRANSLATE_NOOP("Wording", "A sale you asked for keeps failing and is tried again"),
    "journal_failed": QT_TRANSLATE_NOOP("Wording", "The journal cannot be written; no order leaves"),
    "task_hung": QT_TRANSLATE_NOOP("Wording", "A part of the program stands still; entries are off"),
    "loop_starved": QT_TRANSLATE_NOOP("Wording", "The program stood still; entries are off"),
    "task_died": QT_TRANSLATE_NOOP("Wording", "A part of the program stopped unexpectedly"),
    "blueprint_unusable": QT_TRANSLATE_NOOP("Wording", "A blueprint file cannot be used"),
    "decision_failed": QT_TRANSLATE_NOOP("Wording", "A decision failed with an internal error; entries are off"),
    "breaker_opened": QT_TRANSLATE_NOOP("Wording", "A circuit breaker opened; entries wait, exits go on"),
    "breaker_closed": QT_TRANSLATE_NOOP("Wording", "A circuit breaker closed; entries may leave again"),
    "unlock_failing": QT_TRANSLATE_NOOP("Wording", "Many wrong passwords for leaving the halt"),
    "unlock_password": QT_TRANSLATE_NOOP("Wording", "The password of the kill switch cannot be checked"),
    "kill_not_kept": QT_TRANSLATE_NOOP("Wording", "The kill switch could not be written down everywhere"),
    "venue_down": QT_TRANSLATE_NOOP("Wording", "The venue does not answer; entries wait, exits are tried on"),
    "venue_up": QT_TRANSLATE_NOOP("Wording", "The venue answers again; account and bars were read anew"),
    "venue_slow": QT_TRANSLATE_NOOP("Wording", "The venue answers slowly"),
    "clock_skew": QT_TRANSLATE_NOOP("Wording", "The venue's clock and this computer's differ"),
    "feed_silent": QT_TRANSLATE_NOOP("Wording", "The price stream is silent; stops go by books that are asked for"),
    "feed_back": QT_TRANSLATE_NOOP("Wording", "Prices come again"),
    "maintenance_near": QT_TRANSLATE_NOOP("Wording", "The venue closes for maintenance; no entry leaves"),
    "maintenance_liquidation": QT_TRANSLATE_NOOP("Wording", "Selling everything before the maintenance, as you chose"),
    "market_halted": QT_TRANSLATE_NOOP("Wording", "A market you hold seems to be halted"),
    "market_resumed": QT_TRANSLATE_NOOP("Wording", "A market you hold trades again"),
    "resume_gap": QT_TRANSLATE_NOOP("Wording", "A market came back far away; signals from before are void"),
    "loop_blocked": QT_TRANSLATE_NOOP("Wording", "The program was held up"),
    "remote_stranger": QT_TRANSLATE_NOOP("Wording", "Somebody unknown wrote to your bot; it was ignored"),
    "remote_late": QT_TRANSLATE_NOOP("Wording", "A remote command came too late and was not carried out"),
    "channel_down_desktop": QT_TRANSLATE_NOOP("Wording", "Desktop notices do not work"),
    "channel_down_telegram": QT_TRANSLATE_NOOP("Wording", "Telegram cannot be reached; notices wait"),
    "channel_down_webhook": QT_TRANSLATE_NOOP("Wording", "The webhook cannot be reached; notices wait"),
    "channel_up_desktop": QT_TRANSLATE_NOOP("Wording", "Desktop notices work again"),
    "channel_up_telegram": QT_TRANSLATE_NOOP("Wording", "Telegram works again"),
    "channel_up_webhook": QT_TRANSLATE_NOOP("Wording", "The webhook works again"),
    "limit_near_daily_entries": QT_TRANSLATE_NOOP("Wording", "Most of today's trades are used"),
    "limit_near_monthly_entries": QT_TRANSLATE_NOOP("Wording", "Most of this month's trades are used"),
    "limit_near_daily_value": QT_TRANSLATE_NOOP("Wording", "Most of what may be bought for today is used"),
    "limit_near_monthly_value": QT_TRANSLATE_NOOP("Wording", "Most of what may be bought for this month is used"),
    "limit_near_daily_loss": QT_TRANSLATE_NOOP("Wording", "The daily loss limit is near"),
    "limit_near_total_loss": QT_TRANSLATE_NOOP("Wording", "The total loss limit is near"),
    "loss_limit_daily": QT_TRANSLATE_NOOP("Wording", "The daily loss limit is reached; everything is sold"),
    "loss_limit_total": QT_TRANSLATE_NOOP("Wording", "The total loss limit is reached; everything is sold"),
    "loss_limit_guard": QT_TRANSLATE_NOOP("Wording", "The loss limits cannot be watched; entries are off"),
    "loss_unknown": QT_TRANSLATE_NOOP("Wording", "What is lost cannot be computed; entries wait"),
    "limit_near_monthly_loss": QT_TRANSLATE_NOOP("Wording", "The monthly loss limit is near"),
    "limit_near_orders_per_minute": QT_TRANSLATE_NOOP("Wording", "Nearly as many orders a minute as you allow"),
    "limit_near_positions": QT_TRANSLATE_NOOP("Wording", "Nearly as many positions as you allow"),
    "limit_near_position_value": QT_TRANSLATE_NOOP("Wording", "A position is close to your size limit"),
    "limit_near_market_value": QT_TRANSLATE_NOOP("Wording", "A market is close to your limit for one market"),
    "limit_near_exposure": QT_TRANSLATE_NOOP("Wording", "The exposure limit is near"),
}
#: The venue's own words for a no, and ours for a call that brought none (app/adapters/upbit/errors.py).
_VENUE_WORDS: dict[str, object] = {
    DRY_RUN: QT_TRANSLATE_NOOP("Wording", "dry run: not sent"),
    "insufficient_funds_bid": QT_TRANSLATE_NOOP("Wording", "not enough money at the venue"),
    "insufficient_funds_ask": QT_TRANSLATE_NOOP("Wording", "not enough units at the venue"),
    "under_min_total_bid": QT_TRANSLATE_NOOP("Wording", "smaller than the venue takes"),
    "under_min_total_ask": QT_TRANSLATE_NOOP("Wording", "smaller than the venue takes"),
    "over_krw_funds_bid": QT_TRANSLATE_NOOP("Wording", "larger than the venue takes"),
    "volume_too_large": QT_TRANSLATE_NOOP("Wording", "larger than the venue takes"),
    "invalid_price_bid": QT_TRANSLATE_NOOP("Wording", "the venue does not take this price"),
    "invalid_price_ask": QT_TRANSLATE_NOOP("Wording", "the venue does not take this price"),
    "market_offline": QT_TRANSLATE_NOOP("Wording", "the market does not trade at the moment"),
    "notfoundmarket": QT_TRANSLATE_NOOP("Wording", "the venue does not know the market"),
    "too_many_requests": QT_TRANSLATE_NOOP("Wording", "the venue took no more requests"),
    "rate_limited": QT_TRANSLATE_NOOP("Wording", "the venue took no more requests"),
    "no_free_place": QT_TRANSLATE_NOOP("Wording", "no place in the rate limit came free in time"),
    "banned": QT_TRANSLATE_NOOP("Wording", "the venue has shut this program out for a while"),
    "connect_failed": QT_TRANSLATE_NOOP("Wording", "the venue cannot be reached"),
    "connection_lost": QT_TRANSLATE_NOOP("Wording", "the connection was lost"),
    "timed_out": QT_TRANSLATE_NOOP("Wording", "no answer in time"),
    "never_arrived": QT_TRANSLATE_NOOP("Wording", "it never arrived at the venue"),
    "server_error": QT_TRANSLATE_NOOP("Wording", "the venue had an error"),
    "expired_access_key": QT_TRANSLATE_NOOP("Wording", "the access key has expired"),
    "invalid_access_key": QT_TRANSLATE_NOOP("Wording", "the access key is not valid"),
    "no_authorization_ip": QT_TRANSLATE_NOOP("Wording", "this computer's address is not allowed for the key"),
    "out_of_scope": QT_TRANSLATE_NOOP("Wording", "the key does not allow this"),
}
_LIMITS: dict[LimitName, object] = {
    LimitName.DAILY_ENTRIES: QT_TRANSLATE_NOOP("Wording", "Trades today"),
    LimitName.MONTHLY_ENTRIES: QT_TRANSLATE_NOOP("Wording", "Trades this month"),
    LimitName.DAILY_VALUE: QT_TRANSLATE_NOOP("Wording", "Bought today"),
    LimitName.MONTHLY_VALUE: QT_TRANSLATE_NOOP("Wording", "Bought this month"),
    LimitName.DAILY_LOSS: QT_TRANSLATE_NOOP("Wording", "Loss today"),
    LimitName.TOTAL_LOSS: QT_TRANSLATE_NOOP("Wording", "Loss in all"),
    LimitName.MONTHLY_LOSS: QT_TRANSLATE_NOOP("Wording", "Loss this month"),
    LimitName.ORDERS_PER_MINUTE: QT_TRANSLATE_NOOP("Wording", "Orders in the last minute"),
    LimitName.POSITIONS: QT_TRANSLATE_NOOP("Wording", "Positions"),
    LimitName.POSITION_VALUE: QT_TRANSLATE_NOOP("Wording", "Largest position"),
    LimitName.MARKET_VALUE: QT_TRANSLATE_NOOP("Wording", "Largest sum in one market"),
    LimitName.EXPOSURE: QT_TRANSLATE_NOOP("Wording", "Total exposure"),
}


def local(text: LocalText) -> str:
    """A text of a blueprint in the language of the screen."""
    return text.of(languages().name)


def position_state(state: PositionState) -> str:
    """Word for the state of a position."""
    return _word(_POSITION_STATES, state)


def order_state(state: OrderState) -> str:
    """Word for the state of an order."""
    return _word(_ORDER_STATES, state)


def instruction_state(state: InstructionState) -> str:
    """Word for the state of an instruction."""
    return _word(_INSTRUCTION_STATES, state)


def condition(kind: ConditionKind) -> str:
    """Words for what an instruction waits for."""
    return _word(_CONDITIONS, kind)


def trading_state(state: TradingState) -> str:
    """Word for what may leave."""
    return _word(_TRADING_STATES, state)


def exit_reason(reason: ExitReason) -> str:
    """Word for the condition that closes a position."""
    return _word(_EXIT_REASONS, reason)


def liquidation_stage(stage: LiquidationStage) -> str:
    """Words for the stage of an emergency run."""
    return _word(_STAGES, stage)


def line_state(state: LineState) -> str:
    """Words for one position of an emergency run."""
    return _word(_LINE_STATES, state)


def side(value: Side) -> str:
    """Word for the direction of an order."""
    return _word(_SIDES, value)


def order_type(value: OrderType) -> str:
    """Word for how an order is priced."""
    return _word(_ORDER_TYPES, value)


def purpose(value: Purpose) -> str:
    """Word for why an order exists."""
    return _word(_PURPOSES, value)


def limit_name(name: LimitName) -> str:
    """Word for a limit."""
    return _word(_LIMITS, name)


def priority(value: Priority) -> str:
    """Word for how urgent a call is."""
    return _word(_PRIORITIES, value)


def latency_stage(value: Stage) -> str:
    """Which part of an order's way a figure is about."""
    return _word(_LATENCY_STAGES, value)


def refusal(reason: RefusalReason) -> str:
    """Sentence for a no of the gate."""
    return _word(_REFUSALS, reason)


def call_group(group: CallGroup) -> str:
    """Word for a group of calls to a venue."""
    return _word(_CALL_GROUPS, group)


def loss_limit(limit: LossLimit) -> str:
    """Words for a loss limit that waits to be acknowledged."""
    return _word(_LOSS_LIMITS, limit)


def breaker_state(state: BreakerState) -> str:
    """Words for the state of a circuit breaker."""
    return _word(_BREAKER_STATES, state)


def venue_state(state: VenueState) -> str:
    """Words for how a venue can be reached."""
    return _word(_VENUE_STATES, state)


def halted_position() -> str:
    """Word for the state of a position whose market is halted: that it cannot be left now says more than the rest."""
    return QCoreApplication.translate("Wording", "No trading")


def market_trouble(trouble: MarketTrouble) -> str:
    """Words for why a market is taken for halted."""
    return _word(_MARKET_TROUBLES, trouble)


def maintenance(begun: bool) -> str:
    """Words for a countdown; ``{left}`` stands for the time."""
    if begun:
        return QCoreApplication.translate("Wording", "ends in {left}")
    return QCoreApplication.translate("Wording", "begins in {left}")


def letter_outcome(outcome: LetterOutcome) -> str:
    """Words for why a dead letter left the list."""
    return _word(_LETTER_OUTCOMES, outcome)


def dead_thing(what: str) -> str:
    """Words for what a dead letter is about."""
    source = _DEAD_THINGS.get(what)
    return what if source is None else QCoreApplication.translate("Wording", str(source))


def dead_reason(code: str) -> str:
    """Sentence for the reason of a dead letter; the venue's own word where it is the venue's."""
    if code == OrderTrigger.NEVER_ARRIVED:
        return QCoreApplication.translate("Wording", "It never arrived at the venue.")
    return note(code)


def note(text: str) -> str:
    """What the engine noted beside an order or a position: a refusal, or a word of the venue, before its details."""
    code = text.partition(":")[0]
    if code in set(RefusalReason):
        return refusal(RefusalReason(code))
    if text in set(OrderState):
        return order_state(OrderState(text))
    source = _VENUE_WORDS.get(code)
    return text if source is None else QCoreApplication.translate("Wording", str(source))


def alert(key: str) -> str:
    """Sentence for an alert."""
    source = _ALERTS.get(key)
    return key if source is None else QCoreApplication.translate("Wording", str(source))


def _word(words: Mapping[Any, object], key: Enum) -> str:
    source = words.get(key)
    return str(key.value) if source is None else QCoreApplication.translate("Wording", str(source))
