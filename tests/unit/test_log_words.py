"""What the console's log keeps of an error: never the row that the record quotes, which may be about a person."""

import logging
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from console.start import startup
from db.errors import Conflict

PERSON = "Margaret Fenwick-Howe"


class OurOwnError(IntegrityError):
    """Comes from a library's kind, and lives elsewhere."""


def statement() -> IntegrityError:
    return IntegrityError(f"the row of {PERSON}", {}, ValueError(PERSON))


def raised_from(cause: BaseException) -> BaseException:
    error = RuntimeError("a sheet was not sent")
    error.__cause__ = cause
    return error


def raised_while(handled: BaseException) -> BaseException:
    error = KeyError("lane")
    error.__context__ = raised_from(handled)
    return error


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: ValueError("no such colour"), True),
        (lambda: raised_from(ValueError("no such colour")), True),
        (statement, False),
        (lambda: OurOwnError("INSERT", {}, ValueError(PERSON)), False),
        (lambda: DBAPIError(PERSON, {}, ValueError()), False),
        (lambda: asyncpg.UniqueViolationError(PERSON), False),
        (lambda: asyncpg.InterfaceError(PERSON), False),
        (lambda: Conflict(f"{PERSON} was changed by another."), False),
        (lambda: raised_from(statement()), False),
        (lambda: raised_while(asyncpg.CheckViolationError(PERSON)), False),
        (lambda: ExceptionGroup("two tasks", [KeyError("x"), raised_from(statement())]), False),
    ],
)
def test_the_log_keeps_no_words_of_the_record_however_deep_they_lie(
    tmp_path: Path, make: Callable[[], BaseException], told: bool
) -> None:
    was = logging.getLogger().handlers[:]
    startup.keep_log(tmp_path)
    try:
        error = make()
        logging.getLogger("console").warning("a task failed", exc_info=error)
        for handler in logging.getLogger().handlers:
            handler.close()
    finally:
        logging.getLogger().handlers[:] = was
    log = (tmp_path / "console.log").read_text()
    assert "a task failed" in log
    assert PERSON not in log
    assert (str(error) in log) is told
    assert ("its words are left out" in log) is not told


def test_an_error_that_came_of_itself_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first
    assert list(startup._told_with(first)) == [first, second]
