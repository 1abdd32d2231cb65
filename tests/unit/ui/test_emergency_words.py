"""Every kind of what is left has words for why, and for what is done about it, in both languages."""

from decimal import Decimal

import pytest

from app.domain.emergency import EmergencyAction, EmergencyScope, Outcome, Residue, ResidueKind
from app.domain.values import Market
from app.ui import emergency_words
from app.ui.languages import languages

XRP = Market("upbit", "KRW-XRP")


@pytest.mark.parametrize("kind", ResidueKind)
def test_both_languages_know_it(kind: ResidueKind) -> None:
    languages().set("en")
    english = emergency_words.residue(Residue(kind, XRP, Decimal(5)))
    languages().set("ko")
    korean = emergency_words.residue(Residue(kind, XRP, Decimal(5)))
    assert english.startswith("KRW-XRP 5") and korean.startswith("KRW-XRP 5") and english != korean
    assert emergency_words.why(kind) and emergency_words.doing(kind) and kind.value not in korean


def test_the_words_of_the_venue_stay_in_brackets() -> None:
    words = emergency_words.residue(Residue(ResidueKind.REFUSED, XRP, detail="validation_error: no"))
    assert words.startswith("KRW-XRP: the venue refuses the sale [validation_error: no]")


def test_a_scope_with_its_filters() -> None:
    scope = EmergencyScope(EmergencyAction.REDUCE, percent=25, markets=(XRP,), outcome=Outcome.LOSERS)
    assert emergency_words.action(scope) == "Reduce by 25 % · KRW-XRP, positions at a loss"
    assert emergency_words.action(EmergencyScope(whole_account=True)) == "Sell everything · whole account"
