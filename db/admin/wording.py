"""Whether what a trust has worded itself uses a word of the table of words."""

import tomllib

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import resources
from db.domain.wording import found_in, listed

TABLE = "reference/words.toml"
# Questions of the screening are not among them: their text is signed, and changes with a version only.
_LABELS = text(
    """
SELECT 'reason ' || code AS place, label AS words FROM cru.reason WHERE active
UNION ALL SELECT 'outcome ' || code, label FROM cru.outcome WHERE active
UNION ALL SELECT 'wish', label FROM cru.wish WHERE active
UNION ALL SELECT 'source ' || code, label FROM cru.referral_source WHERE active
UNION ALL SELECT 'priority ' || code, meaning FROM cru.priority WHERE active
UNION ALL SELECT 'destination', name FROM cru.destination WHERE active
UNION ALL SELECT 'measure ' || key, title || ' ' || definition FROM cru.measure WHERE active
ORDER BY 1
"""
)


async def better_said(connection: AsyncConnection) -> list[str]:
    """A sentence for each label of the record that uses a listed word, with what to say instead."""
    words = listed(tomllib.loads(resources.path(TABLE).read_text("utf-8"))["word"])
    return [
        f'The {row.place} says "{row.words[:80]}": rather "{word.say}".'
        for row in await connection.execute(_LABELS)
        for word in found_in(row.words, words)
    ]
