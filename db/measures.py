"""Reads for the measures: their definitions, and one episode a referral of a stretch of time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from db.domain.clocks import local
from db.domain.measures import BACK_WITHIN, Episode, Kept, Measure, asked_again
from db.domain.records import YesNo
from db.domain.states import ReferralState

# ``back`` is null where it cannot be known yet or ever: not closed, nothing to know the person by, or the hours
# not over. A null is missing and is counted as that, never as no.
_EPISODES = text(
    """
SELECT r.id, r.received_at, r.state, r.closed_at, r.patient_born, r.ae_care, r.ae_avoided, r.force_used,
    r.ethnicity, r.deprivation, p.within_minutes, a.met, a.met_at, h.held_until,
    r.waiting_party <> '' OR r.ems_on_scene_at IS NOT NULL OR s.waits_kind <> 'nobody' AS accompanied,
    coalesce(r.plan ->> 'language', '') AS language,
    r.plan -> 'wishes' <> '[]' OR coalesce(r.plan ->> 'helps', '') <> '' AS wished,
    CASE WHEN r.closed_at IS NULL OR nullif(r.nhs_number, '') IS NULL
            AND (nullif(r.patient_name, '') IS NULL OR r.patient_born IS NULL) THEN NULL
        WHEN b.back THEN true WHEN r.closed_at + :back <= :now THEN false END AS back
FROM cru.referral r JOIN cru.priority p ON p.code = r.priority JOIN cru.referral_source s ON s.code = r.source
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(coalesce(with_patient_at, conveying_at, at_destination_at) IS NOT NULL), false) AS met,
        min(with_patient_at) AS met_at
    FROM cru.assignment WHERE referral_id = r.id AND taken_back_at IS NULL) a
CROSS JOIN LATERAL (
    SELECT max((e.detail ->> 'until')::timestamptz) AS held_until FROM cru.event e
    WHERE e.referral_id = r.id AND e.kind = 'on hold'
        AND NOT EXISTS (SELECT FROM cru.event u WHERE u.amends = e.id AND u.kind LIKE '% taken back')) h
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM cru.referral o WHERE o.id <> r.id AND o.entered_in_error_at IS NULL
        AND o.received_at > r.closed_at AND o.received_at <= r.closed_at + :back
        AND (translate(o.nhs_number, ' -', '') = nullif(translate(r.nhs_number, ' -', ''), '')
            OR (lower(btrim(o.patient_name)) = nullif(lower(btrim(r.patient_name)), '')
                AND o.patient_born = r.patient_born))) AS back) b
WHERE r.received_at >= :since AND r.received_at < :until AND r.entered_in_error_at IS NULL
ORDER BY r.received_at, r.id
"""
)
_IN_ERROR = text(
    "SELECT count(*) FROM cru.referral"
    " WHERE received_at >= :since AND received_at < :until AND entered_in_error_at IS NOT NULL"
)
_SCREENINGS = text(
    """
SELECT s.referral_id, s.answers, s.override_at FROM cru.screening s JOIN cru.referral r ON r.id = s.referral_id
WHERE s.taken_back_at IS NULL AND r.received_at >= :since AND r.received_at < :until ORDER BY s.completed_at, s.id
"""
)
_PROMISES = text(
    """
SELECT c.referral_id, count(*) AS made,
    count(*) FILTER (WHERE c.promise_outcome <> '' OR c.promise_due_at <= :now) AS due,
    count(*) FILTER (WHERE c.promise_outcome = 'kept') AS kept
FROM cru.contact c JOIN cru.referral r ON r.id = c.referral_id
WHERE c.promised <> '' AND c.taken_back_at IS NULL AND r.received_at >= :since AND r.received_at < :until
GROUP BY 1
"""
)
_FOLLOW_UPS = text(
    """
SELECT f.referral_id, count(*) AS made, count(*) FILTER (WHERE f.due_at <= :now OR f.done_at IS NOT NULL) AS due,
    count(*) FILTER (WHERE f.done_at <= f.due_at) AS kept
FROM cru.follow_up f JOIN cru.referral r ON r.id = f.referral_id
WHERE f.taken_back_at IS NULL AND r.received_at >= :since AND r.received_at < :until GROUP BY 1
"""
)
# Of each wish, what was said last. Due is what was answered: of one that nobody reported on, nobody knows.
_WISHES = text(
    """
SELECT l.referral_id, count(*) AS made, count(*) AS due, count(*) FILTER (WHERE l.kept = 'yes') AS kept
FROM (SELECT DISTINCT ON (w.about_id) w.referral_id, w.kept FROM cru.wish_kept w JOIN cru.referral r
      ON r.id = w.referral_id WHERE w.taken_back_at IS NULL AND r.received_at >= :since AND r.received_at < :until
      AND :now > r.received_at ORDER BY w.about_id, w.recorded_at DESC) l GROUP BY 1
"""
)
_SPOKEN_TO = text(
    "SELECT DISTINCT referral_id FROM cru.contact WHERE spoke_with = 'person' AND taken_back_at IS NULL"
)
_ABOUT = text(
    """
SELECT a.referral_id,
    coalesce(min(coalesce(l.label, nullif(a.words, ''))) FILTER (WHERE a.topic = 'language'), '') AS language,
    bool_or(a.topic IN ('wish', 'arrive', 'avoid', 'safer_with', 'helps', 'touch', 'bring', 'not_bring')) AS wished
FROM cru.about_me a JOIN cru.referral r ON r.id = a.referral_id
LEFT JOIN cru.language l ON l.code = a.code AND a.topic = 'language'
WHERE a.ended_at IS NULL AND a.taken_back_at IS NULL AND r.received_at >= :since AND r.received_at < :until
GROUP BY 1
"""
)
# Whom somebody said to be the same person; the last word counts.
_SAID_TO_BE_BACK = text(
    """
SELECT DISTINCT r.id FROM cru.referral r JOIN cru.referral o ON o.id <> r.id AND o.entered_in_error_at IS NULL
    AND o.received_at > r.closed_at AND o.received_at <= r.closed_at + :back
JOIN LATERAL (SELECT s.is_same FROM cru.same_person s WHERE s.taken_back_at IS NULL
    AND ARRAY[s.referral_id, s.other_id] <@ ARRAY[r.id, o.id] ORDER BY s.added_at DESC LIMIT 1) w ON w.is_same
WHERE r.received_at >= :since AND r.received_at < :until
"""
)
# What other parts of the record keep about a referral, and the table that must be there for it.
_KEPT: Mapping[str, tuple[str, TextClause]] = {
    "promises": ("contact", _PROMISES),
    "follow_ups": ("follow_up", _FOLLOW_UPS),
    "wishes": ("wish_kept", _WISHES),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the measures are worked out from: their rows, the episodes, and how many referrals count nowhere."""

    measures: list[Measure]
    episodes: list[Episode]
    in_error: int


async def measured(connection: AsyncConnection, since: datetime, until: datetime) -> Measured:
    """Everything for the referrals received from ``since`` to before ``until``, both aware; until is also now."""
    return Measured(
        await definitions(connection),
        await episodes(connection, since, until, until),
        await entered_in_error(connection, since, until),
    )


async def definitions(connection: AsyncConnection) -> list[Measure]:
    """What is measured, in the order of the rows."""
    row = tables.MeasureRow
    query = select(row.__table__).where(row.active).order_by(row.rank, row.key)
    return [
        Measure(
            one.key,
            one.title,
            one.definition,
            one.clock_start,
            one.clock_stop,
            one.balance,
            one.source,
            one.author,
            one.dated,
            one.computed,
        )
        for one in await connection.execute(query)
    ]


async def entered_in_error(connection: AsyncConnection, since: datetime, until: datetime) -> int:
    """How many referrals of that time were entered in error: they count nowhere, and that is said."""
    found = await connection.execute(_IN_ERROR, {"since": since, "until": until})
    return int(found.scalar_one())


async def episodes(connection: AsyncConnection, since: datetime, until: datetime, now: datetime) -> list[Episode]:
    """One episode a referral that was received from ``since`` to before ``until``; all aware.

    ``now`` is the record's clock: what is not over by then is not counted as kept or broken.
    """
    period = {"since": since, "until": until}
    screened: dict[UUID, list[Row[Any]]] = {}
    for row in await connection.execute(_SCREENINGS, period):
        screened.setdefault(row.referral_id, []).append(row)
    given = period | {"now": now, "back": BACK_WITHIN}
    found = (await connection.execute(_EPISODES, given)).all()
    kept = {name: await _kept(connection, name, period | {"now": now}) for name in _KEPT}
    spoken = await _spoken_to(connection)
    about, same = await _about(connection, period), await _said_to_be_back(connection, period)
    return [
        replace(
            _episode(row, screened.get(row.id, []), about.get(row.id)),
            back=True if row.id in same else row.back,
            spoken_to=None if spoken is None else row.id in spoken,
            promises=_of(kept["promises"], row.id),
            follow_ups=_of(kept["follow_ups"], row.id),
            wishes=_of(kept["wishes"], row.id),
        )
        for row in found
    ]


async def _is_there(connection: AsyncConnection, table: str) -> bool:
    found = await connection.execute(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": f"cru.{table}"})
    return bool(found.scalar_one())


async def _kept(
    connection: AsyncConnection, name: str, given: Mapping[str, datetime]
) -> Mapping[UUID, Kept] | None:
    table, query = _KEPT[name]
    if not await _is_there(connection, table):
        return None
    return {row.referral_id: Kept(row.made, row.due, row.kept) for row in await connection.execute(query, given)}


async def _about(connection: AsyncConnection, period: Mapping[str, datetime]) -> Mapping[UUID, Row[Any]]:
    if not await _is_there(connection, "about_me"):
        return {}
    return {row.referral_id: row for row in await connection.execute(_ABOUT, period)}


async def _said_to_be_back(connection: AsyncConnection, period: Mapping[str, datetime]) -> set[UUID]:
    if not await _is_there(connection, "same_person"):
        return set()
    found = await connection.execute(_SAID_TO_BE_BACK, dict(period) | {"back": BACK_WITHIN})
    return {row.id for row in found}


async def _spoken_to(connection: AsyncConnection) -> set[UUID] | None:
    if not await _is_there(connection, "contact"):
        return None
    return {row.referral_id for row in await connection.execute(_SPOKEN_TO)}


def _of(kept: Mapping[UUID, Kept] | None, referral: UUID) -> Kept | None:
    return None if kept is None else kept.get(referral, Kept(0, 0, 0))


def _episode(row: Row[Any], screenings: list[Row[Any]], about: Row[Any] | None) -> Episode:
    # Only the latest decides, as in the gate; an override counts wherever it was.
    last = screenings[-1] if screenings else None
    return Episode(
        received_at=row.received_at,
        state=ReferralState(row.state),
        allowed=timedelta(minutes=row.within_minutes),
        met=row.met,
        met_at=row.met_at,
        accompanied=row.accompanied,
        screened=last is not None,
        concern=last is not None and any(answer != "no" for answer in last.answers.values()),
        overridden=any(one.override_at is not None for one in screenings),
        asked_again=asked_again([one.answers for one in screenings]),
        held_until=row.held_until,
        ae_care=row.ae_care,
        ae_avoided=_answer(row.ae_avoided),
        force_used=_answer(row.force_used),
        wished=bool(row.wished or (about is not None and about.wished)),
        age=_age(row.patient_born, row.received_at),
        language=(about.language if about is not None and about.language else row.language).strip(),
        ethnicity=row.ethnicity,
        deprivation=row.deprivation,
    )


def _answer(said: str | None) -> YesNo | None:
    return YesNo(said) if said else None


def _age(born: date | None, at: datetime) -> int | None:
    if born is None:
        return None
    there = local(at).date()
    return there.year - born.year - ((there.month, there.day) < (born.month, born.day))
