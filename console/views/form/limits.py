"""What the record will not take of a draft, told at the field before anything is sent."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from console.views.form import overflow
from db.domain import intake
from db.domain.intake import Draft, Problem
from db.domain.merge import LABELS
from db.domain.reference import ReferenceData
from db.tables.bounds import most

_COLUMNS: Final[Mapping[str, str]] = {
    "place": "location_text",
    "access_note": "access_note",
    "caller": "caller",
    "ems_incident": "ems_incident",
    "ems_callsign": "ems_callsign",
    "waiting_party": "waiting_party",
    "name": "patient_name",
    "narrative": "narrative",
    "legal_detail": "legal_status",
    "police": "police",
}
"""The column of each field whose text has to fit; typed values are kept anyhow, and the others are chosen."""
_NAMES: Final[Mapping[str, str]] = {
    **LABELS,
    "name": "Name",
    "legal_detail": "Legal status",
}
_OTHER_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("patient_born", "born_before", "patient_born_said", "age_whole", "patient_age_on"), "born"),
    **{name: name for name in ("call_back", "nhs_number")},
    "location": "place",
}


def field_of(column: str) -> str:
    """The field of a draft in which a column of the record is typed; empty for none."""
    typed = {kept: field for field, kept in _COLUMNS.items()}
    return typed.get(column) or _OTHER_COLUMNS.get(column, "")


def problems(draft: Draft, reference: ReferenceData, now: datetime) -> list[Problem]:
    """What is wrong with a draft, also by the limits of the record; ``now`` is the record's time, UTC."""
    return [*intake.problems(draft, reference, now), *beyond(draft)]


def beyond(draft: Draft) -> Iterator[Problem]:
    """What is longer than the record keeps; each sentence names its field."""
    for field in overflow.beyond(draft):
        yield Problem(field, f"{overflow.CALLED[field]} is long: the whole of it goes into a note.")
    for field in _COLUMNS:
        said = draft.legal_status if field == "legal_detail" else str(getattr(draft, field)).strip()
        yield from _too_long(field, said, most("referral", _COLUMNS[field]))
    for one in draft.about:
        sentence = too_long("This", one.words, most("about_me", "words")) or too_long(
            "The name of who said it", one.said_by, most("about_me", "said_by")
        )
        if sentence:
            yield Problem(f"about_{one.topic}", sentence, blocks=True)


def too_long(name: str, said: str, limit: int) -> str:
    """What to say of a text that is longer than the record keeps; empty when it is not."""
    if len(said) <= limit:
        return ""
    return f"{name} is too long: {len(said):,} characters, at most {limit:,} can be kept. Shorten it."


def _too_long(field: str, said: str, limit: int) -> Iterator[Problem]:
    sentence = too_long(_NAMES[field], said, limit)
    if sentence:
        yield Problem(field, sentence, blocks=True)
