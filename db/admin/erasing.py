"""``admin erase``: what is kept about people goes when the time is over for which the trust keeps it."""

import argparse
import asyncio
import sys
from uuid import UUID

from sqlalchemy import URL, text

from db import commands as do
from db.admin.ending import say
from db.admin.imports import AddVerb
from db.admin.where import as_owner
from db.domain.clocks import local
from db.errors import Conflict, Invalid

AT_ONCE = 1000
_WORD = "erase"
TRIES, PAUSE = 50, 0.2
"""How often, and how many seconds apart, it is tried anew while somebody writes."""


def add_erase_verb(add: AddVerb) -> None:
    """Add the verb."""
    parser = add("erase", "erase people whose record is kept no longer, by the trust's rule", _erase)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="say whose it would be, and change nothing")
    how.add_argument("--yes", action="store_true", help="do not ask first, as in a nightly job")


async def _erase(url: URL, given: argparse.Namespace) -> int:
    async with as_owner(url) as connection:
        found = await connection.execute(text("SELECT * FROM cru.due_to_erase(:most)"), {"most": AT_ONCE})
        due = found.all()
    if due and not (given.dry_run or given.yes):
        await asyncio.to_thread(_ask, len(due))
    for one in due:
        # A transaction each: whoever writes meanwhile waits for one person, and what was done stays done.
        if not given.dry_run:
            await _erase_one(url, one.referral_id)
        said = "is due" if given.dry_run else "is erased"
        say(f"{one.reference} {said}: last contact {local(one.last_contact_at):%d %b %Y}")
    people = "1 person" if len(due) == 1 else f"{len(due)} people"
    say(f"{people} {'due' if given.dry_run else 'erased'}. Figures stay as they were.")
    if len(due) == AT_ONCE:
        say("There may be more: ask once more.")
    return 0


def _ask(count: int) -> None:
    """Ask whoever sits there; raises Invalid unless they say so. There is no way back."""
    step = "Look at whose it is with --dry-run; --yes does not ask."
    people = "1 person" if count == 1 else f"{count} people"
    if not sys.stdin.isatty():
        raise Invalid(f"{people} would be erased, and nobody is here to say so; nothing was erased.", step)
    if input(f'{people} will be erased, and there is no way back. Type "{_WORD}" to go on: ').strip() != _WORD:
        raise Invalid("Nothing was erased.", step)


async def _erase_one(url: URL, referral_id: UUID) -> None:
    for left in reversed(range(TRIES)):
        try:
            async with as_owner(url) as connection:
                await do.run(connection, do.ErasePerson(referral_id=referral_id))
        except Conflict:
            if not left:
                raise
            await asyncio.sleep(PAUSE)
        else:
            return
