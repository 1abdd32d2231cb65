"""The only file that knows everybody: builds the objects of one run with plain constructor calls."""

import asyncio
import contextlib
import logging
import os
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from app.adapters.files.blueprint_files import BlueprintShelf, read_shelf
from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import Settings, read_settings
from app.adapters.host.heartbeat import Heartbeat
from app.adapters.host.loop_probe import LoopProbe, LoopWatch
from app.adapters.host.practice_process import PracticeAddress, PracticeProcess, read_address_file
from app.adapters.host.system_clock import SystemClock
from app.adapters.host.takeover import OutsideWatch, Takeover
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.secrets.kill_stores import KillStores
from app.adapters.secrets.password_file import PasswordFile
from app.adapters.secrets.vault import Vault
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.flight_log import FORMAT, FlightLogWriter
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import Recovered, recover
from app.adapters.telegram.bot_api import BotAddress, is_token, token_forms
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.alert_room import AlertRoom
from app.domain.alert import NoticeChanged
from app.domain.commands import SetTradingState, WatchMarket
from app.domain.dead_letter import DeadLetterAdded
from app.domain.drill import DrillEnded
from app.domain.errors import InvalidInputError, StorageError, VenueError
from app.domain.flight import FlightHeader
from app.domain.heartbeat import LoopStarved
from app.domain.kill import KillMark, KillMarked
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    Event,
    LiquidationChanged,
    MarketsListed,
    Message,
    OrderChanged,
    PositionChanged,
    TradingStateChanged,
)
from app.domain.ports import IdSource, VenueClient
from app.domain.promotion import PromotionCard
from app.domain.values import Market, TradingMode, TradingState
from app.domain.venue_health import CallTimed
from app.drill.fire_drill import DrillTools, FireDrill
from app.engine.alert_desk import AlertDesk
from app.engine.alert_service import AlertService
from app.engine.daily_report import DailyReporter
from app.engine.event_bus import EventBus
from app.engine.event_log import log_event
from app.engine.heartbeats import Heartbeats
from app.engine.kill_recorder import KillRecorder
from app.engine.promotion_gate import PromotionGate
from app.engine.remote_desk import Allowed, RemoteDesk
from app.engine.rule_language import rule_problems
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine
from app.engine.unlocker import Unlocker
from app.paper_evidence import evidence_cards
from app.reach import Means, Reach, leave_address, live_key, reach_exchange, reach_live

_log = logging.getLogger(__name__)

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
VENUE = "upbit"
QUOTE = "KRW"
APP_VERSION = "0.1.0"
#: Markets followed besides those with positions; the launcher offers all of them, the stream needs only these.
FOLLOWED = 12
LISTING_AGAIN_S = 3600.0
LISTING_RETRY_S = 3.0
#: A listing, with all its retries of the adapter, has brought something within this time, or hangs.
LISTING_DUE_S = 60.0
EQUITY_SAMPLE_EVERY = timedelta(seconds=10)
#: Told every secret in use, so that no log shows it.
Loaded = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What the command line decided. ``attach`` is the address file of a practice exchange that already runs.

    ``record`` is the new file for a flight log of the run. ``confirmed`` is what a person typed to start with real
    money. ``outside`` is where real prices come from, other than the venue itself on this computer only (tests).

    Raises:
        InvalidInputError: a mode other than practice shall attach to an exchange or play recorded data.
    """

    mode: TradingMode = TradingMode.PRACTICE
    attach: Path | None = None
    replay: Path | None = None
    speed: float = 1.0
    seed: int | None = None
    record: Path | None = None
    confirmed: str = ""
    outside: str = ""

    def __post_init__(self) -> None:
        if self.mode is not TradingMode.PRACTICE and not self.has_own_books:
            raise InvalidInputError(f"--attach and --replay are for mode practice, not for {self.mode.value}")

    @property
    def own_exchange(self) -> bool:
        """True when the run starts an exchange on this computer."""
        return self.attach is None and self.mode is not TradingMode.LIVE

    @property
    def has_own_books(self) -> bool:
        """True when the run goes on with the books of its mode."""
        return self.attach is None and self.replay is None


@dataclass(slots=True)
class Terminal:
    """Everything of a run but its screen."""

    options: StartOptions
    profile: Profile
    settings: Settings
    shelf: BlueprintShelf
    clock: SystemClock
    bus: EventBus
    supervisor: TaskSupervisor
    probe: LoopProbe
    watch: LoopWatch
    database: Database
    journal: SqlJournal
    recovered: Recovered
    client: VenueClient
    stream: UpbitWebSocketClient
    engine: TradingEngine
    kill_records: KillRecorder
    unlocker: Unlocker
    heartbeat: Heartbeat
    alerts: AlertRoom
    address: PracticeAddress | None = None
    process: PracticeProcess | None = None
    recorder: FlightLogWriter | None = None
    watched: set[Market] = field(default_factory=set)
    sampled_at: datetime | None = None
    drill: FireDrill = field(init=False)

    def __post_init__(self) -> None:
        looks = (self.engine.core, self.clock, self.settings.limits)
        self.drill = FireDrill(DrillTools(*looks, self.bus, self.journal.append, self.supervisor.spawn))

    # ---- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Let the engine decide and the streams run."""
        self.bus.subscribe(log_event)
        self.bus.subscribe(self._follow_positions)
        self.bus.subscribe(self._sample_equity)
        if self.recorder is not None:
            self.supervisor.spawn(self.recorder.run(), name="flight-log")
        self.alerts.service.start()
        self.engine.start(self.recovered, self.recovered.liquidation, self.options.mode.value)
        self.supervisor.spawn(self._keep_listing(), name="market-listing")
        self.supervisor.spawn(self.stream.run(self.engine.post), name="streams")
        self.supervisor.spawn(self.probe.run(), name="loop-probe")
        self.watch.start()
        self.supervisor.spawn(self.heartbeat.run(), name="heartbeat")

    async def close(self) -> None:
        """Write the proper end down, then let go of everything, last built first."""
        self.watch.stop()
        await self.engine.stop(self.recovered.epoch)
        await self.kill_records.drained()
        await self.alerts.service.close()
        with contextlib.suppress(StorageError):
            await self.journal.stop()
        await self.supervisor.stop()
        self.heartbeat.end()
        if self.recorder is not None:
            await self.recorder.close()
        await self.client.close()
        await self.database.close()
        if self.process is not None:
            await self.process.stop()

    # ---- doors for the screen -----------------------------------------------------------------------------------

    def recovered_events(self) -> list[Event]:
        """What the journal knew, as events, so that the screen learns it the same way as everything else."""
        state = self.recovered
        events: list[Event] = [OrderChanged(order, "recovered") for order in state.orders]
        events += [PositionChanged(position, "recovered") for position in state.positions]
        events += [*state.overrides, *state.breakers, *(DeadLetterAdded(letter) for letter in state.dead_letters)]
        events += [LiquidationChanged(run) for run in state.runs]
        events += [DrillEnded(drill) for drill in state.drills]
        now = self.engine.core.switch.state
        mark = self.engine.core.switch.mark
        events += [KillMarked(mark)] if mark is not None else []
        events.append(TradingStateChanged(state.trading_state, now, "start"))
        events += [NoticeChanged(notice, "recovered") for notice in state.notices]
        events += [AlertRaised("blueprint_unusable", str(item), problem=item) for item in self.shelf.problems]
        return events

    async def promotion_cards(self) -> tuple[PromotionCard, ...]:
        """How every strategy stands at the gate from paper to live. Raises StorageError."""
        is_paper = self.options.mode is TradingMode.PAPER and self.options.has_own_books
        running = self.database if is_paper else None
        return await evidence_cards(self.profile, self.settings, self.shelf.blueprints, running)

    def start_drill(self, sample: bool) -> bool:
        """Press the emergency control in an exchange of its own, on a copy; False when that cannot be done now."""
        return self.drill.start(sample)

    def watch_market(self, venue: str, symbol: str) -> None:
        """The screen shows this market: follow it and load its bars."""
        self._follow({Market(venue, symbol)})
        self.engine.post(WatchMarket(Market(venue, symbol)))

    # ---- background ---------------------------------------------------------------------------------------------

    def _follow_positions(self, event: Event) -> None:
        if isinstance(event, PositionChanged) and event.position.is_live:
            self._follow({event.position.market})

    def _follow(self, markets: set[Market]) -> None:
        if not markets <= self.watched:
            self.watched |= markets
            self.stream.subscribe(sorted(self.watched))

    def _sample_equity(self, event: Event) -> None:
        if not isinstance(event, AccountMarked) or not event.reconciled:
            return
        if self.sampled_at is None or event.marked_at - self.sampled_at >= EQUITY_SAMPLE_EVERY:
            self.sampled_at = event.marked_at
            with contextlib.suppress(StorageError):
                self.journal.sample_equity(event)

    async def _keep_listing(self) -> None:
        """Markets and their rules, again every hour: venues change ticks and minimums."""
        while True:
            self.engine.beats.beat("market-listing", LISTING_DUE_S)
            try:
                infos, constraints = await self.client.list_markets()
            except VenueError as error:
                _log.warning("markets not listed, trying again: %s", error)
                await asyncio.sleep(LISTING_RETRY_S)
                continue
            self.engine.post(MarketsListed(VENUE, infos, constraints))
            live = {position.market for position in self.engine.core.positions.live()}
            self._follow({info.market for info in infos[:FOLLOWED]} | live)
            self.engine.beats.beat("market-listing", LISTING_AGAIN_S + LISTING_DUE_S)
            await asyncio.sleep(LISTING_AGAIN_S)


async def open_terminal(
    options: StartOptions, profile: Profile, vault: ApiKeyVault | None = None, loaded: Loaded = lambda _: None
) -> Terminal:
    """Build a run; nothing is decided or sent before ``Terminal.start``. ``vault`` is asked for a live key only;
    ``loaded`` is told every secret in use.

    Raises:
        InvalidInputError, VaultError: settings, address file, replay file, key or key store are unusable.
        StorageError: journal or database cannot be trusted or opened, or belong to another mode.
        VenueUnavailableError: the practice exchange did not start, or found no prices to show.
    """
    settings = read_settings(profile.settings_file)
    key = await live_key(vault, options.confirmed) if options.mode is TradingMode.LIVE else None
    clock, bus, timings = SystemClock(), EventBus(), _Timings()
    supervisor = TaskSupervisor(lambda name, error: _task_died(engine, name, error))
    beats = Heartbeats(clock)
    process = await _launched(options, settings, profile)
    folder = _data_folder(options, profile, clock)
    database = _database(options, settings, folder)
    kill_stores = KillStores(folder, once=options.replay is not None)
    async with _let_go_if_it_fails(database, process):
        shelf = await _shelf(profile)
        recovered = await _recover(database, kill_stores, clock, options.mode)
        cards = None if key is None else await evidence_cards(profile, settings, shelf.blueprints)
        recorder, ids = _recorder(options, settings, recovered, cards)
        reach = await _reach(options, process, key, Means(clock, timings.take, beats.beat))
        leave_address(folder, reach.address)
    core = TradingCore(VENUE, QUOTE, settings.limits, ids, settings.venue_health, PromotionGate(cards))
    outside = OutsideWatch(kill_stores.stop_file, Takeover(folder))
    host = partial(TradingEngine, bus=bus, clock=clock, spawn=supervisor.spawn, recorder=recorder)
    wire = partial(host, core, reach.client, beats=beats, outside=outside)
    journal, records, engine = _records(database, recovered, kill_stores, supervisor, wire, beats)
    timings.post = engine.post
    probe = LoopProbe(beats.beat)
    await journal.start()
    alerts = _alerts(options, settings, profile, recovered, engine, supervisor, journal, clock, loaded)
    return Terminal(
        options=options,
        profile=profile,
        settings=settings,
        shelf=shelf,
        clock=clock,
        bus=bus,
        supervisor=supervisor,
        probe=probe,
        watch=LoopWatch(probe, lambda seconds: engine.post(LoopStarved(seconds))),
        database=database,
        journal=journal,
        recovered=recovered,
        client=reach.client,
        stream=reach.stream,
        engine=engine,
        address=reach.address,
        kill_records=records,
        unlocker=Unlocker(engine.post, core.switch, core.kill, records, PasswordFile(folder), clock),
        heartbeat=Heartbeat(folder, recovered.epoch, options.mode.value),
        alerts=alerts,
        process=process,
        recorder=recorder,
    )


async def _launched(options: StartOptions, settings: Settings, profile: Profile) -> PracticeProcess | None:
    """Our own exchange; it gets ready while the books are opened and checked."""
    if not options.own_exchange:
        return None
    process = PracticeProcess(_practice_arguments(options, settings, profile))
    await process.launch(os.getpid())
    return process


@contextlib.asynccontextmanager
async def _let_go_if_it_fails(database: Database, process: PracticeProcess | None) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await database.close()
        if process is not None:
            await process.stop()
        raise


async def _recover(database: Database, kill_stores: KillStores, clock: SystemClock, mode: TradingMode) -> Recovered:
    """What the journal knew, and of the kill switch the worst that anybody knew."""
    await database.open()
    recovered = await recover(database, clock.now(), mode=mode.value)
    recovered.kill = await kill_stores.judge(recovered.kill, recovered.epoch, clock.now())
    return recovered


def _records(
    database: Database,
    recovered: Recovered,
    kill_stores: KillStores,
    supervisor: TaskSupervisor,
    wire: Callable[[KillRecorder], TradingEngine],
    beats: Heartbeats,
) -> tuple[SqlJournal, KillRecorder, TradingEngine]:
    """Journal, kill switch records and the engine over them: each tells the engine of its failures."""

    def journal_failed(error: StorageError) -> None:
        engine.journal_failed(str(error))

    def mark_failed(mark: KillMark, words: str) -> None:
        engine.mark_failed(mark, words)

    journal = SqlJournal(database, recovered.head, recovered.epoch, journal_failed, supervisor.spawn, beats.beat)
    records = KillRecorder(journal, kill_stores.stores, supervisor.spawn, mark_failed)
    engine = wire(records)
    return journal, records, engine


def _database(options: StartOptions, settings: Settings, folder: Path) -> Database:
    url = settings.storage.url_of(options.mode) if options.has_own_books else ""
    return Database(url or sqlite_url(folder))


def _recorder(
    options: StartOptions,
    settings: Settings,
    recovered: Recovered,
    cards: tuple[PromotionCard, ...] | None,
) -> tuple[FlightLogWriter | None, IdSource]:
    """The flight log, if one is asked for, and where names come from: through it."""
    ids = DurableIds(recovered.install, recovered.epoch)
    if options.record is None:
        return None, ids
    built_from = (VENUE, QUOTE, settings.limits, recovered.install, recovered.epoch, options.mode.value)
    header = FlightHeader(FORMAT, APP_VERSION, *built_from, settings.venue_health, cards)
    recorder = FlightLogWriter(options.record, header, ids)
    return recorder, recorder.ids


def _alerts(
    options: StartOptions,
    settings: Settings,
    profile: Profile,
    recovered: Recovered,
    engine: TradingEngine,
    supervisor: TaskSupervisor,
    journal: SqlJournal,
    clock: SystemClock,
    loaded: Loaded,
) -> AlertRoom:
    desk = AlertDesk(settings.alerts.policy, f"n{recovered.epoch}")
    desk.restore(recovered.notices, recovered.liquidation)
    remote = RemoteDesk(Allowed(), lambda: f"{secrets.randbelow(10**6):06d}", lambda: uuid.uuid4().hex)
    remote.restore(recovered.remote_ids, recovered.trading_state)
    reporter = DailyReporter(engine.core.account.realised_on)
    reporter.restore(recovered.fills, recovered.emergencies, recovered.reported_day)
    mode = options.mode.value
    service = AlertService(desk, remote, reporter, journal, engine.bus, clock, engine.post, supervisor.spawn, mode)
    vault = Vault(str(profile.config), lambda secret: _blot(secret, loaded))
    return AlertRoom(service, settings.alerts, profile.settings_file, vault, clock, BotAddress())


def _blot(secret: str, loaded: Loaded) -> None:
    """A token has more than one form in which it could end up in a log."""
    for form in token_forms(secret) if is_token(secret) else (secret,):
        loaded(form)


async def _shelf(profile: Profile) -> BlueprintShelf:
    """In a thread: the rule language takes a third of a second to import, and no click is to pay for it."""
    return await asyncio.to_thread(sound_shelf, (RESOURCES / "blueprints", profile.blueprint_folder))


def sound_shelf(folders: tuple[Path, ...]) -> BlueprintShelf:
    """Blueprints whose figures and conditions are sound, and every fault of the others."""
    shelf = read_shelf(folders)
    problems = {blueprint.id: rule_problems(blueprint) for blueprint in shelf.blueprints}
    rules = [replace(item, where=f"{name}: {item.where}") for name, found in problems.items() for item in found]
    sound = tuple(blueprint for blueprint in shelf.blueprints if not problems[blueprint.id])
    return BlueprintShelf(sound, (*shelf.problems, *rules))


class _Timings:
    """Takes how long calls took; tells the engine once there is one."""

    post: Callable[[Message], None] | None = None

    def take(self, _call: str, milliseconds: float) -> None:
        """Milliseconds of one call."""
        if self.post is not None:
            self.post(CallTimed(VENUE, milliseconds))


async def _reach(
    options: StartOptions, process: PracticeProcess | None, key: Credentials | None, means: Means
) -> Reach:
    """The venue of the run; waits until our own exchange has said where it is."""
    if key is not None:
        return await reach_live(key, means)
    if process is not None:
        return reach_exchange(await process.address(), options.mode, means)
    assert options.attach is not None
    return reach_exchange(read_address_file(options.attach), options.mode, means)


def _data_folder(options: StartOptions, profile: Profile, clock: SystemClock) -> Path:
    """One journal per account: the remembered practice account, an attached exchange, or one recording once."""
    if options.attach is not None:
        return profile.data / "attached"
    if options.replay is not None:
        return profile.data / f"replay-{clock.now():%Y%m%d-%H%M%S}"
    return profile.data / options.mode.value


def _practice_arguments(options: StartOptions, settings: Settings, profile: Profile) -> list[str]:
    seed = settings.practice.seed if options.seed is None else options.seed
    arguments = ["--venue", VENUE, "--port", "0", "--seed", str(seed), "--cash", str(settings.practice.cash)]
    if options.replay is not None:
        return [*arguments, "--replay", str(options.replay), "--speed", str(options.speed)]
    if options.mode.shows_real_prices:
        arguments += ["--mirror", *([options.outside] if options.outside else [])]
    if options.mode is TradingMode.PRACTICE:
        return [*arguments, "--state", str(profile.data / "practice-exchange.json")]
    if options.mode is TradingMode.PAPER:
        folder = profile.data / options.mode.value
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [*arguments, "--state", str(folder / "exchange.json")]
    return arguments


def _task_died(engine: TradingEngine, name: str, error: BaseException) -> None:
    """A part that died means safe mode."""
    engine.bus.publish(AlertRaised("task_died", f"{name}: {error!r}", critical=True))
    engine.post(SetTradingState(TradingState.REDUCING, f"{name} died"))
