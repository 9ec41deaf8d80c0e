"""Measures of what the person said and wished for, from the tables that keep it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.db.measuring import HOUR, now_of, put, read, told
from tests.db.psql import Psql


async def test_of_a_wish_the_last_word_counts_and_partly_kept_is_not_kept(psql: Psql) -> None:
    referral, now = await psql.take(), await now_of(psql)
    changed, partly = uuid4(), uuid4()
    for about, kept, at in ((changed, "no", now - HOUR), (changed, "yes", now), (partly, "partly", now)):
        said = {"about_id": about, "kept": kept, "said_by": "the person", "recorded_at": at}
        await put(psql, "wish_kept", referral_id=referral, **said)
    assert await told(psql, "wishes_kept") == [(1, 2, 0)]


async def test_language_and_wishes_are_read_where_the_person_said_them(psql: Psql) -> None:
    referral = await psql.take()
    code = await psql.owner.fetchval("SELECT code FROM cru.language WHERE label = 'Polish'")
    for topic, kind in (("language", {"code": code, "words": ""}), ("wish", {"code": "", "words": "low light"})):
        await put(psql, "about_me", referral_id=referral, topic=topic, said_by="the person", **kind)
    await read(psql)
    assert await psql.owner.fetchval("SELECT language FROM cru.referral_fact") == "Polish"
    assert await psql.owner.fetchval("SELECT wished FROM cru.said_about(ARRAY[$1::uuid])", referral) is True


@pytest.mark.parametrize(("gone", "by"), [("ended_at", {"ended_by": "a.shah"}), ("taken_back_at", {})])
async def test_what_is_no_longer_so_or_was_taken_back_counts_for_nothing(
    psql: Psql, gone: str, by: dict[str, str]
) -> None:
    referral, now = await psql.take(), await now_of(psql)
    for topic, words in (("language", "Cornish"), ("wish", "no siren")):
        row = {"topic": topic, "code": "", "words": words, "said_by": "the person", gone: now} | by
        await put(psql, "about_me", referral_id=referral, **row)
    said = "SELECT language, wished FROM cru.said_about(ARRAY[$1::uuid])"
    assert await psql.owner.fetchrow(said, referral) is None
    row = {"topic": "helps", "code": "", "words": "a quiet voice", "said_by": "the person"}
    await put(psql, "about_me", referral_id=referral, **row)
    assert tuple(await psql.owner.fetchrow(said, referral)) == (None, True)


async def test_whom_a_dispatcher_called_the_same_person_came_back(psql: Psql) -> None:
    async def ended(days_ago: int) -> UUID:
        made = await psql.take()
        async with psql.owner.transaction():
            await psql.owner.execute("SET LOCAL session_replication_role = replica")
            await psql.owner.execute(
                "UPDATE cru.referral SET state = 'declined', end_reason = 'x',"
                " received_at = received_at - $2::interval,"
                " closed_at = cru.clock_now() - $2::interval WHERE id = $1",
                made,
                timedelta(days=days_ago),
            )
        return made

    first, again, stranger = await ended(9), await ended(7), await ended(8)
    now = await now_of(psql)
    for other, is_same, at in ((again, True, now), (stranger, True, now - HOUR), (stranger, False, now)):
        await put(psql, "same_person", referral_id=other, other_id=first, is_same=is_same, added_at=at)
    assert await told(psql, "back") == [(1, 1, 2)]
