"""The only file that knows everybody: builds the objects of one run with plain constructor calls."""

import asyncio
import contextlib
import logging
import os
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.adapters.dry_run.venue import DryRunVenue
from app.adapters.files.blueprint_files import BlueprintShelf, read_shelf
from app.adapters.files.profile import Profile
from app.adapters.files.settings_file import Settings, read_settings
from app.adapters.host.loop_probe import LoopProbe
from app.adapters.host.practice_process import PracticeAddress, PracticeProcess, read_address_file
from app.adapters.host.system_clock import SystemClock
from app.adapters.secrets.api_key_vault import ApiKeyVault
from app.adapters.secrets.vault import Vault
from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.adapters.storage.flight_log import FORMAT, FlightLogWriter
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.paper_records import read_paper_records
from app.adapters.storage.recovery import Recovered, recover
from app.adapters.telegram.bot_api import BotAddress, is_token, token_forms
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.live_keys import inspect_key
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.alert_room import AlertRoom
from app.domain.alert import NoticeChanged
from app.domain.api_key import key_tail
from app.domain.commands import WatchMarket
from app.domain.dead_letter import DeadLetterAdded
from app.domain.errors import InvalidInputError, StorageError, VenueError
from app.domain.flight import FlightHeader
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    Event,
    MarketsListed,
    Message,
    OrderChanged,
    PositionChanged,
    TradingStateChanged,
)
from app.domain.ports import VenueClient
from app.domain.promotion import PaperRecord, PromotionCard, promotion_cards
from app.domain.values import Market, TradingMode
from app.domain.venue_health import CallTimed
from app.engine.alert_desk import AlertDesk
from app.engine.alert_service import AlertService
from app.engine.daily_report import DailyReporter
from app.engine.event_bus import EventBus
from app.engine.event_log import log_event
from app.engine.promotion_gate import PromotionGate
from app.engine.remote_desk import Allowed, RemoteDesk
from app.engine.rule_language import rule_problems
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine

_log = logging.getLogger(__name__)

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
VENUE = "upbit"
QUOTE = "KRW"
APP_VERSION = "0.1.0"
#: Markets followed besides those with positions; the launcher offers all of them, the stream needs only these.
FOLLOWED = 12
LISTING_AGAIN_S = 3600.0
LISTING_RETRY_S = 3.0
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
    database: Database
    journal: SqlJournal
    recovered: Recovered
    ids: DurableIds
    client: VenueClient
    stream: UpbitWebSocketClient
    engine: TradingEngine
    alerts: AlertRoom
    address: PracticeAddress | None = None
    process: PracticeProcess | None = None
    recorder: FlightLogWriter | None = None
    listed: list[Market] = field(default_factory=list)
    watched: set[Market] = field(default_factory=set)
    sampled_at: datetime | None = None

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

    async def close(self) -> None:
        """Write the proper end down, then let go of everything, last built first."""
        await self.engine.stop(self.recovered.epoch)
        await self.alerts.service.close()
        with contextlib.suppress(StorageError):
            await self.journal.stop()
        await self.supervisor.stop()
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
        now = self.engine.core.switch.state
        events.append(TradingStateChanged(state.trading_state, now, "start"))
        events += [NoticeChanged(notice, "recovered") for notice in state.notices]
        events += [AlertRaised("blueprint_unusable", str(item), problem=item) for item in self.shelf.problems]
        return events

    async def promotion_cards(self) -> tuple[PromotionCard, ...]:
        """How every strategy stands at the gate from paper to live. Raises StorageError."""
        if self.options.mode is TradingMode.PAPER and self.options.has_own_books:
            records = await read_paper_records(self.database, is_running=True)
        else:
            return await _live_cards(self.profile, self.settings, self.shelf)
        return promotion_cards(self.shelf.blueprints, records, self.settings.promotion, drills_passed())

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
            try:
                infos, constraints = await self.client.list_markets()
            except VenueError as error:
                _log.warning("markets not listed, trying again: %s", error)
                await asyncio.sleep(LISTING_RETRY_S)
                continue
            self.engine.post(MarketsListed(VENUE, infos, constraints))
            live = {position.market for position in self.engine.core.positions.live()}
            self._follow({info.market for info in infos[:FOLLOWED]} | live)
            await asyncio.sleep(LISTING_AGAIN_S)


@dataclass(frozen=True, slots=True)
class _Outside:
    """How a run reaches its venue; ``address`` is that of an exchange on this computer."""

    client: VenueClient
    stream: UpbitWebSocketClient
    address: PracticeAddress | None = None


class _Timings:
    """Takes how long calls took; tells the engine once there is one."""

    post: Callable[[Message], None] | None = None

    def take(self, _call: str, milliseconds: float) -> None:
        """Milliseconds of one call."""
        if self.post is not None:
            self.post(CallTimed(VENUE, milliseconds))


async def open_terminal(
    options: StartOptions, profile: Profile, vault: ApiKeyVault | None = None, loaded: Loaded = lambda _: None
) -> Terminal:
    """Build a run; nothing is decided or sent before ``Terminal.start``. ``vault`` is asked for a live key only;
    ``loaded`` is told every secret in use.

    Raises:
        InvalidInputError: settings, address file, replay file or key are unusable.
        StorageError: journal or database cannot be trusted or opened, or belong to another mode.
        VenueUnavailableError: the practice exchange did not start, or found no prices to show.
        VaultError: the key store cannot be used.
    """
    settings = read_settings(profile.settings_file)
    key = await live_key(vault, options.confirmed) if options.mode is TradingMode.LIVE else None
    clock, bus, timings = SystemClock(), EventBus(), _Timings()
    supervisor = TaskSupervisor(lambda name, error: bus.publish(_task_died(name, error)))
    process = None
    if options.own_exchange:
        process = PracticeProcess(_practice_arguments(options, settings, profile))
        await process.launch(os.getpid())  # it gets ready while the books are opened and checked
    database = _database(options, settings, profile, clock)
    try:
        # In a thread: the rule language takes a third of a second to import, and no click is to pay for it.
        shelf = await asyncio.to_thread(sound_shelf, (RESOURCES / "blueprints", profile.blueprint_folder))
        await database.open()
        recovered = await recover(database, clock.now(), mode=options.mode.value)
        cards = None if key is None else await _live_cards(profile, settings, shelf)
        ids = DurableIds(recovered.install, recovered.epoch)
        recorder = _recorder(options, settings, recovered, ids, cards)
        if key is None:
            outside = await _open_exchange(options, process, clock, timings)
        else:
            outside = await _open_live(key, clock, timings)
    except BaseException:
        await database.close()
        if process is not None:
            await process.stop()
        raise

    def journal_failed(error: StorageError) -> None:
        engine.journal_failed(str(error))

    journal = SqlJournal(database, recovered.head, recovered.epoch, journal_failed, supervisor.spawn)
    own_ids = ids if recorder is None else recorder.ids
    core = TradingCore(VENUE, QUOTE, settings.limits, own_ids, settings.venue_health, PromotionGate(cards))
    engine = TradingEngine(core, outside.client, journal, bus, clock, supervisor.spawn, recorder)
    timings.post = engine.post
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
        probe=LoopProbe(),
        database=database,
        journal=journal,
        recovered=recovered,
        ids=ids,
        client=outside.client,
        stream=outside.stream,
        engine=engine,
        alerts=alerts,
        address=outside.address,
        process=process,
        recorder=recorder,
    )


def _recorder(
    options: StartOptions,
    settings: Settings,
    recovered: Recovered,
    ids: DurableIds,
    cards: tuple[PromotionCard, ...] | None,
) -> FlightLogWriter | None:
    if options.record is None:
        return None
    built_from = (VENUE, QUOTE, settings.limits, recovered.install, recovered.epoch, options.mode.value)
    header = FlightHeader(FORMAT, APP_VERSION, *built_from, settings.venue_health, cards)
    return FlightLogWriter(options.record, header, ids)


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


def sound_shelf(folders: tuple[Path, ...]) -> BlueprintShelf:
    """Blueprints whose figures and conditions are sound, and every fault of the others."""
    shelf = read_shelf(folders)
    problems = {blueprint.id: rule_problems(blueprint) for blueprint in shelf.blueprints}
    rules = [replace(item, where=f"{name}: {item.where}") for name, found in problems.items() for item in found]
    sound = tuple(blueprint for blueprint in shelf.blueprints if not problems[blueprint.id])
    return BlueprintShelf(sound, (*shelf.problems, *rules))


def _venue(
    address: PracticeAddress, clock: SystemClock, timings: _Timings
) -> tuple[UpbitRestApiClient, UpbitWebSocketClient]:
    endpoints = Endpoints.practice(address.rest, address.ws, address.ws_private)
    credentials = Credentials(address.access_key, address.secret_key)
    client = UpbitRestApiClient(endpoints, credentials, clock, on_latency=timings.take)
    return client, UpbitWebSocketClient(endpoints, credentials, clock, client.limiter)


def live_venue(
    key: Credentials, clock: SystemClock, timed: Callable[[str, float], None] | None = None
) -> tuple[UpbitRestApiClient, UpbitWebSocketClient]:
    """The real venue; no other mode comes here. Nothing is connected before it is asked for something."""
    endpoints = Endpoints.live()
    client = UpbitRestApiClient(endpoints, key, clock, on_latency=timed)
    return client, UpbitWebSocketClient(endpoints, key, clock, client.limiter)


def open_vault(profile: Profile, secrets: list[str]) -> ApiKeyVault:
    """The keys of this profile; whatever is read joins ``secrets``, which the log blots out."""
    return ApiKeyVault(Vault(str(profile.config), lambda secret: secrets.extend(secret.split())))


async def live_key(vault: ApiKeyVault | None, confirmed: str) -> Credentials:
    """The kept key of the live account, for a person who typed the end of it.

    Raises:
        InvalidInputError: there is none, or what was typed is not its end.
        VaultError: the key store cannot be used.
    """
    key = await vault.load(TradingMode.LIVE) if vault is not None else None
    if key is None:
        raise InvalidInputError("mode live: no API key is kept; enter one first")
    if confirmed != key_tail(key.access_key):
        raise InvalidInputError("mode live: what was typed is not the end of the access key; nothing was started")
    return key


async def _open_live(key: Credentials, clock: SystemClock, timings: _Timings) -> _Outside:
    """The real venue, with a key that it says is fit. Raises InvalidInputError."""
    client, stream = live_venue(key, clock, timings.take)
    report = await inspect_key(client.exchange, key.access_key, clock.now())
    if not report.is_usable:
        await client.close()
        found = ", ".join(report.findings)
        raise InvalidInputError(f"mode live: the API key cannot be used ({found}) {report.detail}".strip())
    return _Outside(client, stream)


async def _open_exchange(
    options: StartOptions, process: PracticeProcess | None, clock: SystemClock, timings: _Timings
) -> _Outside:
    """The exchange on this computer; a dry run may only look at it."""
    address = await _address(options, process)
    client, stream = _venue(address, clock, timings)
    reach = DryRunVenue(client) if options.mode is TradingMode.DRY_RUN else client
    return _Outside(reach, stream, address)


async def _live_cards(profile: Profile, settings: Settings, shelf: BlueprintShelf) -> tuple[PromotionCard, ...]:
    records = await _paper_records(profile, settings)
    return promotion_cards(shelf.blueprints, records, settings.promotion, drills_passed())


def drills_passed() -> int:
    """Fire drills that were passed; none are counted yet."""
    return 0


async def _paper_records(profile: Profile, settings: Settings) -> dict[str, PaperRecord]:
    """What the journal of paper mode says; nothing when there is none. Raises StorageError."""
    url, folder = settings.storage.url_of(TradingMode.PAPER), profile.data / TradingMode.PAPER.value
    if not url and not (folder / FILE_NAME).exists():
        return {}
    database = Database(url or sqlite_url(folder))
    await database.open()
    try:
        return await read_paper_records(database)
    finally:
        await database.close()


async def _address(options: StartOptions, process: PracticeProcess | None) -> PracticeAddress:
    if process is not None:
        return await process.address()
    assert options.attach is not None
    return read_address_file(options.attach)


def _database(options: StartOptions, settings: Settings, profile: Profile, clock: SystemClock) -> Database:
    url = settings.storage.url_of(options.mode) if options.has_own_books else ""
    return Database(url or sqlite_url(_data_folder(options, profile, clock)))


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


def _task_died(name: str, error: BaseException) -> AlertRaised:
    return AlertRaised("task_died", f"{name}: {error!r}", critical=True)
