"""Which rows a measure is made of: those that hold, those that are due, and those of the same person."""

from datetime import date, timedelta
from typing import Any

from tests.db.measuring import HOUR, now_of, put
from tests.db.psql import Psql
from tests.db.test_alike_found import Row, written

MINUTE = timedelta(minutes=1)


async def test_what_was_put_down_for_later_is_due_once_its_time_came_or_it_was_done(psql: Psql) -> None:
    referral, now = await psql.take(), await now_of(psql)
    for due, done, undone in (
        (-60, None, False),
        (-60, -90, False),
        (-60, -30, False),
        (60, -5, False),
        (90, None, False),
        (70, None, False),
        (-60, -90, True),
        (20, None, True),
    ):
        at: dict[str, Any] = {"due_at": now + due * MINUTE, "made_at": now - 3 * HOUR, "what_for": "x"}
        if done is not None:
            at |= {"done_at": now + done * MINUTE, "done_by": "x", "outcome": "x"}
        await put(psql, "follow_up", referral_id=referral, **at, taken_back_at=now if undone else None)
    rows = await psql.owner.fetch(
        "SELECT made, due, kept, next_at FROM cru.followed_up(ARRAY[$1::uuid])", referral
    )
    assert [tuple(row) for row in rows] == [(6, 4, 2, now + 70 * MINUTE)]


async def test_what_was_promised_is_due_once_its_time_came_or_it_was_said_what_became_of_it(psql: Psql) -> None:
    (referral, other), now = [await psql.take() for _ in range(2)], await now_of(psql)
    asked = "SELECT spoken_to, made, due, kept, next_at FROM cru.promised(ARRAY[$1::uuid])"
    for of, who, promised, due, outcome, undone in (
        (referral, "carer", "a call", -5, "", False),
        (referral, "carer", "a call", 60, "kept", False),
        (referral, "carer", "a call", 60, "not kept", False),
        (referral, "carer", "a call", 90, "", False),
        (referral, "carer", "a call", 70, "", False),
        (referral, "carer", "", None, "", False),
        (referral, "person", "a call", -5, "kept", True),
        (other, "person", "", None, "", False),
    ):
        call: dict[str, Any] = {"spoke_with": who, "with_name": "Ida", "made_at": now - HOUR, "promised": promised}
        call |= {"promise_due_at": now + due * MINUTE} if due is not None else {}
        call |= {"promise_closed_at": now, "promise_closed_by": "x", "promise_outcome": outcome} if outcome else {}
        await put(psql, "contact", referral_id=of, **call, taken_back_at=now if undone else None)
    assert tuple(await psql.owner.fetchrow(asked, referral)) == (False, 5, 3, 1, now + 70 * MINUTE)
    assert tuple(await psql.owner.fetchrow(asked, other)) == (True, 0, 0, 0, None)


BORN = date(1981, 9, 2)
NUMBER = {"nhs_number": "401 023 2137"}
NAMED = {"patient_name": "Iris Okonkwo", "patient_born": BORN}


async def test_who_came_back_is_the_next_of_the_same_person_within_three_days_of_the_end(psql: Psql) -> None:
    now = await now_of(psql)
    in_error = {"entered_in_error_at": now, "entered_in_error_reason": "x"}
    rows = {
        "by number": Row(NUMBER, hours=200),
        "in error": Row(NUMBER | in_error, hours=199),
        "to the hour": Row(NUMBER | NAMED, hours=128),
        "and again": Row(NUMBER, hours=100),
        "too late": Row(NUMBER, hours=27),
        "by name": Row(NAMED, hours=90),
        "of another birthday": Row(NAMED | {"patient_born": date(1951, 9, 2)}, hours=89),
        "a stranger": Row(hours=88),
        "by a word": Row(hours=87),
        "another number": Row({"nhs_number": "943 476 5919"}, hours=60),
        "told apart": Row({"nhs_number": "943 476 5919"}, hours=59),
        "still open": Row(NAMED, hours=20, state="accepted", over=False),
    }
    ids = await written(psql.owner, rows)
    for one, other, is_same, undone in (
        ("a stranger", "by a word", True, False),
        ("told apart", "another number", False, False),
        ("of another birthday", "a stranger", True, True),
    ):
        said = {"referral_id": ids[one], "other_id": ids[other], "is_same": is_same}
        await put(psql, "same_person", **said, taken_back_at=now if undone else None)
    found = await psql.owner.fetch("SELECT * FROM cru.came_back($1::uuid[])", list(ids.values()))
    names = {one: name for name, one in ids.items()}
    assert {names[row[0]]: names[row[1]] for row in found} == {
        "by number": "to the hour",
        "in error": "to the hour",
        "to the hour": "and again",
        "by name": "still open",
        "a stranger": "by a word",
    }
