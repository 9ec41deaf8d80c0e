"""``admin erase``: what is kept about people goes when the time is over for which the trust keeps it."""

import argparse
import asyncio
import sys
from uuid import UUID

from sqlalchemy import URL, text

from db import commands as do
from db import queries
from db.admin.ending import say
from db.admin.imports import AddVerb
from db.admin.where import as_owner, explained
from db.domain.clocks import local
from db.domain.person_requests import RequestKind
from db.errors import Conflict, Invalid
from db.finding import find_referral
from db.person_queries import ids_of_person, keeping, open_requests

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
    how.add_argument("--refuse", metavar="REFERENCE", help="what was asked for about this person is not done")
    parser.add_argument("--because", default="", metavar="WHY", help="why not, as the person will read it")


async def _erase(url: URL, given: argparse.Namespace) -> int:
    if given.refuse:
        return await _refuse(url, given.refuse, given.because)
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
    await _tell_asked(url)
    return 0


async def _tell_asked(url: URL) -> None:
    """Say who asked to be erased and is not, by reference alone, and until when the rule keeps them."""
    async with as_owner(url) as connection:
        now = await queries.now(connection)
        for one in await open_requests(connection):
            if one.kind is RequestKind.ERASING:
                kept = await keeping(connection, one.referral_id)
                say(f"{one.reference} was asked for on {local(one.made_at):%d %b %Y}. {kept.in_words(now)}")
                say(f"Answer by {one.answer_by:%d %b %Y}: --refuse {one.reference} --because WHY")


async def _refuse(url: URL, reference: str, why: str) -> int:
    """Refuse what was asked for, with the reason; of each request to erase this person that waits."""
    async with explained(), as_owner(url) as connection:
        theirs = set(await ids_of_person(connection, await find_referral(connection, reference)))
        asked = [
            one
            for one in await open_requests(connection)
            if one.kind is RequestKind.ERASING and one.referral_id in theirs
        ]
        if not asked:
            raise Invalid(f"Nobody asks to have {reference} erased.", "Look at who does with --dry-run.")
        for one in asked:
            await do.run(connection, do.AnswerAboutRecord(request_id=one.id, state="refused", answer=why))
    say(f"{reference}: refused, with the reason. It stands in the record.")
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
