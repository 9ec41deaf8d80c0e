"""Whether what was asked for a while ago may go out by itself, or a person says first that it holds. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from db import commands
from db.commands.base import Command
from db.domain.clocks import local_time

OLD: Final = timedelta(minutes=15)
"""What was asked for longer ago may no longer be true."""
AHEAD: Final = timedelta(minutes=1)
"""By so much two clocks may differ, and neither was set."""


@cache
def _ends_with_the_console() -> tuple[type[Command], ...]:
    """What does not wait on the disk, and is asked for anew instead. All else that people ask for does."""
    return (
        commands.TakeBack,  # the record lets it pass for a minute
        commands.ErasePerson,  # nobody is to find somebody erased at the next sign-in, and there is no way back
        commands.GiveOutPerson,  # the files are made by the window that asked for them
        commands.GiveDevice,  # the token goes with the window that showed it; a van would fall silent
        commands.RenewToken,
        commands.ImportRows,  # the file is still there, and it is large
        commands.SaveStaff,  # with what they said before, in values of any type
        commands.SaveVan,
    )


def may_wait(command: Command) -> bool:
    """Whether a command may wait on the disk for the next time that somebody signs in."""
    return not isinstance(command, _ends_with_the_console())


@dataclass(frozen=True, slots=True)
class AskedAt:
    """When and where something was asked for.

    Attributes:
        at: by the record's clock, UTC.
        wall: by this computer's clock, UTC.
        place: where the record was: its server and database. Empty where nobody knows.
    """

    at: datetime
    wall: datetime
    place: str = ""


def question(command: Command, asked: AskedAt, now: AskedAt) -> str:
    """Why a person is asked before a command goes; empty where it may go by itself.

    The record's clock decides how long ago it was. Where that clock was set meanwhile it cannot, so this
    computer's clock may make somebody be asked, and never keep anybody from it.
    """
    if isinstance(command, commands.OpenRecord):
        return ""  # that somebody looked stays true
    age = now.at - asked.at
    # The time, not how long ago: the words stay for as long as nobody gives theirs.
    since = f"asked for at {local_time(asked.at, now.at)}"
    if age > OLD:
        return since
    if age < -AHEAD or now.wall - asked.wall > OLD:
        return f"{since}, and a clock was set since"
    if asked.place and now.place and asked.place != now.place:
        return f"{since}, and the record was restored since"
    return ""
