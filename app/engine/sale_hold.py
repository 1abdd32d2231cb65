"""Sales that wait after an unclean end: units may have been sold already by an order the journal lost."""

from dataclasses import dataclass

from app.domain.values import Market


@dataclass(slots=True)
class SaleHold:
    """``until_told``: the venue has not told yet what was lost, and may still be waited for.

    ``known``: markets in which a lost sale is known and waits to be booked; nothing is sold beside it, however long.
    """

    until_told: bool = False
    known: frozenset[Market] = frozenset()

    def holds(self, market: Market) -> bool:
        """True while nothing may be sold in the market."""
        return self.until_told or market in self.known
