"""Modes over real sockets: a terminal, the exchange it brings with it, and a second exchange as the venue outside."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.adapters.dry_run.venue import DryRunVenue
from app.adapters.host.practice_admin import ExchangeAdmin
from app.adapters.host.practice_process import NO_REAL_PRICES, PracticeProcess
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.upbit.endpoints import Endpoints
from app.bootstrap import StartOptions, open_terminal
from app.domain.commands import LiquidateAll
from app.domain.emergency import LiquidationStage
from app.domain.errors import InvalidInputError, StorageError, VenueUnavailableError
from app.domain.messages import EngineStarted, FillBooked, OrderChanged, Reconciled
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.values import TradingMode, TradingState
from tests.scenario.flight import Flight, profile_in, take_off_alone
from tests.scenario.test_first_flight import at_once
from tests.unit.adapters.secrets.test_api_key_vault import Drawer

ACCESS = "A" * 36 + "wxyz"
NOBODY = "http://127.0.0.1:9"


class Outside:
    def __init__(self, origin: str, admin: ExchangeAdmin) -> None:
        self.origin, self.admin = origin, admin

    async def is_untouched(self) -> bool:
        ledger = await self.admin.ledger()
        return not ledger.orders


@pytest_asyncio.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """The venue whose prices are shown, with an account of its own that must stay untouched."""
    process = PracticeProcess(["--venue", "upbit", "--port", "0", "--seed", "3"])
    address = await process.start(os.getpid())
    yield Outside(address.rest.removesuffix("/v1"), ExchangeAdmin(address.admin))
    await process.stop()


async def take_off(folder: Path, mode: TradingMode, origin: str) -> Flight:
    return await take_off_alone(folder, StartOptions(mode, outside=origin))


@pytest.mark.timeout(120)
async def test_paper_trades_at_outside_prices_and_survives_the_end_of_both(tmp_path: Path, outside: Outside) -> None:
    flight = await take_off(tmp_path, TradingMode.PAPER, outside.origin)
    assert (tmp_path / "data" / "paper" / "gwanje.db").exists()
    flight.enable()
    flight.start("KRW-BTC", at_once(flight))
    before = await flight.until_state("KRW-BTC", PositionState.ACTIVE)
    await flight.until(lambda: not flight.terminal.engine.core.tracker.working(), "the entry to end")
    before = flight.position("KRW-BTC")
    await flight.terminal.journal.durable()
    assert await outside.is_untouched(), "orders stay on this computer"
    assert flight.exchange.pid is not None
    os.kill(flight.exchange.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    await flight.crash()
    await flight.exchange.stop()

    again = await take_off(tmp_path, TradingMode.PAPER, outside.origin)
    assert again.terminal.engine.core.switch.state is TradingState.REDUCING
    assert again.position("KRW-BTC").quantity == before.quantity
    compared = [event for event in again.events if isinstance(event, Reconciled)]
    assert compared[0].differences == (), "the exchange remembers what it owes us"
    again.terminal.engine.post(LiquidateAll("press"))
    emergency = again.terminal.engine.core.emergency
    await again.until(lambda: emergency.run is not None and emergency.run.stage is LiquidationStage.FLAT, "flat")
    cards = {card.label: card for card in await again.terminal.promotion_cards()}
    assert cards[at_once(again).label].results[0].measured == 1, "one trade on record"
    await again.land()
    assert await outside.is_untouched()


@pytest.mark.timeout(120)
async def test_a_dry_run_decides_and_sends_nothing(tmp_path: Path, outside: Outside) -> None:
    flight = await take_off(tmp_path, TradingMode.DRY_RUN, outside.origin)
    flight.enable()
    flight.start("KRW-BTC", at_once(flight))

    def refused() -> list[OrderChanged]:
        changed = [event for event in flight.events if isinstance(event, OrderChanged)]
        return [event for event in changed if event.order.state is OrderState.REJECTED]

    await flight.until(lambda: bool(refused()), "an order that would have left")
    assert refused()[0].order.note.startswith("dry_run:")
    assert flight.position("KRW-BTC").state is PositionState.PENDING
    assert not flight.terminal.engine.core.dead_letters.letters, "nothing is to be done again"
    assert not [event for event in flight.events if isinstance(event, FillBooked)]
    assert isinstance(flight.terminal.client, DryRunVenue)
    ledger = await flight.admin.ledger()
    assert not ledger.orders, "not even the exchange on this computer has seen it"
    await flight.land()
    assert await outside.is_untouched()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("mode", [TradingMode.PAPER, TradingMode.DRY_RUN])
async def test_without_real_prices_nothing_starts_and_no_other_mode_either(tmp_path: Path, mode: TradingMode) -> None:
    with pytest.raises(VenueUnavailableError) as caught:
        await open_terminal(StartOptions(mode, outside=NOBODY), profile_in(tmp_path))
    assert caught.value.code == NO_REAL_PRICES


@pytest.mark.timeout(60)
async def test_the_journal_of_another_mode_is_refused_and_left_alone(tmp_path: Path, outside: Outside) -> None:
    flight = await take_off(tmp_path, TradingMode.DRY_RUN, outside.origin)
    assert [event.mode for event in flight.events if isinstance(event, EngineStarted)] == ["dry-run"]
    await flight.land()
    (tmp_path / "data" / "dry-run").rename(tmp_path / "data" / "paper")
    before = (tmp_path / "data" / "paper" / "gwanje.db").read_bytes()
    with pytest.raises(StorageError, match="journal of mode dry-run, not of paper"):
        await take_off(tmp_path, TradingMode.PAPER, outside.origin)
    assert (tmp_path / "data" / "paper" / "gwanje.db").read_bytes() == before


@pytest.mark.timeout(60)
@pytest.mark.parametrize("mode", [TradingMode.PRACTICE, TradingMode.PAPER, TradingMode.DRY_RUN])
async def test_the_live_client_is_not_even_constructed(
    tmp_path: Path, outside: Outside, monkeypatch: pytest.MonkeyPatch, mode: TradingMode
) -> None:
    made: list[Endpoints] = []
    real = Endpoints.__post_init__

    def watched(self: Endpoints) -> None:
        made.append(self)
        real(self)

    monkeypatch.setattr(Endpoints, "__post_init__", watched)
    terminal = await open_terminal(StartOptions(mode, outside=outside.origin), profile_in(tmp_path))
    await terminal.close()
    assert made and not any(endpoints.is_live for endpoints in made)


@pytest.mark.parametrize("typed", ["", "wxy", "WXYZ", "zzzz", ACCESS])
async def test_live_needs_the_end_of_the_access_key_at_each_start(tmp_path: Path, typed: str) -> None:
    vault = ApiKeyVault(Drawer(**{"upbit-live-key": f"{ACCESS} {'S' * 40}"}))
    with pytest.raises(InvalidInputError, match="not the end of the access key"):
        await open_terminal(StartOptions(TradingMode.LIVE, confirmed=typed), profile_in(tmp_path), vault)
    assert not (tmp_path / "data" / "live").exists()


async def test_live_without_a_key_does_not_start_and_the_right_end_opens_it(tmp_path: Path) -> None:
    for vault in (None, ApiKeyVault(Drawer()), ApiKeyVault(Drawer(**{"upbit-paper-key": f"{ACCESS} x"}))):
        with pytest.raises(InvalidInputError, match="no API key is kept"):
            await open_terminal(StartOptions(TradingMode.LIVE, confirmed="wxyz"), profile_in(tmp_path), vault)


@pytest.mark.parametrize("mode", [TradingMode.PAPER, TradingMode.DRY_RUN, TradingMode.LIVE])
async def test_only_practice_attaches_to_something_else(tmp_path: Path, mode: TradingMode) -> None:
    with pytest.raises(InvalidInputError, match="for mode practice"):
        await open_terminal(StartOptions(mode, attach=tmp_path / "address.json"), profile_in(tmp_path))
