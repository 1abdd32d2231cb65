"""Every verdict and step has its words."""

from dataclasses import replace

from app.domain.drill import DrillStep, DrillVerdict
from app.ui import drill_words
from tests.ui.drill_story import drill
from tests.ui.screen_story import NOW


def test_nothing_is_without_words() -> None:
    assert len({drill_words.verdict(one) for one in DrillVerdict}) == len(DrillVerdict)
    assert len({drill_words.step(one) for one in DrillStep}) == len(DrillStep)


def test_the_verdict_comes_with_its_seconds_and_its_reason() -> None:
    late = replace(drill(1, NOW), verdict=DrillVerdict.LATE, took_s=5.24, detail="5.24 s")
    assert drill_words.told(late) == "Sold, but slower than foretold (5.2 s, p95 4.0 s) [5.24 s]"
