"""The contracts of pyproject.toml hold, and no room of app/ escapes them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.architecture.source_tree import APP, ROOT

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
ROOMS = ("domain", "engine", "adapters", "practice", "ui")


def contracts() -> dict[str, dict[str, Any]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return {c["id"]: c for c in tomllib.load(file)["tool"]["importlinter"]["contracts"]}


@pytest.mark.timeout(300)
def test_every_import_contract_is_kept() -> None:
    done = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"import-linter is not satisfied:\n{done.stdout}\n{done.stderr}"
    assert "0 broken" in done.stdout, f"import-linter checked nothing:\n{done.stdout}"


def test_the_house_has_its_rooms() -> None:
    missing = [room for room in ROOMS if not (APP / room / "__init__.py").is_file()]
    assert not missing, f"app/ lacks the rooms {missing}: a contract about a missing room protects nothing"


def test_no_room_escapes_the_practice_contracts() -> None:
    rooms = {f"app.{p.parent.name}" for p in APP.glob("*/__init__.py")} - {"app.practice"}
    rooms |= {f"app.{p.stem}" for p in APP.glob("*.py") if p.name != "__init__.py"}
    for contract, key in (("practice-alone", "forbidden_modules"), ("practice-unseen", "source_modules")):
        left_out = rooms - set(contracts()[contract][key])
        assert not left_out, f"add {sorted(left_out)} to {key} of the contract {contract} in pyproject.toml"
