"""What a shift lead has to look at: read from the record's own rows and events, with what was signed off."""

from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.domain.believable import believable
from db.domain.review import ToReview, in_order
from db.domain.texts import paragraphs

REVIEW_MOST = 1000
"""How many lines are read at most of each kind; the newest."""

# Each part gives: kind, about, referral, moment, words, who. What was taken back or entered in error is left out.
_PARTS = (
    # Met after the time of their priority, or ended after it without having been met: as the measures count.
    """
    SELECT 'late', r.id::text, r.id, l.at,
        CASE WHEN l.met THEN 'met ' ELSE 'never met, ended ' END
        || ceil(extract(epoch FROM l.at - r.received_at) / 60)::int
        || ' min after receipt, allowed ' || l.within_minutes || ' min', ''
    FROM cru.late_between(:since, :until) l JOIN cru.referral r ON r.id = l.referral_id
    """,
    """
    SELECT 'long handover', h.id::text, h.referral_id, h.accepted_at,
        ceil(extract(epoch FROM h.accepted_at - h.started_at) / 60)::int || ' min from ' || h.from_party || ' to '
        || h.to_party, ''
    FROM cru.handover h WHERE h.taken_back_at IS NULL AND h.accepted_at >= :since AND h.accepted_at < :until
        AND h.accepted_at - h.started_at > make_interval(secs => 60 * coalesce((SELECT value FROM cru.rule
            WHERE name = 'long_handover' AND unit = 'minutes' AND active), 15))
    """,
    """
    SELECT 'refused', h.id::text, h.referral_id, h.refused_at,
        h.to_party || ' refused: ' || coalesce((SELECT n.label FROM cru.reason n WHERE n.code = h.refusal_reason
            ORDER BY n.kind <> 'refuse_handover' LIMIT 1), h.refusal_reason), ''
    FROM cru.handover h WHERE h.taken_back_at IS NULL AND h.refused_at >= :since AND h.refused_at < :until
    """,
    """
    SELECT 'overridden', d.id::text, d.referral_id, d.decided_at, d.kind || ': ' || d.reason, d.decided_by
    FROM cru.decision d WHERE d.taken_back_at IS NULL AND d.kind = 'let on' AND d.decided_at >= :since
        AND d.decided_at < :until
    UNION ALL
    SELECT 'overridden', s.id::text, s.referral_id, s.override_at, s.override_reason, s.override_by
    FROM cru.screening s WHERE s.taken_back_at IS NULL AND s.override_at >= :since AND s.override_at < :until
    """,
    """
    SELECT 'reality objected', e.id::text, e.referral_id, e.recorded_at,
        e.kind || ', although ' || (e.detail ->> 'insisted'), e.recorded_by
    FROM cru.event e WHERE e.detail ? 'insisted' AND e.recorded_at >= :since AND e.recorded_at < :until
        AND NOT EXISTS (SELECT FROM cru.event u WHERE u.amends = e.id AND u.kind LIKE '% taken back')
    """,
    """
    SELECT 'back in 72 h', r.id::text, r.id, r.received_at,
        'received ' || ceil(extract(epoch FROM r.received_at - e.closed_at) / 3600)::int || ' h after '
        || e.reference, ''
    FROM cru.back_between(:since, :until) b JOIN cru.referral r ON r.id = b.referral_id
    JOIN cru.referral e ON e.id = b.ended_id
    """,
    """
    SELECT 'feedback', f.id::text, f.referral_id, f.recorded_at, f.said_by || ': ' || f.words, f.recorded_by
    FROM cru.feedback f WHERE f.taken_back_at IS NULL AND f.recorded_at >= :since AND f.recorded_at < :until
    """,
    """
    SELECT CASE WHEN e.kind = 'time amended' THEN 'amended' ELSE 'taken back' END, e.id::text, e.referral_id,
        e.recorded_at,
        CASE WHEN e.kind = 'time amended' THEN e.words || ' amended' ELSE e.kind END
        || coalesce(': ' || nullif(e.reason, ''), ''), e.recorded_by
    FROM cru.event e WHERE (e.kind = 'time amended' OR e.kind LIKE '% taken back') AND e.referral_id IS NOT NULL
        AND e.recorded_at >= :since AND e.recorded_at < :until
    """,
)


def _query(part: str) -> TextClause:
    return text(
        "SELECT q.*, coalesce(r.reference, '') AS reference, v.reviewed_by, v.reviewed_at, v.words AS line FROM ("  # noqa: S608 - the parts are words of this module
        f"{part}) q (kind, about, referral_id, at, words, by) LEFT JOIN cru.referral r ON r.id = q.referral_id"
        " LEFT JOIN cru.review v ON v.kind = q.kind AND v.about = q.about WHERE r.entered_in_error_at IS NULL"
        f" ORDER BY q.at DESC, q.about LIMIT {REVIEW_MOST}"
    )


_QUERIES = tuple(_query(part) for part in _PARTS)


async def to_review(connection: AsyncConnection, since: datetime, until: datetime) -> list[ToReview]:
    """What asks to be looked at between two moments (aware): what is open first."""
    given = {"since": since, "until": until}
    found: list[ToReview] = []
    for query in _QUERIES:
        found += [_line(row) for row in (await connection.execute(query, given)).mappings()]
    return in_order(found)


def _line(row: Any) -> ToReview:  # noqa: ANN401 - a mapping by column name
    return ToReview(
        kind=row["kind"],
        about=row["about"],
        referral_id=row["referral_id"],
        reference=row["reference"],
        at=believable(row["at"]),
        words=paragraphs(row["words"]),
        by=row["by"],
        reviewed_by=row["reviewed_by"] or "",
        reviewed_at=believable(row["reviewed_at"]) if row["reviewed_at"] is not None else None,
        line=paragraphs(row["line"] or ""),
    )
