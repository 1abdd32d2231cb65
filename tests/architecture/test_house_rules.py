"""Rules of the house that no linter knows. Each failure names the rule and every place that breaks it."""

from __future__ import annotations

import ast
import re

from tests.architecture.source_tree import APP, complaint, dotted, modules, named_nodes, relative, text, tree

# "file.py::Class.function" -> why this one place must catch everything.
BROAD_EXCEPT_ALLOWED: dict[str, str] = {
    "app/adapters/host/side_thread.py::aside.work": "hands whatever was raised in the thread over to the caller",
    "app/adapters/secrets/key_store.py::_in_words": "keyring backends raise what their libraries raise",
    "app/engine/order_executor.py::OrderExecutor._carry_out": "an order whose worker failed is UNKNOWN, never lost",
    "app/engine/trading_engine.py::decide": "one failing decision must not stop streams or the stops",
    "app/engine/event_bus.py::EventBus.publish": "a failing screen or alert must never stop the engine; it is logged",
}

NESTED_LOOPS = re.compile(r"\bexec_?\(|\bprocessEvents\b|\bQtAsyncio\b|\basyncClose\b")
BLOCKING_DIALOGS = {
    "QMessageBox": {"about", "aboutQt", "critical", "information", "question", "warning"},
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QFileDialog": {"getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
UNFINISHED = re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b|raise NotImplementedError\b")
NAMELESS = {"utils", "util", "helpers", "helper", "common"}
CLOCKS_AND_CHANCE = re.compile(
    r"(?:^|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|uuid[14])$"
    r"|^time\.(?:time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns)$"
    r"|^(?:random|secrets)\.|^os\.urandom$"
)


def lines_with(pattern: re.Pattern[str], *folders: str) -> list[str]:
    return [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in modules(*folders)
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def is_broad(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Tuple):
        return any(map(is_broad, node.elts))
    return node is None or dotted(node).removeprefix("builtins.") in {"Exception", "BaseException"}


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Tidying up and raising again hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def broad_excepts() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for path in modules():
        for name, node in named_nodes(tree(path)):
            handler = isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not passes_on(node)
            suppress = isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "suppress"
            if handler or (suppress and isinstance(node, ast.Call) and any(map(is_broad, node.args))):
                found.setdefault(f"{relative(path)}::{name}", []).append(node.lineno)
    return found


def test_nothing_runs_a_second_event_loop() -> None:
    rule = (
        "With qasync a nested event loop silently ends every other task (qasync #174): use open() and await a"
        " future. The words are banned in comments too, so that a text search for them stays empty:"
    )
    found = lines_with(NESTED_LOOPS)
    assert not found, complaint(rule, found)


def test_no_dialog_blocks() -> None:
    found = [
        f"{relative(path)}:{node.lineno}: {dotted(node)}"
        for path in modules("app/ui", "app/lab")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in BLOCKING_DIALOGS.get(dotted(node.value).split(".")[-1], set())
    ]
    assert not found, complaint("These calls run a nested event loop; build the dialog, open() it:", found)


def test_every_module_has_a_real_name() -> None:
    found = [relative(p) for p in APP.rglob("*") if p.stem in NAMELESS and "__pycache__" not in p.parts]
    assert not found, complaint("Name a module after its subject, never utils, helpers, common:", found)


def test_broad_except_only_where_the_reason_is_written_down() -> None:
    rule = "Catch what you expect. If one place must catch all, add it to BROAD_EXCEPT_ALLOWED with the reason:"
    found = [f"{place} (lines {lines})" for place, lines in broad_excepts().items()]
    found = [entry for entry in found if entry.split(" (", 1)[0] not in BROAD_EXCEPT_ALLOWED]
    assert not found, complaint(rule, found)


def test_the_list_of_broad_excepts_is_true() -> None:
    stale = sorted(set(BROAD_EXCEPT_ALLOWED) - set(broad_excepts()))
    assert not stale, complaint("These places catch everything no longer; take them off the list:", stale)
    unexplained = [place for place, reason in BROAD_EXCEPT_ALLOWED.items() if len(reason.split()) < 3]
    assert not unexplained, complaint("Say why in words:", unexplained)


def test_nothing_is_left_unfinished() -> None:
    found = lines_with(UNFINISHED)
    assert not found, complaint("Finish it or leave it out; open work belongs in an issue:", found)


def test_time_ids_and_chance_come_in_through_ports() -> None:
    rule = "domain and engine are replayed byte for byte: take time, ids and randomness from a port:"
    found = [
        f"{relative(path)}:{node.lineno}: {dotted(node.func)}()"
        for path in modules("app/domain", "app/engine")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and CLOCKS_AND_CHANCE.search(dotted(node.func))
    ]
    assert not found, complaint(rule, found)


def test_every_module_says_what_it_is() -> None:
    found = [relative(p) for p in modules() if tree(p).body and not ast.get_docstring(tree(p))]
    assert not found, complaint("Every module starts with a docstring:", found)
