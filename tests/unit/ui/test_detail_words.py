"""Notes of the engine in both languages; a text that changes there and not here is found."""

from pathlib import Path
from string import Formatter

import pytest

from app.domain.emergency import Residue, ResidueKind
from app.domain.messages import AlertRaised
from app.ui import emergency_words
from app.ui.detail_words import _SENTENCES, detail_words
from app.ui.languages import languages
from app.ui.problem_words import alert_detail

SENTENCES = [str(sentence) for sentence in _SENTENCES]
#: Everything the program says, without its screen.
SAID = "".join(path.read_text(encoding="utf-8") for path in sorted(Path("app").rglob("*.py")) if path.parts[1] != "ui")


def is_korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_is_said_by_the_program_and_told_in_korean(sentence: str) -> None:
    fragments = [literal for literal, *_ in Formatter().parse(sentence)]
    assert max(fragments, key=len).strip(" :") in SAID
    noted = sentence.format(*(f"<{number}>" for number in range(5)))
    assert detail_words(noted) == noted
    languages().set("ko")
    told = detail_words(noted)
    places = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    assert is_korean(told) and all(f"<{name}>" in told for name in places)


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        ("upbit order: 6 of 10 calls failed", "upbit orders: 6 of 10 calls failed"),
        ("KRW-XRP: no_trades; entries are refused, exits are tried on",
         "KRW-XRP: trading has stopped; entries are refused, exits are tried on"),
        ("upbit: 3 calls in a row failed; no entry leaves, exits are tried on",
         "upbit: 3 calls in a row failed; no entry leaves, exits are tried on"),
        ("daily: lost 1,000, allowed 900", "daily loss limit: lost 1,000, allowed 900"),
        ("upbit: open order v-1 in KRW-XRP was not made here", "upbit: open order v-1 in KRW-XRP was not made here"),
        ("KRW-XRP: too_many_requests: 429", "KRW-XRP: the venue took no more requests"),
        ("KRW-XRP: cancelled", "KRW-XRP: Cancelled"),
        ("[Errno 28] No space left on device", "[Errno 28] No space left on device"),
    ],
)  # fmt: skip
def test_names_and_codes_in_a_note_are_words_too(noted: str, told: str) -> None:
    assert detail_words(noted) == told
    assert alert_detail(AlertRaised("x", noted)) == told


def test_a_residue_is_korean_to_its_last_word() -> None:
    languages().set("ko")
    for detail in ("too_many_requests: 429", "never_arrived: time-out", "cancelled", "insufficient_balance: no"):
        words = emergency_words.residue(Residue(ResidueKind.REFUSED, detail=detail))
        assert is_korean(words.partition("[")[2]) and detail not in words
