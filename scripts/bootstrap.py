"""Make `.venv` in this checkout and install the requirements.

Run as `python3 scripts/bootstrap.py [--dev]`, by any python3.

Standard library only, and syntax that Python 3.6 still parses, so that an old interpreter can
find a newer one or say in one sentence what is missing. A second run costs a few milliseconds.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST_KNOWN = 14
ROOT = Path(__file__).resolve().parent.parent
SMALLEST_SPACE = 10 * 1024 * 1024
PROBE = "import sys, ssl, sqlite3, venv; print(*sys.version_info[:2]); import ensurepip"
RUN_FILES = ["requirements.txt"]
DEV_FILES = ["requirements.txt", "requirements-dev.txt"]


class BootstrapError(Exception):
    """One sentence for the person at the terminal."""


def candidates() -> "list[str]":
    """Return interpreters to try, the one that runs this script first, absolute paths only."""
    names = ["python3"]
    names += [f"python3.{minor}" for minor in range(NEWEST_KNOWN, OLDEST[1] - 1, -1)]
    found = [sys.executable]
    for name in names:
        for folder in [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin", "/usr/local/bin"]:
            path = str(Path(folder).absolute() / name)
            if folder and os.access(path, os.X_OK):
                found.append(path)
    return list(dict.fromkeys(path for path in found if path))


def probe(python: str) -> "tuple[tuple[int, int], bool]":
    """Run an interpreter: its version ((0, 0) when it does not work) and whether it has pip."""
    try:
        child = subprocess.Popen(
            [python, "-c", PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        output, _ = child.communicate(timeout=30)
        major, minor = output.decode().split()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return (0, 0), False
    return (int(major), int(minor)), child.returncode == 0


def choose_python(uv: str) -> str:
    """Return the first interpreter that is new enough and can make a virtual environment."""
    seen = []
    without_pip = ""
    for python in candidates():
        version, has_pip = probe(python)
        if version >= OLDEST and (has_pip or uv):
            return python
        if version >= OLDEST:
            without_pip = without_pip or python
        elif version > (0, 0):
            seen.append(f"{version[0]}.{version[1]} at {python}")
    if without_pip:
        raise BootstrapError(
            f"{without_pip} cannot make a virtual environment: install its venv package "
            "(Debian, Ubuntu: apt-get install python3-venv), then run make again."
        )
    found = " and ".join(seen) or "none that works"
    raise BootstrapError(
        f"Lectern needs Python 3.11 or newer with ssl, sqlite3 and venv, and found {found}: "
        "install one, or name it with PYTHON=/path/to/python3 make run."
    )


def child_environment() -> "dict[str, str]":
    """Return the environment for children: bytecode is written, no foreign Python paths."""
    drop = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    environment = {key: value for key, value in os.environ.items() if key not in drop}
    environment.setdefault("PIP_RETRIES", "2")
    environment.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return environment


def expected_stamp(root: Path, venv: Path, files: "list[str]") -> str:
    """Return what a current stamp says: place of the checkout, interpreter, requirements."""
    version, _ = probe(str(venv / "bin" / "python"))
    total = hashlib.sha256()
    for name in files:
        total.update((root / name).read_bytes())
    return f"{root} {version[0]}.{version[1]}\n{total.hexdigest()}\n"


def stamp_path(venv: Path, files: "list[str]") -> Path:
    """Return the file that says which requirements are installed."""
    return venv / (".lectern-dev" if files == DEV_FILES else ".lectern-run")


def read_stamp(venv: Path, files: "list[str]") -> str:
    """Return what the last complete installation left, or an empty string."""
    try:
        return stamp_path(venv, files).read_text()
    except OSError:
        return ""


def is_current(root: Path, venv: Path, files: "list[str]") -> bool:
    """Tell whether the virtual environment already holds what the files ask for."""
    stamp = read_stamp(venv, files)
    return bool(stamp) and stamp == expected_stamp(root, venv, files)


def is_usable(root: Path, venv: Path) -> bool:
    """Tell whether the environment works and belongs to this checkout and interpreter."""
    if probe(str(venv / "bin" / "python"))[0] < OLDEST:
        return False
    stamp = read_stamp(venv, RUN_FILES)
    return not stamp or stamp.split("\n")[0] == expected_stamp(root, venv, []).split("\n")[0]


def find_uv() -> str:
    """Return uv's path when it is installed and runs, else an empty string."""
    path = shutil.which("uv") or ""
    try:
        works = bool(path) and subprocess.call([path, "--version"], stdout=subprocess.DEVNULL) == 0
    except OSError:
        works = False
    return path if works else ""


def run_logged(command: "list[str]", log: Path) -> bool:
    """Run a command, keep what it says in the log file, tell whether it succeeded."""
    with log.open("ab") as stream:
        code = subprocess.call(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=child_environment(),
        )
    return code == 0


def explain(log: Path) -> str:
    """Turn the log of a failed installation into one sentence."""
    text = log.read_text(errors="replace")
    lowered = text.lower()
    # On a disk that is quite full the log itself stays empty.
    if "no space left" in lowered or shutil.disk_usage(str(log.parent)).free < SMALLEST_SPACE:
        return "The disk is full: free about 500 MB, then run make again."
    signs = ["from versions: none", "connection", "name resolution", "dns error", "timed out"]
    if any(sign in lowered for sign in [*signs, "failed to fetch", "unreachable"]):
        return (
            "The Python package index could not be reached: check the network "
            f"(or PIP_INDEX_URL for a mirror), then run make again; details are in {log}."
        )
    lines = [line for line in text.splitlines() if line.strip()] or ["no output"]
    last = lines[-1].strip()[:200]
    return f"The packages could not be installed ({last}); details are in {log}."


def install(root: Path, venv: Path, files: "list[str]") -> None:
    """Create the virtual environment where needed and install the requirement files into it."""
    uv = find_uv()
    python = str(venv / "bin" / "python")
    log = venv / "install.log"
    if not is_usable(root, venv):
        base = choose_python(uv)
        say(f"Making .venv with {base}")
        shutil.rmtree(venv, ignore_errors=True)
        venv.mkdir(parents=True)
        options = ["--without-pip"] if uv else []
        if not run_logged([base, "-m", "venv", *options, str(venv)], log):
            raise BootstrapError(explain(log))
    say("Installing packages (a minute at most, only when requirements change)")
    wanted = ["-r", str(root / files[-1])]
    fast = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
    if uv and run_logged([*fast, *wanted], log):
        return
    pip = [python, "-m", "pip", "install", "--quiet", "--compile"]
    if uv and not run_logged([python, "-m", "ensurepip"], log):
        raise BootstrapError(explain(log))
    if not run_logged([*pip, *wanted], log):
        raise BootstrapError(explain(log))


def bootstrap(root: Path, files: "list[str]") -> None:
    """Bring `.venv` to what the requirement files say; a no-op when it is there already."""
    venv = root / ".venv"
    if is_current(root, venv, files):
        return
    lock = os.open(str(root), os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(root, venv, files):
            return
        install(root, venv, files)
        for done in [RUN_FILES, files]:
            stamp_path(venv, done).write_text(expected_stamp(root, venv, done))
    finally:
        os.close(lock)


def say(sentence: str) -> None:
    """Write one line to the terminal."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def main(arguments: "list[str]") -> int:
    """Run the command line; the exit code is 1 when something is missing."""
    if set(arguments) - {"--dev"}:
        say("Usage: python3 scripts/bootstrap.py [--dev]")
        return 2
    try:
        bootstrap(ROOT, DEV_FILES if "--dev" in arguments else RUN_FILES)
    except BootstrapError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        say(f"The virtual environment could not be made: {problem}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
