"""Blueprint files that must not be offered: the table behind test_bad_orders."""

GOOD = """
schema = 1
id = "good"
version = 1
timeframe = "1m"
warmup_bars = 20
entry_when = "close > sma(20)"
exit_when = "rsi(14) > 70"
default_budget = 1000000
max_spread_percent = 0.5
steps = [{ share_percent = 50, drop_percent = 0 }, { share_percent = 50, drop_percent = 1.5 }]

[name]
ko = "x"
en = "x"

[description]
ko = "x"
en = "x"

[entry_order]
order_type = "limit"
offset_ticks = 1
timeout_s = 30

[exits]
stop_loss_percent = 1
"""

#: (what stands in the sound file, what a person wrote instead)
_SWAPS: tuple[tuple[str, str], ...] = (
    ("schema = 1", ""),
    ("schema = 1", "schema = 2"),
    ("schema = 1", 'schema = "1"'),
    ("version = 1", "version = 0"),
    ("version = 1", "version = 1.5"),
    ("version = 1", "versoin = 1"),
    ("version = 1", "version = 1e999999999999999999999"),
    ("version = 1", "version = 99999999999999999999"),
    ('id = "mine"', 'id = ""'),
    ('id = "mine"', 'id = "mine'),
    ('"1m"', '"7m"'),
    ("warmup_bars = 20", "warmup_bars = 201"),
    ("warmup_bars = 20", "warmup_bars = true"),
    *(('"close > sma(20)"', f'"{rule}"') for rule in (
        "", "close >", "clsoe > 1", "sma() > 1", "sma(500) > 1", "$now > 1", "[1]", "9 ** 9 > 1", "close > inf",
        "close > 1e9", "1 / 0 > 1", "close.__class__", "t'P1D' > 1", "close =~ 'x'", "((((", "close > 'x'",
    )),
    ('"close > sma(20)"', '"close > ' + "1" * 1000 + '"'),
    ('"rsi(14) > 70"', '"rsi(0) > 70"'),
    ('"rsi(14) > 70"', "70"),
    *(("default_budget = 1000000", f"default_budget = {x}") for x in ("0", "-1", "nan", "inf", "1e400", "1e13")),
    *(("max_spread_percent = 0.5", f"max_spread_percent = {x}") for x in ("0", "101", "nan")),
    ("share_percent = 50, drop_percent = 0", "share_percent = 51"),
    ("share_percent = 50, drop_percent = 0", "share_percent = 0"),
    ("share_percent = 50, drop_percent = 0", 'share_percent = "half"'),
    ("drop_percent = 1.5", "drop_percent = 100"),
    ("drop_percent = 1.5", "drop = 1"),
    ("steps = [", "steps = [] #"),
    ('order_type = "limit"', 'order_type = "iceberg"'),
    ("offset_ticks = 1", "offset_ticks = 101"),
    ("timeout_s = 30", "timeout_s = 0"),
    *(("stop_loss_percent = 1", f"stop_loss_percent = {x}") for x in ("0", "-1", "100", "nan")),
    ("stop_loss_percent = 1", ""),
    ("stop_loss_percent = 1", "stop_loss_percent = 1\ntake_profit_percent = 1000"),
    ("stop_loss_percent = 1", "stop_loss_percent = 1\ntrailing_activation_percent = 1"),
    ("stop_loss_percent = 1", "stop_loss_percent = 1\nmax_hold_minutes = 0"),
    ("[exits]", "[slippage]\nmax_percent = 101\n[exits]"),
    ("[exits]", '[slippage]\nwhen_above = "hope"\n[exits]'),
    ("[exits]", '[slippage]\nwhen_above = "split"\n[exits]'),
    ('ko = "x"', "ko = 1"),
)  # fmt: skip

FILES: dict[str, bytes] = {
    f"{old} -> {new}"[:90].replace("\n", " "): GOOD.replace('id = "good"', 'id = "mine"').replace(old, new, 1).encode()
    for old, new in _SWAPS
} | {
    "no text at all": b"\xff\xfe\x00",
    "far too long": b"#" * 70_000,
    "nested without end": b"a = " + b"[" * 3000,
    "nothing": b"",
}
