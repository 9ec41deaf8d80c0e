"""``main.py install``: from a fresh checkout to a program that runs, system libraries included.

Runs before anything is installed, on whatever Python somebody has: standard library only, in words that a Python
which is too old can still read.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.start.preflight import is_administrator, lack_of, missing_libraries
from console.start.system_libraries import EVERYTHING, in_a_shell, lacking, ways_to_install
from console.start.trim import trim
from db.errors import Invalid

if TYPE_CHECKING:
    import argparse

OLDEST, TOO_NEW = (3, 11), (3, 14)
HOME = Path(__file__).resolve().parents[2]
ENVIRONMENT = HOME / ".venv"
_OWN = ("console", "db", "resources", "main.py")


def add_install_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``install``."""
    parser = subparsers.add_parser("install", help="install the program beside itself, with what it needs")
    parser.add_argument("--dev", action="store_true", help="what the tests need as well")
    parser.set_defaults(handler=install)


def install(given: argparse.Namespace) -> int:
    """Bring the system libraries that are missing, then the environment. Safe to repeat.

    Raises:
        Invalid: this Python does not fit, or a part could not be installed; the sentence says which.
    """
    require_python(sys.version_info[:2])
    bring_libraries()
    # A program that came as a wheel has its environment already.
    if (HOME / "pyproject.toml").exists():
        make_environment(development=given.dev)
    return 0


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that the program does not run on.

    Raises:
        Invalid: says which it runs on.
    """
    if not OLDEST <= version < TOO_NEW:
        raise Invalid(
            f"This is Python {version[0]}.{version[1]}; the program runs on 3.{OLDEST[1]} to 3.{TOO_NEW[1] - 1}.",
            f"Start it with one of those: python3.{TOO_NEW[1] - 1} main.py install",
        )


def bring_libraries() -> None:
    """Install the system libraries that are missing, asking for the password at most once.

    Raises:
        Invalid: those that every start needs are still missing afterwards; how an administrator installs them.
    """
    if not sys.platform.startswith("linux"):
        return
    missing, also = lacking(EVERYTHING), _of_python()
    commands = ways_to_install(missing, also) if missing or also else []
    if commands:
        _say(f"Installing system packages: {in_a_shell(commands[-1:])}")
        _as_administrator(commands)
    left = lacking(missing)
    if missing_libraries():
        raise lack_of(left)
    if left:
        _say(f"Some kinds of screen, or the sound, will have to do without {', '.join(left)}.")


def _of_python() -> list[str]:
    """Debian parts Python from what an environment is made with."""
    if importlib.util.find_spec("ensurepip"):
        return []
    return [f"python3.{sys.version_info[1]}-venv"]


def _as_administrator(commands: list[list[str]]) -> None:
    # In one go, since sudo may be set up to ask each time. A list of packages that cannot be renewed is no reason
    # to stop: the old one may do.
    script = "; ".join(["export DEBIAN_FRONTEND=noninteractive", *(in_a_shell([command]) for command in commands)])
    words = ["sh", "-c", script]
    if not is_administrator():
        if not shutil.which("sudo"):
            return
        words = ["sudo", *words]
    subprocess.run(words, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words


def make_environment(*, development: bool) -> None:
    """Make the environment beside the program and install the versions that were tested together.

    Raises:
        Invalid: a step failed; its own words stand above.
    """
    _say(f"Installing the program into {ENVIRONMENT.name}: a few minutes, the first time.")
    _run(sys.executable, "-m", "venv", str(ENVIRONMENT))
    what = ".[dev]" if development else "."
    python = str(python_of(ENVIRONMENT))
    # Compiled below by all processors at once; pip would take one.
    quickly = ("-q", "--no-compile", "-c", "requirements-pinned.txt")
    _run(python, "-m", "pip", "install", *quickly, "-e", what)
    compiled = (python, "-m", "compileall", "-q", "-j", "0")
    for packages in ENVIRONMENT.glob("lib/python3*/site-packages" if os.name != "nt" else "Lib/site-packages"):
        trim(packages)
        # Some packages hold templates that are no Python yet.
        subprocess.run([*compiled, "-q", str(packages)], cwd=HOME, check=False)  # noqa: S603 - our own words
    # Python would do it at the first start, while somebody waits for the board.
    _run(*compiled, *_OWN)


def python_of(environment: Path) -> Path:
    """Its interpreter."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _run(*words: str) -> None:
    if subprocess.run(words, cwd=HOME, check=False).returncode:  # noqa: S603 - our own words
        raise Invalid("The program could not be installed; the reason stands above.", "Mend it, then start again.")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
