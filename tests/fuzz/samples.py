"""Small sound inputs of every parser. The fuzzers start from these and damage them."""

import gzip
import zlib

ORDER = (
    b'{"uuid":"cdd92199","market":"KRW-BTC","side":"bid","state":"cancel","ord_type":"price","price":"100000",'
    b'"volume":null,"remaining_volume":"0","executed_volume":"0.3","reserved_fee":"50","remaining_fee":"0",'
    b'"paid_fee":"50.5","locked":"0","trades_count":2,"identifier":"gw-1","created_at":"2026-11-20T12:00:00+09:00",'
    b'"trades":[{"uuid":"t1","price":"1000","volume":"0.1","funds":"100","created_at":"2026-11-20T12:00:01+09:00"},'
    b'{"uuid":"t2","price":"1001.5","volume":"0.2","funds":"200","created_at":"2026-11-20T12:00:02"}]}'
)
ACCOUNTS = (
    b'[{"currency":"KRW","balance":"1386929.37","locked":"10329.67","avg_buy_price":"0","unit_currency":"KRW"},'
    b'{"currency":"BTC","balance":"0.5","locked":"0","avg_buy_price":"140000000"}]'
)
CHANCE = (
    b'{"bid_fee":"0.0005","ask_fee":"0.0005","market":{"id":"KRW-BTC","bid":{"currency":"KRW","min_total":"5000"},'
    b'"ask":{"currency":"BTC","min_total":"5000"},"max_total":"1000000000","state":"active"}}'
)
INSTRUMENTS = b'[{"market":"KRW-BTC","quote_currency":"KRW","tick_size":"1000"},{"market":"KRW-USDT","tick_size":"1"}]'
MARKETS = (
    b'[{"market":"KRW-BTC","korean_name":"\xeb\xb9\x84","english_name":"Bitcoin",'
    b'"market_event":{"warning":false,"caution":{"PRICE_FLUCTUATIONS":false}}}]'
)
TICKER_BODY = (
    b'[{"market":"KRW-BTC","trade_price":89887000,"prev_closing_price":89642000,"opening_price":89642000,'
    b'"high_price":90230000,"low_price":89338000,"acc_trade_price_24h":51158711929.01375,"timestamp":1786613071943}]'
)
CANDLES = (
    b'[{"market":"KRW-BTC","candle_date_time_utc":"2026-11-20T11:00:00","opening_price":1,"high_price":4,'
    b'"low_price":1,"trade_price":2.5,"candle_acc_trade_volume":0.25,"unit":1}]'
)
TRADES = (
    b'[{"market":"KRW-BTC","timestamp":1786613091449,"trade_price":89888000,"trade_volume":0.00005673,'
    b'"ask_bid":"BID","sequential_id":17866130914490000}]'
)
BOOKS = (
    b'[{"market":"KRW-BTC","timestamp":1786613106166,"orderbook_units":[{"ask_price":89890000,"bid_price":89886000,'
    b'"ask_size":0.00426302,"bid_size":0.04721853}]}]'
)
ERROR = b'{"error":{"name":"insufficient_funds_bid","message":"not enough"}}'

TRADE_FRAME = (
    b'{"type":"trade","code":"KRW-BTC","trade_timestamp":1786613091449,"trade_price":89888000,'
    b'"trade_volume":0.00005673,"ask_bid":"BID","sequential_id":17866130914490000,"stream_type":"REALTIME"}'
)
BOOK_FRAME = (
    b'{"type":"orderbook","code":"KRW-BTC.15","timestamp":1786613106166,"orderbook_units":[{"ask_price":89890000,'
    b'"bid_price":89886000,"ask_size":0.00426302,"bid_size":0.04721853}],"stream_type":"REALTIME","level":0}'
)
TICKER_FRAME = (
    b'{"type":"ticker","code":"KRW-BTC","opening_price":89642000,"high_price":90230000,"low_price":89338000,'
    b'"trade_price":89887000,"prev_closing_price":89642000,"acc_trade_price_24h":51158711929.01375,'
    b'"timestamp":1786613071943,"stream_type":"REALTIME"}'
)
STATUS_FRAME = b'{"status":"UP"}'
ORDER_FRAME = (
    b'{"type":"myOrder","code":"KRW-XRP","uuid":"2dba2a51","ask_bid":"BID","order_type":"limit","state":"trade",'
    b'"trade_uuid":"75cddcab","price":0.8,"volume":40,"remaining_volume":60,"executed_volume":40,"paid_fee":0.016,'
    b'"trade_fee":0.016,"identifier":null,"trade_timestamp":1755950401200,"timestamp":1755950401210}'
)
ASSET_FRAME = b'{"type":"myAsset","assets":[{"currency":"KRW","balance":1386929.37,"locked":10329.67}],"timestamp":2}'

BOOK_CSV = b"""time_kst,side,price,size
2026-01-01 09:00:00,ask,101,1.5
2026-01-01 09:00:00,ask,102,2
2026-01-01 09:00:00,bid,100,0.00000001
2026-01-01 09:00:00,bid,99,3
"""
BOOK_LINES = (
    b'{"timestamp":"2026-01-01T00:00:01.5","exchange":"upbit","symbol":"COIN/KRW",'
    b'"bids":[[100.0,1.5],[99,2]],"asks":[[101,0.1]],"mid_price":100.5}\n'
)
CANDLE_CSV = b"""time_utc,open,high,low,close,volume
2026-01-01 00:00:00,100,110,90,105,1.5
2026-01-01 00:01:00,105,105,105,105,0
"""
DAY_CSV = b"""market,candle_date_time_utc,opening_price,high_price,low_price,trade_price,candle_acc_trade_volume
KRW-COIN,2026-01-01T00:00:00,1,2,1,1.5,10
KRW-COIN,2026-01-02T00:00:00,1,2,1,1.5,10
"""
KRX_CSV = b"date,code,open,high,low,close,volume\n2026-01-02,005930,100,110,90,105,7\n2026-01-02,000660,0,0,0,5,0\n"
FILLS_CSV = b"""time_kst,quantity,price,fee,cash_flow,side
2026-01-01 09:00,0.5,1000,0.25,-501,buy
2026-01-01 09:00,0.1,1001,0.05,100,sell
"""
MARKET_LIST = b'[{"market":"KRW-BTC","korean_name":"x","english_name":"Bitcoin","market_warning":"NONE"}]'
SIMPLE_FRAMES = (
    b"wss://venue/websocket <-> 1767225600.5\n"
    b'1767225601.000001: b\'{"ty":"trade","cd":"KRW-COIN","ttms":1767225600900,"tp":127.0,"tv":46.4,"ab":"ASK"}\'\n'
    b'1767225602.0: b\'{"ty":"orderbook","cd":"KRW-COIN","tms":1767225601000,"obu":['
    b'{"ap":101.0,"bp":100.0,"as":1.5,"bs":0.00000001},{"ap":102.0,"bp":0,"as":2,"bs":0}]}\'\n'
    b'1767225603: {"ty":"ticker","cd":"KRW-COIN","tp":5.1,"pcp":5,"op":4.9,"hp":6,"lp":4,"atp24h":1234.5,'
    b'"tms":1767225602000}\n'
)
BINANCE = (
    b'1767225600000000999 {"stream":"c@trade","data":{"s":"C","p":"1.50","q":"2","T":1767225601270,"m":true}}\n'
    b'1767225600000001999 {"lastUpdateId":6,"bids":[["1.4","1"]],"asks":[["1.6","2"]]}\n'
    b'1767225600000002999 {"stream":"c@depth@100ms","data":{"E":1767225601000,"U":5,"u":7,"b":[["1.4","0"]],'
    b'"a":[["1.6","3"]]}}\n'
    b'1767225600000003999 {"stream":"c@bookTicker","data":{"u":7,"b":"1.4","B":"1","a":"1.6","A":"3"}}\n'
)

BLUEPRINT = """schema = 1
id = "rsi"
version = 1
timeframe = "15m"
warmup_bars = 30
entry_when = "rsi(14) < 30 and close > lowest(20)"
exit_when = "rsi(14) > 55"
default_budget = 100000
max_spread_percent = 0.5
[name]
ko = "이름"
en = "Name"
[description]
ko = "설명"
en = "Text"
[exits]
stop_loss_percent = 3
trailing_stop_percent = 1.5
trailing_activation_percent = 2
max_hold_minutes = 720
[entry_order]
order_type = "limit"
offset_ticks = 0
timeout_s = 30
[[steps]]
share_percent = 60
drop_percent = 0
""".encode()
SETTINGS = b"""[limits]
max_positions = 10
max_position_value = 20000000
max_exposure_ratio = 0.9
stale_price_s = 5.0
daily_loss_ratio = 0.02
[storage]
url = ""
[practice]
cash = 50000000
seed = 1
"""
RULES = (
    b"close > highest(20) and ema(10) > ema(50)",
    b"(close - lowest(10)) / close * 100 < 5 or change(5) ** 2 > 1",
    b"not (rsi(14) > 55) and volume > average_volume(20) * 1.5 and spread_percent < 0.3",
    b"held_percent % 2 == 0 or price in [1, 2, 3]",
)

PRACTICE_ORDER = (
    b'{"market":"KRW-BTC","side":"bid","ord_type":"limit","price":"1000","volume":"0.5","identifier":"gw-1",'
    b'"time_in_force":"ioc","smp_type":"cancel_maker"}'
)
PRACTICE_QUERY = b"market=KRW-BTC&count=200&to=2026-11-20T11%3A00%3A00Z&states%5B%5D=wait&page=1&order_by=asc&limit=7"
WS_REQUEST = (
    b'[{"ticket":"t"},{"type":"ticker","codes":["KRW-BTC"]},{"type":"orderbook","codes":["KRW-BTC.15"],"level":1000},'
    b'{"type":"trade","codes":["KRW-BTC"],"is_only_snapshot":true},{"type":"myOrder"},{"format":"SIMPLE"}]'
)
ACCOUNT_MEMORY = (
    b'[{"t":"started","version":1,"venue":"upbit","number":1,"time_us":1,"seed":1},'
    b'{"t":"deposited","time_us":1,"currency":"KRW","amount":"50000000"}]\n'
    b'[{"t":"claimed","identifier":"gw-1"},{"t":"opened","uuid":"u-1","request":{"market":"KRW-BTC","side":"bid",'
    b'"ord_type":"limit","price":"1000000","volume":"0.01","time_in_force":null,"smp_type":"cancel_maker",'
    b'"identifier":"gw-1"},"created_us":2,"reserved_fee":"5","source":"user"},{"t":"rested","uuid":"u-1"}]\n'
    b'[{"t":"cancelasked","uuid":"u-1"},{"t":"ended","uuid":"u-1","state":"cancel","time_us":3}]\n'
)
PRICE_MEMORY = (
    b'{"t":"prices","version":1,"seed":1,"second":1767225600}\n'
    b'{"bars":[["KRW-BTC",60,1767225600,"1","2","1","2","3","4",1767225601000]],'
    b'"prints":[["KRW-BTC","2","3","bid",1767225601000,5,"1"]]}\n'
)


def packed(data: bytes) -> bytes:
    """As gzip, always the same bytes."""
    return gzip.compress(data, mtime=0)


def sealed(data: bytes) -> bytes:
    """Lines with the checksums of a state file of the practice exchange."""
    check, lines = 0, b""
    for line in data.splitlines():
        check = zlib.crc32(line, check)
        lines += b'["%08x",' % check + line + b"]\n"
    return lines
