"""Runs seeds: one at a time, or shared out over processes."""

import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from tests.simulation.store import SimulatedDisk
from tests.simulation.virtual_loop import run
from tests.simulation.world import Outcome, World

CHUNK = 10


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder with a migrated empty database; in memory where the system offers it, the disk is simulated anyway."""
    memory = Path("/dev/shm")
    base = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="gwanje-simulation-", dir=base))
    try:
        template = folder / "template"
        template.mkdir()
        run(_migrate(template))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _migrate(folder: Path) -> None:
    database = Database(sqlite_url(folder), connect=SimulatedDisk().connect)
    await database.open()
    await database.close()


def run_seed(seed: int, folder: Path, traced: bool = False) -> Outcome:
    """One world from beginning to end; ``folder`` comes from ``scratch``."""
    place = folder / f"seed-{seed}-{os.getpid()}"
    place.mkdir()
    try:
        world = World(seed, place, folder / "template" / FILE_NAME, traced)
        return run(world.run())
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if not gc.isenabled():
            gc.collect()


def run_chunk(seeds: list[int]) -> list[Outcome]:
    """Some seeds in a process of their own; what the engine says about injected faults is not for anybody."""
    logging.disable(logging.CRITICAL)
    gc.disable()  # a world's rubbish goes in one sweep when the world is over
    with scratch() as folder:
        return [run_seed(seed, folder) for seed in seeds]


def run_seeds(seeds: list[int], jobs: int) -> Iterator[Outcome]:
    """All seeds, in no particular order."""
    chunks = [seeds[at : at + CHUNK] for at in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for outcomes in pool.map(run_chunk, chunks):
            yield from outcomes
