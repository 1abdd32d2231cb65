"""The launcher: what it decides before anything is installed or started."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_launcher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gwanje_run", ROOT / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load_launcher()
Interpreter = run.Interpreter
PY311 = Interpreter("/opt/py311/bin/python3.11", (3, 11, 7), True, True)
PY312_BARE = Interpreter("/usr/bin/python3.12", (3, 12, 3), False, True)
PY313 = Interpreter("/opt/py313/bin/python3.13", (3, 13, 0), True, True)


def answering(answers: Mapping[str, object], asked: list[str]) -> Callable[[Sequence[str]], object]:
    def ask(command: Sequence[str]) -> object:
        asked.append(command[0])
        return answers.get(command[0])

    return ask


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    path.chmod(0o755)
    return path


class TestCommandLine:
    @pytest.mark.parametrize(
        ("argv", "plan"),
        [
            ([], ("start", [])),
            (["--lang", "ko"], ("start", ["--lang", "ko"])),
            (["--help"], ("help", ["--help"])),
            (["-h"], ("help", [])),
            (["test", "-k", "run"], ("test", ["-k", "run"])),
            (["tour", "--out", "x"], ("tour", ["--out", "x"])),
            (["practice", "--help"], ("practice", ["--help"])),
            (["replay", "x.log"], ("replay", ["x.log"])),
            (["bench"], ("bench", [])),
        ],
    )
    def test_first_word_decides(self, argv: list[str], plan: tuple[str, list[str]]) -> None:
        assert run.read_plan(argv) == plan

    @pytest.mark.parametrize(("argv", "what"), [(["tset"], "command 'tset'"), (["-x"], "option '-x'")])
    def test_unknown_words_are_answered_with_the_valid_ones(self, argv: list[str], what: str) -> None:
        with pytest.raises(run.LaunchError) as caught:
            run.read_plan(argv)
        assert f"unknown {what}" in str(caught.value)
        assert "test, practice, kill, tour, replay, bench, simulate, mutants, crash" in str(caught.value)
        assert caught.value.exit_code == 2

    @pytest.mark.parametrize(
        ("plan", "command"),
        [
            (("start", ["--theme", "dark"]), ["py", "-m", "app", "--theme", "dark"]),
            (("tour", ["--out", "x"]), ["py", "-m", "app", "tour", "--out", "x"]),
            (("practice", ["--port", "0"]), ["py", "-m", "app.practice", "--port", "0"]),
            (("bench", []), ["py", "-m", "tests.bench"]),
            (("replay", ["x.log"]), ["py", "-m", "app", "replay", "x.log"]),
            (("simulate", ["--seeds", "3"]), ["py", "-m", "tests.simulation", "--seeds", "3"]),
            (("mutants", []), ["py", "-m", "tests.mutants"]),
            (("crash", []), ["py", "-m", "tests.crash"]),
            (("test", ["-k", "x"]), ["py", "-m", "pytest", "-q", "-k", "x"]),
            (("test", []), ["py", "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]),
        ],
    )
    def test_what_is_started(self, plan: tuple[str, list[str]], command: list[str]) -> None:
        assert run.module_command("py", run.Plan(*plan), 2) == command

    def test_one_core_runs_the_tests_in_one_process(self) -> None:
        assert run.module_command("py", run.Plan("test", []), 1) == ["py", "-m", "pytest", "-q"]

    def test_help_needs_no_set_up(self) -> None:
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": ""},
        )
        assert "usage: python3 run.py" in done.stdout
        assert done.stderr == ""


class TestEnvironment:
    def test_foreign_packages_stay_out_and_bytecode_is_kept(self) -> None:
        env = {
            "PYTHONHOME": "/x",
            "PYTHONPATH": "/ros",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "ko_KR.UTF-8",
        }
        child = run.child_environment(env, "start", Path("/checkout"))
        assert child == {
            "LANG": "ko_KR.UTF-8",
            "PYTHONPATH": str(Path("/checkout")),
            "PYTHONSAFEPATH": "1",
            "PYTHONUTF8": "1",
        }

    def test_tests_draw_offscreen_unless_told_otherwise(self) -> None:
        assert run.child_environment({}, "test", ROOT)["QT_QPA_PLATFORM"] == "offscreen"
        told = run.child_environment({"QT_QPA_PLATFORM": "xcb"}, "test", ROOT)
        assert told["QT_QPA_PLATFORM"] == "xcb"
        assert "QT_QPA_PLATFORM" not in run.child_environment({}, "start", ROOT)


class TestFindingPython:
    def test_newest_first_and_pyenv_before_its_shims(self, tmp_path: Path) -> None:
        shim = executable(tmp_path / ".pyenv" / "shims" / "python3.13")
        path_312 = executable(tmp_path / "bin" / "python3.12")
        old = executable(tmp_path / ".pyenv" / "versions" / "3.13.2" / "bin" / "python3.13")
        new = executable(tmp_path / ".pyenv" / "versions" / "3.13.10" / "bin" / "python3.13")
        env = {"PATH": f"{shim.parent}:{path_312.parent}"}
        found = run.candidates(env, tmp_path, ("/running", (3, 11)), tmp_path / ".venv")
        ours = [c[0] for c in found if c[0].startswith(str(tmp_path)) or c[0] == "/running"]
        assert ours == [str(new), str(old), str(shim), str(path_312), "/running"]

    def test_our_own_environment_is_never_a_candidate(self, tmp_path: Path) -> None:
        own = tmp_path / ".venv"
        inside = executable(own / "py3.13" / "bin" / "python3.13")
        found = run.candidates({"PATH": str(inside.parent)}, tmp_path, (str(inside), (3, 13)), own)
        assert not [c for c in found if c[0].startswith(str(own))]

    def test_the_first_that_fits_wins_and_the_rest_is_not_asked(self) -> None:
        asked: list[str] = []
        ask = answering({"b": PY313, "c": PY311}, asked)
        assert run.choose([["a"], ["b"], ["c"]], ask) == PY313
        assert asked == ["a", "b"]

    def test_one_that_can_make_environments_is_preferred(self) -> None:
        assert run.choose([["a"], ["b"]], answering({"a": PY312_BARE, "b": PY311}, [])) == PY311
        assert run.choose([["a"]], answering({"a": PY312_BARE}, [])) == PY312_BARE

    @pytest.mark.parametrize(
        "unfit",
        [
            None,
            Interpreter("/x", (3, 10, 13), True, True),
            Interpreter("/x", (3, 14, 0), True, True),
            Interpreter("/x", (3, 13, 0), True, False),  # PyPy, 32-bit or free-threaded: no wheels
        ],
    )
    def test_none_that_fits_is_explained(self, unfit: object) -> None:
        with pytest.raises(run.LaunchError, match=r"(?s)3\.11, 3\.12 or 3\.13.*GWANJE_PYTHON") as caught:
            run.choose([["a"]], answering({"a": unfit}, []))
        assert caught.value.exit_code == 2

    def test_a_real_interpreter_answers(self) -> None:
        found = run.probe([sys.executable])
        assert found.version == sys.version_info[:3]
        assert found.usable

    def test_a_shim_that_fails_and_a_missing_file_do_not(self, tmp_path: Path) -> None:
        assert run.probe([str(tmp_path / "gone")]) is None
        if sys.platform != "win32":
            assert run.probe([str(executable(tmp_path / "python3.13"))]) is None

    def test_the_named_one_is_taken_or_explained(self, tmp_path: Path) -> None:
        assert run.find_python({"GWANJE_PYTHON": sys.executable}).version == sys.version_info[:3]
        with pytest.raises(run.LaunchError, match="did not run"):
            run.find_python({"GWANJE_PYTHON": str(tmp_path / "gone")})


class TestSystemLibraries:
    @pytest.mark.parametrize(
        ("kind", "env", "groups"),
        [
            ("start", {"DISPLAY": ":0"}, ("OFFSCREEN", "X11")),
            ("start", {"WAYLAND_DISPLAY": "wayland-0"}, ("OFFSCREEN", "WAYLAND")),
            ("start", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ("OFFSCREEN", "X11", "WAYLAND")),
            ("start", {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, ("OFFSCREEN",)),
            ("start", {"QT_QPA_PLATFORM": "xcb"}, ("OFFSCREEN", "X11")),
            ("test", {"DISPLAY": ":0"}, ("OFFSCREEN",)),
            ("practice", {"DISPLAY": ":0"}, ()),
            ("replay", {"DISPLAY": ":0"}, ()),
        ],
    )
    def test_what_a_start_needs(self, kind: str, env: dict[str, str], groups: tuple[str, ...]) -> None:
        expected = [pair for group in groups for pair in getattr(run, f"{group}_LIBRARIES")]
        assert run.needed_libraries(kind, env, "linux") == expected

    @pytest.mark.parametrize("system", ["darwin", "win32"])
    def test_other_systems_bring_their_own(self, system: str) -> None:
        assert run.needed_libraries("start", {}, system) == []

    def test_exactly_the_missing_ones_are_named(self) -> None:
        gone = {"libEGL.so.1", "libxcb-cursor.so.0"}
        needed = run.OFFSCREEN_LIBRARIES + run.X11_LIBRARIES
        missing = run.missing_libraries(needed, lambda name: name not in gone)
        assert [package for _, package in missing] == ["libegl1", "libxcb-cursor0"]

    def test_the_loader_is_asked_for_real(self) -> None:
        assert not run.loads("libgwanje-does-not-exist.so.9")

    def test_one_exact_command_for_debian(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "apt-get" else None)
        message = run.missing_message([("libEGL.so.1", "libegl1")], ["libegl1", "python3.11-venv"])
        assert "lacks what Gwanje needs: libEGL.so.1, python3.11-venv" in message
        assert message.splitlines()[-1].strip() == (
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 python3.11-venv"
        )

    def test_one_exact_command_for_fedora(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "dnf" else None)
        message = run.missing_message([("libEGL.so.1", "libegl1")], ["libegl1"])
        assert message.splitlines()[-1].strip() == "sudo dnf install 'libEGL.so.1()(64bit)'"

    def test_without_permission_the_start_ends_before_qt_can_abort(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "needed_libraries", lambda *_: [("libgwanje-none.so.9", "libgwanje-none")])
        monkeypatch.setattr(run, "privilege", lambda: None)
        with pytest.raises(run.LaunchError, match=r"libgwanje-none\.so\.9") as caught:
            run.provide_system("start", PY313, {}, [])
        assert caught.value.exit_code == 2

    def test_with_permission_exactly_the_missing_packages_are_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        installed: list[list[str]] = []

        def apt(prefix: Sequence[str], packages: Sequence[str]) -> bool:
            installed.append([*prefix, *packages])
            return True

        monkeypatch.setattr(run, "needed_libraries", lambda *_: [("libgwanje-none.so.9", "libgwanje-none")])
        monkeypatch.setattr(run, "privilege", lambda: ["sudo", "-n"])
        monkeypatch.setattr(run, "apt_install", apt)
        run.provide_system("test", PY312_BARE, {}, ["xvfb"])
        assert installed == [["sudo", "-n", "libgwanje-none", "python3.12-venv", "xvfb"]]

    def test_an_optional_package_that_cannot_be_installed_stops_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "needed_libraries", lambda *_: [])
        monkeypatch.setattr(run, "privilege", lambda: [])
        monkeypatch.setattr(run, "apt_install", lambda *_: False)
        run.provide_system("test", PY313, {}, ["xvfb"])


def made_environment(root: Path, version: str = "3.13.0") -> Path:
    folder = run.venv_folder(root, (3, 13, 0))
    executable(run.venv_python(folder))
    (folder / "pyvenv.cfg").write_text(f"home = /x\nversion = {version}\n", encoding="utf-8")
    return folder


class TestStamps:
    def test_an_environment_belongs_to_one_version_and_machine(self, tmp_path: Path) -> None:
        name = run.venv_folder(tmp_path, (3, 11, 7)).name
        assert name.startswith(f"py3.11-{sys.platform}-")
        assert name != run.venv_folder(tmp_path, (3, 13, 0)).name

    def test_a_changed_lock_or_python_changes_the_stamp(self, tmp_path: Path) -> None:
        lock = tmp_path / "run.txt"
        lock.write_text("a==1\n", encoding="ascii")
        first = run.stamp_value(lock, "3.13.0")
        assert run.stamp_value(lock, "3.13.1") != first
        lock.write_text("a==2\n", encoding="ascii")
        assert run.stamp_value(lock, "3.13.0") != first

    def test_fresh_only_with_the_very_stamp_and_a_python_that_exists(self, tmp_path: Path) -> None:
        folder = made_environment(tmp_path)
        assert not run.is_fresh(folder, "run", "abc")
        run.write_stamp(folder, "run", "abc")
        assert run.is_fresh(folder, "run", "abc")
        assert not run.is_fresh(folder, "run", "abd")
        assert not run.is_fresh(folder, "test", "abc")
        run.venv_python(folder).unlink()
        assert not run.is_fresh(folder, "run", "abc")

    def test_a_stamp_leaves_no_half_written_file(self, tmp_path: Path) -> None:
        run.write_stamp(tmp_path, "run", "abc")
        assert [p.name for p in tmp_path.iterdir()] == ["run.stamp"]

    def test_what_was_broken_off_is_made_anew(self, tmp_path: Path) -> None:
        folder = made_environment(tmp_path)
        assert not run.is_reusable(folder, "3.13.0"), "no set-up was ever completed"
        run.write_stamp(folder, "run", "abc")
        assert run.is_reusable(folder, "3.13.0")
        assert not run.is_reusable(folder, "3.13.1"), "made by another Python"
        (folder / "unfinished").touch()
        assert not run.is_reusable(folder, "3.13.0"), "a set-up was broken off inside"

    def test_a_second_set_up_waits_for_the_first(self, tmp_path: Path) -> None:
        script = (
            "import importlib.util, pathlib, sys\n"
            "spec = importlib.util.spec_from_file_location('r', sys.argv[1])\n"
            "r = importlib.util.module_from_spec(spec); spec.loader.exec_module(r)\n"
            "with r.only_set_up(pathlib.Path(sys.argv[2])): print('in')\n"
        )
        command = [sys.executable, "-c", script, str(ROOT / "run.py"), str(tmp_path / ".venv")]
        with run.only_set_up(tmp_path / ".venv"):
            second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(timeout=1)
        out, err = second.communicate(timeout=30)
        assert out == "in\n"
        assert "another set-up" in err or sys.platform == "win32"

    def test_only_locked_wheels_are_installed(self, tmp_path: Path) -> None:
        for command in (
            run.pip_command(tmp_path / "python", tmp_path / "run.txt"),
            run.uv_command("uv", tmp_path / "python", tmp_path / "run.txt"),
        ):
            assert "--require-hashes" in command
            assert "--no-deps" in command
            assert command[command.index("--only-binary") + 1] == ":all:"
            assert not [word for word in command if "://" in word]


class TestWithoutDisplay:
    @pytest.mark.parametrize(
        ("env", "system", "lacks"),
        [
            ({}, "linux", True),
            ({"DISPLAY": ""}, "linux", True),
            ({"DISPLAY": ":0"}, "linux", False),
            ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
            ({"QT_QPA_PLATFORM": "vnc"}, "linux", False),
            ({}, "darwin", False),
            ({}, "win32", False),
        ],
    )
    def test_when_there_is_none(self, env: dict[str, str], system: str, lacks: bool) -> None:
        assert run.lacks_display(env, system) is lacks

    def test_a_plain_start_becomes_the_tour_and_says_where_the_pictures_are(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        env = {"XDG_STATE_HOME": str(tmp_path / "state")}
        plan, folder = run.without_display(run.Plan("start", ["--lang", "en"]), env, tmp_path)
        pictures = str(tmp_path / "state" / "gwanje-tour")
        assert plan == ("tour", ["--out", pictures, "--lang", "en"])
        assert folder == pictures
        assert env["QT_QPA_PLATFORM"] == "offscreen"
        said = capsys.readouterr().err
        assert "no display found" in said
        assert pictures in said

    def test_a_folder_that_was_given_is_kept(self, tmp_path: Path) -> None:
        plan, folder = run.without_display(run.Plan("start", ["--out", "mine"]), {}, tmp_path)
        assert plan == ("tour", ["--out", "mine"])
        assert folder is None

    def test_the_tour_itself_is_only_drawn_offscreen(self, tmp_path: Path) -> None:
        env: dict[str, str] = {}
        plan, folder = run.without_display(run.Plan("tour", ["--out", "x"]), env, tmp_path)
        assert plan == ("tour", ["--out", "x"])
        assert folder is None
        assert env == {"QT_QPA_PLATFORM": "offscreen"}

    def test_a_home_that_cannot_be_written_falls_back(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("", encoding="ascii")
        folder = run.pictures_folder({"XDG_STATE_HOME": str(tmp_path / "file")}, tmp_path)
        assert folder.name == "gwanje-tour"
        assert tmp_path not in folder.parents


def test_a_child_passes_its_exit_code_on_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    code = run.run_child([sys.executable, "-c", "import sys; sys.exit(7)"], {"PATH": ""}, None)
    assert code == 7
    assert signal.getsignal(signal.SIGTERM) == before
