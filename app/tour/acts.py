"""The two acts of the tour. Act one ends by being killed; act two begins with what the crash left behind."""

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QWidget

from app.domain.emergency import LiquidationStage
from app.domain.position import PositionState
from app.tour.director import Note
from app.tour.hands import Hands, TourFailedError
from app.ui import wording
from app.ui.liquidation_panel import LiquidationPanel

STOPPED, BY_HAND = "KRW-SOL", "KRW-XRP"
HELD = ("KRW-BTC", "KRW-ETH", "KRW-AVAX")
RESTING = ("KRW-LINK", "KRW-SOL")
KEPT = ("KRW-BTC", "KRW-ETH")
#: Time given to the restart to do something it must not do, seconds.
SETTLE_S = 3.0
#: Blueprints as they are called on the screen, in both languages.
AT_ONCE = ("분할 매수 사다리", "DCA ladder")
WAITING = ("대기 매수 (둘러보기)", "Resting buy (tour)")


def tell(note: Note) -> None:
    """One line for the director."""
    sys.stdout.write(msgspec.json.encode(note).decode() + "\n")
    sys.stdout.flush()


class Act:
    """One act in one window; ``replay`` means one recorded market instead of the simulated ones."""

    def __init__(self, window: QWidget, out: Path, name: str, replay: bool) -> None:
        self._hands = Hands(window, out)
        self._name = name
        self._replay = replay
        self._seen: set[PositionState] = set()
        # Some states last for a blink only: look whenever the table says that it looks different now.
        self._hands.on_table_change(self._note_states)

    async def play(self) -> bool:
        """Play the act; a failure is told to the director. True when everything was as it has to be."""
        try:
            if self._name == "first":
                await self._first()
            else:
                await self._second()
        except TourFailedError as error:
            tell(Note("failure", f"act '{self._name}': {error}"))
            return False
        return True

    # ---- act one ------------------------------------------------------------------------------------------------

    async def _first(self) -> None:
        hands = self._hands
        await hands.click("enable_entries")
        hands.picture("enabled")
        stopped, by_hand = ("KRW-ETH", "KRW-ETH") if self._replay else (STOPPED, BY_HAND)
        await self._stopped_out(stopped)
        await self._closed_by_hand(by_hand)
        if self._replay:
            await self._resting_taken_back(by_hand)
        await self._emergency_from(("KRW-ETH",) if self._replay else HELD, () if self._replay else RESTING)
        await hands.click("enable_entries")
        for symbol in ("KRW-ETH",) if self._replay else KEPT:
            await self._start(symbol, AT_ONCE, 2_000_000, "8")
            await self._until(symbol, PositionState.ACTIVE)
        if not self._replay:
            await self._start("KRW-LINK", WAITING, 1_000_000, "5")
            await self._until("KRW-LINK", PositionState.PENDING)
        # A click is safe once its record is on disk, a few milliseconds later; the kill is to hit open positions.
        await asyncio.sleep(1.0)
        hands.picture("before-kill")
        tell(Note("kill"))
        await hands.wait(lambda: False, "the kill")

    async def _stopped_out(self, symbol: str) -> None:
        await self._start(symbol, AT_ONCE, 3_000_000, "0.1" if self._replay else "1")
        await self._until(symbol, PositionState.ACTIVE)
        await self._hands.select(symbol)
        self._hands.picture("active")
        if not self._replay:
            tell(Note("move", symbol, -3.0))
        await self._until(symbol, PositionState.CLOSED, patience_s=150)
        self._hands.picture("stopped-out")

    async def _closed_by_hand(self, symbol: str) -> None:
        await self._start(symbol, AT_ONCE, 2_000_000, "8")
        await self._until(symbol, PositionState.ACTIVE)
        await self._hands.select(symbol)
        await self._hands.click("position_pause")
        await self._until(symbol, PositionState.PAUSED)
        self._hands.picture("paused")
        await self._hands.click("position_resume")
        await self._until(symbol, PositionState.ACTIVE)
        await self._hands.click("position_close")
        self._hands.picture("close-asked")
        await self._hands.click("position_close_confirm")
        await self._until(symbol, PositionState.CLOSED)
        self._hands.picture("closed-by-hand")

    async def _resting_taken_back(self, symbol: str) -> None:
        """One market cannot hold and rest at once; and an order that fills at once may never be seen waiting."""
        await self._start(symbol, WAITING, 1_000_000, "5")
        await self._until(symbol, PositionState.PENDING)
        await self._hands.select(symbol)
        await self._hands.click("position_close")
        await self._hands.click("position_close_confirm")
        await self._until(symbol, PositionState.CLOSED)

    async def _emergency_from(self, held: tuple[str, ...], resting: tuple[str, ...]) -> None:
        for symbol in held:
            await self._start(symbol, AT_ONCE, 2_000_000, "8")
            await self._until(symbol, PositionState.ACTIVE)
        for symbol in resting:
            await self._start(symbol, WAITING, 1_000_000, "5")
            await self._until(symbol, PositionState.PENDING)
        self._hands.picture("several-positions")
        await self._emergency((*held, *resting), report=True)

    # ---- act two ------------------------------------------------------------------------------------------------

    async def _second(self) -> None:
        hands = self._hands
        kept = ("KRW-ETH",) if self._replay else KEPT
        for symbol in kept:
            await hands.wait(
                lambda s=symbol: hands.state(s) is PositionState.ACTIVE,  # type: ignore[misc]
                f"{symbol} is found again",
            )
        if not self._replay:
            await hands.wait(lambda: hands.state("KRW-LINK") is PositionState.PENDING, "KRW-LINK is found again")
        button = hands.find("enable_entries", QWidget)
        await hands.wait(button.isVisible, "entries are off after the crash")
        await asyncio.sleep(SETTLE_S)
        hands.picture("restarted")
        tell(Note("recovered"))
        await self._emergency(kept, report=False)
        hands.picture("end")

    # ---- shared -------------------------------------------------------------------------------------------------

    async def _start(self, symbol: str, blueprint: tuple[str, str], budget: int, stop: str) -> None:
        hands = self._hands
        await hands.choose("launcher_blueprint", lambda text: any(name in text for name in blueprint))
        await hands.choose_market(symbol)
        await hands.write("launcher_budget", str(Decimal(budget)))
        await hands.write("launcher_stop", stop)
        before = hands.state(symbol)
        await hands.click("launcher_start")
        live = (PositionState.PENDING, PositionState.ACTIVE)
        await hands.wait(lambda: hands.state(symbol) in live, f"{symbol} started (was {before})")
        self._note_states()

    async def _until(self, symbol: str, state: PositionState, patience_s: float = 45.0) -> None:
        def there() -> bool:
            self._note_states()
            return self._hands.state(symbol) is state

        await self._hands.wait(there, f"{symbol} is {state.value}", patience_s)

    def _note_states(self) -> None:
        for state in set(self._hands.states().values()) - self._seen:
            self._seen.add(state)
            tell(Note("state", state.value))

    async def _emergency(self, markets: tuple[str, ...], report: bool) -> None:
        hands = self._hands
        await hands.hold("emergency_button")
        panel = hands.find("liquidation_panel", LiquidationPanel)
        await hands.wait(panel.isVisible, "the liquidation panel opens")
        hands.picture("liquidating")
        flat = wording.liquidation_stage(LiquidationStage.FLAT)
        await hands.wait(lambda: flat in hands.text("liquidation_stage"), "the panel says flat")
        hands.picture("flat")
        for symbol in markets:
            await self._until(symbol, PositionState.CLOSED, patience_s=5)
        run = panel.run
        if report and run is not None and run.actual_s is not None:
            tell(Note("emergency", number=run.predicted_s, number2=run.actual_s))
        await hands.click("liquidation_dismiss")


async def play_act(window: QWidget, out: Path, name: str, replay: bool) -> bool:
    """Play act ``name`` in ``window``; pictures go to ``out``. True when everything was as it has to be."""
    return await Act(window, out, name, replay).play()
