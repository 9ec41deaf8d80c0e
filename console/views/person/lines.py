"""What the window of a person's record says, line by line. Without Qt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from db.domain.clocks import dated_time
from db.domain.nhs_number import grouped
from db.domain.person_requests import CORRECTABLE, PersonRequest, RequestKind, RequestState
from db.domain.texts import folded_fields, needles, one_line, told
from db.person_queries import PersonRead
from db.reports.document import Cell, Document, Table, shown
from db.reports.referral_parts import TAKEN_BACK
from db.reports.referral_record import label_of_column

KINDS: Final[Mapping[RequestKind, str]] = {
    RequestKind.COPY: "Copy",
    RequestKind.CORRECTION: "Correction",
    RequestKind.ERASING: "Erasing",
}
"""What people call what is asked for."""
_DONE: Final[Mapping[RequestKind, str]] = {
    RequestKind.COPY: "given out",
    RequestKind.CORRECTION: "corrected",
    RequestKind.ERASING: "erased",
}
_DETAILS: Final = "details"
_OWN_LINE: Final = frozenset(label_of_column(name) for name in CORRECTABLE)
_ELSEWHERE: Final = frozenset({"events", "asked", "links"})
"""Tables of the report that the second list shows, or that say again what the others say."""
_AT_ONCE: Final[Mapping[str, tuple[str, ...]]] = {
    "times": ("Time", "When"),
    "screenings": ("Question", "Answer"),
    "vans": ("Van", "Step", "When", "Where to, or why"),
    "handovers": ("From", "To", "Step", "When"),
}
"""Tables of which a referral has many short rows, and which of their columns say it: one line for all of them."""
PAGE: Final = 100
"""Lines that are shown at a time."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Something that is kept.

    Attributes:
        what: the heading, or what a column is called.
        words: what stands there.
        reference: of which referral.
    """

    what: str
    words: str
    reference: str


@dataclass(frozen=True, slots=True)
class HappenedLine:
    """Something that was asked, a look, or a word on who they are.

    Attributes:
        reference: of which referral.
        request: what was asked, where it is that.
    """

    at: datetime
    who: str
    what: str
    words: str
    reference: str
    request: PersonRequest | None = None


def kept_lines(document: Document) -> list[KeptLine]:
    """What is kept, the newest referral first, and of each in the order of the report."""
    lines = list(_kept(document))
    newest = {one: place for place, one in enumerate(reversed(dict.fromkeys(line.reference for line in lines)))}
    return sorted(lines, key=lambda line: newest[line.reference])


def matching(lines: Sequence[KeptLine], typed: str) -> list[KeptLine]:
    """The lines in which every typed word stands."""
    wanted = needles(typed)
    if not wanted:
        return list(lines)
    told_of = ((line, folded_fields((line.what, line.words, line.reference))) for line in lines)
    return [line for line, there in told_of if all(word in there for word in wanted)]


def _kept(document: Document) -> Iterator[KeptLine]:
    for table in document.tables:
        if table.key == _DETAILS:
            yield from _details(table)
        elif table.key in _AT_ONCE:
            for reference, rows in groupby(table.rows, key=lambda row: row[0]):
                yield KeptLine(table.title, "; ".join(_briefly(table, rows)), str(reference))
        elif table.key not in _ELSEWHERE:
            for row in table.rows:
                is_pair = len(table.columns) == 3
                what = str(row[1]) if is_pair else table.title
                words = shown(row[2]) if is_pair else _row(table, row[1:])
                yield KeptLine(what, words, str(row[0]))


def _details(table: Table) -> Iterator[KeptLine]:
    """What may be corrected, a line each; the rest of a referral in one."""
    for reference, rows in groupby(table.rows, key=lambda row: row[0]):
        given = [(str(row[1]), shown(row[2])) for row in rows]
        own = [KeptLine(what, words, str(reference)) for what, words in given if what in _OWN_LINE]
        rest = "; ".join(f"{what}: {words}" for what, words in given if what not in _OWN_LINE)
        yield from own
        if rest:
            yield KeptLine("And", rest, str(reference))


def _briefly(table: Table, rows: Iterable[tuple[Cell, ...]]) -> Iterator[str]:
    """What a few of the columns say of each row; a step without its time was not taken.

    What did not happen is never told as if it had: that it was taken back stands behind whatever is said of it.
    """
    at = {column.title: place for place, column in enumerate(table.columns)}
    places = [at[title] for title in _AT_ONCE[table.key]]
    moments = [place for place in places if table.columns[place].kind == "moment"]
    gone = at.get(TAKEN_BACK)
    for row in rows:
        if all(row[place] is not None for place in moments):
            said = " ".join(shown(row[place]) for place in places if row[place] not in (None, ""))
            taken_back = row[gone] if gone is not None else None
            yield said if taken_back is None else f"{said} (taken back {shown(taken_back)})"


def _row(table: Table, cells: Sequence[Cell]) -> str:
    """A row as text, each of its columns with its heading."""
    heads = [column.title for column in table.columns[1:]]
    given = [(head, cell) for head, cell in zip(heads, cells, strict=True) if cell not in (None, "")]
    return "; ".join(f"{head}: {shown(cell)}" for head, cell in given)


def happened_lines(read: PersonRead) -> list[HappenedLine]:
    """What was asked, what waits first; then who looked and who they were said to be, newest first."""
    asked = asked_lines(read.requests)
    looks = [
        HappenedLine(at, who, "Record given out" if words else "Looked at", words, reference)
        for at, who, reference, words in read.looks
    ]
    links = [
        HappenedLine(
            at,
            who,
            "Said to be one person" if is_same else "Said to be two people",
            f"{reference} and {other}{'; taken back' if is_gone else ''}",
            reference,
        )
        for at, who, reference, other, is_same, is_gone in read.links
    ]
    return [*asked, *sorted((*looks, *links), key=lambda line: line.at, reverse=True)]


def asked_lines(requests: Sequence[PersonRequest]) -> list[HappenedLine]:
    """What was asked, what waits first, and what is to be answered first before the rest."""
    waits = sorted((one for one in requests if one.is_open), key=lambda one: one.made_at)
    done = [one for one in requests if not one.is_open]
    return [
        HappenedLine(one.made_at, one.made_by, request_words(one), _said(one), one.reference, one)
        for one in (*waits, *done)
    ]


def request_words(one: PersonRequest) -> str:
    """What was asked, and by when it is to be answered or how it ended: ``Correction, Name: by 27 Dec 2026``."""
    what = f"{KINDS[one.kind]}, {one.about}" if one.about else KINDS[one.kind]
    if one.is_open:
        by = one.answer_by
        return f"{what}: by {by.day} {by:%b %Y}"
    if one.state is RequestState.DONE:
        return f"{what}: {_DONE[one.kind]}"
    return f"{what}: {'refused' if one.state is RequestState.REFUSED else 'wanted no longer'}"


def _said(one: PersonRequest) -> str:
    parts = [f"{one.said_by}: {one.words}"]
    if one.answered_at is not None:
        parts.append(f"{one.answered_by}, {dated_time(one.answered_at)}: {one.answer}")
    if one.statement:
        parts.append(f"to stand beside it: {one.statement}")
    return told(one_line(" · ".join(parts)))


def heading(read: PersonRead) -> str:
    """Who it is, by every name, date and number that their referrals say."""
    names = dict.fromkeys(one.name for one in read.referrals if one.name)
    born = dict.fromkeys(f"{one.born.day} {one.born:%b %Y}" for one in read.referrals if one.born is not None)
    numbers = dict.fromkeys(grouped(one.nhs_number) for one in read.referrals if one.nhs_number)
    parts = [" or ".join(names) or "Nobody knows their name"]
    if born:
        parts.append(f"born {' or '.join(born)}")
    if numbers:
        parts.append(f"NHS {' or '.join(numbers)}")
    return told(", ".join(parts))


def count_words(read: PersonRead) -> str:
    """How many referrals there are, and since when: ``3 referrals, 2 May 2024 to 22 Nov 2026``."""
    count = len(read.referrals)
    if count == 1:
        return f"one referral, {dated_time(read.referrals[0].received_at)}"
    first, last = (dated_time(one.received_at) for one in (read.referrals[0], read.referrals[-1]))
    return f"{count} referrals, {first} to {last}"
