"""The operator's door of a practice exchange: pays in, moves and halts markets, and reads the ledger as the witness."""

from dataclasses import dataclass
from decimal import Decimal

import aiohttp
import msgspec

from app.domain.errors import VenueUnavailableError

PATIENCE = aiohttp.ClientTimeout(total=20)


class LedgerFill(msgspec.Struct, frozen=True):
    """One fill in the exchange's ledger; the replay fields tell the recorded level it was taken from."""

    price: Decimal
    volume: Decimal
    liquidity: str = "taker"
    snapshot: int | None = None
    book_time: str | None = None
    level_price: Decimal | None = None
    level_size: Decimal | None = None


class LedgerOrder(msgspec.Struct, frozen=True):
    """One order in the exchange's ledger."""

    uuid: str
    market: str
    side: str
    state: str
    identifier: str | None = None
    fills: tuple[LedgerFill, ...] = ()


class LedgerBalance(msgspec.Struct, frozen=True):
    """One asset in the exchange's ledger."""

    currency: str
    free: Decimal
    locked: Decimal


class Repeated(msgspec.Struct, frozen=True):
    """An identifier that was submitted more than once, and how many of its orders were accepted."""

    identifier: str
    submissions: int
    accepted: int


class Conservation(msgspec.Struct, frozen=True):
    """Whether every posting of the exchange balances."""

    ok: bool
    problems: tuple[str, ...] = ()


class Ledger(msgspec.Struct, frozen=True):
    """The oracle: what the exchange itself holds true. ``open_orders`` are identifiers of the exchange (uuid)."""

    balances: tuple[LedgerBalance, ...]
    orders: tuple[LedgerOrder, ...]
    open_orders: tuple[str, ...]
    repeated_identifiers: tuple[Repeated, ...]
    conservation: Conservation


@dataclass(frozen=True, slots=True)
class FlatProof:
    """What the ledger shows after the emergency: working orders, and holdings worth more than the venue's minimum."""

    open_orders: int
    holdings: dict[str, str]

    @property
    def holds(self) -> bool:
        """True when nothing is left."""
        return self.open_orders == 0 and not self.holdings


class ExchangeAdmin:
    """Admin interface of a practice exchange on this computer."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    async def ledger(self) -> Ledger:
        """The ledger now.

        Raises:
            VenueUnavailableError: the exchange does not answer with a ledger.
        """
        return msgspec.json.decode(await self._call("GET", "/ledger"), type=Ledger, strict=False)

    async def halt(self, market: str) -> None:
        """Stop trading in a market: orders are refused from now on."""
        await self._call("POST", "/market", {"market": market, "halt": True})

    async def move(self, market: str, percent: float) -> None:
        """Shock a market by ``percent`` (-3 = three percent down)."""
        await self._call("POST", "/market", {"market": market, "move_pct": percent})

    async def fault(self, name: str, rate: float, seconds: float) -> None:
        """Switch a fault on."""
        await self._call("POST", "/faults", {"name": name, "rate": rate, "seconds": seconds})

    async def external_trade(self, market: str, side: str, volume: Decimal) -> None:
        """Trade on the same account as the user's phone would; ``side`` is bid or ask, ``volume`` in units."""
        await self._call("POST", "/external_trade", {"market": market, "side": side, "volume": str(volume)})

    async def deposit(self, currency: str, amount: Decimal) -> None:
        """Bring money or coins in from outside; a negative ``amount`` takes them out."""
        await self._call("POST", "/deposit", {"currency": currency, "amount": str(amount)})

    async def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> bytes:
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as session,
                session.request(method, self._address + path, json=body) as answer,
            ):
                content = await answer.read()
                if answer.status >= 400:
                    raise VenueUnavailableError("practice-admin", f"{path}: {answer.status} {content[:200]!r}")
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise VenueUnavailableError("practice-admin", f"{path}: {error!r}") from error


def flat_proof(ledger: Ledger, prices: dict[str, Decimal], minimum: Decimal = Decimal(5000)) -> FlatProof:
    """Judge a ledger: dust below the minimum total (KRW) cannot be sold and is no holding. Unknown prices count."""
    held: dict[str, str] = {}
    for balance in ledger.balances:
        total = balance.free + balance.locked
        if balance.currency == "KRW" or total <= 0:
            continue
        price = prices.get(balance.currency)
        if price is None or price * total >= minimum:
            held[balance.currency] = str(total)
    return FlatProof(len(ledger.open_orders), held)


def last_prices(ledger: Ledger) -> dict[str, Decimal]:
    """Last fill price of every asset we traded, by currency; good enough to tell dust from a holding."""
    prices: dict[str, Decimal] = {}
    for order in ledger.orders:
        for fill in order.fills:
            prices[order.market.split("-")[-1]] = fill.price
    return prices


def depth_disagreements(ledger: Ledger) -> list[str]:
    """Fills of a replay that the recorded depth does not support: wrong price, or more than the level held."""
    found: list[str] = []
    taken: dict[tuple[str, int, Decimal], Decimal] = {}
    for order in ledger.orders:
        for fill in order.fills:
            if fill.snapshot is None or fill.level_price is None or fill.level_size is None:
                found.append(f"{order.uuid}: a fill names no recorded level")
                continue
            key = (order.market, fill.snapshot, fill.level_price)
            taken[key] = taken.get(key, Decimal(0)) + fill.volume
            # A resting order fills at its own price when the recorded other side crosses it.
            if fill.liquidity == "taker" and fill.price != fill.level_price:
                found.append(f"{order.uuid}: filled at {fill.price}, recorded level {fill.level_price}")
            if taken[key] > fill.level_size:
                found.append(f"{order.uuid}: {taken[key]} taken of {fill.level_size} at {fill.level_price}")
    return found
