"""Child processes of the bench: started with their own folder and environment, asked line by line, always ended."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_PATIENCE_S = 60.0
ANSWER_PATIENCE_S = 15.0
END_PATIENCE_S = 10.0
MAX_LINE = 64 * 1024 * 1024


class BenchError(Exception):
    """A measurement could not be made; the text says why."""


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, with the checkout on the path and the profile in ``home``."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "GWANJE_HOME": str(home), **(more or {})}


class Child:
    """``python -m <module>`` that speaks the lines of ``line_control``."""

    def __init__(self, module: str, process: asyncio.subprocess.Process) -> None:
        self._module = module
        self._process = process

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @classmethod
    async def start(cls, module: str, arguments: Sequence[str], env: Mapping[str, str]) -> "Child":
        """Start it; its errors go to our standard error."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            env=env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MAX_LINE,
        )
        return cls(module, process)

    async def line(self, patience_s: float = ANSWER_PATIENCE_S) -> dict[str, Any]:
        """The next line it says."""
        assert self._process.stdout is not None
        try:
            raw = await asyncio.wait_for(self._process.stdout.readline(), patience_s)
        except TimeoutError:
            raise BenchError(f"{self._module} said nothing for {patience_s:.0f} s") from None
        if not raw:
            code = await self._process.wait()
            raise BenchError(f"{self._module} ended with status {code}; its words stand above")
        answer: dict[str, Any] = json.loads(raw)
        return answer

    async def ask(self, what: str, **more: object) -> dict[str, Any]:
        """Give a command and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.line()

    async def end(self) -> None:
        """Close its standard input, which ends it; whoever does not listen is killed."""
        with contextlib.suppress(ConnectionError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), END_PATIENCE_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
