"""The account after a restart is the account before it: orders, fills, ledger, identifiers, open orders."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.practice import wire
from app.practice.account_memory import AccountMemory
from app.practice.ledger_report import report
from app.practice.line_file import LineFile, StateFileError
from app.practice.order import Order, Side
from app.practice.venue_errors import VenueError
from tests.unit.practice.venue_kit import QuietVenue

HIGH = "100000000"
CASH = Decimal(50_000_000)


class Run:
    """One life of the exchange on a state file. `end` is what a kill does: nothing is written any more."""

    def __init__(self, path: Path, cash: Decimal = CASH) -> None:
        self.memory = AccountMemory(path, patience_s=0)
        self.venue = QuietVenue(journal=self.memory, seed=100 + self.memory.starts)
        self.memory.open_account(self.venue.exchange, 1, cash)

    def end(self) -> None:
        self.memory.close()

    def shown(self) -> dict[str, Any]:
        """The oracle's answer and every order as REST shows it."""
        orders = [wire.order_with_trades(order) for order in self.venue.exchange.orders.all()]
        return report(self.venue.exchange) | {"time_ms": 0, "rest": orders}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "account.json"


def play(run: Run, seed: int, steps: int = 40) -> None:
    """A random session with every way an order can go."""
    venue, dice = run.venue, random.Random(seed)
    orders: list[Order] = []
    for step in range(steps):
        price = str(99_990_000 + dice.randrange(20) * 1000)
        venue.quote(asks={price: "0.01"}, bids={"99900000": "0.01"})
        more = {"time_in_force": word} if (word := dice.choice(["", "ioc", "fok", "post_only"])) else {}
        if word != "post_only":
            more["smp_type"] = dice.choice(["reduce", "cancel_maker", "cancel_taker"])
        if dice.random() < 0.7:
            more["identifier"] = f"{seed}-{dice.randrange(steps)}"
        try:
            if dice.random() < 0.4:
                orders.append(venue.sell(price, "0.007", **more))
            else:
                orders.append(venue.buy(price, "0.0123", **more))
            if step % 7 == 3:
                orders.append(venue.place(side="bid", ord_type="price", price="777777"))
        except VenueError:
            pass
        venue.wait(dice.randrange(6))
        venue.hit(dice.choice(list(Side)), "0.004")
        if orders and (victim := dice.choice(orders)).is_open:
            venue.exchange.cancel(victim)
    venue.wait(1)  # the last hit was no step of its own


def test_a_first_start_opens_the_account_with_the_cash(path: Path) -> None:
    run = Run(path)
    assert (run.memory.starts, run.venue.free()) == (0, CASH)
    run.end()
    again = Run(path, cash=Decimal(7))
    assert (again.memory.starts, again.venue.free()) == (1, CASH)
    again.end()


def test_an_account_may_be_opened_empty(path: Path) -> None:
    Run(path, Decimal(0)).end()
    again = Run(path)
    assert again.venue.free() == 0
    again.end()


@pytest.mark.parametrize("seed", range(4))
def test_everything_shown_is_the_same_after_a_restart(path: Path, seed: int) -> None:
    run = Run(path)
    run.venue.exchange.deposit("BTC", Decimal("0.5"))
    for number in range(3):
        play(run, seed * 10 + number)
        before = run.shown()
        run.end()
        run = Run(path)
        assert run.shown() == before
        run.memory.resume(run.venue.exchange)
    assert before["conservation"]["ok"]
    assert {order["state"] for order in before["orders"]} == {"wait", "done", "cancel"}
    ids = [order["uuid"] for order in before["orders"]]
    ids += [fill["trade_uuid"] for order in before["orders"] for fill in order["fills"]]
    assert len(set(ids)) == len(ids) > 60
    run.end()


def test_a_resting_order_keeps_its_lock_and_place_and_fills(path: Path) -> None:
    run = Run(path)
    for name in "ab":
        run.venue.buy(HIGH, "0.1", identifier=name)
        run.venue.wait()
    run.end()
    run = Run(path)
    run.venue.quote(asks={"99000000": "1"})
    run.memory.resume(run.venue.exchange)
    assert (run.venue.locked(), run.venue.free("BTC")) == (Decimal(20_010_000), 0)
    run.venue.hit(Side.ASK, "0.15")
    orders = run.venue.exchange.orders
    assert [item.executed_volume for item in orders.all()] == [Decimal("0.1"), Decimal("0.05")]
    assert report(run.venue.exchange)["conservation"]["ok"]
    run.end()


def test_what_was_accepted_but_not_done_is_done_after_the_restart(path: Path) -> None:
    run = Run(path)
    resting = run.venue.buy("90000000", "0.1", identifier="rest")
    run.venue.wait()
    run.venue.buy(HIGH, "0.1", identifier="new")
    run.venue.exchange.cancel(resting)
    run.end()
    run = Run(path)
    run.venue.quote(asks={HIGH: "1"})
    run.memory.resume(run.venue.exchange)
    run.venue.wait(25)
    assert [(order.request.identifier, order.state) for order in run.venue.exchange.orders.all()] == [
        ("rest", "cancel"),
        ("new", "done"),
    ]
    run.end()


def test_identifiers_stay_used_up_and_counted(path: Path) -> None:
    run = Run(path)
    run.venue.buy(HIGH, "0.1", identifier="accepted")
    with pytest.raises(VenueError):
        run.venue.buy(HIGH, "99", identifier="refused")
    run.end()
    run = Run(path)
    for name in ("accepted", "refused"):
        with pytest.raises(VenueError) as refusal:
            run.venue.buy(HIGH, "0.001", identifier=name)
        assert refusal.value.name == "duplicated_identifier"
    run.end()
    run = Run(path)
    assert report(run.venue.exchange)["repeated_identifiers"] == [
        {"identifier": "accepted", "submissions": 2, "accepted": 1},
        {"identifier": "refused", "submissions": 2, "accepted": 0},
    ]
    run.end()


def test_the_average_buy_price_is_kept(path: Path) -> None:
    run = Run(path)
    for price in (HIGH, "100001000"):
        run.venue.quote(asks={price: "0.1"})
        run.venue.buy(price, "0.1")
        run.venue.wait()
    run.end()
    run = Run(path)
    assert run.venue.exchange.accounts.balance("BTC").average_buy_price == Decimal("100000500")
    run.end()


def test_a_file_cut_anywhere_is_an_earlier_moment_of_the_account(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = Run(path)
    run.venue.exchange.deposit("BTC", Decimal("0.5"))
    play(run, 5, steps=14)
    run.end()
    data, whole = path.read_bytes(), run.shown()
    ends = [place + 1 for place, byte in enumerate(data) if byte == 10]
    cuts = {
        *range(1, len(data), 211),
        *(end + shift for end in ends for shift in (-1, 0, 1) if end + shift <= len(data)),
    }
    latest = -1
    for length in sorted(cuts):
        path.write_bytes(data[:length])
        caplog.clear()
        run = Run(path)
        seen = run.shown()
        assert seen["conservation"]["ok"], length
        assert len(caplog.messages) == (length not in ends), length
        assert [order["uuid"] for order in seen["orders"]] == [o["uuid"] for o in whole["orders"]][
            : len(seen["orders"])
        ]
        assert seen["conservation"]["postings"] >= latest
        latest = seen["conservation"]["postings"]
        run.memory.resume(run.venue.exchange)
        run.venue.wait(50)
        run.venue.buy("90000000", "0.0001", identifier="after the cut")
        after = run.shown()
        run.end()
        run = Run(path)
        assert run.shown() == after
        assert after["conservation"]["ok"]
        run.end()
    assert len(cuts) > 80


def test_a_second_exchange_on_the_account_is_refused(path: Path) -> None:
    run = Run(path)
    with pytest.raises(StateFileError, match=r"account\.json: another practice exchange is using this account"):
        Run(path)
    run.end()
    Run(path).end()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            b'[{"t":"ended","uuid":"nobody","state":"done","time_us":1}]',
            "line 2 is damaged; move the file away to begin",
        ),
        (b'[{"t":"deposited","time_us":1,"currency":"KRW","amount":"-50000001"}]', "line 2 is damaged"),
        (b'[{"t":"claimed"}]', "line 2 is damaged"),
        (b'[{"t":"dreamt"}]', "line 2 is damaged"),
        (b'[{"t":"started","version":3,"venue":"upbit","number":2,"time_us":1,"seed":1}]', "newer version"),
    ],
)
def test_records_that_make_no_sense_are_refused(path: Path, line: bytes, words: str) -> None:
    Run(path).end()
    file = LineFile(path, b"", "")
    file.read()
    file.append(line)
    file.close()
    with pytest.raises(StateFileError, match=words):
        Run(path)


def test_busts_late_fills_and_coin_fees_are_remembered(path: Path) -> None:
    run = Run(path)
    faults = run.venue.exchange.faults
    run.venue.quote(asks={HIGH: "1"})
    faults.switch("bust", 1, count=1)
    run.venue.buy(HIGH, "0.1")
    run.venue.wait(6_000)
    faults.switch("fee_in_base", 1, count=1)
    faults.switch("overfill", 1, count=1)
    run.venue.buy(HIGH, "0.1")
    run.venue.wait()
    faults.switch("late_fill_after_end", 1, count=1)
    late = run.venue.buy("90000000", "0.1")
    run.venue.exchange.cancel(late)
    run.venue.wait(3_000)
    before = run.shown()
    assert [len(order["busted"]) for order in before["orders"]] == [1, 0, 0]
    assert [order["executed_volume"] for order in before["orders"]] == ["0", "0.11", "0.1"]
    run.end()
    run = Run(path)
    assert run.shown() == before
    run.end()


@pytest.mark.parametrize("seed", range(6))
def test_money_faults_create_and_lose_nothing_and_are_remembered(path: Path, seed: int) -> None:
    run = Run(path)
    exchange = run.venue.exchange
    exchange.deposit("BTC", Decimal("0.5"))
    for name in ("bust", "overfill", "late_fill_after_end", "late_fill_after_cancel", "fee_in_base"):
        exchange.faults.switch(name, 0.3, value=Decimal("0.05"))
    play(run, seed)
    exchange.split(run.venue.market, Decimal(3))
    play(run, seed + 100)
    run.venue.wait(1_000)
    before = run.shown()
    assert before["conservation"]["ok"], before["conservation"]["problems"]
    assert any(order["busted"] for order in before["orders"])
    run.end()
    run = Run(path)
    assert run.shown() == before
    run.end()
