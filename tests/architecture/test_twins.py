"""tests/unit/ mirrors app/ one to one: a module without its test file fails here."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source_tree import APP, ROOT, complaint, dotted, modules, relative, tree

UNIT = ROOT / "tests" / "unit"
# Wiring is tested by starting the whole (tests/scenario); migrations by upgrading a real database.
NO_TWIN_NAMES = {"__init__.py", "__main__.py", "bootstrap.py"}
NO_TWIN_FOLDER = APP / "adapters" / "storage" / "migrations"


def says_nothing(statement: ast.stmt) -> bool:
    """A docstring or an ellipsis."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_only_shape(statement: ast.stmt) -> bool:
    """True for what cannot run wrongly: imports, docstrings, type names and Protocols without bodies."""
    if isinstance(statement, ast.ClassDef):
        bases = {dotted(b.value if isinstance(b, ast.Subscript) else b) for b in statement.bases}
        return "Protocol" in {b.split(".")[-1] for b in bases} and all(map(is_only_shape, statement.body))
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return all(map(says_nothing, statement.body))
    shapes = ast.Import | ast.ImportFrom | ast.AnnAssign | ast.If | ast.Pass
    return says_nothing(statement) or isinstance(statement, shapes)


def needs_twin(path: Path) -> bool:
    if path.name in NO_TWIN_NAMES or NO_TWIN_FOLDER in path.parents:
        return False
    return not all(map(is_only_shape, tree(path).body))


def has_twin(path: Path) -> bool:
    """The mirrored place, or anywhere in the room's folder if the room has that name only once."""
    inside = path.relative_to(APP)
    if (UNIT / inside.parent / f"test_{path.name}").is_file():
        return True
    room = APP / inside.parts[0]
    if room == path or len(list(room.rglob(path.name))) > 1:
        return False
    return any((UNIT / inside.parts[0]).rglob(f"test_{path.name}"))


def test_every_module_has_its_test_file() -> None:
    missing = [
        f"{relative(path)} -> tests/unit/{path.relative_to(APP).parent.as_posix()}/test_{path.name}"
        for path in modules()
        if needs_twin(path) and not has_twin(path)
    ]
    assert not missing, complaint("Modules without a test file (module -> expected place):", missing)


def test_no_test_file_is_empty() -> None:
    empty = [
        relative(path)
        for path in UNIT.rglob("test_*.py")
        if not any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
            for node in ast.walk(tree(path))
        )
        and not any(isinstance(n, ast.ClassDef) and n.name.endswith("TestCase") for n in ast.walk(tree(path)))
    ]
    assert not empty, complaint("A twin that tests nothing is no twin:", empty)
