"""What people said and what became of it, as a page to bring to a meeting: counts, words to quote, and items.

Nothing in it tells who somebody is: words stand in it only where whoever said them agreed to be quoted, and what
names somebody all the same is left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.feedback import FEEDBACK_KINDS, SPEAKERS, STATES, Feedback, Improvement
from db.domain.periods import Period
from db.domain.unnamed import unnamed
from db.reports.document import Cell, Column, Table
from db.voice_queries import Voices, voices

# Whoever is known by name at the visit that the words are about.
_NAMES = text("SELECT id, names FROM cru.named_at_visits(:look, :ids)")
# Of all patients those whose whole name was said: nobody else is named to whoever makes the page.
_EVERYBODY = text("SELECT * FROM cru.named_by_others(:look, :known_for)")
_KNOWN_SINCE = timedelta(days=92)


PRINTED: Final = 25
"""Words that stand on paper, at most."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a stretch of time, and what became of it.

    Attributes:
        names: of people at the visit, by the id of the feedback.
        everybody: the names of patients of late that were said, for words that are about no one visit.
    """

    voices: Voices
    names: Mapping[UUID, tuple[str, ...]]
    everybody: tuple[str, ...]

    def unnamed(self, words: str, feedback_id: UUID | None) -> str:
        """Words without what tells who somebody is."""
        names = self.names.get(feedback_id, ()) if feedback_id is not None else ()
        return unnamed(words, names, self.everybody)


async def heard(connection: AsyncConnection, look: int, period: Period) -> Heard:
    """Read it; for a shift lead, whose look at the feedback of the period has that number."""
    found = await voices(connection, look, period.start, period.end)
    ids = {one.id for one in found.feedback} | {one.feedback_id for one in found.improvements if one.feedback_id}
    rows = await connection.execute(_NAMES, {"look": look, "ids": list(ids)})
    everybody = (await connection.execute(_EVERYBODY, {"look": look, "known_for": _KNOWN_SINCE})).scalars()
    return Heard(found, {row.id: tuple(row.names) for row in rows}, tuple(everybody))


def voices_page(found: Heard) -> Iterator[Table]:
    """The tables of the page."""
    feedback = found.voices.feedback
    yield _counts(feedback)
    yield _themes(feedback)
    yield from _quotes(found)
    yield _items(found)


def _counts(feedback: tuple[Feedback, ...]) -> Table:
    columns = (
        Column("Said by", wide=2),
        *(Column(kind.capitalize(), "number") for kind in FEEDBACK_KINDS),
        Column("All", "number"),
        Column("May be quoted", "number", 1.4),
    )
    rows: list[tuple[Cell, ...]] = []
    for speaker in SPEAKERS:
        own = [one for one in feedback if one.said_by == speaker]
        kinds = Counter(one.kind for one in own)
        quoted = sum(one.may_be_quoted for one in own)
        rows.append((_speaker(speaker), *(kinds[kind] for kind in FEEDBACK_KINDS), len(own), quoted))
    return Table("heard", "What people said", columns, rows)


def _themes(feedback: tuple[Feedback, ...]) -> Table:
    counted = Counter(theme for one in feedback for theme in one.themes)
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    note = "One remark may be about several things, or about none of these."
    return Table("themes", "What it was about", (Column("Theme", wide=3), Column("Remarks", "number")), rows, note)


def _quotes(found: Heard) -> Iterator[Table]:
    columns = (Column("In their words", wide=5), Column("Said by", wide=1.2), Column("About", wide=2))
    rows = [
        (found.unnamed(one.words, one.id), _speaker(one.said_by), ", ".join(one.themes))
        for one in found.voices.feedback
        if one.may_be_quoted
    ]
    note = "Of those who agreed to it, the newest first. What would tell who somebody is has been left out."
    if len(rows) > PRINTED:
        # A meeting reads a page of them. All of them stand where programs read.
        yield Table("quotes", "Words that may be quoted, all", columns, rows, note, printed=False)
        rows, note = (
            rows[:PRINTED],
            f"{note} {PRINTED} of {len(rows)}: all of them are in the workbook and in CSV.",
        )
        yield Table("quotes-printed", "Words that may be quoted", columns, rows, note)
    else:
        yield Table("quotes", "Words that may be quoted", columns, rows, note)


def _speaker(said_by: str) -> str:
    return said_by[:1].upper() + said_by[1:]


def _items(found: Heard) -> Table:
    columns = (
        Column("You said", wide=3),
        Column("Raised by", wide=1.1),
        Column("We did", wide=3),
        Column("It is", wide=0.8),
        Column("By", "day", 1),
    )
    rows = [_item(one, found) for one in sorted(found.voices.improvements, key=_place)]
    note = "All that is open, and what ended in this time. Who sees to each, the console says."
    return Table("you-said-we-did", "You said, we did", columns, rows, note)


def _place(one: Improvement) -> tuple[int, str]:
    return STATES.index(one.state), one.said


def _item(one: Improvement, found: Heard) -> tuple[Cell, ...]:
    said, did = (found.unnamed(words, one.feedback_id) for words in (one.said, one.did))
    return (said, _speaker(one.raised_by), did, one.state, one.due_on)
