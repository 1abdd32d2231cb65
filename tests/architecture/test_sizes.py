"""House numbers. The guides are lower (file 400, class 250, function 50); these limits are where it fails."""

from __future__ import annotations

import ast

from tests.architecture.source_tree import complaint, modules, named_nodes, relative, text, tree

FILE_LINES = 500
CLASS_LINES = 300
FUNCTION_LINES = 60


def too_long(kinds: type[ast.AST] | tuple[type[ast.AST], ...], limit: int) -> list[str]:
    found = []
    for path in modules("app"):
        for name, node in named_nodes(tree(path)):
            if isinstance(node, kinds) and isinstance(node, ast.stmt):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > limit:
                    found.append(f"{relative(path)}:{node.lineno}: {name} has {length} lines")
    return found


def test_files_stay_readable() -> None:
    lengths = {relative(path): len(text(path).splitlines()) for path in modules()}
    found = [f"{name} has {length} lines" for name, length in lengths.items() if length > FILE_LINES]
    assert not found, complaint(f"More than {FILE_LINES} lines: give the second subject a file of its own:", found)


def test_classes_stay_readable() -> None:
    found = too_long(ast.ClassDef, CLASS_LINES)
    assert not found, complaint(f"More than {CLASS_LINES} lines: this class has two jobs:", found)


def test_functions_stay_readable() -> None:
    found = too_long((ast.FunctionDef, ast.AsyncFunctionDef), FUNCTION_LINES)
    assert not found, complaint(f"More than {FUNCTION_LINES} lines: name the steps:", found)
