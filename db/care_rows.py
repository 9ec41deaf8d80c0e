"""Rows about people who wait, endings and what comes later, turned into records as :mod:`db.rows` does."""

from collections.abc import Callable, Mapping
from typing import Any

from db.domain.believable import believable, believable_if_any
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink, Telling
from db.domain.party import Party, once
from db.domain.records import Record
from db.domain.texts import paragraphs

Row = Any
"""A mapping by column name; asyncpg's is none by its type."""


def contact(row: Row) -> Contact:
    """A row of ``contact``."""
    return Contact(
        id=row["id"],
        version=row["version"],
        referral_id=row["referral_id"],
        about=row["about"],
        due_at=believable_if_any(row["due_at"]),
        made_at=believable(row["made_at"]),
        made_by=row["made_by"],
        spoke_with=row["spoke_with"],
        with_name=paragraphs(row["with_name"]),
        channel=row["channel"],
        said=paragraphs(row["said"]),
        why_not=paragraphs(row["why_not"]),
        agreed_until=believable_if_any(row["agreed_until"]),
        agreed_ended_at=believable_if_any(row["agreed_ended_at"]),
        promised=paragraphs(row["promised"]),
        promise_due_at=believable_if_any(row["promise_due_at"]),
        promise_outcome=row["promise_outcome"],
        promise_note=paragraphs(row["promise_note"]),
        promise_closed_at=believable_if_any(row["promise_closed_at"]),
        promise_closed_by=row["promise_closed_by"],
        taken_back_at=believable_if_any(row["taken_back_at"]),
    )


def ending(row: Row) -> HowItEnded:
    """A row of ``ending``."""
    return HowItEnded(
        id=row["id"],
        version=row["version"],
        referral_id=row["referral_id"],
        state=row["state"],
        reason=row["reason"],
        ended_at=believable(row["ended_at"]),
        holder_kind=Party(row["holder_kind"]) if row["holder_kind"] else None,
        holder_name=once(paragraphs(row["holder_name"])),
        named_by=row["named_by"],
        named_at=believable_if_any(row["named_at"]),
        person=_telling(row, "person"),
        caller=_telling(row, "caller"),
        referrer=_telling(row, "referrer"),
        reopened_at=believable_if_any(row["reopened_at"]),
        taken_back_at=believable_if_any(row["taken_back_at"]),
        asks_search=row["asks_search"],
        looks_until=believable_if_any(row["looks_until"]),
        asks_ground=row["asks_ground"],
        ground=row["ground"],
        ground_by=paragraphs(row["ground_by"]),
        rights=Telling(paragraphs(row["rights_told_by"]), None, paragraphs(row["rights_not_told"])),
        died_known_at=believable_if_any(row["died_known_at"]),
    )


def _telling(row: Row, who: str) -> Telling:
    return Telling(
        paragraphs(row[f"{who}_told_by"]),
        believable_if_any(row[f"{who}_told_at"]),
        paragraphs(row[f"{who}_not_told"]),
    )


def follow_up(row: Row) -> FollowUp:
    """A row of ``follow_up``."""
    return FollowUp(
        row["id"],
        row["version"],
        row["referral_id"],
        believable(row["due_at"]),
        paragraphs(row["what_for"]),
        believable(row["made_at"]),
        row["made_by"],
        believable_if_any(row["done_at"]),
        row["done_by"],
        paragraphs(row["outcome"]),
        believable_if_any(row["taken_back_at"]),
    )


def late_link(row: Row) -> LateLink:
    """A row of ``late_link``."""
    return LateLink(
        row["id"],
        row["version"],
        row["referral_id"],
        row["service"],
        paragraphs(row["incident"]),
        paragraphs(row["crew"]),
        believable_if_any(row["came_at"]),
        believable(row["made_at"]),
        row["made_by"],
        believable_if_any(row["taken_back_at"]),
    )


RECORDS: Mapping[str, Callable[[Row], Record]] = {
    "contact": contact,
    "ending": ending,
    "follow_up": follow_up,
    "late_link": late_link,
}
"""What makes the record of a row, by table."""
