"""By which keys a referral is found that something being typed may be about, and which dangers are told of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.db.psql import Connection, Psql

BORN = date(1981, 9, 2)
TYPED: dict[str, Any] = {
    "number": "401 023 2137",
    "name": "Iris Okonkwo",
    "born": BORN,
    "phone": "01604 555010",
    "incident": "8812",
    "postcode": "nn1 2da",
    "place": "7 Wood Hill",
    "lat": 52.2,
    "lon": -0.9,
}
FOUND = (
    "SELECT id, number, name, phone, incident, home"
    " FROM cru.alike_by($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
)
KEYS = ("number", "name", "phone", "incident", "home")
NEVER_SAME = "Ada Loft"


@dataclass
class Row:
    """A referral of before: what it says, how long ago it came in, and whether it is over."""

    says: dict[str, Any] = field(default_factory=dict)
    hours: float = 100
    by: str = ""
    """The key that finds it; "near" for nearness alone, "birth" for a birthday, empty where it is not found."""
    state: str = "declined"
    over: bool = True


HOME = {"postcode": "NN1 2DA", "location_text": "7 Wood Hill"}
HERE = {"postcode": "NN12DA", "location_text": "9 Mill Lane"}
ROWS = {
    "the number in another form": Row({"nhs_number": "4010232137"}, by="number"),
    "another number": Row({"nhs_number": "9434765919"}),
    "the name the other way round": Row({"patient_name": "Okonkwo, Iris", "patient_born": BORN}, by="name"),
    "the name of somebody older": Row({"patient_name": "Iris Okonkwo", "patient_born": date(1951, 9, 2)}),
    "the birthday": Row({"patient_born": BORN}, by="birth"),
    "the telephone": Row({"call_back": "+44 1604 555 010"}, by="phone"),
    "another telephone": Row({"call_back": "01604 555011"}),
    "the incident": Row({"ems_incident": "8812"}, hours=167, by="incident"),
    "the incident of last week": Row({"ems_incident": "8812"}, hours=169),
    "another incident": Row({"ems_incident": "8813"}),
    "the home": Row(HOME, by="home"),
    "the postcode of lately": Row(HERE, hours=11, by="near"),
    "the postcode of before": Row(HERE, hours=13),
    "the postcode of one still open": Row(HERE, hours=13, by="near", state="accepted", over=False),
    "the postcode of one that ended unseen": Row(HERE, hours=13, over=False),
    "the postcode of one that is over": Row(HERE, hours=13, state="accepted"),
    "another postcode": Row({"postcode": "NN1 2DB"}, hours=1),
    "beside it": Row({"lat": 52.2049, "lon": -0.8921}, hours=1, by="near"),
    "on its other side": Row({"lat": 52.1951, "lon": -0.9079}, hours=1, by="near"),
    "north of it": Row({"lat": 52.2051, "lon": -0.9}, hours=1),
    "south of it": Row({"lat": 52.1949, "lon": -0.9}, hours=1),
    "east of it": Row({"lat": 52.2, "lon": -0.8919}, hours=1),
    "west of it": Row({"lat": 52.2, "lon": -0.9081}, hours=1),
    "nothing said": Row(hours=1),
}


async def written(owner: Connection, rows: dict[str, Row]) -> dict[str, UUID]:
    """Put rows into the record with no guard asked."""
    now: datetime = await owner.fetchval("SELECT cru.clock_now()")
    made = {name: uuid4() for name in rows}
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for name, row in rows.items():
            at = now - timedelta(hours=row.hours)
            columns = {"id": made[name], "reference": str(made[name]), "received_at": at, "state": row.state}
            columns |= {"source": "hub", "priority": "P2", "location_text": "somewhere"}
            columns |= {"closed_at": at} if row.over else {}
            columns |= {"end_reason": "x"} if row.state == "declined" else {}
            columns |= row.says
            marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
            await owner.execute(
                f"INSERT INTO cru.referral ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - of ours
                *columns.values(),
            )
    return made


async def found(owner: Connection, *, near: bool, not_this: UUID | None = None, **but: Any) -> dict[UUID, str]:
    """By which keys each is found; no word for a birthday and for nearness."""
    rows = await owner.fetch(FOUND, *(TYPED | but).values(), not_this, near)
    return {row["id"]: " ".join(key for key in KEYS if row[key]) for row in rows}


async def test_each_is_found_by_its_own_key_and_nearness_counts_for_what_is_lately(psql: Psql) -> None:
    owner = psql.owner
    ids = await written(owner, ROWS)

    def expected(*but: str) -> dict[UUID, str]:
        told = {name: row.by for name, row in ROWS.items() if row.by not in {"", *but}}
        return {ids[name]: by if by in KEYS else "" for name, by in told.items()}

    assert await found(owner, near=True) == expected()
    assert await found(owner, near=False) == expected("near")
    # A birthday alone is looked for where a name was heard.
    assert await found(owner, near=False, name="") == expected("near", "birth", "name")
    nothing = dict.fromkeys(("number", "name", "phone", "incident", "postcode", "place"), "")
    assert await found(owner, near=False, **nothing, born=None, lat=None, lon=None) == {}
    one = ids["the number in another form"]
    in_error = "UPDATE cru.referral SET entered_in_error_at = $2, entered_in_error_reason = 'x' WHERE id = $1"
    same = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, $3) RETURNING id"
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        assert one not in await found(owner, near=False, not_this=one)
        here, names = uuid4(), [name for name in ROWS if ROWS[name].by in {"phone", "home", "incident"}]
        said = [ids[name] for name in names]
        await owner.execute(same, here, said[0], True)
        await owner.execute(same, said[1], here, False)
        undone = await owner.fetchval(same, here, said[2], True)
        await owner.execute("UPDATE cru.same_person SET taken_back_at = now() WHERE id = $1", undone)
        # What was said of others says nothing here.
        await owner.execute(same, one, ids["the birthday"], True)
        left = await found(owner, near=False, not_this=here)
        assert left == {key: by for key, by in expected("near").items() if key not in said[:2]}
        await owner.execute(in_error, one, await owner.fetchval("SELECT cru.clock_now()"))
        assert one not in await found(owner, near=False)


async def test_of_many_the_newest_are_found(psql: Psql) -> None:
    says = {"patient_born": BORN, "call_back": TYPED["phone"], "ems_incident": TYPED["incident"]} | HOME
    rows = {str(n): Row(says | {"patient_name": NEVER_SAME}, hours=n + 1) for n in range(62)}
    ids = await written(psql.owner, rows)
    by = await found(psql.owner, near=False)
    assert set(by) == {ids[str(n)] for n in range(60)}
    for key in ("phone", "incident", "home"):
        assert {one for one, keys in by.items() if key in keys} == {ids[str(n)] for n in range(20)}, key


async def test_a_danger_is_told_of_this_home_or_of_this_very_person_while_it_holds(psql: Psql) -> None:
    owner = psql.owner
    rows = {
        "person": Row({"nhs_number": TYPED["number"]}),
        "name": Row({"patient_name": TYPED["name"], "patient_born": BORN}),
        "home": Row(HOME),
        "open": Row({"call_back": TYPED["phone"], "patient_born": date(1990, 1, 1)}, state="accepted", over=False),
    }
    ids = await written(owner, rows)
    home = await owner.fetchval("SELECT cru.address_key($1, $2)", TYPED["postcode"], TYPED["place"])
    now: datetime = await owner.fetchval("SELECT cru.clock_now()")
    hour = timedelta(hours=1)
    withdrawn = {"withdrawn_by": "x", "withdrawn_reason": "x"}
    flags: list[tuple[str, str, str, dict[str, Any]]] = [
        ("person", "person", "access", {}),
        ("name", "person", "pets", {}),
        ("home", "address", "staff safety", {"address_key": home}),
        ("open", "address", "what helps", {"address_key": home}),
        # None of these: of another person, of another home, withdrawn, taken back, over.
        ("home", "person", "contacted us before", {}),
        ("person", "address", "contacted us before", {"address_key": "NN12DB:7"}),
        ("person", "person", "contacted us before", {"withdrawn_at": now} | withdrawn),
        ("person", "person", "contacted us before", {"taken_back_at": now}),
        ("person", "person", "contacted us before", {"expires_at": now - hour}),
    ]
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for of, subject, kind, but in flags:
            given = {"referral_id": ids[of], "subject": subject, "kind": kind, "reason": "x"}
            given |= {"expires_at": now + hour} | but
            marks = ", ".join(f"${n}" for n in range(1, len(given) + 1))
            sql = f"INSERT INTO cru.flag ({', '.join(given)}) VALUES ({marks})"  # noqa: S608 - of ours
            await owner.execute(sql, *given.values())
    asked = "SELECT * FROM cru.alike($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    told = {row["referral_id"]: row for row in await owner.fetch(asked, *TYPED.values())}
    assert {name: told[one]["flags"] for name, one in ids.items()} == {
        "person": ["access"],
        "name": ["pets"],
        "home": ["staff safety"],
        "open": ["what helps"],
    }
    shows = ("is_open", "same_birth", "same_postcode")
    assert {name: tuple(told[one][key] for key in shows) for name, one in ids.items()} == {
        "person": (False, None, False),
        "name": (False, True, False),
        "home": (False, None, True),
        "open": (True, False, False),
    }
    # Whoever may not see them is told what holds, once, and of whom of nobody.
    await psql.owner.execute("UPDATE cru.service SET clock_shown = clock_shown + interval '30 days'")
    (row,) = [row for row in await psql.lead.fetch(asked, *TYPED.values()) if row["reference"] == ""]
    assert (row["flags"], row["patient_name"], row["is_open"]) == (["access", "pets", "staff safety"], "", False)


NEARLY = {
    ("Sam", "Samuel Roy"): False,
    ("Sam", "Samuel"): True,
    ("Samuel Roy", "Sam Roy"): True,
    ("Sam Roy", "Samuel Roy"): True,
    ("Sam Roy", "Samuel Toy"): False,
    ("Iris", "Oscar Iris Pym"): True,
    ("Oscar Iris Pym", "Iris"): True,
    ("Sam Roy", "Samuel James Roy"): True,
    ("Samuel James Roy", "Sam Roy"): True,
    ("", "Iris"): False,
    ("", ""): False,
}
SHARED = {("anna", "ana"): 6 / 7, ("aaa", "a"): 0.5, ("ab", "ba"): 1, ("abb", "aab"): 2 / 3, ("abc", "xyz"): 0}


async def test_what_two_names_share(psql: Psql) -> None:
    for function, answers in (("letters_shared", SHARED), ("are_nearly", NEARLY)):
        pairs = [list(side) for side in zip(*answers, strict=True)]
        sql = f"SELECT cru.{function}(a, b) FROM unnest($1::text[], $2::text[]) v (a, b)"  # noqa: S608 - of ours
        told = [row[0] for row in await psql.owner.fetch(sql, *pairs)]
        assert dict(zip(answers, told, strict=True)) == answers, function


async def test_how_often_somebody_looks_is_counted_by_who_by_kind_and_within_the_hour(psql: Psql) -> None:
    owner, me = psql.owner, await psql.owner.fetchval("SELECT session_user::text")
    may = "SELECT cru.may_look($1, $2)"
    most = "SELECT looks, referrals FROM cru.looks_an_hour($1)"
    many = [uuid4() for _ in range(990)]
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        look = (
            "INSERT INTO cru.look (looked_by, why, looked_at, referrals)"
            " VALUES ($1, $2, cru.clock_now() - $3 * interval '1 minute', $4)"
        )
        for by, why, ago, theirs in (
            *((me, "alike", 59, many) for _ in range(3)),
            ("l.lead", "alike", 1, many),
            (me, "alike", 61, many),
            (me, "known", 1, many),
            (me, "record", 1, many),
        ):
            await owner.execute(look, by, why, ago, theirs)
        assert [await owner.fetchval(may, "alike", n) for n in (30, 31)] == [True, False]
        assert [await owner.fetchval(may, "record", n) for n in (2010, 2011)] == [True, False]
        rule = "UPDATE cru.rule SET value = $2, unit = $3, active = $4 WHERE name = 'looks_' || $1"
        for kind, value, unit, active, told in (
            ("alike", 4, "times an hour", True, (4, 50)),
            ("alike", 4, "times an hour", False, (240, 3000)),
            ("known", 4, "minutes", True, (480, 6000)),
        ):
            await owner.execute(rule, kind, value, unit, active)
            assert tuple(await owner.fetchrow(most, kind)) == told, (kind, unit, active)
        await owner.execute(rule, "alike", 4, "times an hour", True)
        assert await owner.fetchval(may, "alike", -2970) is True
        # What finds nobody counts, too: ten of those as much as one that finds somebody.
        for _ in range(36):
            await owner.execute(look, me, "alike", 1, [])
        assert await owner.fetchval(may, "alike", -2970) is True
        await owner.execute(look, me, "alike", 1, [])
        assert await owner.fetchval(may, "alike", -2970) is False


async def test_how_often_somebody_searches_is_counted_by_who_and_within_the_hour(psql: Psql) -> None:
    searched = (
        "INSERT INTO cru.search (asked_by, asked_at, found)"
        " SELECT $1, cru.clock_now() - $2 * interval '1 minute', 0 FROM generate_series(1, $3)"
    )
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        for by, ago, many in (("a.shah", 61, 240), ("l.lead", 1, 240), ("a.shah", 59, 239)):
            await psql.owner.execute(searched, by, ago, many)
    await psql.shah.fetchval("SELECT cru.look_for('bell')")
    await psql.refused(psql.shah, "SELECT cru.look_for('bell')", code="CR002", says="within an hour")
