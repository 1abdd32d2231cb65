"""The files the rules of this folder are about, read once."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def relative(path: Path) -> str:
    """The way a rule names a file, the same on every system."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every Python file below the folders (all of app/ if none is named)."""
    return tuple(p for folder in folders or ("app",) for p in sorted((ROOT / folder).rglob("*.py")))


@functools.cache
def text(path: Path) -> str:
    """A file's text; empty for what is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@functools.cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(text(path), filename=relative(path))


@functools.cache
def project_files() -> tuple[Path, ...]:
    """What git holds or would take; without git everything outside hidden folders and caches."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True)
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        hidden = {".venv", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
        found = [p for p in ROOT.rglob("*") if hidden.isdisjoint(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in found if p.is_file()))


def named_nodes(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node below, with the dotted name of the class or function it stands in."""
    for child in ast.iter_child_nodes(node):
        name = prefix
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}.{child.name}" if prefix else child.name
        yield name, child
        yield from named_nodes(child, name)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def complaint(rule: str, offences: list[str]) -> str:
    """What a failing rule says: the rule once, then every place."""
    return f"{rule}\n  " + "\n  ".join(offences)
