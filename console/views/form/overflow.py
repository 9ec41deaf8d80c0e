"""A typed value that is longer than its column: the column keeps its beginning, a note keeps the whole of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from db.domain.intake import TIMES, Draft
from db.domain.typed_times import TypedTime
from db.tables.bounds import most

CALLED: Final[Mapping[str, str]] = {
    "call_back": "Call-back number",
    "born": "Date of birth",
    "nhs_number": "NHS number",
    **TIMES,
}
"""The values that never stop a referral from being saved, by the draft's field."""
_COLUMN: Final = {"born": "patient_born_said", **{name: f"{name}_said" for name in TIMES}}
_CUT: Final = "…"


def _text(draft: Draft, field: str) -> str:
    value: str | TypedTime = getattr(draft, field)
    return (value.text if isinstance(value, TypedTime) else value).strip()


def _is_beyond(draft: Draft, field: str) -> bool:
    return len(_text(draft, field)) > most("referral", _COLUMN.get(field, field))


def beyond(draft: Draft) -> tuple[str, ...]:
    """The typed values that are longer than their columns."""
    return tuple(field for field in CALLED if _is_beyond(draft, field))


def fitted(draft: Draft) -> Draft:
    """The draft with each of them cut to its column."""
    for field in beyond(draft):
        cut = _text(draft, field)[: most("referral", _COLUMN.get(field, field)) - 1] + _CUT
        value: Any = TypedTime(cut) if field in TIMES else cut
        draft = replace(draft, **{field: value})
    return draft


def notes(draft: Draft) -> Iterator[str]:
    """What to note of a draft so that nothing is lost."""
    # A part for the heading, so that each note is within the limit of an event's words.
    room = most("event", "words") - 100
    for field in beyond(draft):
        text = _text(draft, field)
        for start in range(0, len(text), room):
            yield f"{CALLED[field]}, as typed: {text[start : start + room]}"
