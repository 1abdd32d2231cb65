"""The troubles by name, what each does in one line, and the figure it uses when none is given.

The list follows the incidents collected in the reliability notes. Left out: a second answer to one request, which HTTP
cannot carry, and auctions and one-minute tokens, which this venue does not have.
"""

from __future__ import annotations

from decimal import Decimal

MEANINGS: dict[str, str] = {
    # ---- REST: the way there and back
    "connection_reset": "the connection is reset before the request is handled",
    "request_dropped": "the request never arrives: the connection hangs, then closes (value = seconds, default 10)",
    "order_answer_lost": "order is accepted, then the connection is closed without an answer",
    "cancel_answer_lost": "a cancel is accepted, then the connection is closed without an answer",
    "answer_delayed": "the answer of a private call comes late (value = seconds, default 3)",
    "slow_body": "the body of an answer trickles in (value = seconds for all of it, default 5)",
    "html_body": "200 with an HTML page instead of JSON (the request was handled)",
    "truncated_body": "the JSON answer breaks off in the middle (the request was handled)",
    # ---- REST: refusals
    "server_error_before": "500 internal_server_error, the order was not accepted",
    "server_error_after": "500 internal_server_error, although the order was accepted",
    "server_error_storm": "any call is answered with 500, 502, 503 or 504 and an HTML page; nothing is handled",
    "refusal_as_200": "a private call is refused (nothing happens), but the error comes with HTTP status 200",
    "rate_limit_storm": "429 too_many_requests although quota is left",
    "rate_limit_bare": "429 without body and without Remaining-Req",
    "ip_ban": "418 with the block time in the text (value = seconds, default 10)",
    "ip_ban_bare": "418 without body, block time or Remaining-Req",
    "key_expired": "private calls are answered with 401 expired_access_key",
    "key_revoked": "private calls and handshakes are answered with 401 invalid_access_key",
    "ip_refused": "private calls and handshakes are answered with 401 no_authorization_ip",
    "maintenance": "private calls and handshakes are answered with 503 market_offline",
    "market_offline": "orders are answered with 403 market_offline",
    "cancel_refused": "a cancel request is answered with 400 bad_request and nothing happens",
    "identifier_refused": "an order with a fresh identifier is refused as duplicated_identifier",
    # ---- REST and private frames: what an answer says
    "account_stale": "balances and open orders are shown as they were (value = seconds ago, default 10)",
    "balance_row_duplicated": "one row of the balances comes twice",
    "page_cut": "pages of order lists are silently shorter than asked (value = rows, default 2) [standing]",
    "order_not_found": "a new order is not visible to look-ups for a while (value = seconds, default 3)",
    "identifier_off": "look-ups by identifier find nothing and orders come back without their identifier",
    "unknown_state": "an order's state is a word nobody knows",
    "unknown_side": "an order's side is a word nobody knows",
    "unknown_frame_type": "the type of a WebSocket frame is a word nobody knows",
    "field_renamed": "one field of an answer or frame has another name",
    "field_added": "an answer or frame has one field more",
    "field_retyped": "one field of an answer or frame is null, a list or true instead of what it was",
    # ---- WebSocket
    "ws_drop": "WebSocket connections are cut without a close frame",
    "ws_connect_refused": "WebSocket handshakes are refused with 429",
    "ws_silent": "WebSocket stays open and answers pings but carries no data",
    "ws_half_open": "a WebSocket connection is dead from now on: no data, no pong, no close (drawn once a second)",
    "garbage_frame": "a WebSocket data frame that is not JSON is sent in between",
    "public_frame_lost": "single public frames are lost",
    "public_frame_reordered": "a public frame changes places with the next one",
    "private_frame_lost": "single myOrder/myAsset frames are lost",
    "private_frame_reordered": "a myOrder/myAsset frame changes places with the next one",
    "private_frame_duplicated": "myOrder/myAsset frames are sent twice",
    "private_frame_late": "myOrder/myAsset frames come late and out of order (value = seconds, default 2)",
    "private_replay": "a new myOrder subscription first gets old frames again (value = how many, default 20)",
    "price_zero": "a ticker, trade or best book price is 0 (in the frame only)",
    "price_nan": 'a ticker, trade or best book price is "NaN" (in the frame only)',
    "price_tiny": "a ticker, trade or best book price is 1e-9 (in the frame only)",
    "price_spike": "a ticker, trade or best book price is multiplied (in the frame only; value = factor, default 10)",
    # ---- matching and money
    "cancel_slow": "a cancel is accepted but carried out late (value = seconds, default 3)",
    "bulk_cancel_partial": "a bulk cancel quietly covers only the first half of its orders",
    "late_fill_after_cancel": "the rest of a limit order is filled just before its accepted cancel is done",
    "late_fill_after_end": "a cancelled limit order is filled all the same (value = seconds after its end, default 2)",
    "partial_fills_only": "an order fills only in part each time it meets the market",
    "slow_fills": "an accepted order is matched late (value = seconds, default 3)",
    "overfill": "a filled order gets more than it asked for (value = share of its volume, default 0.1)",
    "bust": "a fill is taken back: money and coin return, the trade is gone (value = seconds later, default 5)",
    "fee_in_base": "the fee of a purchase is kept from the coin that was bought",
    # ---- rules of the venue; path = market code
    "tick_change": "price units are multiplied (value = factor, default 10; path = market) [standing]",
    "min_total_change": "the minimum order is another one (value = KRW, default 10000; path = market) [standing]",
    "market_suspended": "trading stands still and orders are refused (path = market) [standing]",
    "market_delisted": "open orders are cancelled and the market is gone (path = market) [standing]",
    "book_one_sided": "nobody offers: the asks of every shown book are empty (path = market) [standing]",
    "market_warned": "the listing warns of a market (path = market) [standing]",
    "clock_skew": "the venue's stamps and Date header are wrong (value = seconds, default 60) [standing]",
    # ---- what happens to the account from outside; drawn once a second
    "external_trade": "the user trades in the phone app (value = KRW, default 10000; path = market)",
    "deposit": "KRW arrives from outside (value = KRW, default 100000)",
    "withdrawal": "KRW leaves the account (value = KRW, default 100000)",
    "split": "a held coin is split: orders cancelled, holding multiplied, price divided (value = factor, default 10)",
}
# On or off from the switch to the end, without a draw per occasion; any rate above 0 means on.
STANDING: frozenset[str] = frozenset(
    {
        "page_cut",
        "tick_change",
        "min_total_change",
        "market_suspended",
        "market_delisted",
        "book_one_sided",
        "market_warned",
        "clock_skew",
    }
)
DEFAULT_VALUES: dict[str, Decimal] = {
    "request_dropped": Decimal(10),
    "answer_delayed": Decimal(3),
    "slow_body": Decimal(5),
    "ip_ban": Decimal(10),
    "account_stale": Decimal(10),
    "page_cut": Decimal(2),
    "order_not_found": Decimal(3),
    "private_frame_late": Decimal(2),
    "private_replay": Decimal(20),
    "price_spike": Decimal(10),
    "cancel_slow": Decimal(3),
    "late_fill_after_end": Decimal(2),
    "slow_fills": Decimal(3),
    "overfill": Decimal("0.1"),
    "bust": Decimal(5),
    "tick_change": Decimal(10),
    "min_total_change": Decimal(10_000),
    "clock_skew": Decimal(60),
    "external_trade": Decimal(10_000),
    "deposit": Decimal(100_000),
    "withdrawal": Decimal(100_000),
    "split": Decimal(10),
}
