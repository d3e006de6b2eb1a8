#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One file from a fresh clone to a running job: ``python3 start.py demo`` (Windows: ``py start.py demo``).

Standard library only, and written so that Python 3.8 can still read it: an old Python must be able to say
what is missing. Steps: find a Python that fits, make ``.venv`` in the clone, install ``requirements.lock``
(hashes, ready-made wheels only), install the project, run the job. Each step may be interrupted and is
repeated or repaired by the next start. Proxy, index and certificate settings of pip stay in force.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)
OLDEST_PIP = (22, 3)  # the first that knows --python
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "dableiben-stamp.txt"
BUSY = VENV / "dableiben-unfinished.txt"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
LOCK_HEAD = (
    "# SPDX-FileCopyrightText" + ": 2026 The dableiben authors\n"
    "# SPDX-License-Identifier" + ": EUPL-1.2\n"
    "# Written by `make lock` from pyproject.toml: every platform, Python 3.11 to 3.14, no addresses.\n"
)

USAGE = """Aufruf: python3 start.py AUFTRAG [weitere Angaben]

  demo      Musterkreis Ellerland anlegen, prüfen und die Lücken zeigen
  test      Stil, Typen, Stockwerke und alle Tests prüfen (weitere Angaben gehen an pytest)
  bench     Laufzeiten messen und mit anderen Programmen vergleichen
  pictures  Bilder der Dokumentation neu erzeugen
  lock      requirements.lock neu schreiben (--upgrade: mit neueren Paketen)
  setup     nur die Umgebung in .venv einrichten
  run       dableiben aufrufen, z. B.: python3 start.py run check demo
"""


class SetupError(Exception):
    """Something that a person has to do first; the text says what."""


def say(text: str) -> None:
    """Print a message at once, so that it stands before what a child process prints."""
    print(text, flush=True)


# --- which Python ---------------------------------------------------------------------------------


def fits(version: tuple[int, ...]) -> bool:
    """Whether packages for this Python are in the lock."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def probe(command: list[str]) -> tuple[int, ...] | None:
    """Version of the interpreter behind a command; None if it does not run."""
    code = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    try:
        done = subprocess.run(command + ["-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.match(r"(\d+)\.(\d+)\.(\d+)\s*$", done.stdout)
    return tuple(int(part) for part in found.groups()) if done.returncode == 0 and found else None


def other_python() -> list[str] | None:
    """Command of a Python on this system that fits, the newest first."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        candidates = [["python3.%d" % minor], ["py", "-3.%d" % minor]]
        for command in candidates:
            version = probe(command) if shutil.which(command[0]) else None
            if version is not None and fits(version):
                return command
    return None


def system() -> str:
    """The family of this system: windows, mac, debian, fedora, suse, arch or other."""
    if WINDOWS:
        return "windows"
    if platform.system() == "Darwin":
        return "mac"
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return "other"
    named = re.findall(r'^(?:ID|ID_LIKE)="?([^"\n]*)"?$', release, re.MULTILINE)
    words = " ".join(named).lower().replace("opensuse", "suse").replace("rhel", "fedora").split()
    for family in ("debian", "fedora", "suse", "arch"):
        if any(word.startswith(family) for word in words):
            return family
    return "debian" if "ubuntu" in words else "other"


def line_for_python(family: str) -> str:
    """The one line that installs a Python that fits."""
    return {
        "windows": "winget install Python.Python.3.13",
        "mac": "brew install python@3.13",
        "debian": "sudo apt install python3.11 python3.11-venv",
        "fedora": "sudo dnf install python3.12 python3.12-pip",
        "suse": "sudo zypper install python312 python312-pip",
        "arch": "sudo pacman -S python python-pip",
    }.get(family, "Python 3.13 über die Paketverwaltung Ihres Systems einrichten")


def line_for_pip(family: str) -> str:
    """The one line that gives the Python at hand what it needs to install packages."""
    return {
        "windows": "py -m ensurepip --user",
        "mac": "brew reinstall python@3.13",
        "debian": "sudo apt install python3-pip python3-venv",
        "fedora": "sudo dnf install python3-pip",
        "suse": "sudo zypper install python3-pip",
        "arch": "sudo pacman -S python-pip",
    }.get(family, "pip über die Paketverwaltung Ihres Systems einrichten")


def check_python() -> None:
    """Go on with this Python, hand over to a better one, or stop with the line that installs one."""
    if not fits(tuple(sys.version_info[:3])):
        better = other_python()
        if better is not None:
            raise SystemExit(subprocess.call(better + [str(ROOT / "start.py")] + sys.argv[1:]))
        raise SetupError(
            "dableiben braucht Python %d.%d bis %d.%d, gefunden wurde %s.\n"
            "Bitte einrichten und dann denselben Befehl noch einmal geben:\n\n    %s\n"
            % (OLDEST + NEWEST + (platform.python_version(), line_for_python(system())))
        )
    if struct.calcsize("P") != 8:
        raise SetupError("Dieses Python ist ein 32-Bit-Programm; dableiben braucht ein Python mit 64 Bit.")


# --- the environment ------------------------------------------------------------------------------


def digest(*paths: Path) -> str:
    """SHA-256 over the contents of files, line ends aside (a clone on Windows may have others)."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()


def stamp_text(packages: str, project: str) -> str:
    """What the stamp holds; the folder counts, since scripts in .venv know where they lie."""
    return "packages %s\nproject %s\nfolder %s\n" % (packages, project, ROOT)


def read_stamp() -> str:
    """The stamp of the last finished installation, or an empty text."""
    try:
        return STAMP.read_text(encoding="utf-8")
    except OSError:
        return ""


def remove_venv() -> None:
    """Delete .venv; it holds nothing that cannot be installed again."""
    try:
        shutil.rmtree(str(VENV))
    except OSError as error:
        raise SetupError(
            "Der Ordner .venv ist unvollständig und lässt sich nicht löschen (%s).\n"
            "Bitte andere Fenster schließen, in denen dableiben läuft, und noch einmal starten." % error
        ) from error


def child_environment() -> dict[str, str]:
    """The caller's environment without what would lead pip or Python away from .venv."""
    names = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
    environment = {key: value for key, value in os.environ.items() if key not in names}
    environment.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PYTHONUTF8="1")
    return environment


def pip_from_outside() -> list[str] | None:
    """A pip outside .venv that can install into it, as a command."""
    for command in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        try:
            done = subprocess.run(command + ["--version"], capture_output=True, text=True, check=False)
        except OSError:
            continue
        found = re.match(r"pip (\d+)\.(\d+)", done.stdout)
        if done.returncode == 0 and found and tuple(map(int, found.groups())) >= OLDEST_PIP:
            return command + ["--python", str(VENV_PYTHON)]
    return None


def find_pip() -> list[str]:
    """Command of a pip for .venv: one from outside, else the one that comes with Python."""
    outside = pip_from_outside()
    if outside is not None:
        return outside
    inside = [str(VENV_PYTHON), "-m", "pip"]
    for attempt in (inside + ["--version"], [str(VENV_PYTHON), "-m", "ensurepip"]):
        if subprocess.run(attempt, capture_output=True, env=child_environment(), check=False).returncode == 0:
            return inside
    raise SetupError(
        "Zu diesem Python fehlt pip. Bitte einrichten und denselben Befehl noch einmal geben:\n\n    %s\n"
        % line_for_pip(system())
    )


def make_venv() -> None:
    """Make an empty .venv; one that is unfinished, broken or was moved is replaced."""
    healthy = VENV_PYTHON.exists() and fits(probe([str(VENV_PYTHON)]) or (0, 0))
    moved = read_stamp() and ("folder %s\n" % ROOT) not in read_stamp()
    if VENV.exists() and (BUSY.exists() or moved or not healthy):
        say("Die Umgebung in .venv ist unvollständig; sie wird neu angelegt.")
        remove_venv()
    if VENV.exists():
        return
    say("Lege die Umgebung in .venv an ...")
    # Without pip: Debian ships venv, but ensurepip only in a package of its own.
    if subprocess.call([sys.executable, "-m", "venv", "--without-pip", str(VENV)]) != 0:
        raise SetupError(
            "Die Umgebung lässt sich nicht anlegen. Bitte einrichten:\n\n    %s\n" % line_for_pip(system())
        )


def download(command: list[str]) -> bool:
    """Run pip and show on a terminal how far it is; what it said is shown only if it failed."""
    total = len(re.findall(r"^[a-z0-9]", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    kept, seen = [], 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=child_environment()
    ) as child:
        for raw in child.stdout or ():
            line = raw.decode("utf-8", errors="replace")
            kept.append(line)
            if line.startswith("Collecting "):
                seen += 1
            if sys.stdout.isatty() and line.startswith(("Collecting ", "Installing ")):
                print("\r  %d von %d Paketen geladen" % (seen, total), end="", flush=True)
    if sys.stdout.isatty():
        say("")
    if child.returncode != 0:
        print("".join(kept[-40:]), file=sys.stderr)
    return child.returncode == 0


def install(packages: str, project: str) -> None:
    """Bring .venv to the state of the lock and of the project."""
    pip = find_pip()
    had_packages = ("packages %s\n" % packages) in read_stamp()
    BUSY.write_text("Die Einrichtung läuft oder wurde unterbrochen.\n", encoding="utf-8")
    if not had_packages:
        say("Lade und installiere die Pakete (beim ersten Mal einige Minuten) ...")
        if not download(pip + ["install", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]):
            raise SetupError(
                "Die Pakete konnten nicht installiert werden; der Grund steht oben.\n"
                "Ohne Verbindung zum Paketverzeichnis hilft oft die Einstellung des Proxys (HTTPS_PROXY)\n"
                "oder des hauseigenen Verzeichnisses (pip config). Danach denselben Befehl wiederholen."
            )
    command = pip + ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if subprocess.call(command, env=child_environment()) != 0:
        raise SetupError("dableiben selbst konnte nicht installiert werden; der Grund steht oben.")
    STAMP.write_text(stamp_text(packages, project), encoding="utf-8")
    BUSY.unlink()


def runs(code: str) -> bool:
    """Whether .venv's Python is there and runs a line of code."""
    command = [str(VENV_PYTHON), "-c", code]
    return VENV_PYTHON.exists() and subprocess.call(command, stderr=subprocess.DEVNULL) == 0


def is_ready(packages: str, project: str) -> bool:
    """Whether .venv is finished, belongs to this folder and lock, and its Python runs."""
    if BUSY.exists() or read_stamp() != stamp_text(packages, project):
        return False
    return runs("import dableiben")


def set_up() -> None:
    """Make sure that .venv is there and up to date."""
    packages, project = digest(LOCK), digest(ROOT / "pyproject.toml")
    if is_ready(packages, project):
        return
    check_python()
    finished = ("packages %s\n" % packages) in read_stamp() and not BUSY.exists()
    if finished and not runs("import numpy"):
        BUSY.write_text("Ein Paket fehlt.\n", encoding="utf-8")
    make_venv()
    install(packages, project)


# --- the jobs -------------------------------------------------------------------------------------


def tool(name: str) -> str:
    """Path of a command inside .venv."""
    return str(SCRIPTS / (name + (".exe" if WINDOWS else "")))


def call(*command: str) -> int:
    """Run a command in the clone with the environment's own settings."""
    return subprocess.call(list(command), cwd=str(ROOT), env=child_environment())


def demo(rest: list[str]) -> int:
    """Write the made-up district and check it, which ends with its gaps and the path of the report."""
    folder = ROOT / "demo"
    if (folder / "region.toml").exists():
        say("Der Musterkreis liegt schon in demo/ und wird erneut geprüft (neu anlegen: Ordner löschen).")
    else:
        code = call(tool("dableiben"), "demo", "--out", "demo", *rest)
        if code != 0:
            return code
    return call(tool("dableiben"), "check", "demo")


def test(rest: list[str]) -> int:
    """Style, types and floors, then all tests; every step runs, and the tests have the last word."""
    failed = []
    for name, command in (
        ("Stil", [tool("ruff"), "check"]),
        ("Typen", [tool("mypy")]),
        ("Stockwerke", [tool("lint-imports"), "--no-cache"]),
    ):
        say("== %s ==" % name)
        if call(*command) != 0:
            failed.append(name)
    say("== Tests ==")
    code = call(str(VENV_PYTHON), "-m", "pytest", "-n", "2", "--dist", "loadgroup", *rest)
    if failed:
        print("Nicht bestanden: %s" % ", ".join(failed), file=sys.stderr)
    return code or (1 if failed else 0)


def bench(rest: list[str]) -> int:
    """Measure running times; peers go into an environment of their own."""
    return call(str(VENV_PYTHON), str(ROOT / "bench" / "run.py"), *rest)


def pictures(rest: list[str]) -> int:
    """Make the pictures of the documentation anew."""
    return call(str(VENV_PYTHON), str(ROOT / "docs" / "pictures" / "make.py"), *rest)


def plain_markers(text: str) -> str:
    """The lock without the conditions that all lines share (they come from tool.uv in pyproject.toml)."""
    platforms = " or ".join("sys_platform == '%s'" % name for name in ("darwin", "linux", "win32"))
    text = text.replace(" and (%s)" % platforms, "")
    shared = "python_full_version < '%d.%d'" % (NEWEST[0], NEWEST[1] + 1)
    return text.replace(" ; %s \\\n" % shared, " \\\n").replace(" ; %s and " % shared, " ; ")


def lock(rest: list[str]) -> int:
    """Resolve pyproject.toml for every platform and write requirements.lock with hashes."""
    draft = VENV / "requirements.draft"
    if LOCK.exists() and "--upgrade" not in rest:
        shutil.copyfile(str(LOCK), str(draft))  # keep what is pinned as far as it still fits
    options = ["--group", "dev", "--universal", "--python-version", "%d.%d" % OLDEST]
    options += ["--fork-strategy", "fewest", "--generate-hashes", "--only-binary", ":all:"]
    options += ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "-o", str(draft)]
    code = call(tool("uv"), "pip", "compile", "pyproject.toml", *options, *rest)
    if code != 0:
        return code
    text = plain_markers(draft.read_text(encoding="utf-8"))
    if re.search(r"://|^-|\s@\s|" + re.escape(str(ROOT)), text, re.MULTILINE):
        raise SetupError("Die neue Liste enthielte eine Adresse oder einen Pfad; nichts wurde geändert.")
    with open(str(LOCK), "w", encoding="utf-8", newline="\n") as file:
        file.write(LOCK_HEAD + text)
    draft.unlink()
    say("requirements.lock ist neu geschrieben.")
    return 0


def run(rest: list[str]) -> int:
    """Call dableiben itself."""
    return call(tool("dableiben"), *rest)


def setup(rest: list[str]) -> int:
    """Nothing beyond the environment."""
    say("Die Umgebung ist bereit: %s" % VENV)
    return 0


JOBS = {job.__name__: job for job in (demo, test, bench, pictures, lock, run, setup)}


def main(arguments: list[str]) -> int:
    """Set up, then run the job; exit code of the job, 2 for a wrong call, 1 if a person has to act first."""
    if not arguments or arguments[0] not in JOBS:
        say(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        set_up()
        return JOBS[arguments[0]](arguments[1:])
    except SetupError as problem:
        print("\n%s" % problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nUnterbrochen. Derselbe Befehl setzt fort.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
