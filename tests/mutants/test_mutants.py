"""The planted bugs still fit the tree, and the machinery that tries them tells found from missed."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.__main__ import main
from tests.mutants.contest import ROOT, Copies, Mutant, Trials, copies, planted, try_mutant
from tests.mutants.patches import PatchError, apply_patch, fitting, read_patch

MUTANTS = planted()


def test_there_are_enough_of_them_and_each_says_what_it_is() -> None:
    assert len(MUTANTS) >= 36
    for mutant in MUTANTS:
        assert mutant.words.endswith(").") and "(" in mutant.words, f"{mutant.name}: say which incident it copies"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_fits_exactly_one_place_and_compiles(mutant: Mutant) -> None:
    for file in read_patch(mutant.diff):
        before = (ROOT / file.path).read_text(encoding="utf-8")
        for hunk in file.hunks:
            places = fitting(hunk, before.split("\n"))
            assert len(places) == 1, (
                f"{mutant.name}: hunk {hunk.number} of {file.path} fits {len(places)} places; make the diff again: "
                "plant the same bug by hand in today's file, git diff -U2, keep the words on top"
            )


def test_all_of_them_apply_and_compile(tmp_path: Path) -> None:
    for mutant in MUTANTS:
        paths = [file.path for file in read_patch(mutant.diff)]
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes((ROOT / path).read_bytes())
        assert apply_patch(mutant.diff, tmp_path) == paths
        for path in paths:
            text = (tmp_path / path).read_text(encoding="utf-8")
            assert text != (ROOT / path).read_text(encoding="utf-8")
            compile(text, path, "exec")


# ---- reading and applying -----------------------------------------------------------------------------------------

LETTERS = "a\nb\nc\nd\ne\nf\ng\nh\n"


def diff(hunk: str, path: str = "letters.txt") -> str:
    return f"Words about it.\n--- a/{path}\n+++ b/{path}\n{hunk}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letters.txt").write_text(LETTERS, encoding="utf-8")
    return tmp_path


def test_a_hunk_is_found_again_after_lines_were_added_above_it(folder: Path) -> None:
    (folder / "letters.txt").write_text("new\nnew\n" + LETTERS, encoding="utf-8")
    assert apply_patch(diff("@@ -3,3 +3,3 @@ def f():\n c\n-d\n+D\n e\n"), folder) == ["letters.txt"]
    assert (folder / "letters.txt").read_text(encoding="utf-8") == "new\nnew\n" + LETTERS.replace("d", "D")


def test_two_hunks_move_together(folder: Path) -> None:
    apply_patch(diff("@@ -1,2 +1,3 @@\n a\n+A\n b\n@@ -7,2 +8 @@\n g\n-h\n"), folder)
    assert (folder / "letters.txt").read_text(encoding="utf-8") == "a\nA\nb\nc\nd\ne\nf\ng\n"


def test_the_nearest_of_several_places_is_taken(folder: Path) -> None:
    (folder / "letters.txt").write_text("x\ny\n" * 4, encoding="utf-8")
    apply_patch(diff("@@ -5,2 +5,2 @@\n x\n-y\n+Y\n"), folder)
    assert (folder / "letters.txt").read_text(encoding="utf-8") == "x\ny\nx\ny\nx\nY\nx\ny\n"


def test_files_come_and_go(folder: Path) -> None:
    made = "--- /dev/null\n+++ b/new/one.txt\n@@ -0,0 +1,2 @@\n+1\n+2\n"
    gone = "--- a/letters.txt\n+++ /dev/null\n@@ -1,8 +0,0 @@\n" + "".join(f"-{c}\n" for c in LETTERS.split())
    apply_patch(made + gone, folder)
    assert (folder / "new" / "one.txt").read_text(encoding="utf-8") == "1\n2\n"
    assert not (folder / "letters.txt").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "no unified diff"),
        (diff(""), "letters.txt: no hunk"),
        (diff("@@ -1,2 +1,2 @@\n a\n"), "letters.txt, hunk 1: 1 old and 1 new lines are missing"),
        (
            diff("@@ -1 +1 @@\n-a\n+A\n@@ -5,2 +5,2 @@\n x\n-e\n+E\n"),
            r"letters.txt, hunk 2 \(line 5\) does not fit .*'x'",
        ),
        (diff("@@ -1 +1 @@\n-a\n+A\n", "none.txt"), "none.txt: there is no such file"),
        (diff("@@ -1 +1 @@\n-a\n+A\n", "../letters.txt"), "must stay below the repository"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_changes(folder: Path, text: str, words: str) -> None:
    with pytest.raises(PatchError, match=words):
        apply_patch(text, folder)
    assert (folder / "letters.txt").read_text(encoding="utf-8") == LETTERS


# ---- trying -------------------------------------------------------------------------------------------------------


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.mutants", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=200, check=False)


def test_a_planted_bug_is_found_from_end_to_end() -> None:
    done = run("--only", "profit-sign", "--seeds", "5")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    (mutant,) = summary.pop("mutants")
    assert (summary["planted"], summary["found"], summary["missed"]) == (1, 1, [])
    assert mutant["found_by"] == "I10" and mutant["file"] == "app/engine/position_manager.py"


def test_a_patch_that_does_not_fit_says_where(tmp_path: Path) -> None:
    broken = tmp_path / "broken.diff"
    broken.write_text(diff("@@ -1 +1 @@\n-no such line\n+x\n", "app/domain/money.py"), encoding="utf-8")
    done = run("--patch", str(broken))
    assert done.returncode == 2
    assert "broken: app/domain/money.py, hunk 1 (line 1) does not fit" in done.stderr


def test_a_name_that_is_not_there_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "nothing-like-this"]) == 2
    assert "no planted bug is called nothing-like-this" in capsys.readouterr().err


SIMULATION = "tests/simulation/runner.py"
STAND_IN = """
import contextlib, os, tempfile, time, types
@contextlib.contextmanager
def scratch():
    yield tempfile.mkdtemp(dir={place!r})
def run_seed(seed, folder):
    {body}
    return types.SimpleNamespace(violations=[])
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Copies]:
    with copies() as made:
        yield made
    assert not made.base.exists()


def stand_in(body: str, scratch: Path) -> Mutant:
    """A mutant that puts something small in the place of the simulation."""
    old = (ROOT / SIMULATION).read_text(encoding="utf-8").splitlines()
    new = STAND_IN.format(body=body, place=str(scratch)).splitlines()
    lines = [f"@@ -1,{len(old)} +1,{len(new)} @@", *(f"-{line}" for line in old), *(f"+{line}" for line in new)]
    return Mutant("stand-in", "", f"--- a/{SIMULATION}\n+++ b/{SIMULATION}\n" + "\n".join(lines))


@pytest.mark.parametrize(
    ("body", "invariant", "seed"),
    [
        ("pass", None, None),
        ("assert seed < 2, 'oh'", "crash", 2),
        ("seed == 1 and os._exit(7)", "crash", 1),
        ("while seed == 1: time.sleep(0.01)", "hang", 1),
    ],
)
def test_crashes_and_hangs_count_and_nothing_is_left(
    place: Copies, tmp_path: Path, body: str, invariant: str | None, seed: int | None
) -> None:
    verdict = try_mutant(stand_in(body, tmp_path), place, Trials(patience_s=2), range(3))
    assert (verdict.invariant, verdict.seed) == (invariant, seed)
    assert [path.name for path in place.base.iterdir()] == ["pristine"]
    assert list(tmp_path.iterdir()) == []


def test_ending_kills_what_runs(place: Copies, tmp_path: Path) -> None:
    trials = Trials()
    ending = threading.Timer(0.7, trials.end)
    begun = time.monotonic()
    ending.start()
    with pytest.raises(KeyboardInterrupt):  # neither found nor missed
        try_mutant(stand_in("time.sleep(50)", tmp_path), place, trials, [1])
    ending.join()
    assert time.monotonic() - begun < 20
    with pytest.raises(KeyboardInterrupt):
        try_mutant(stand_in("pass", tmp_path), place, trials, [1])
