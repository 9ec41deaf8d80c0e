"""One change tried in a copy of the tree: do the tests notice?"""

import os
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
)


class Verdict(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    STILLBORN = "stillborn"


@dataclass
class Copy:
    """A copy of the tree to make wrong, never the tree itself."""

    root: Path
    _moments: Iterator[int] = field(default_factory=lambda: count(int(time.time()) - 100_000))

    def trial(self, change: Change, tests: list[str], timeout_s: float) -> Verdict:
        """Make the change, run the tests, take the change back."""
        file = self.root / change.file
        text = file.read_text("utf-8")
        self._write(file, change.applied(text))
        try:
            code, said = self.run(tests, timeout_s)
        finally:
            self._write(file, text)
        if code is None:
            return Verdict.TIMED_OUT
        if code == 0:
            return Verdict.SURVIVED
        if change.file.endswith(".sql") and "ERROR at setup" in said and any(word in said for word in STILLBORN):
            return Verdict.STILLBORN
        return Verdict.KILLED

    def run(self, tests: list[str], timeout_s: float) -> tuple[int | None, str]:
        """pytest's exit code, None if it did not end in time, and what it said."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
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
