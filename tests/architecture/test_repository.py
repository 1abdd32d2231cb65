"""What the files around the code promise: the README, the locks, and that a clone works anywhere."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source_tree import ROOT, complaint, project_files, relative, text

README = ROOT / "README.md"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("run", "test")}
NAMED_FILE = re.compile(r"`((?:app|tests|resources|translations|build_spec|requirements|\.ci)/[^`\s]*)`")
# Written so that this file does not match itself.
HOSTS = re.compile(r"pypi\.(?:or[g])|pyth[o]nhosted\.(?:or[g])|npmjs\.(?:or[g]|co[m])|registry\.yarnpkg")
MACHINE_PATHS = re.compile(
    r"/roo[t]/|/hom[e]/[a-z]\w*/|/User[s]/\w+/|\b[A-Z]:[\\/]+User[s][\\/]|/wor[k]/(?:main|shared)"
    r"|/op[t]/(?:dev|pypi|wheels)"
)


def pins(name: str) -> dict[str, str]:
    """requirement -> everything said about it (marker and hashes)."""
    entries = re.split(r"\n(?=\S)", text(LOCKS[name]).strip())
    return {entry.split("\\", 1)[0].strip(): entry for entry in entries}


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{relative(path)}:{number}: {line.strip()[:120]}"
        for path in project_files()
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_readme_names_real_files() -> None:
    if not README.is_file():
        pytest.skip("there is no README.md yet")
    named = sorted(set(NAMED_FILE.findall(text(README))))
    gone = [name for name in named if not any(ROOT.glob(name.rstrip("/")))]
    assert not gone, complaint("README.md names files that do not exist:", gone)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_hashes_and_no_hosts(name: str) -> None:
    assert "://" not in text(LOCKS[name]), "a lock file names no host: use --no-emit-index-url, no URLs"
    assert "--index" not in text(LOCKS[name])
    bare = [pin for pin, entry in pins(name).items() if "--hash=sha256:" not in entry]
    assert not bare, complaint(f"requirements/{name}.txt has entries without a hash:", bare)


def test_the_test_lock_contains_the_run_lock() -> None:
    run, test = pins("run"), pins("test")
    different = [pin for pin, entry in run.items() if test.get(pin) != entry]
    assert not different, complaint("renew both locks together (see requirements/README.md):", different)


def test_no_registry_is_named() -> None:
    found = places(HOSTS)
    assert not found, complaint("A clone works with whatever package index is configured; name none:", found)


def test_no_path_of_one_machine_is_named() -> None:
    found = places(MACHINE_PATHS)
    assert not found, complaint("These paths exist on one machine only:", found)


def test_the_scripts_call_the_launcher() -> None:
    lines = [line for line in text(ROOT / ".ci" / "run").splitlines() if not line.startswith("#")]
    assert lines[-1].removeprefix("exec ") == "python3 run.py test"
