"""What is known beside a referral: by what each of the others was found, and what was said before."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.db.psql import Connection, Psql
from tests.db.test_alike_found import BORN, HOME, TYPED, Row, written

NUMBER = {"nhs_number": TYPED["number"]}
SAME = (
    "INSERT INTO cru.same_person (referral_id, other_id, is_same, taken_back_at)"
    " VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)"
)
NAMED = {"patient_name": TYPED["name"], "patient_born": BORN}
ROWS = {
    "here": Row(
        NUMBER | NAMED | HOME | {"call_back": TYPED["phone"], "ems_incident": TYPED["incident"]},
        hours=0,
        state="accepted",
        over=False,
    ),
    "number": Row(NUMBER, state="accepted", over=False),
    "told apart": Row(NUMBER),
    "name": Row(NAMED),
    "incident": Row({"ems_incident": TYPED["incident"]}),
    "phone": Row({"call_back": TYPED["phone"]}),
    "home": Row(HOME),
    "birthday": Row({"patient_born": BORN, "patient_name": "Ada Loft"}),
    "said so": Row(),
    "said of here": Row(),
    "said not": Row(),
    "said not of here": Row(),
    "taken back": Row(),
    "in error": Row(NUMBER | {"entered_in_error_reason": "x"}),
}
FOUND = "SELECT referral_id, found_by, is_same, at_address, word, is_open FROM cru.known_of($1)"
EXPECTED = {
    "number": ("the same person", True, False, None, True),
    "said so": ("the same person", True, False, True, False),
    "said of here": ("the same person", True, False, True, False),
    "told apart": ("same NHS number", False, False, False, False),
    "name": ("same name and date of birth", False, False, None, False),
    "incident": ("same EMAS incident", False, False, None, False),
    "phone": ("same telephone, which proves nothing", False, False, None, False),
    "said not": ("somebody said so", False, False, False, False),
    "said not of here": ("somebody said so", False, False, False, False),
    "home": ("same address", False, True, None, False),
}
RANKS = list(dict.fromkeys(says[0] for says in EXPECTED.values() if says[0] != "same NHS number"))
"""What says most comes first; a number fits as well as a name with its birthday."""


async def put_in(owner: Connection, table: str, **columns: Any) -> None:
    """A row with no guard asked."""
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        sql = f"INSERT INTO cru.{table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - of ours
        await owner.execute(sql, *columns.values())


async def test_each_is_told_by_what_it_was_found_first(psql: Psql) -> None:
    owner = psql.owner
    now = await owner.fetchval("SELECT cru.clock_now()")
    rows = ROWS | {"in error": Row(ROWS["in error"].says | {"entered_in_error_at": now})}
    ids = await written(owner, rows)
    here = ids["here"]
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for one, other, is_same, undone in (
            ("told apart", "here", False, False),
            ("said so", "here", True, False),
            ("here", "said of here", True, False),
            ("said not", "here", False, False),
            ("here", "said not of here", False, False),
            ("taken back", "here", False, True),
        ):
            await owner.execute(SAME, ids[one], ids[other], is_same, undone)
    for words, gone in (("tea", {}), ("a cat", {"ended_at": now, "ended_by": "x"}), ("x", {"taken_back_at": now})):
        said = {"referral_id": ids["name"], "topic": "helps", "words": words, "said_by": "x"}
        await put_in(owner, "about_me", **said, **gone)
    told = {row["referral_id"]: tuple(row)[1:] for row in await owner.fetch(FOUND, here)}
    assert told == {ids[name]: says for name, says in EXPECTED.items()}
    ranks = [RANKS.index(says[0]) if says[0] in RANKS else 1 for says in told.values()]
    assert ranks == sorted(ranks)
    said_of = await owner.fetch("SELECT referral_id, said FROM cru.known_of($1)", here)
    assert {one for one, many in said_of if many} == {ids["name"]}
    assert dict(tuple(row) for row in said_of)[ids["name"]] == 1
    assert await owner.fetchval("SELECT cru.open_known($1)", uuid4()) == 0


async def test_of_one_kind_the_newest_are_told_first_and_twenty_at_most(psql: Psql) -> None:
    rows = {"here": ROWS["here"]} | {str(n): Row(NUMBER, hours=n + 1) for n in range(22)}
    ids = await written(psql.owner, rows)
    told = [row["referral_id"] for row in await psql.owner.fetch(FOUND, ids["here"])]
    assert told == [ids[str(n)] for n in range(20)]


SAID: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], bool]] = {
    # What was said before, what was said here, and whether it is told.
    "said once": ([{}], [], True),
    "no longer so": ([{"ended_by": "x"}], [], False),
    "taken back": ([{"back": True}], [], False),
    "of this visit alone": ([{"topic": "next"}], [], False),
    "said here too": ([{"words": " Said Here TOO"}], [{}], False),
    "said here in another case": ([{}], [{"words": "  SAID here in another case "}], False),
    "no longer so here": ([{}], [{"ended_by": "x"}], True),
    "taken back here": ([{}], [{"back": True}], True),
    "said here of something else": ([{}], [{"topic": "avoid"}], True),
    "said here in another language": ([{"code": "pol"}], [{"code": "lit"}], True),
    "something else said here": ([{}], [{"words": "none of it"}], True),
    "said twice": ([{"hours": 5}, {"hours": 3, "words": "Said Twice  "}], [], True),
}


async def test_what_was_said_before_is_told_once_unless_it_was_said_here(psql: Psql) -> None:
    owner = psql.owner
    now = await owner.fetchval("SELECT cru.clock_now()")
    ids = await written(
        owner, {"here": ROWS["here"], "before": Row(NUMBER), "kept by nobody": Row(NUMBER), "other": Row()}
    )

    async def say(of: UUID, words: str, **but: Any) -> None:
        gone: dict[str, Any] = {"ended_at": now, "ended_by": "x"} if but.pop("ended_by", None) else {}
        gone |= {"taken_back_at": now} if but.pop("back", None) else {}
        at = now - timedelta(hours=but.pop("hours", 1))
        given = {"referral_id": of, "topic": "helps", "words": words, "said_by": "x", "added_at": at}
        await put_in(owner, "about_me", **given | gone | but)

    for name in ("before", "other"):
        await say(ids[name], "", topic="keep", code="yes")
    await say(ids["kept by nobody"], "a secret")
    await say(ids["other"], "of somebody else")
    await say(ids["here"], "of here alone")
    for words, (before, here, _) in SAID.items():
        for of, said in ((ids["before"], before), (ids["here"], here)):
            for but in said:
                await say(of, **{"words": words} | but)
    told = [row["words"] for row in await owner.fetch("SELECT words FROM cru.about_before($1)", ids["here"])]
    expected = {words for words, (_, _, is_told) in SAID.items() if is_told} - {"said twice"} | {"Said Twice  "}
    assert sorted(told) == sorted(expected)
