"""What paper mode has shown counts at the gate, from its own database and from no other."""

from pathlib import Path

import pytest

from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import read_settings
from app.adapters.host.code_version import code_version
from app.adapters.storage.database import Database, sqlite_url
from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.errors import StorageError
from app.domain.messages import EngineStarted, PositionChanged
from app.domain.promotion import PromotionRule
from app.paper_evidence import evidence_cards
from tests.unit.adapters.storage.contract import write
from tests.unit.adapters.storage.samples import NOW
from tests.unit.adapters.storage.test_paper_records import CLOSED


def profile_in(folder: Path) -> Profile:
    (folder / "data" / "paper").mkdir(parents=True)
    return Profile(folder, folder / "data", folder)


async def keep(folder: Path, mode: str) -> None:
    database = Database(sqlite_url(folder))
    await database.open()
    drill = DrillRecord("drill-1", NOW, code_version(), 2, False, DrillVerdict.PASSED)
    await write(database, [EngineStarted(1, mode, True), PositionChanged(CLOSED, "empty"), DrillEnded(drill)])
    await database.close()


async def measured(profile: Profile) -> dict[PromotionRule, float]:
    (card,) = await evidence_cards(profile, read_settings(profile.settings_file), [CLOSED.blueprint])
    return {result.rule: result.measured for result in card.results}


async def test_trades_and_drills_of_paper_mode_count(tmp_path: Path) -> None:
    profile = profile_in(tmp_path)
    before = await measured(profile)
    assert (before[PromotionRule.TRADES], before[PromotionRule.DRILLS]) == (0, 0)
    await keep(profile.data / "paper", "paper")
    after = await measured(profile)
    assert (after[PromotionRule.TRADES], after[PromotionRule.DRILLS]) == (1, 1)


async def test_books_of_another_mode_in_its_place_are_no_evidence(tmp_path: Path) -> None:
    profile = profile_in(tmp_path)
    await keep(profile.data / "paper", "practice")
    with pytest.raises(StorageError, match="journal of mode practice"):
        await measured(profile)
