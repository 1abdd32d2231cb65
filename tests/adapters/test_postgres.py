"""The storage contract on a real, throw-away PostgreSQL server."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.adapters.storage.database import Database
from app.domain.errors import StorageError
from tests.unit.adapters.storage.contract import StorageContract
from tests.unit.adapters.storage.history_contract import OrderHistoryContract

pytest.importorskip("asyncpg", reason="the postgres extra is not installed")

IS_ROOT = os.name == "posix" and os.geteuid() == 0
INSTALL = (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"])


def find_server_programs() -> Path | None:
    """Folder with initdb and pg_ctl, newest version first."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[0] if found else Path(on_path).parent if on_path else None


def install_server_programs() -> None:
    """Debian, root: try once. A failure shows as missing programs."""
    if IS_ROOT and shutil.which("apt-get"):
        for words in INSTALL:
            subprocess.run(
                words,
                capture_output=True,
                check=False,
                timeout=240,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )


def as_server_user(words: list[str], folder: Path) -> None:
    """initdb and postgres refuse root, so root becomes the user the package made."""
    user = "postgres" if IS_ROOT else None
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=folder, user=user, group=user,
        extra_groups=[] if user else None, timeout=60, env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    programs = find_server_programs()
    if programs is None:
        install_server_programs()
        programs = find_server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed and could not be installed here")
    # Not pytest's folder: another user must be able to walk into it, and a socket path must be short.
    folder = Path(tempfile.mkdtemp(prefix="gwanje-pg-"))
    if IS_ROOT:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    password = folder / "password"
    password.write_text("geheim")
    password.chmod(0o644)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    try:
        as_server_user(
            [str(programs / "initdb"), "-D", str(data), "-U", "gwanje", "--auth=scram-sha-256", "-E", "UTF8",
             "--locale=C", "--pwfile", str(password), "--no-sync"],
            folder,
        )  # fmt: skip
        as_server_user([*control, "-o", options, "start"], folder)
        try:
            yield URL.create("postgresql+asyncpg", "gwanje", "geheim", "127.0.0.1", port, "postgres")
        finally:
            as_server_user([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class TestOnPostgreSQL(StorageContract, OrderHistoryContract):
    @pytest.fixture
    async def url(self, server: URL, request: pytest.FixtureRequest) -> URL:
        import asyncpg

        name = f"t{abs(hash(request.node.nodeid))}"
        connection = await asyncpg.connect(
            host=server.host, port=server.port, user=server.username, password=server.password, database="postgres"
        )
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return server.set(database=name)


async def refusal(url: URL) -> str:
    with pytest.raises(StorageError) as caught:
        await Database(url).open()
    return str(caught.value)


async def test_a_wrong_password_says_so(server: URL) -> None:
    words = await refusal(server.set(password="falsch"))
    assert "refuses the user or password" in words and "falsch" not in words


async def test_a_missing_database_says_so(server: URL) -> None:
    assert "does not exist on the server" in await refusal(server.set(database="nowhere"))
