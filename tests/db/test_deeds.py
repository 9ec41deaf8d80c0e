"""Every command of the program once, in a night: what it changes and asks for, and what it says in each state.

The tables beside it say it line by line. Where one is meant to be another, run it with ``--basetemp FOLDER``: what
was found lies there when it has failed. Look at the difference, and put it into the place of what stood here.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final
from uuid import UUID

from db import commands as do
from db.commands.base import kinds
from db.domain.party import Party
from tests.cluster import Record
from tests.db.deeds import DESK, Deeds, anew, deeds_in, ids_of, otherwise
from tests.filled.commands import ANSWERS, HOUR, LEAD, Night

TABLES: Final = Path(__file__).parent / "told_of_deeds"
# Of referrals that are not over.
UNREAD: Final = (
    "SELECT u.words FROM cru.referral r CROSS JOIN LATERAL (SELECT narrative AS words FROM cru.to_be_read(r.id)"
    " UNION ALL SELECT words FROM cru.unread_words(r.id)) u"
    " WHERE r.state IN ('received', 'accepted', 'allocated', 'attending')"
)
STATE: Final = (
    "SELECT r.state || CASE WHEN r.screened_at IS NULL THEN ', not screened' ELSE '' END"
    " || CASE WHEN r.hold_until IS NULL THEN '' ELSE ', on hold' END"
    " || CASE WHEN r.entered_in_error_at IS NULL THEN '' ELSE ', in error' END"
    " || coalesce((SELECT ', ' || a.state FROM cru.assignment a WHERE a.referral_id = r.id"
    " AND a.state NOT IN ('clear', 'stood down') LIMIT 1), '') FROM cru.referral r WHERE r.id = $1"
)


def steps(key: UUID, night: Night) -> Iterator[do.Command]:
    """What may be asked for of a referral, whatever its state."""
    yield do.Accept(referral_id=key)
    yield do.Decline(referral_id=key, reason="no_capacity")
    yield do.Cancel(referral_id=key, reason="duplicate")
    yield do.Close(referral_id=key, outcome="gp", **ANSWERS)
    yield do.Reopen(referral_id=key, reason="rang again")
    yield do.AmendEnd(referral_id=key, was="gp", end="in_van", reason="the wrong row")
    yield do.Hold(referral_id=key, until=night.now + 9 * HOUR, reason="call_back", spoken=do.Spoken("Zoe"))
    yield do.EndHold(referral_id=key)
    yield do.Allocate(referral_id=key, van_id=night.vans[0])
    yield do.MarkEnteredInError(referral_id=key, reason="a test")
    yield do.UndoEnteredInError(referral_id=key, reason="it was none")
    yield do.NameResponsible(referral_id=key, said=do.Responsible(Party.DESTINATION, "their GP"))
    yield do.ExpectHandover(referral_id=key, from_party="CRU", to_party="Northampton Crisis House")


class Told:
    """The tables, as a night writes them."""

    def __init__(self, deeds: Deeds, night: Night) -> None:
        self._deeds, self._night = deeds, night
        self.done: list[str] = []
        self.otherwise: list[str] = []
        self.states: list[str] = []
        self.unread: list[tuple[str, str]] = []
        # Nobody was ever on duty in it.
        self._others: dict[str, UUID] = {"van_id": night.vans[-1]}
        self._seen: set[object] = set()

    async def all(self) -> None:
        """Do all that there is, but for what the owner does in a record of ten years."""
        async for login, command in self._night.deeds():
            if isinstance(command, do.ErasePerson):
                break
            name = type(command).__name__
            tried = [f"  {one}" async for one in self._otherwise(login, command)]
            self.done += [name, *[f"  {one}" for one in await self._deeds.done(login, command)]]
            self.otherwise += [name, *tried, f"  again: {await self._deeds.answer(login, anew(command))}"]
            self._others |= {name: value for name, value in ids_of(command).items() if name != "van_id"}
            self.unread += [(name, row["words"]) for row in await self._deeds.owner.fetch(UNREAD)]
            await self._in_its_state(getattr(command, "referral_id", None))

    async def _otherwise(self, login: str, command: do.Command) -> AsyncIterator[str]:
        tried = (login, type(command), *(one.name for one in fields(command) if getattr(command, one.name)))
        if tried in self._seen:
            return
        self._seen.add(tried)
        for words, other in otherwise(command, self._others):
            yield f"{words}: {await self._deeds.answer(login, other)}"
        for desk, words in DESK.items():
            if desk != login:
                yield f"{words}: {await self._deeds.answer(desk, anew(command))}"

    async def _in_its_state(self, referral: UUID | None) -> None:
        state = await self._deeds.owner.fetchval(STATE, referral) if referral else None
        if referral is None or state is None or state in self._seen:
            return
        self._seen.add(state)
        told = [(one, await self._deeds.answer(LEAD, one)) for one in steps(referral, self._night)]
        self.states += [state, *(f"  {type(one).__name__}: {words}" for one, words in told)]


async def test_every_command_does_and_says_what_the_tables_say(record: Record, tmp_path: Path) -> None:
    async with deeds_in(record) as deeds:
        told = Told(deeds, await Night.of(deeds.owner))
        await told.all()
    found = {"done": told.done, "otherwise": told.otherwise, "in_each_state": told.states}
    for name, lines in found.items():
        (tmp_path / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    assert {one for one in told.done if not one.startswith(" ")} == set(kinds()) - {"ErasePerson"}
    # No command leaves words on a referral that nobody has read for danger.
    assert told.unread == []
    for name, lines in found.items():
        assert lines == (TABLES / f"{name}.txt").read_text("utf-8").splitlines(), f"{name}: see {tmp_path}"
