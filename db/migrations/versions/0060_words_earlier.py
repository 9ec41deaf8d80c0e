"""What the narrative said stands until somebody has looked at it; no second van is called what one is called already.

Revision ID: 0060
"""

from db.migrations import sql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None
_NOT_KNOWN = """    UNION ALL
    SELECT 'not known ' || o.id || ' ' || o.key, 'not known', o.key,"""
_EARLIER = """    UNION ALL
    -- Words that were taken out of the narrative, unless by taking back, and of whose question it says nothing any more.
    SELECT DISTINCT 'words ' || (f.one ->> 'key') || ' ' || md5((f.one ->> 'word') || '|' || (f.one ->> 'said')), 'words',
        f.one ->> 'key', 'said earlier “' || (f.one ->> 'word') || '”: ' || coalesce(i.text, f.one ->> 'key'), false,
        NULL::timestamptz, 4, coalesce(i.ordinal, 9999)
        FROM reading rd CROSS JOIN LATERAL jsonb_array_elements(rd.found) AS f(one) LEFT JOIN item i ON i.key = f.one ->> 'key'
        WHERE rd.referral_id = the_referral AND rd.event_id IS NULL AND rd.tool_version = tool_of(the_referral)
        AND rd.text_digest <> (SELECT digest(narrative) FROM r)
        AND rd.text_digest IN (SELECT digest(c.detail -> 'narrative' ->> 'from') FROM event c
            WHERE c.referral_id = the_referral AND c.kind = 'details changed' AND c.detail ? 'narrative'
            AND NOT EXISTS (SELECT FROM event b WHERE b.amends = c.id AND b.kind LIKE '% taken back'))
        AND NOT EXISTS (SELECT FROM reading now CROSS JOIN LATERAL jsonb_array_elements(now.found) AS n(one)
            WHERE now.referral_id = the_referral AND now.event_id IS NULL AND now.tool_version = tool_of(the_referral)
            AND now.text_digest = (SELECT digest(narrative) FROM r) AND n.one ->> 'key' = f.one ->> 'key')
        AND coalesce((SELECT answers ->> (f.one ->> 'key') FROM latest), 'no') = 'no'
"""


def upgrade() -> None:
    """What stands against a referral that waits is worked out anew; no other row changes."""
    sql.amend("stands_against(uuid)", _NOT_KNOWN, _EARLIER + _NOT_KNOWN)
    sql.run("0060", 10, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
