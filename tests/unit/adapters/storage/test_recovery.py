"""What recovery does beyond the contract that test_journal and test_postgres run."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete, text, update

from app.adapters.storage import recovery, tables
from app.adapters.storage.database import Database
from app.adapters.storage.projections import EPOCH_KEY, INSTALL_KEY
from app.adapters.storage.recovery import fold_journal, recover
from app.domain.alert import DailyReported, NoticeChanged, RemoteCommand, RemoteTaken
from app.domain.breaker import BreakerState, CallGroup
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled, LetterOutcome
from app.domain.errors import StorageError
from app.domain.instruction import InstructionChanged, InstructionState
from app.domain.loss import LossBookChanged
from app.domain.messages import AlertRaised, EngineStarted, LiquidationChanged, OrderChanged, Reconciled
from app.domain.order import OrderState
from app.domain.ports import RecoveredState
from app.domain.promotion import PromotionOverridden, PromotionRule
from app.domain.slicing import ScheduledSlice, SliceProgress
from app.domain.values import Market
from tests.unit.adapters.storage.contract import unlock_journal, write
from tests.unit.adapters.storage.samples import (
    BREAKER,
    DAY,
    LETTER,
    LOSSES,
    MEASURED,
    NOTICE,
    NOW,
    ONE_OF_EACH,
    PLAN,
    REPORTED,
    instruction,
    order,
)


async def test_fulfils_the_port(database: Database) -> None:
    recovered: RecoveredState = await recover(database, NOW, install_source=lambda: "abc234")
    assert recovered.epoch == 1


async def test_install_id_is_chosen_once(database: Database) -> None:
    first = await recover(database, NOW, install_source=lambda: "abc234")
    second = await recover(database, NOW, install_source=lambda: "zzz777")
    assert (first.install, second.install) == ("abc234", "abc234")


async def test_a_journal_of_another_mode_is_refused_before_anything_is_written(database: Database) -> None:
    await write(database, [EngineStarted(1, "dry-run", True)])
    with pytest.raises(StorageError, match="journal of mode dry-run, not of live; nothing was changed"):
        await recover(database, NOW, mode="live")
    assert (await recover(database, NOW, mode="dry-run")).epoch == 2


async def test_the_last_override_of_each_strategy_is_handed_back(database: Database) -> None:
    first = PromotionOverridden("a", "one v1", (PromotionRule.EDGE,))
    other = PromotionOverridden("b", "two v1", ())
    await write(database, [first, other, replace(first, missing=())])
    assert (await recover(database, NOW)).overrides == (replace(first, missing=()), other)


async def test_the_epoch_is_on_disk_before_it_is_used(database: Database) -> None:
    await recover(database, NOW)
    await database.close()
    await database.open()
    assert (await recover(database, NOW)).epoch == 2


async def test_a_lost_epoch_is_taken_from_the_journal(database: Database) -> None:
    for _ in range(3):
        await write(database, [AlertRaised("a", "b")])
    async with database.writing() as connection:
        await connection.execute(delete(tables.state).where(tables.state.c.key == EPOCH_KEY))
    assert (await recover(database, NOW)).epoch == 4


async def test_a_damaged_epoch_is_refused(database: Database) -> None:
    await recover(database, NOW)
    async with database.writing() as connection:
        await connection.execute(update(tables.state).where(tables.state.c.key == EPOCH_KEY).values(value="1x"))
    with pytest.raises(StorageError, match="damaged epoch '1x'"):
        await recover(database, NOW)


async def test_a_journal_without_its_installation_is_refused(database: Database) -> None:
    await write(database, ONE_OF_EACH)
    async with database.writing() as connection:
        await connection.execute(delete(tables.state).where(tables.state.c.key == INSTALL_KEY))
    with pytest.raises(StorageError, match="no installation id"):
        await recover(database, NOW)


async def test_a_journal_of_another_installation_is_refused(database: Database) -> None:
    await write(database, ONE_OF_EACH)
    async with database.writing() as connection:
        await connection.execute(update(tables.state).where(tables.state.c.key == INSTALL_KEY).values(value="other2"))
    with pytest.raises(StorageError, match="record 1 does not fit"):
        await recover(database, NOW)


async def test_an_altered_trading_state_is_refused(database: Database) -> None:
    await write(database, ONE_OF_EACH)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE state SET value = 'halted' WHERE key = 'trading_state'"))
    with pytest.raises(StorageError, match="about the trading state"):
        await recover(database, NOW)


async def test_long_journals_are_read_in_pieces(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "BATCH", 3)
    events = [OrderChanged(order(f"gw-{number}", OrderState.FILLED), "x") for number in range(9)]
    await write(database, events)
    assert (await recover(database, NOW)).head.seq == 9
    assert len((await fold_journal(database)).orders) == 9
    await unlock_journal(database)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE journal SET epoch = epoch + 1 WHERE seq = 8"))
    with pytest.raises(StorageError, match="record 8 does not fit"):
        await recover(database, NOW)


async def test_a_cell_of_the_wrong_type_is_refused(database: Database) -> None:
    """A flipped bit in a record header turns text into bytes; STRICT does not check what is already there."""
    await write(database, ONE_OF_EACH)
    await unlock_journal(database)
    async with database.writing() as connection:
        await connection.exec_driver_sql("PRAGMA writable_schema=ON")
        await connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'journal'"
        )
    await database.close()
    await database.open()
    async with database.writing() as connection:
        await connection.exec_driver_sql("UPDATE journal SET payload = x'00ff' WHERE seq = 2")
    with pytest.raises(StorageError, match="record 2 does not fit"):
        await recover(database, NOW)


async def test_the_last_emergency_run_is_handed_back(database: Database) -> None:
    runs = [event for event in ONE_OF_EACH if isinstance(event, LiquidationChanged)]
    assert (await recover(database, NOW)).liquidation is None
    await write(database, runs)
    assert (await recover(database, NOW)).liquidation == runs[-1].run


async def test_the_newest_executions_of_each_market_are_handed_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "EXECUTIONS_KEPT", 2)
    elsewhere = replace(MEASURED, market=Market("upbit", "KRW-ETH"))
    many = [replace(MEASURED, order_id=f"gw-{number}") for number in range(4)]
    await write(database, [elsewhere, *many])
    assert (await recover(database, NOW)).executions == (elsewhere, many[2], many[3])


async def test_what_the_account_held_besides_us_is_handed_back(database: Database) -> None:
    """A comparison that did not know it does not wipe it out."""
    kept = (("BTC", Decimal("0.5")),)
    await write(database, [Reconciled("upbit", (), kept), Reconciled("upbit", ("XRP: ours 1, theirs 2",))])
    assert (await recover(database, NOW)).unmanaged == kept


async def test_instructions_that_are_not_over_are_handed_back(database: Database) -> None:
    """The last word about each counts; what has ended is not armed again."""
    waiting, over = instruction(), instruction(instruction_id="i-2", state=InstructionState.DONE)
    first = replace(over, state=InstructionState.ARMED)
    moved = replace(waiting, water=Decimal(99))
    await write(database, [InstructionChanged(each, "x") for each in (waiting, first, moved, over)])
    assert (await recover(database, NOW)).instructions == (moved,)


async def test_a_sliced_instruction_is_handed_back_with_its_progress_until_its_report_is_told(
    database: Database,
) -> None:
    progress = SliceProgress(NOW, 7, (ScheduledSlice(0.5, Decimal("0.0005")),), number=1, filled_volume=Decimal("1E-4"))
    sliced = instruction(plan=PLAN, progress=progress)
    over = replace(sliced, instruction_id="i-2", state=InstructionState.DONE)
    told = replace(over, instruction_id=REPORTED.instruction_id)
    await write(database, [InstructionChanged(each, "x") for each in (sliced, over, told)] + [REPORTED])
    assert (await recover(database, NOW)).instructions == (sliced, over)


async def test_the_last_word_on_each_breaker_and_the_open_letters_are_handed_back(database: Database) -> None:
    """No table holds them: the journal alone says it."""
    closed = replace(BREAKER, state=BreakerState.CLOSED, until=None)
    other = replace(BREAKER, group=CallGroup.LOOKUP)
    second = replace(LETTER, dead_letter_id="gw-10")
    losses = [LossBookChanged(replace(LOSSES, latched=()), "begun"), LossBookChanged(LOSSES, "daily")]
    events = [closed, other, BREAKER, DeadLetterAdded(LETTER), DeadLetterAdded(second), *losses]
    await write(database, [*events, DeadLetterSettled(LETTER.dead_letter_id, LetterOutcome.RETRIED)])
    found = await recover(database, NOW)
    assert set(found.breakers) == {BREAKER, other}
    assert found.dead_letters == (second,)
    assert found.loss_book == LOSSES


async def test_what_nobody_acknowledged_is_handed_back(database: Database) -> None:
    other = replace(NOTICE, notice_id="n1-2")
    done = replace(NOTICE, acknowledged_at=NOW, acknowledged_by="screen")
    events = [NoticeChanged(NOTICE, "raised"), NoticeChanged(other, "raised"), NoticeChanged(done, "acknowledged")]
    await write(database, [*events, NoticeChanged(replace(other, reminders=2), "reminded")])
    recovered = await recover(database, NOW)
    assert recovered.notices == (replace(other, reminders=2),)


async def test_remote_commands_and_the_last_report_are_known_again(database: Database) -> None:
    taken = [RemoteTaken(number, 5, RemoteCommand.PAUSE, "paused") for number in range(recovery.REMOTE_KEPT + 5)]
    await write(database, [*taken, DailyReported(DAY)])
    recovered = await recover(database, NOW)
    assert recovered.remote_ids == tuple(range(5, recovery.REMOTE_KEPT + 5))
    assert recovered.reported_day == DAY.day


async def test_emergencies_are_counted_by_run(database: Database) -> None:
    run = next(event.run for event in ONE_OF_EACH if isinstance(event, LiquidationChanged))
    await write(database, [LiquidationChanged(run), LiquidationChanged(run)])
    assert (await recover(database, NOW)).emergencies == (run.started_at,)
