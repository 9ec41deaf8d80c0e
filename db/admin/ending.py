"""What every verb of the owner's tools says and ends with."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from db.errors import RecordError


def say(words: str) -> None:
    """A line on the output, at once: some verbs take long."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def code_of(verb: Coroutine[Any, Any, int]) -> int:
    """Run a verb to its end. Returns its exit code; 2, with a sentence on the error stream, if it was refused."""
    try:
        return asyncio.run(verb)
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return 2
