"""The practice exchange as a child process: it ends with the terminal, also when the terminal is killed."""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.domain.errors import InvalidInputError, VenueUnavailableError

START_PATIENCE_S = 30.0
STOP_PATIENCE_S = 5.0
#: Where a terminal leaves the address for gwanje-kill, beside its journal.
ADDRESS_FILE = "practice-venue.json"
MAX_LINE = 65536
#: What the practice exchange ends with when the venue whose prices it shall show cannot be read.
NOTHING_TO_MIRROR = 4
#: The code of that trouble.
NO_REAL_PRICES = "no_real_prices"
CHECKOUT = Path(__file__).resolve().parents[3]


class PracticeAddress(msgspec.Struct, frozen=True):
    """Where a running practice exchange listens, and the keys of its one account."""

    rest: str
    ws: str
    ws_private: str
    admin: str
    access_key: str
    secret_key: str


def read_address(text: str | bytes) -> PracticeAddress:
    """Parse the line the practice exchange prints, or a file holding it.

    Raises:
        InvalidInputError: it is not that line.
    """
    try:
        return msgspec.json.decode(text, type=PracticeAddress)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(f"not the address line of a practice exchange: {error}") from error


def read_address_file(path: Path) -> PracticeAddress:
    """Address from a file.

    Raises:
        InvalidInputError: the file cannot be read or holds something else.
    """
    try:
        return read_address(path.read_bytes())
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be read ({error.strerror}); start 'run.py practice' first") from error
    except InvalidInputError as error:
        raise InvalidInputError(f"{path}: {error}") from error


class PracticeProcess:
    """Starts ``python -m app.practice`` and stops it again; its standard input is its lifeline to us."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._arguments = tuple(arguments)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self, parent_pid: int) -> PracticeAddress:
        """Start it and wait for its address line.

        Raises:
            VenueUnavailableError: it cannot be started, ended, said something else, or nothing in START_PATIENCE_S.
        """
        await self.launch(parent_pid)
        return await self.address()

    async def launch(self, parent_pid: int) -> None:
        """Start it and return at once; it needs a second or two until ``address``.

        Raises:
            VenueUnavailableError: it cannot be started.
        """
        try:
            self._process = await self._spawn(parent_pid)
        except OSError as error:
            raise VenueUnavailableError("practice", f"cannot be started ({error.strerror})") from error

    async def address(self) -> PracticeAddress:
        """Wait for the address line of the launched process, which is ended if the line does not come.

        Raises:
            VenueUnavailableError: it ended, said something else, or nothing in START_PATIENCE_S.
        """
        assert self._process is not None, "launch comes first"
        try:
            return await self._address(self._process)
        except (VenueUnavailableError, asyncio.CancelledError):
            await self.stop()
            raise

    async def _spawn(self, parent_pid: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *_program(),
            *self._arguments,
            "--parent-pid",
            str(parent_pid),
            "--watch-stdin",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=CHECKOUT,
            limit=MAX_LINE,
        )

    async def _address(self, process: asyncio.subprocess.Process) -> PracticeAddress:
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_PATIENCE_S)
        except TimeoutError:
            raise VenueUnavailableError("practice", f"said nothing for {START_PATIENCE_S:.0f} s") from None
        except ValueError:
            raise VenueUnavailableError("practice", f"its first line is longer than {MAX_LINE} bytes") from None
        if not line:
            code = await process.wait()
            if code == NOTHING_TO_MIRROR:
                raise VenueUnavailableError(NO_REAL_PRICES, "the venue's prices cannot be read; its words stand above")
            raise VenueUnavailableError("practice", f"ended with status {code}; its words stand above")
        try:
            return read_address(line)
        except InvalidInputError as error:
            raise VenueUnavailableError("practice", str(error)) from error

    async def stop(self) -> None:
        """End it; a process that does not listen is killed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_PATIENCE_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _program() -> tuple[str, ...]:
    """The exchange's command: beside the frozen terminal a program of its own, else a module of this checkout."""
    if getattr(sys, "frozen", False):
        return (str(Path(sys.executable).with_name("gwanje-practice" + Path(sys.executable).suffix)),)
    return (sys.executable, "-m", "app.practice")
