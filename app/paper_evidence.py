"""What the journal of paper mode shows of every strategy, at the gate to live."""

import asyncio
from collections.abc import Iterable

from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import Settings
from app.adapters.host.code_version import code_version
from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.adapters.storage.paper_records import PaperEvidence, read_paper_evidence
from app.domain.blueprint import StrategyBlueprint
from app.domain.promotion import PromotionCard, promotion_cards
from app.domain.values import TradingMode


async def evidence_cards(
    profile: Profile, settings: Settings, blueprints: Iterable[StrategyBlueprint], running: Database | None = None
) -> tuple[PromotionCard, ...]:
    """How every strategy stands; ``running`` is the database of a run in paper mode. Raises StorageError."""
    code = await asyncio.to_thread(code_version)
    if running is not None:
        evidence = await read_paper_evidence(running, code, is_running=True)
    else:
        evidence = await _at_rest(profile, settings, code)
    return promotion_cards(blueprints, evidence.records, settings.promotion, evidence.drills)


async def _at_rest(profile: Profile, settings: Settings, code: str) -> PaperEvidence:
    """From the journal of paper mode while nobody writes to it; nothing when there is none."""
    url, folder = settings.storage.url_of(TradingMode.PAPER), profile.data / TradingMode.PAPER.value
    if not url and not (folder / FILE_NAME).exists():
        return PaperEvidence({}, 0)
    database = Database(url or sqlite_url(folder))
    await database.open()
    try:
        return await read_paper_evidence(database, code)
    finally:
        await database.close()
