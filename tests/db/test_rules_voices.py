"""What people said, what became of it, and what was signed off: at a psql prompt."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from tests.db.psql import Connection, Psql

SAY = "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, $2, $3) RETURNING id"
ITEM = "INSERT INTO cru.improvement (said, raised_by, feedback_id) VALUES ($1, $2, $3) RETURNING id"
SIGN = "INSERT INTO cru.review (kind, about, words) VALUES ($1, $2, $3)"


async def told(psql: Psql, kind: str) -> list[Any]:
    return list(await psql.owner.fetch("SELECT * FROM cru.event WHERE kind = $1 ORDER BY id", kind))


@pytest.mark.hazard("H-091")
@pytest.mark.parametrize("said_by", ["EMAS crew", "person", "carer", "other professional"])
async def test_what_was_said_is_asked_for_nothing_until_somebody_says_so(psql: Psql, said_by: str) -> None:
    referral = await psql.referral("closed")
    said = await psql.shah.fetchval(SAY, referral, said_by, "They never raised their voice.")
    row = await psql.read("feedback", said)
    assert (row["consent"], row["kind"], row["themes"], row["recorded_by"]) == (
        "not asked",
        "comment",
        [],
        "a.shah",
    )
    (event,) = await told(psql, "feedback")
    assert (event["referral_id"], event["words"]) == (referral, "They never raised their voice.")


async def test_somebody_who_speaks_of_no_one_visit_is_heard(psql: Psql) -> None:
    said = await psql.shah.fetchval(SAY, None, "carer", "Ring before you come.")
    assert (await psql.read("feedback", said))["referral_id"] is None
    assert (await told(psql, "feedback"))[0]["referral_id"] is None


@pytest.mark.hazard("H-091")
async def test_the_words_stay_and_consent_and_themes_may_change(psql: Psql) -> None:
    said = await psql.shah.fetchval(SAY, None, "person", "A loud knock is the worst part.")
    sorted_ = {"consent": "may be quoted", "kind": "idea", "themes": ["who came", "how we arrived", "who came"]}
    await psql.set(psql.session("b.okafor"), "feedback", said, **sorted_)
    row = await psql.read("feedback", said)
    assert (row["consent"], row["themes"], row["version"]) == ("may be quoted", ["how we arrived", "who came"], 2)
    (event,) = await told(psql, "feedback sorted")
    assert (event["recorded_by"], event["words"]) == ("b.okafor", "")
    for column, value in (("words", "Fine."), ("said_by", "carer"), ("recorded_by", "l.lead")):
        await psql.set_refused(psql.owner, "feedback", said, code="CR002", says="never changed", **{column: value})
    await psql.refused(psql.owner, "DELETE FROM cru.feedback WHERE id = $1", said, code="CR002")


async def test_a_theme_is_one_of_the_list_and_one_that_was_is_kept(psql: Psql) -> None:
    said = await psql.shah.fetchval(SAY, None, "person", "x")
    await psql.set_refused(psql.shah, "feedback", said, themes=["gossip"], says="no theme of this record")
    await psql.set(psql.shah, "feedback", said, themes=["who came"])
    await psql.owner.execute("UPDATE cru.feedback_theme SET label = 'the crew' WHERE label = 'who came'")
    await psql.set(psql.shah, "feedback", said, themes=["who came", "how we arrived"])


@pytest.mark.parametrize(("column", "value"), [("consent", "yes"), ("kind", "gossip"), ("said_by", "neighbour")])
async def test_what_is_none_of_the_choices_is_refused(psql: Psql, column: str, value: str) -> None:
    sql = f"INSERT INTO cru.feedback (words, said_by, consent, kind) VALUES ('x', $1, $2, $3)"  # noqa: F541
    given = {"said_by": "person", "consent": "not asked", "kind": "comment"} | {column: value}
    await psql.refused(psql.shah, sql, *given.values())


# --- you said, we did ---


async def change(psql: Psql, who: Connection, item: Any, **columns: Any) -> None:
    version = (await psql.read("improvement", item))["version"]
    await psql.set(who, "improvement", item, version=version, **columns)


async def test_an_item_has_an_owner_before_it_moves_and_ends_with_what_changed(psql: Psql) -> None:
    item = await psql.lead.fetchval(ITEM, "A loud knock is the worst part.", "person", None)
    for state, says in (("doing", "Nobody sees to it"), ("done", "Nobody sees to it")):
        await psql.set_refused(psql.lead, "improvement", item, version=1, state=state, says=says)
    await psql.set_refused(
        psql.lead, "improvement", item, version=1, state="done", owner="R. Silva", says="what changed"
    )
    await change(psql, psql.lead, item, state="doing", owner="R. Silva", due_on=date(2027, 1, 4))
    await change(psql, psql.lead, item, state="done", did="Crews text from outside, and do not knock.")
    row = await psql.read("improvement", item)
    assert (row["state"], row["changed_by"], row["version"]) == ("done", "l.lead", 3)
    assert len(await told(psql, "improvement changed")) == 2


async def test_two_who_change_it_at_once_are_told(psql: Psql) -> None:
    item = await psql.lead.fetchval(ITEM, "x", "carer", None)
    await change(psql, psql.lead, item, owner="R. Silva")
    await psql.set_refused(
        psql.lead, "improvement", item, version=1, owner="T. Okafor", code="CR001", says="changed it"
    )


async def test_where_it_came_from_never_changes_and_nothing_is_deleted(psql: Psql) -> None:
    said = await psql.shah.fetchval(SAY, None, "person", "x")
    item = await psql.lead.fetchval(ITEM, "x", "person", said)
    for column, value in (("feedback_id", None), ("raised_by", "team"), ("made_by", "a.shah")):
        await psql.set_refused(psql.owner, "improvement", item, version=1, code="CR002", **{column: value})
    await psql.refused(
        psql.owner, "DELETE FROM cru.improvement WHERE id = $1", item, code="CR002", says="never deleted"
    )


async def test_of_what_was_taken_back_nothing_is_made(psql: Psql) -> None:
    said = await psql.shah.fetchval(SAY, None, "person", "x")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1, '')", act)
    await psql.refused(psql.lead, ITEM, "x", "person", said, code="CR001", says="taken back")


async def test_a_dispatcher_writes_feedback_and_neither_items_nor_reviews(psql: Psql) -> None:
    for sql, given in ((ITEM, ("x", "team", None)), (SIGN, ("late", "1", "seen"))):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.shah.execute(sql, *given)
    for table in ("feedback", "improvement", "review"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.wall.fetch(f"SELECT * FROM cru.{table}")  # noqa: S608 - ours


# --- signed off ---


async def test_something_is_signed_off_once_with_a_line_and_stays(psql: Psql) -> None:
    await psql.lead.execute(SIGN, "late", "r1", "  No van free, rota looked at. ")
    row = await psql.owner.fetchrow("SELECT * FROM cru.review WHERE about = 'r1'")
    assert (row["words"], row["reviewed_by"]) == ("No van free, rota looked at.", "l.lead")
    await psql.refused(psql.lead, SIGN, "late", "r1", "again", code="CR001", says="signed that off")
    await psql.lead.execute(SIGN, "amended", "r1", "another kind")
    for line in ("", "  "):
        await psql.refused(psql.lead, SIGN, "late", "r2", line)
    await psql.set_refused(psql.owner, "review", row["id"], words="x", code="CR002", says="never changed")
    await psql.refused(psql.owner, "DELETE FROM cru.review", code="CR002")
    assert len(await told(psql, "reviewed")) == 2
