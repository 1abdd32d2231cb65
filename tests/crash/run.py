"""One run: a terminal is killed, started again on its files, and must come to rest with nothing lost or doubled."""

import os
import shutil
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec

from tests.crash import judge, pilot, processes, witness
from tests.crash.points import BY_NAME, Stage
from tests.crash.venue import Ledger, Venue

RANDOM = "random"
#: A flight lasts about this long when the machine is not busy; random kills come within it.
FLIGHT_S = 1.0
CHILD_PATIENCE_S = 240.0
#: Share of the runs that are killed once more, at a random time, before the kill that counts.
TWICE = 0.3
#: Every so many seeds the clock is not helped: the restart waits the venue's whole horizon in real time.
PATIENT_EVERY = 50


@dataclass(frozen=True, slots=True)
class Job:
    """What is to happen: killed at point ``name`` (or at a random time), everything else drawn from ``seed``."""

    name: str
    seed: int
    most: int = 1


class Result(msgspec.Struct):
    """What happened. ``findings`` are pairs of kind and words; ``folder`` is kept when there are any."""

    name: str
    seed: int
    reached: bool
    kills: int
    findings: list[tuple[str, str]]
    folder: str = ""


@dataclass(slots=True)
class Run:
    """One set of files from its first start to its last settling."""

    job: Job
    folder: Path
    venue: Venue
    random: Random = field(init=False)
    kills: int = 0
    reached: bool = False
    failures: list[judge.Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.job.name} {self.job.seed}")

    def carry_out(self) -> Result:
        """Kill, start again, judge."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        before = self.venue.ledger()
        if self.job.name == RANDOM:
            self._kill_at_random_times(2 if self.random.random() < TWICE else 1)
        else:
            self._kill_at_the_point()
        self.venue.clear_faults()
        findings = [*self.failures, *self._settle_and_judge(before)]
        if not findings:
            shutil.rmtree(self.folder)
        words = [(finding.kind, finding.words) for finding in findings]
        kept = str(self.folder) if findings else ""
        return Result(self.job.name, self.job.seed, self.reached, self.kills, words, kept)

    # ---- kills --------------------------------------------------------------------------------------------------

    def _kill_at_random_times(self, times: int) -> None:
        for attempt in range(20):
            pid = self._start("fly", self.job.seed + 1_000_000 * attempt)
            time.sleep(self.random.uniform(0, FLIGHT_S / (1 + attempt)))
            self._ended(processes.kill(pid))
            if self.kills >= times:
                break
        self.reached = self.reached or (self.job.name == RANDOM and self.kills > 0)

    def _kill_at_the_point(self) -> None:
        point = BY_NAME[self.job.name]
        if point.stage is not Stage.BIRTH and self.random.random() < TWICE:
            self._kill_at_random_times(1)
        script = "everything" if point.stage is Stage.BIRTH else "fly"
        most = 1 if point.stage is Stage.OPENING else self.job.most
        for nth in (self.random.randint(1, most), self.random.randint(1, most), 1):
            pid = self._start(script, self.random.randrange(1_000_000), self.job.name, nth)
            status = processes.wait(pid, CHILD_PATIENCE_S)
            if status is None:
                processes.kill(pid)
            elif self._ended(status):
                self.reached = True
                return
            script = "everything"

    def _ended(self, status: int) -> bool:
        """Count a kill; a child that neither was killed nor landed has found something."""
        if processes.was_killed(status):
            self.kills += 1
            return True
        if status != 0:
            self.failures.append(judge.Finding(self._kind_of_failure(), f"a flight failed: {self._last_words()}"))
        return False

    def _start(self, script: str, seed: int, armed: str = "", nth: int = 1) -> int:
        task = self._task(seed, armed, nth)
        return processes.fork(lambda: pilot.run_child(task, script), self.folder / "terminal.log")

    def _task(self, seed: int, armed: str = "", nth: int = 1) -> pilot.Task:
        patient = self.job.seed % PATIENT_EVERY == 0
        return pilot.Task(self.folder, self.venue.address_file, self.venue.admin, seed, armed, nth, patient)

    # ---- afterwards ---------------------------------------------------------------------------------------------

    def _settle_and_judge(self, before: Ledger) -> list[judge.Finding]:
        task = self._task(self.job.seed)
        task.report_file.unlink(missing_ok=True)
        pid = self._start("settle", self.job.seed)
        status = processes.wait(pid, CHILD_PATIENCE_S)
        if status is None:
            processes.kill(pid)
            return [judge.Finding(judge.MISMATCH, f"the restart hangs: {self._last_words()}")]
        if status != 0:
            return [judge.Finding(self._kind_of_failure(), f"the restart failed: {self._last_words()}")]
        report = msgspec.json.decode(task.report_file.read_bytes(), type=pilot.Report)
        findings = [judge.Finding(judge.MISMATCH, words) for words in report.words]
        try:
            books = judge.read_books(task.database_file)
        except sqlite3.Error as error:
            return [*findings, judge.Finding(judge.CHAIN, f"the file cannot be read: {error}")]
        return [*findings, *judge.judge(books, witness.read(task.witness_file), before, self.venue.ledger())]

    def _kind_of_failure(self) -> str:
        return judge.CHAIN if "StorageError" in self._last_words() else judge.MISMATCH

    def _last_words(self) -> str:
        lines = (self.folder / "terminal.log").read_text().strip().splitlines()
        return " | ".join(lines[-3:])


def slot(jobs: list[Job], folder: Path, writing: int) -> None:
    """Body of a worker: one exchange, and one run after another on its account. Results go out line by line."""
    folder.mkdir(parents=True)
    venue = Venue(folder, jobs[0].seed)
    for number, job in enumerate(jobs):
        result = Run(job, folder / f"run-{number}", venue).carry_out()
        os.write(writing, msgspec.json.encode(result) + b"\n")
        if result.findings:  # what it left at the venue must not confuse the next run
            venue.stop()
            venue = Venue(folder, job.seed)
    venue.stop()


def count_points(folder: Path, seed: int) -> dict[str, int]:
    """How often each point is passed in one flight that does everything.

    Raises:
        RuntimeError: the flight did not land.
    """
    folder.mkdir(parents=True)
    venue = Venue(folder, seed)
    try:
        task = pilot.Task(folder, venue.address_file, venue.admin, seed)
        pid = processes.fork(lambda: pilot.run_child(task, "everything"), folder / "terminal.log")
        if processes.wait(pid, CHILD_PATIENCE_S) != 0:
            raise RuntimeError((folder / "terminal.log").read_text())
        return msgspec.json.decode(task.report_file.read_bytes(), type=pilot.Report).passed
    finally:
        venue.stop()
