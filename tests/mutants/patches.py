"""Reads unified diffs and applies them to a folder; needs neither git nor patch."""

import re
from dataclasses import dataclass, field
from pathlib import Path

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_FILE = "/dev/null"


class PatchError(Exception):
    """The diff cannot be read or does not fit; the text names file and hunk and says what to do."""


@dataclass(slots=True)
class Hunk:
    """One place of a diff. ``start`` is its first line in the old file, counted from 1."""

    number: int
    start: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FilePatch:
    """All hunks of one file; ``path`` is relative to the folder. A new file has no old lines, a removed one no new."""

    path: str
    creates: bool
    removes: bool
    hunks: list[Hunk] = field(default_factory=list)


def read_patch(text: str) -> list[FilePatch]:
    """The files of a unified diff with paths a/app/... and b/app/...; words around the files are skipped.

    Raises:
        PatchError: there is no file in it, or a hunk is cut short.
    """
    lines = text.splitlines()
    files: list[FilePatch] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            files.append(_file(line[4:], lines[at + 1][4:]))
            at += 2
        elif line.startswith("@@") and files:
            at = _read_hunk(lines, at, files[-1])
        else:
            at += 1
    if not files:
        raise PatchError("this is no unified diff: there is no '--- a/...' line followed by '+++ b/...'")
    for file in files:
        if not file.hunks:
            raise PatchError(f"{file.path}: no hunk ('@@ -line,count +line,count @@') follows the file's name")
    return files


def _file(old: str, new: str) -> FilePatch:
    old, new = _path(old), _path(new)
    name = old if new == _NO_FILE else new
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise PatchError(f"{name}: paths must stay below the repository, as in a/app/engine/risk_gate.py")
    return FilePatch(name, creates=old == _NO_FILE, removes=new == _NO_FILE)


def _path(words: str) -> str:
    path = words.split("\t")[0].strip()
    return path[2:] if path.startswith(("a/", "b/")) else path


def _read_hunk(lines: list[str], at: int, file: FilePatch) -> int:
    number = len(file.hunks) + 1
    found = _HUNK.match(lines[at])
    if found is None:
        raise PatchError(f"{file.path}, hunk {number}: cannot read {lines[at]!r}")
    hunk = Hunk(number, int(found[1]))
    old_left, new_left = (int(count) if count is not None else 1 for count in (found[2], found[4]))
    at += 1
    while old_left > 0 or new_left > 0:
        line = lines[at] if at < len(lines) else "end of the diff"
        kind, words = (line[0], line[1:]) if line else (" ", "")  # editors strip the blank of an empty line
        if kind not in " +-\\" or at >= len(lines):
            raise PatchError(f"{file.path}, hunk {number}: {old_left} old and {new_left} new lines are missing")
        if kind in " -":
            hunk.old.append(words)
            old_left -= 1
        if kind in " +":
            hunk.new.append(words)
            new_left -= 1
        at += 1
    file.hunks.append(hunk)
    return at


def apply_patch(text: str, folder: Path) -> list[str]:
    """Change the files below ``folder``; returns their paths. Nothing is changed when any hunk does not fit.

    Raises:
        PatchError: unreadable, or a hunk does not fit; names the file and the hunk.
    """
    changed: dict[str, str | None] = {}
    for file in read_patch(text):
        changed[file.path] = _changed(file, folder)
    for path, content in changed.items():
        target = folder / path
        if content is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8", newline="\n")
    return list(changed)


def _changed(file: FilePatch, folder: Path) -> str | None:
    target = folder / file.path
    if file.creates:
        return "\n".join(line for hunk in file.hunks for line in hunk.new) + "\n"
    if not target.is_file():
        raise PatchError(f"{file.path}: there is no such file; was it renamed? Make the diff again from today's tree")
    if file.removes:
        return None
    lines = target.read_text(encoding="utf-8").split("\n")
    shift, done = 0, 0  # lines won so far; where the hunk before ended
    for hunk in file.hunks:
        # A hunk without old lines names the line it comes after.
        expected = hunk.start - (1 if hunk.old else 0) + shift
        places = [place for place in fitting(hunk, lines) if place >= done]
        if not places:
            raise PatchError(
                f"{file.path}, hunk {hunk.number} (line {hunk.start}) does not fit any more: "
                f"{_first_stranger(hunk, lines)!r} is not there like that; make the diff again from today's file"
            )
        place = min(places, key=lambda candidate: abs(candidate - expected))
        lines[place : place + len(hunk.old)] = hunk.new
        done = place + len(hunk.new)
        shift += place - expected + len(hunk.new) - len(hunk.old)
    return "\n".join(lines)


def fitting(hunk: Hunk, lines: list[str]) -> list[int]:
    """Where in ``lines`` the old lines of ``hunk`` stand, counted from 0."""
    if not hunk.old:
        return [min(hunk.start, len(lines))]
    size = len(hunk.old)
    return [at for at in range(len(lines) - size + 1) if lines[at : at + size] == hunk.old]


def _first_stranger(hunk: Hunk, lines: list[str]) -> str:
    """The first old line that the file does not have at all, else the first one."""
    known = set(lines)
    return next((line for line in hunk.old if line not in known), hunk.old[0]).strip()
