"""What was said to people who waited, and how it ended, as that stood at a past moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from db.domain.care import Contact, FollowUp, HowItEnded, LateLink, Telling
from db.domain.taken_back import moment_of

if TYPE_CHECKING:
    from db.domain.records import Record


Then = Mapping[str, Mapping[str, Any]]
"""What columns were before an act was taken back, by row."""


def care_at(
    care: Mapping[str, Sequence["Record"]], moment: datetime, then: Then = MappingProxyType({})
) -> dict[str, list["Record"]]:
    """The rows by table as they stood then; what was taken back later stood until then."""
    return {
        name: [was for row in rows for was in _at(row, moment, then.get(str(row.id), {}))]
        for name, rows in care.items()
    }


def _at(row: "Record", moment: datetime, then: Mapping[str, Any]) -> Iterator["Record"]:
    if isinstance(row, Contact):
        yield from _contact_at(row, moment)
    elif isinstance(row, HowItEnded):
        reopened = moment_of(then.get("reopened_at", row.reopened_at))
        yield from _ending_at(replace(row, reopened_at=reopened), moment)
    elif isinstance(row, FollowUp) and row.made_at <= moment and _stood(row.taken_back_at, moment):
        done = row.done_at is not None and row.done_at <= moment
        kept = row if done else replace(row, done_at=None, done_by="", outcome="")
        yield replace(kept, taken_back_at=None)
    elif isinstance(row, LateLink) and row.made_at <= moment and _stood(row.taken_back_at, moment):
        yield replace(row, taken_back_at=None)


def _stood(ended: datetime | None, moment: datetime) -> bool:
    return ended is None or ended > moment


def _contact_at(row: Contact, moment: datetime) -> Iterator[Contact]:
    if row.made_at > moment or not _stood(row.taken_back_at, moment):
        return
    if _stood(row.promise_closed_at, moment):
        row = replace(row, promise_outcome="", promise_note="", promise_closed_at=None, promise_closed_by="")
    if _stood(row.agreed_ended_at, moment):
        row = replace(row, agreed_ended_at=None)
    yield replace(row, taken_back_at=None)


def _ending_at(row: HowItEnded, moment: datetime) -> Iterator[HowItEnded]:
    if row.ended_at > moment or not (_stood(row.taken_back_at, moment) and _stood(row.reopened_at, moment)):
        return
    if row.named_at is not None and row.named_at > moment:
        row = replace(row, holder_kind=None, holder_name="", named_at=None, named_by="", looks_until=None)
    if row.died_known_at is not None and row.died_known_at > moment:
        row = replace(row, died_known_at=None)
    yield replace(
        row,
        person=_told_by(row.person, moment),
        caller=_told_by(row.caller, moment),
        referrer=_told_by(row.referrer, moment),
        reopened_at=None,
        taken_back_at=None,
    )


def _told_by(told: Telling, moment: datetime) -> Telling:
    return Telling() if told.at is not None and told.at > moment else told
