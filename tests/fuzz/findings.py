"""Inputs that broke a parser once, made small. Each one stays a test for ever."""

from tests.fuzz.samples import ACCOUNT_MEMORY, BLUEPRINT, BOOK_LINES, CHANCE, INSTRUMENTS, SETTINGS

_FILL = b'{"uuid":"t","price":"1","volume":"%s","created_at":"%s"}'
_ORDER = b'{"uuid":"u","market":"KRW-BTC","side":"bid","state":"wait","executed_volume":"%s","trades":[%s]}'
_BOOK = (
    b'{"type":"orderbook","code":"KRW-BTC","timestamp":1,'
    b'"orderbook_units":[{"ask_price":%s,"bid_price":1,"ask_size":1,"bid_size":1}]}'
)
_TICKET = b'[{"ticket":"t"},'
_NOON = b"2026-01-01T00:00:00"

FINDINGS: dict[str, tuple[bytes, ...]] = {
    "upbit-order": (
        _ORDER % (b"1e999999999", b""),
        _ORDER % (b"1", _FILL % (b"1e999999999", _NOON) + b"," + _FILL % (b"1", _NOON)),
        _ORDER % (b"1", _FILL % (b"1", b"0001-01-01T00:00:00+09:00")),
        _ORDER % (b"1", _FILL % (b"1", b"9999-12-31T23:59:59-09:00")),
        b'{"x":' + b"[" * 200_000,
    ),
    "upbit-public-frame": (_BOOK % b"1e999999999", _BOOK % b'"Infinity"', b'{"type":"trade","x":' + b"[" * 200_000),
    "upbit-private-frame": (
        b'{"type":"myAsset","assets":[{"currency":"KRW","balance":1e999999999,"locked":7}],"timestamp":2}',
        b'{"type":"myOrder","x":' + b"[" * 200_000,
    ),
    "upbit-accounts": (
        b'[{"currency":"BTC","balance":"1e999999999","locked":"0"}]',
        b'[{"currency":"BTC","balance":"1","locked":"0e-999999999"}]',
    ),
    "upbit-chance": (CHANCE.replace(b"0.0005", b"1e-999999999", 1), CHANCE.replace(b"5000", b"1e999999999", 1)),
    "upbit-instruments": (INSTRUMENTS.replace(b'"1"', b'"1e-999999999"'),),
    "upbit-error": (b'{"error":{"name":"a","x":' + b"[" * 200_000,),
    "book-lines": (BOOK_LINES.replace(b"[99,2]", b'["sNaN",2]'),),
    "blueprint": (BLUEPRINT.replace(b"= 1.5", b"= 1e-999999"),),
    "settings": (SETTINGS.replace(b"50000000", b"1e-9999"),),
    "rule": (
        b"price % 1e-999999999 > 1",
        b"1 << 999999999 > 1",
        b"sma(1e999999999) > 1",
        b"$range(99999999)",
        b"[x for x in $range(9999999)]",
        b"-" * 900 + b"1 > 0",
        b"nan > 1",
        b't"P999999999999D" > 1',
        b"$parse_float('sNaN') > 1",
    ),
    "practice-order": (
        b'{"market":"K","side":"bid","ord_type":"limit","price":"1","volume":"999999999999999999999"}',
        b'{"market":"K","side":"bid","ord_type":"limit","price":"1e999999999","volume":"1"}',
        b'{"a":' * 200_000,
        b'{"market":"K","side":[' + b"[" * 700 + b"]" * 700 + b"]}",
    ),
    "practice-query": (b"count=" + b"9" * 5000, "count=²".encode("latin-1"), b"to=" + b"9" * 5000),
    "practice-ws-request": (
        _TICKET + b'{"type":["trade"]}]',
        _TICKET + b'{"type":"orderbook","codes":["KRW-BTC"],"level":1e999999999}]',
        _TICKET + b'{"type":"orderbook","codes":["KRW-BTC"],"level":NaN}]',
        b"[" * 200_000,
    ),
    "practice-recording": (
        b'[{"market":"","candle_date_time_utc":"2026-11-30T11:00:00","opening_price":1,"high_price":4,"low_price":1,'
        b'"trade_price":2,"candle_acc_trade_volume":0}]',
        b'[{"market":"KRW-X","candle_date_time_utc":"2026-11-20T11:00:00","opening_price":1,"high_price":4,"low_price":1,'
        b'"trade_price":2,"candle_acc_trade_volume":"Infinity"}]',
        b"<->\n1.1: b'{\"tp\":1E999999999999999999}'",
    ),
    "practice-account": (ACCOUNT_MEMORY.splitlines()[0] + b'\n[{"t":"claimed","identifier":"\xff"}]',),
    "practice-prices": (b'{"t":"prices","version":1,"seed":1,"second":0}\n{"bars":[["\xff"',),
}
