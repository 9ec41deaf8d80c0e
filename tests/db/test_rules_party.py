"""Of what kind a party is: said beside its name, fixed with it, and never guessed by a part of a word."""

from uuid import UUID

import pytest

from db import commands, queries
from db.commands import ExpectHandover
from db.domain.party import HANDS_OVER, Party
from db.domain.records import Location
from db.engine import connect
from tests.db.doing import does
from tests.db.psql import Psql

NAMES = {
    # Crews, as the program writes them and as people do.
    "EMAS A1187": "ems",
    "emas": "ems",
    "EMAS: two paramedics": "ems",
    "East  Midlands Ambulance Service": "ems",
    "East Midlands Ambulance Service NHS Trust": "ems",
    "Ambulance A12": "ems",
    "The ambulance crew": "ems",
    "Police": "police",
    "Police two officers": "police",
    "Northants Police": "police",
    "British Transport Police NP12": "police",
    "the police, response car": "police",
    "CRU": "cru",
    "CRU2": "cru",
    "CRU 2": "cru",
    "CRU CRU3": "cru",
    " cru ": "cru",
    "Crisis Response Unit": "cru",
    # Others, whose names only begin or end like one.
    "Cruse": "other",
    "Cruse Bereavement Support": "other",
    "Crunch Gym": "other",
    "CRU Coffee Roasters": "other",
    "Emasculine Ltd": "other",
    "EMSworth Surgery": "other",
    "Policeman's Arms": "other",
    "Police-free café": "other",
    "The Old Ambulance Station": "other",
    "Ambulance Road Surgery": "other",
    "Her neighbour, ex police officer": "other",
    "A nurse from EMAS House": "other",
    "Northampton Crisis House": "other",
    "": "other",
}


@pytest.mark.parametrize(("name", "kind"), NAMES.items())
async def test_whole_words_name_a_crew(psql: Psql, name: str, kind: str) -> None:
    assert await psql.owner.fetchval("SELECT cru.party_kind($1, 'other')", name) == kind


async def link(psql: Psql, **columns: object) -> UUID:
    """A new link on a referral that is attended, as A. Shah."""
    given = {"referral_id": await psql.referral("attending"), "ordinal": 1} | columns
    marks = ", ".join(f"${n}" for n in range(1, len(given) + 1))
    sql = f"INSERT INTO cru.handover ({', '.join(given)}) VALUES ({marks}) RETURNING id"  # noqa: S608 - our own names
    return UUID(str(await psql.shah.fetchval(sql, *given.values())))


async def kinds(psql: Psql, row: UUID) -> tuple[str, str]:
    found = await psql.read("handover", row)
    return found["from_kind"], found["to_kind"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("EMAS A7", "CRU"), ("ems", "cru")),
        (("Cruse Kettering", "CRU"), ("other", "cru")),
        (("CRU", "Policeman's Arms"), ("cru", "destination")),
        (("CRU", "Northants Police"), ("cru", "police")),
    ],
)
async def test_names_alone_get_their_kinds(psql: Psql, names: tuple[str, str], found: tuple[str, str]) -> None:
    """As a program writes them that was there before the kinds."""
    assert await kinds(psql, await link(psql, from_party=names[0], to_party=names[1])) == found


@pytest.mark.parametrize("kind", HANDS_OVER)
async def test_a_kind_that_is_said_counts(psql: Psql, kind: Party) -> None:
    made = await link(psql, from_party="EMAS A7", from_kind=kind, to_party="CRU", to_kind=kind)
    assert await kinds(psql, made) == (kind, kind)


@pytest.mark.parametrize("word", ["nobody", "EMS", "", "crew"])
@pytest.mark.parametrize("column", ["from_kind", "to_kind"])
async def test_no_other_word_is_a_kind(psql: Psql, column: str, word: str) -> None:
    made = await psql.handover()
    await psql.set_refused(psql.shah, "handover", made, code="23514", **{column: word})
    await psql.set_refused(psql.shah, "handover", made, code="23502", **{column: None})


@pytest.mark.parametrize("side", ["from", "to"])
async def test_a_kind_follows_a_corrected_name_unless_somebody_said_it(psql: Psql, side: str) -> None:
    otherwise = "other" if side == "from" else "destination"
    at = ("from", "to").index(side)
    made = await psql.handover()
    for name, kind in (("Northants Police", "police"), ("Cruse", otherwise), ("EMAS A2", "ems")):
        await psql.set(psql.shah, "handover", made, **{f"{side}_party": name})
        assert (await kinds(psql, made))[at] == kind
    # Said with the name, and kept through the next correction of the name.
    await psql.set(psql.shah, "handover", made, **{f"{side}_party": "EMAS House", f"{side}_kind": "police"})
    assert (await kinds(psql, made))[at] == "police"
    await psql.set(psql.shah, "handover", made, **{f"{side}_party": "EMAS A3"})
    assert (await kinds(psql, made))[at] == "police"


@pytest.mark.parametrize("state", ["started", "accepted", "released", "refused"])
@pytest.mark.parametrize("column", ["from_kind", "to_kind"])
async def test_the_kinds_of_a_started_handover_are_history(psql: Psql, column: str, state: str) -> None:
    made = await psql.handover(state)
    says = f"The {column.replace('_', ' ')} of a handover never changes."
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(who, "handover", made, code="CR002", says=says, **{column: "police"})


async def test_events_say_the_kinds(psql: Psql) -> None:
    made = await psql.handover()
    await psql.set(psql.shah, "handover", made, to_kind="destination")
    said = await psql.owner.fetch(
        "SELECT kind, detail::text FROM cru.event WHERE kind ~ 'handover|details' ORDER BY id"
    )
    assert [tuple(row) for row in said] == [
        ("handover expected", '{"to_kind": "cru", "from_kind": "ems"}'),
        ("details changed", '{"to_kind": {"to": "destination", "from": "cru"}}'),
    ]


@pytest.mark.parametrize("who", ["w.wall", "g.gateway"])
async def test_nobody_else_says_a_kind(psql: Psql, who: str) -> None:
    await psql.set_refused(psql.session(who), "handover", await psql.handover(), code="42501", to_kind="ems")


# --- sources: who waits when a referral comes in ---

SOURCES = [("", "nobody"), ("EMAS", "ems"), ("Police", "police"), ("Crumble Trust", "other")]


@pytest.mark.parametrize(("waits", "kind"), SOURCES)
async def test_a_source_says_of_what_kind_waits(psql: Psql, waits: str, kind: str) -> None:
    sql = (
        "INSERT INTO cru.referral_source (code, label, waits, default_priority, rank)"
        " VALUES ('new', 'New', $1, 'P2', 9) RETURNING waits_kind"
    )
    assert await psql.owner.fetchval(sql, waits) == kind
    for other, then in SOURCES:
        await psql.owner.execute("UPDATE cru.referral_source SET waits = $1 WHERE code = 'new'", other)
        found = await psql.owner.fetchval("SELECT waits_kind FROM cru.referral_source WHERE code = 'new'")
        assert found == then


@pytest.mark.parametrize(
    ("code", "waits", "kind"),
    [
        ("hub", "", "ems"),
        ("ems_crew", "Fire crew", "nobody"),
        ("hub", "CRU", "cru"),
        ("police", "x", "van"),
    ],
)
async def test_a_name_and_a_kind_of_who_waits_belong_together(
    psql: Psql, code: str, waits: str, kind: str
) -> None:
    sql = "UPDATE cru.referral_source SET waits = $2, waits_kind = $3 WHERE code = $1"
    await psql.refused(psql.owner, sql, code, waits, kind, code="23514")


async def test_a_kind_that_was_said_of_a_source_stays(psql: Psql) -> None:
    sql = "UPDATE cru.referral_source SET waits = 'Street triage', waits_kind = 'police' WHERE code = 'hub'"
    await psql.owner.execute(sql)
    await psql.owner.execute("UPDATE cru.referral_source SET waits = 'Street team' WHERE code = 'hub'")
    kind = "SELECT waits_kind FROM cru.referral_source WHERE code = 'hub'"
    assert await psql.owner.fetchval(kind) == "police"
    await psql.owner.execute("UPDATE cru.referral_source SET waits = '' WHERE code = 'hub'")
    assert await psql.owner.fetchval(kind) == "nobody"


@pytest.mark.parametrize(
    ("source", "waiting", "callsign", "first"),
    [
        ("ems_crew", "", "Cruse 1", ("EMAS Cruse 1", "ems")),
        ("police", "CRU 9", "", ("Police CRU 9", "police")),
        ("hub", "Cruelty-free café", "", ("Cruelty-free café", "other")),
        ("professional", "Derbyshire Police", "", ("Derbyshire Police", "police")),
        ("hub", "", "", None),
    ],
)
async def test_who_waits_hands_over_first(
    psql: Psql, source: str, waiting: str, callsign: str, first: tuple[str, str] | None
) -> None:
    take = commands.TakeReferral(
        details=commands.Details(
            source=source,
            priority="P2",
            location=Location("x"),
            waiting_party=waiting,
            ems_callsign=callsign,
        )
    )
    await does(psql, take)
    row = await psql.owner.fetchrow("SELECT * FROM cru.handover WHERE referral_id = $1", take.referral_id)
    assert (row and (row["from_party"], row["from_kind"], row["to_kind"])) == (first and (*first, "cru"))


async def test_a_command_says_both_kinds(psql: Psql) -> None:
    ward, crew = (
        ExpectHandover(referral_id=await psql.referral(), from_party="CRU", to_party="EMAS House Ward"),
        ExpectHandover(
            referral_id=await psql.referral(),
            from_party="Ward",
            from_kind=Party.DESTINATION,
            to_party="A",
            to_kind=Party.EMS,
        ),
    )
    for one in (ward, crew):
        await does(psql, one)
    assert await kinds(psql, ward.handover_id) == ("cru", "destination")
    assert await kinds(psql, crew.handover_id) == ("destination", "ems")


async def test_the_console_reads_who_waits(psql: Psql) -> None:
    engine = connect(psql.record.url("w.wall"), answer_within=60)
    try:
        async with engine.connect() as connection:
            sources = (await queries.reference_data(connection)).sources
    finally:
        await engine.dispose()
    assert {code: source.waits_kind for code, source in sources.items()} == {
        "ems_crew": Party.EMS,
        "ems_desk": Party.NOBODY,
        "hub": Party.NOBODY,
        "police": Party.POLICE,
        "professional": Party.NOBODY,
    }
