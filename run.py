#!/usr/bin/env python3
"""Starts Gwanje from a fresh checkout, or runs its tests; does all the set-up either of them needs.

Standard library only, and written so that any Python from 3.8 on can read it: an old `python3` must get far
enough to find a newer one, or to say what is missing. The terminal itself runs on Python 3.11 to 3.13, in a
virtual environment below `.venv` with the hash-locked packages of `requirements/`.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent
MINORS = (13, 12, 11)
NEEDED = "CPython 3.11, 3.12 or 3.13 (64-bit)"
OLDEST_GLIBC = (2, 34)
APT_UPDATE = "sudo apt-get update"
APT_INSTALL = "sudo apt-get install -y --no-install-recommends"

COMMANDS = {
    "test": "run the tests; arguments go to pytest",
    "practice": "run the practice exchange alone",
    "kill": "halt every account of the profile now; --cancel and --flatten also finish what a hung terminal cannot",
    "tour": "drive the real window through a guided tour and write pictures",
    "replay": "run the engine again over a flight log (made with the option --record FILE)",
    "bench": "measure latency, start-up and memory",
    "simulate": "whole days of the engine in a hostile, repeatable world",
    "mutants": "plant bugs one at a time and see whether the simulation finds them",
    "crash": "kill the real program at named points and judge what the next start makes of it",
}

#: Commands that load no Qt and so need neither its libraries nor a display.
WITHOUT_QT = frozenset({"practice", "kill", "replay", "simulate", "mutants", "crash"})

USAGE = """usage: python3 run.py [options]             start the terminal (options go to the terminal)
{commands}
       python3 run.py --help                show this

environment: GWANJE_PYTHON  the Python 3.11-3.13 to use instead of the newest one found
             GWANJE_HOME    where the whole profile lives (configuration, data, logs)
""".format(commands="\n".join(f"       python3 run.py {n:<9} [arguments]  {t}" for n, t in COMMANDS.items()))

# What Qt loads at run time, as (shared library, Debian package). A missing one of the first group is an
# ImportError; a missing one of the others makes Qt abort the process, which nobody can catch.
OFFSCREEN_LIBRARIES = (
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
)
X11_LIBRARIES = (
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
WAYLAND_LIBRARIES = (
    ("libwayland-cursor.so.0", "libwayland-cursor0"),
    ("libwayland-egl.so.1", "libwayland-egl1"),
)

PROBE = """
import json, sys, sysconfig
try:
    import ensurepip, venv
    has_venv = True
except ImportError:
    has_venv = False
usable = sys.implementation.name == "cpython" and sys.maxsize > 2**32
usable = usable and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(json.dumps([sys.executable, list(sys.version_info[:3]), has_venv, usable]))
"""


class LaunchError(Exception):
    """Something the user has to know or do before the terminal can start."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Plan(NamedTuple):
    """What was asked for on the command line."""

    kind: str
    arguments: list[str]


class Interpreter(NamedTuple):
    """A Python that answered the probe."""

    executable: str
    version: tuple[int, int, int]
    has_venv: bool
    usable: bool

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


def say(message: str) -> None:
    """Standard error: standard output belongs to the program that is started."""
    print(f"gwanje: {message}", file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------- the command line


def read_plan(argv: Sequence[str]) -> Plan:
    """The first word decides; `--options` are the terminal's own."""
    if not argv or argv[0].startswith("--"):
        return Plan("help" if argv and argv[0] == "--help" else "start", list(argv))
    if argv[0] == "-h":
        return Plan("help", [])
    if argv[0] in COMMANDS:
        return Plan(argv[0], list(argv[1:]))
    what = "option" if argv[0].startswith("-") else "command"
    raise LaunchError(
        f"unknown {what} {argv[0]!r}; valid commands are {', '.join(COMMANDS)},"
        " and options of the terminal start with '--' (see python3 run.py --help)"
    )


def workers(cores: int) -> list[str]:
    """Whole files are kept together, so that a server started for a file is started once."""
    return ["-n", str(min(cores, 4)), "--dist", "loadfile"] if cores > 1 else []


def module_command(python: str, plan: Plan, cores: int) -> list[str]:
    """The command line of what is started inside the virtual environment."""
    if plan.kind == "test":
        return [python, "-m", "pytest", "-q", *(plan.arguments or workers(cores))]
    words = {
        "start": "app",
        "tour": "app tour",
        "practice": "app.practice",
        "kill": "app.kill",
        "replay": "app replay",
        "bench": "tests.bench",
        "simulate": "tests.simulation",
        "mutants": "tests.mutants",
        "crash": "tests.crash",
    }
    return [python, "-m", *words[plan.kind].split(), *plan.arguments]


def child_environment(env: Mapping[str, str], kind: str, root: Path) -> dict[str, str]:
    """The environment of what is started: our packages only, compiled files kept, UTF-8 everywhere."""
    child = {k: v for k, v in env.items() if k not in {"PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PIP_USER"}}
    child["PYTHONPATH"] = str(root)
    child.setdefault("PYTHONUTF8", "1")
    if kind == "test":
        child.setdefault("QT_QPA_PLATFORM", "offscreen")
    else:
        # Relative paths stay those of the user's directory, which may hold an `app` of its own.
        child["PYTHONSAFEPATH"] = "1"
    return child


# ------------------------------------------------------------------------------------- finding a Python


def probe(command: Sequence[str]) -> Interpreter | None:
    """Asks a candidate who it is; None if it does not run (a pyenv shim, a store stub, a broken link)."""
    ask = [*command, "-I", "-c", PROBE]
    try:
        answer = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=True)
        executable, version, has_venv, usable = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Interpreter(executable, (version[0], version[1], version[2]), has_venv, usable)


def fits(found: Interpreter | None) -> bool:
    """True for a 64-bit CPython with a GIL of one of our versions: only for those there are wheels."""
    return found is not None and found.usable and found.version[:2] in {(3, minor) for minor in MINORS}


def _pyenv(env: Mapping[str, str], home: Path, minor: int) -> Iterator[Path]:
    base = Path(env.get("PYENV_ROOT") or home / ".pyenv")
    for pattern, name in (("versions", f"bin/python3.{minor}"), ("pyenv-win/versions", "python.exe")):
        found = [p for p in base.glob(f"{pattern}/3.{minor}.*") if re.fullmatch(r"3\.\d+\.\d+", p.name)]
        for version in sorted(found, key=lambda p: int(p.name.rsplit(".", 1)[1]), reverse=True):
            yield version / name


def _on_path(env: Mapping[str, str], minor: int) -> Iterator[Path]:
    folders = [Path(p) for p in env.get("PATH", "").split(os.pathsep) if p]
    # Shims last: they are slow to ask, and the interpreters behind them are found by _pyenv.
    folders.sort(key=lambda p: p.name == "shims")
    # A desktop start on macOS has a short PATH.
    folders += [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    folders.append(Path(f"/Library/Frameworks/Python.framework/Versions/3.{minor}/bin"))
    for folder in folders:
        yield folder / (f"python3.{minor}.exe" if os.name == "nt" else f"python3.{minor}")


def candidates(
    env: Mapping[str, str], home: Path, running: tuple[str, tuple[int, int]], own: Path
) -> Iterator[list[str]]:
    """Every command worth asking, newest version first; none below `own`, which is ours to delete."""
    for minor in MINORS:
        if running[1] == (3, minor) and own not in Path(running[0]).parents:
            yield [running[0]]
        for path in itertools.chain(_pyenv(env, home, minor), _on_path(env, minor)):
            if own not in path.parents and path.is_file() and str(path) != running[0]:
                yield [str(path)]
        if os.name == "nt":
            yield ["py", f"-3.{minor}"]


def choose(commands: Iterable[Sequence[str]], ask: Callable[[Sequence[str]], Interpreter | None]) -> Interpreter:
    """The first that fits and can make virtual environments; else the first that only lacks that."""
    incomplete = None
    for found in map(ask, commands):
        if found is None or not fits(found):
            continue
        if found.has_venv:
            return found
        incomplete = incomplete or found
    if incomplete is not None:
        return incomplete
    raise LaunchError(
        f"no suitable Python found. Gwanje needs {NEEDED}; this is"
        f" {platform.python_implementation()} {platform.python_version()} at {sys.executable}.\n"
        "Install one (Debian/Ubuntu: sudo apt-get install -y python3 python3-venv; Windows and macOS: from"
        " python.org; anywhere: pyenv install 3.13), or name one with GWANJE_PYTHON=/path/to/python."
    )


def find_python(env: Mapping[str, str]) -> Interpreter:
    """The Python named by GWANJE_PYTHON, or the newest suitable one."""
    named = env.get("GWANJE_PYTHON")
    if named:
        found = probe([named])
        if found is None or not fits(found):
            answer = "did not run" if found is None else f"is Python {found.version_text}"
            raise LaunchError(f"GWANJE_PYTHON={named} {answer}; Gwanje needs {NEEDED}")
        return found
    # The base of an activated environment, not the environment: it may be the one we are about to rebuild.
    running = getattr(sys, "_base_executable", None) or sys.executable
    return choose(candidates(env, Path.home(), (running, sys.version_info[:2]), ROOT / ".venv"), probe)


# ------------------------------------------------------------------------------- what the system must have


def lacks_display(env: Mapping[str, str], system: str) -> bool:
    """True where a window cannot appear and nobody said how it should be drawn instead."""
    return system == "linux" and not any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def needed_libraries(kind: str, env: Mapping[str, str], system: str) -> list[tuple[str, str]]:
    """The (shared library, package) pairs that this start will make Qt load."""
    if system != "linux" or kind in WITHOUT_QT:
        return []
    needed = list(OFFSCREEN_LIBRARIES)
    drawn_by = env.get("QT_QPA_PLATFORM", "offscreen" if kind == "test" else "")
    if "xcb" in drawn_by or (not drawn_by and env.get("DISPLAY")):
        needed += X11_LIBRARIES
    if "wayland" in drawn_by or (not drawn_by and env.get("WAYLAND_DISPLAY")):
        needed += WAYLAND_LIBRARIES
    return needed


def loads(library: str) -> bool:
    """Whether the dynamic loader finds the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(
    needed: Iterable[tuple[str, str]], available: Callable[[str], bool] = loads
) -> list[tuple[str, str]]:
    """The pairs whose library cannot be loaded."""
    return [pair for pair in needed if not available(pair[0])]


def missing_message(libraries: Sequence[tuple[str, str]], packages: Sequence[str]) -> str:
    """What is missing and the exact command against it, in the words of this system's package manager."""
    names = ", ".join([name for name, _ in libraries] + [p for p in packages if p.endswith("-venv")])
    head = f"this system lacks what Gwanje needs: {names}.\nRun this once, then the same command again:\n\n  "
    if shutil.which("apt-get"):
        return head + f"{APT_UPDATE} && {APT_INSTALL} {' '.join(packages)}"
    for manager in ("dnf", "zypper"):
        if shutil.which(manager) and libraries:
            return head + f"sudo {manager} install " + " ".join(f"'{name}()(64bit)'" for name, _ in libraries)
    return f"this system lacks what Gwanje needs: {names}. Install the packages that provide them."


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command that is only a question says yes."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def privilege() -> list[str] | None:
    """The prefix that lets us install packages without asking anybody, or None."""
    if not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def apt_install(prefix: Sequence[str], packages: Sequence[str]) -> bool:
    """Installs exactly these packages; the output goes to standard error."""
    say(f"installing system packages: {' '.join(packages)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    try:
        # A failing update is not the end: the lists may be there already.
        subprocess.run([*apt, "update"], stdout=sys.stderr, check=False)
        return subprocess.run(install, stdout=sys.stderr, check=False).returncode == 0
    except OSError:
        return False


def provide_system(kind: str, python: Interpreter, env: Mapping[str, str], extra: Sequence[str]) -> None:
    """Makes sure Qt and venv find their system packages: installs them if we may, else says how to."""
    libraries = missing_libraries(needed_libraries(kind, env, sys.platform))
    packages = [package for _, package in libraries]
    if not python.has_venv:
        packages.append(f"python3.{python.version[1]}-venv")
    if not packages and not extra:
        return
    prefix = privilege()
    if prefix is not None and apt_install(prefix, [*packages, *extra]):
        return
    if packages:
        raise LaunchError(missing_message(libraries, packages))


def check_libc() -> None:
    """Qt's wheels need a C library of 2022; pip would only say that it finds no matching distribution."""
    if sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return
    text = os.confstr("CS_GNU_LIBC_VERSION") or ""
    found = re.search(r"(\d+)\.(\d+)", text)
    if found and (int(found[1]), int(found[2])) < OLDEST_GLIBC:
        raise LaunchError(f"the C library is {text}; Qt needs glibc 2.34 (Debian 12, Ubuntu 22.04 or newer)")


# ------------------------------------------------------------------------------- the virtual environment


def venv_folder(root: Path, version: tuple[int, int, int]) -> Path:
    """One environment per Python version and kind of machine: a checkout may be shared between systems."""
    return root / ".venv" / f"py{version[0]}.{version[1]}-{sys.platform}-{platform.machine().lower()}"


def venv_python(folder: Path) -> Path:
    """The interpreter inside an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_value(lock: Path, version_text: str) -> str:
    """Names the exact contents of an environment."""
    return hashlib.sha256(lock.read_bytes() + version_text.encode()).hexdigest()


def is_fresh(folder: Path, name: str, value: str) -> bool:
    """True if the set-up `name` was completed with exactly this lock and Python."""
    stamp = folder / f"{name}.stamp"
    # exists() follows the link: false when the Python it was made from is gone.
    return venv_python(folder).exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == value


def write_stamp(folder: Path, name: str, value: str) -> None:
    """Written last and in one step: a stamp that exists is true."""
    part = folder / f"{name}.stamp.part"
    part.write_text(value, encoding="ascii")
    part.replace(folder / f"{name}.stamp")


def is_reusable(folder: Path, version_text: str) -> bool:
    """True if packages may be added: made by the same Python, and no set-up was broken off inside."""
    config = folder / "pyvenv.cfg"
    if not config.is_file() or (folder / "unfinished").exists() or not any(folder.glob("*.stamp")):
        return False
    found = re.search(r"(?m)^version\s*=\s*(\S+)", config.read_text(encoding="utf-8"))
    return venv_python(folder).exists() and found is not None and found[1] == version_text


def _wait_for(handle: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):  # gives up after ten seconds
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running in this checkout; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)


@contextlib.contextmanager
def only_set_up(folder: Path) -> Iterator[None]:
    """Two starts at once set up one after the other; the system frees the lock of one that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "set-up.lock").open("a+b") as handle:
        _wait_for(handle)
        yield


def pip_command(python: Path, lock: Path) -> list[str]:
    """Exactly the locked files, wheels only; bytecode is compiled afterwards, on all cores."""
    return [
        str(python), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check",
        "--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile", "-r", str(lock),
    ]  # fmt: skip


def uv_command(uv: str, python: Path, lock: Path) -> list[str]:
    """The same with uv, several times faster where it is at hand."""
    return [
        uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes",
        "--only-binary", ":all:", "--no-deps", "--compile-bytecode", "-r", str(lock),
    ]  # fmt: skip


def install(python: Path, lock: Path, env: MutableMapping[str, str]) -> None:
    """uv if it works here, else pip."""
    uv = shutil.which("uv")
    env["UV_PYTHON_DOWNLOADS"] = "never"
    if uv and succeeds([uv, "--version"]):
        if subprocess.run(uv_command(uv, python, lock), env=env, check=False).returncode == 0:
            return
        say("uv could not install the packages; trying pip")
    code = subprocess.run(pip_command(python, lock), env=env, check=False).returncode
    if code:
        raise LaunchError(
            f"installing the packages of {lock.name} failed (pip exit code {code}); see its message above."
            " Once the network or the configured package index answers, run the same command again.",
            exit_code=1,
        )
    # Not every file of every package is meant to compile, so the exit code says nothing.
    compile_all = [str(python), "-m", "compileall", "-qq", "-j", "0", str(python.parent.parent)]
    subprocess.run(compile_all, env=env, check=False)


def set_up(python: Interpreter, folder: Path, name: str, stamps: Mapping[str, str]) -> None:
    """Creates or completes the environment. `unfinished` stays behind if this is broken off."""
    env = child_environment(os.environ, "start", ROOT)
    if not is_reusable(folder, python.version_text):
        say(f"setting up {folder.relative_to(ROOT)} (once, about half a minute)")
        make = [python.executable, "-m", "venv", "--clear", str(folder)]
        if subprocess.run(make, env=env, check=False).returncode:
            raise LaunchError(f"{python.executable} could not create an environment in {folder}", exit_code=1)
    else:
        say(f"adding the packages of requirements/{name}.txt to {folder.relative_to(ROOT)}")
    (folder / "unfinished").touch()
    install(venv_python(folder), ROOT / "requirements" / f"{name}.txt", env)
    # test.txt contains run.txt, so a test set-up serves the terminal too.
    for done in ("run", "test") if name == "test" else ("run",):
        write_stamp(folder, done, stamps[done])
    (folder / "unfinished").unlink()


def prepare(python: Interpreter, kind: str) -> Path:
    """The environment's interpreter, after a set-up if the stamp does not match."""
    folder, name = venv_folder(ROOT, python.version), "test" if kind == "test" else "run"
    locks = {n: ROOT / "requirements" / f"{n}.txt" for n in ("run", "test")}
    stamps = {n: stamp_value(path, python.version_text) for n, path in locks.items()}
    if not is_fresh(folder, name, stamps[name]):
        check_libc()
        with only_set_up(ROOT / ".venv"):
            if not is_fresh(folder, name, stamps[name]):
                set_up(python, folder, name, stamps)
    return venv_python(folder)


# ----------------------------------------------------------------------------------------------- starting


def pictures_folder(env: Mapping[str, str], home: Path) -> Path:
    """Where a tour that nobody gave a folder puts its pictures."""
    state = Path(env.get("XDG_STATE_HOME") or home / ".local" / "state")
    try:
        (state / "gwanje-tour").mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "gwanje-tour"
    return state / "gwanje-tour"


def without_display(plan: Plan, env: MutableMapping[str, str], home: Path) -> tuple[Plan, str | None]:
    """Draws offscreen; a plain start becomes the guided tour, so that there is something to see."""
    env["QT_QPA_PLATFORM"] = "offscreen"
    if plan.kind != "start":
        say("no display found; drawing offscreen")
        return plan, None
    given = [a for a in plan.arguments if a == "--out" or a.startswith("--out=")]
    folder = None if given else str(pictures_folder(env, home))
    say("no display found (DISPLAY and WAYLAND_DISPLAY are not set): running the guided tour offscreen")
    if folder:
        say(f"its pictures go to {folder}")
    return Plan("tour", [*(["--out", folder] if folder else []), *plan.arguments]), folder


def run_child(command: Sequence[str], env: Mapping[str, str], cwd: Path | None) -> int:
    """Waits for a child that shares our terminal: it gets Ctrl+C itself, SIGTERM is passed on."""
    with subprocess.Popen(command, env=dict(env), cwd=cwd) as child:
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            while True:
                with contextlib.suppress(KeyboardInterrupt):
                    return child.wait()
        finally:
            signal.signal(signal.SIGTERM, before)


def hand_over(command: Sequence[str], env: Mapping[str, str], cwd: Path | None) -> int:
    """Becomes the command where the system can; Windows has no such thing."""
    if os.name == "nt":
        return run_child(command, env, cwd)
    if cwd is not None:
        os.chdir(cwd)
    os.execve(command[0], list(command), dict(env))


def launch(argv: Sequence[str]) -> int:
    """From the command line to the running program."""
    plan = read_plan(argv)
    if plan.kind == "help":
        print(USAGE, end="")
        return 0
    python = find_python(os.environ)
    say(f"using Python {python.version_text} ({python.executable})")
    env = child_environment(os.environ, plan.kind, ROOT)
    folder = None
    if plan.kind not in {"test", *WITHOUT_QT} and lacks_display(env, sys.platform):
        plan, folder = without_display(plan, env, Path.home())
    first_time = not (venv_folder(ROOT, python.version) / "test.stamp").exists()
    wants_xvfb = plan.kind == "test" and sys.platform == "linux" and first_time and not shutil.which("Xvfb")
    provide_system(plan.kind, python, env, ["xvfb"] if wants_xvfb else [])
    inside = prepare(python, plan.kind)
    command = module_command(str(inside), plan, os.cpu_count() or 1)
    cwd = ROOT if plan.kind == "test" else None
    if folder is None:
        return hand_over(command, env, cwd)
    code = run_child(command, env, cwd)
    say(f"the tour ended with exit code {code}; its pictures are in {folder}")
    return code


def main() -> int:
    """Turns what the user has to know into a message and an exit code."""
    try:
        return launch(sys.argv[1:])
    except LaunchError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("stopped; the next start continues the set-up")
        return 130


if __name__ == "__main__":
    sys.exit(main())
