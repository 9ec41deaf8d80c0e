"""One change tried in a copy of the tree: do the tests notice?"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

import psutil

from tests.mutants.change import Change

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis")
# What Postgres says of a function that it cannot read: such a change tests nothing.
STILLBORN = (
    "PostgresSyntaxError",
    "SyntaxError",
    "DatatypeMismatch",
    "UndefinedFunctionError",
    "UndefinedColumnError",
    # A later revision changes a part of it, and finds another.
    "is not as it was",
)
ONE_TEST_S: Final = 120
"""Seconds after which a single test hangs; more of them while others use the machine, too."""
HANGS = "Timeout (0:"
# A test, with its row of a table where a word names it; or a whole file that could not be read.
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?\.py(?:::[\w:]+(?:\[\w+\])?)?)", re.MULTILINE)


class Verdict(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    STILLBORN = "stillborn"


@dataclass(frozen=True)
class Trial:
    """What became of a change, and the tests that failed; those that were run, where one of them did not end."""

    verdict: Verdict
    failed: tuple[str, ...] = ()
    hung: tuple[str, ...] = ()


@dataclass
class Copy:
    """A copy of the tree to make wrong, never the tree itself."""

    root: Path
    _moments: Iterator[int] = field(default_factory=lambda: count(int(time.time()) - 100_000))

    def trial(self, change: Change, tests: list[str], timeout_s: float) -> Trial:
        """Make the change, run the tests until the first fails, take the change back."""
        file = self.root / change.file
        text = file.read_text("utf-8")
        self._write(file, change.applied(text))
        try:
            code, said = self.run("-x", *tests, timeout_s=timeout_s)
        finally:
            self._write(file, text)
        if code is None or HANGS in said:
            return Trial(Verdict.TIMED_OUT, hung=tuple(tests))
        if code == 0:
            return Trial(Verdict.SURVIVED)
        if change.file.endswith(".sql") and "ERROR at setup" in said and any(word in said for word in STILLBORN):
            return Trial(Verdict.STILLBORN)
        return Trial(Verdict.KILLED, failing(said))

    def run(self, *arguments: str, timeout_s: float) -> tuple[int | None, str]:
        """pytest's exit code, None if it did not end in time, and what it said."""
        busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) if hasattr(os, "getloadavg") else 1.0
        limits = ("-o", f"faulthandler_timeout={ONE_TEST_S * busy:.0f}", "-o", "faulthandler_exit_on_timeout=true")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            *limits,
            *arguments,
        ]
        environment = os.environ | {
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.root / ".hypothesis"),
            "CRU_TESTS_SHRINK": "no",
        }
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return None, ""
        except KeyboardInterrupt:
            _end(process)  # in a session of its own it would go on alone
            raise
        return process.returncode, said

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, "utf-8")
        # Python tells a compiled file's age by whole seconds: two writes within one would pass for the same.
        moment = next(self._moments)
        os.utime(file, (moment, moment))


def failing(said: str) -> tuple[str, ...]:
    """The tests that failed, from what pytest said."""
    return tuple(dict.fromkeys(FAILED.findall(said)))


def _end(process: subprocess.Popen[str]) -> None:
    """In order first, so that the tests' servers are stopped too; then by force."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    for child in family:
        if child.is_running():
            child.kill()


@contextmanager
def copied(tree: Path) -> Iterator[Copy]:
    """A copy in a folder outside the checkout, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cru-mutants-"))
    try:
        shutil.copytree(tree, folder / "tree", ignore=LEFT_OUT)
        yield Copy(folder / "tree")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
