"""What is asked about a person's record: who answers, what is given out, corrected and erased, and what stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import commands as do
from db import migrate
from db.domain.person_requests import RequestState
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from db.person_queries import open_requests, person
from db.queries import reference_data
from db.reports.cli import give_out_person
from db.reports.document import shown
from db.reports.making import write
from db.reports.person_record import stem
from main import main
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.psql import Psql, psql_on
from tests.db.test_erased import a_person, erase, later, owner_url
from tests.db.test_rules_person import SAME, named, say
from tests.db.upgrades import LeftBy, cloned

ASK = "INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ($1, $2, $3, $4) RETURNING id"
ANSWER = "UPDATE cru.person_request SET state = $2, answer = $3, statement = $4 WHERE id = $1"
SIGN = "zyxwv"


async def told(psql: Psql, referral: UUID) -> list[tuple[str, str, str]]:
    """The kinds, words and authors of the events about what was asked."""
    sql = (
        "SELECT kind, words, recorded_by FROM cru.event WHERE referral_id = $1"
        " AND kind ~ '^(copy|correction|erasing) ' ORDER BY id"
    )
    return [tuple(row) for row in await psql.owner.fetch(sql, referral)]


async def by(psql: Psql, login: str, command: do.Command) -> None:
    engine = connect(psql.record.url(login), answer_within=60)
    try:
        await do.execute(engine, command)
    finally:
        await engine.dispose()


async def read(psql: Psql, referral: UUID) -> Any:
    engine = connect(psql.record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            return await person(connection, referral)
    finally:
        await engine.dispose()


async def test_what_is_not_granted_stays_with_the_reason_and_what_the_person_says(psql: Psql) -> None:
    one = await psql.referral("closed")
    asked = await psql.shah.fetchval(ASK, one, "correction", "the person", "  I never shouted.\n")
    await psql.lead.execute(ANSWER, asked, "refused", "Two officers heard it.", "It was my brother.")
    row = await psql.read("person_request", asked)
    assert (row["words"], row["made_by"], row["answered_by"], row["version"]) == (
        "I never shouted.",
        "a.shah",
        "l.lead",
        2,
    )
    assert await told(psql, one) == [
        ("correction asked", "the person: I never shouted.", "a.shah"),
        (
            "correction refused",
            "Two officers heard it. · the person wants to stand beside it: It was my brother.",
            "l.lead",
        ),
    ]
    (shown_there,) = (await read(psql, one)).requests
    assert shown_there.statement == "It was my brother."
    assert shown_there.answered_by == "L. Lead"
    assert not shown_there.is_open
    for words in (ANSWER, "UPDATE cru.person_request SET words = $3 || $4 || $2 WHERE id = $1"):
        await psql.refused(psql.owner, words, asked, "withdrawn", "x", "", code="CR")


@pytest.mark.hazard("H-028")
async def test_what_was_asked_of_a_person_is_found_by_any_of_their_referrals_and_by_no_other(psql: Psql) -> None:
    one, two, other = [await named(psql, name) for name in ("Ida Plover", "Plover, Ida", "Robin Campion")]
    await psql.shah.execute(SAME, two, one, True)
    await psql.shah.execute(ASK, one, "copy", "the person", "to read it")
    await psql.shah.execute(ASK, other, "copy", "a solicitor", "for a court")
    found = await read(psql, two)
    assert [one.said_by for one in found.requests] == ["the person"]
    assert [one.id for one in found.referrals] == [one, two]
    assert [(link[4], link[5]) for link in found.links] == [(True, False)]
    assert found.referrals[0].name == "Ida Plover"
    assert found.referrals[0].nhs_number == ""
    assert set(found.referrals[0].columns) == {"patient_name", "patient_born", "location_text"}
    # Whoever is told apart again is told apart here, too.
    await psql.shah.execute(SAME, two, one, False)
    apart = await read(psql, two)
    assert apart.requests == ()
    assert [link[4] for link in apart.links] == [False, True]
    # Of all that waits, what waits longest is read, and no more than somebody can see to.
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "INSERT INTO cru.person_request (referral_id, kind, said_by, words, made_at)"
            " SELECT $1, 'copy', 'x', 'y', now() + n * interval '1 minute' FROM generate_series(1, 200) n",
            one,
        )
    engine = connect(psql.record.url("l.lead"))
    async with transaction(engine) as connection:
        waiting = await open_requests(connection)
    await engine.dispose()
    assert (len(waiting), waiting[0].said_by) == (200, "the person")


@pytest.mark.hazard("H-088")
async def test_a_persons_whole_record_is_given_out_by_a_lead_with_to_whom_and_what_for(
    record: Record, psql: Psql, tmp_path: Path
) -> None:
    one, two, other = [await named(psql, name) for name in (f"{SIGN} Plover", f"Plover, {SIGN}", "Robin Campion")]
    for is_same in (True, False, True):
        await psql.shah.execute(SAME, two, one, is_same)
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        first = "SELECT id FROM cru.same_person ORDER BY added_at LIMIT 1"
        await psql.owner.execute(f"UPDATE cru.same_person SET taken_back_at = now() WHERE id = ({first})")  # noqa: S608
    item = await say(psql, one, "pets", words="an owl", by="her aunt")
    await say(psql, other, "pets", words="a goat", by="his aunt")
    reference = (await psql.read("referral", two))["reference"]
    engine, desk = connect(record.url("l.lead")), connect(record.url("a.shah"))
    try:
        for to, why in ((" ", "access"), ("the person", " ")):
            with pytest.raises(Invalid):
                await give_out_person(engine, reference, to, why, ("pdf",))
        with pytest.raises(NotAllowed, match="Only a shift lead gives out"):
            await give_out_person(desk, reference, "the person", "access", ("pdf",))
        assert await told(psql, two) == []
        assert "record opened" not in await psql.kinds(one)
        made = await give_out_person(engine, reference.lower(), "the person", "access request", ("csv", "xlsx"))
    finally:
        await engine.dispose()
        await desk.dispose()
    said = "Given out to the person: CSV, XLSX, access request"
    assert (await told(psql, two))[-1] == ("copy done", said, "l.lead")
    for referral in (one, two):
        looked = "SELECT words, recorded_by FROM cru.event WHERE referral_id = $1 AND kind = 'record opened'"
        assert [tuple(row) for row in await psql.owner.fetch(looked, referral)] == [(said, "l.lead")]
    assert not {"record opened", "copy done"} & set(await psql.kinds(other))
    text = "\n".join(shown(cell) for table in made.tables for row in table.rows for cell in row)
    assert {"an owl", f"{SIGN} Plover", f"Plover, {SIGN}", said} <= set(text.split("\n"))
    assert "a goat" not in text
    assert "Campion" not in text
    assert "Kept while anything about them is open" in made.subject
    assert ", of 2 referrals." in made.subject
    assert made.confidential
    details, times, links = made.tables[:3]
    assert [row[-2:] for row in links.rows] == [("one person", ""), ("two people", ""), ("one person", "yes")]
    for table in (details, times):
        assert table.columns[0].title == "Referral"
        assert {row[0] for row in table.rows} == {row[3] for row in links.rows} | {reference}
        assert not [row for row in table.rows if row[-1] in (None, "")]
    # So does each of the other tables say at once which of them a row is about.
    for table in made.tables[3:]:
        assert table.columns[0].title == "Referral", table.key
        assert {row[0] for row in table.rows} <= {row[0] for row in details.rows}, table.key
    (said_there,) = (await read(psql, two)).said
    assert (said_there.id, said_there.words, said_there.by) == (item, "an owl", "her aunt")
    alone = connect(record.url("l.lead"))
    theirs = (await psql.read("referral", other))["reference"]
    made_of_one = await give_out_person(alone, theirs, "the person", "access request", ("csv",))
    await alone.dispose()
    assert ", of one referral." in made_of_one.subject
    assert {row[0] for row in made_of_one.tables[0].rows} == {theirs}
    files = write(made, stem(made.made_at), tmp_path, ("pdf", "csv", "xlsx"))
    assert not any(SIGN in file.name or reference.lower() in file.name.lower() for file in files)


async def test_a_correction_says_at_whose_request_and_what_it_was_before(psql: Psql) -> None:
    one = await psql.referral("closed")
    await psql.amend(psql.shah, "referral", one, patient_name="Ida Plover", postcode="NN1 4LP", lat=52.2, lon=-0.9)
    item = await say(psql, one, "pets", words="a cat", by="her aunt")
    flag = await psql.shah.fetchval(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'pets', 'it bites', cru.clock_now() + interval '9 days') RETURNING id",
        one,
    )
    asked = await psql.shah.fetchval(ASK, one, "correction", "the person", "I am Ada.")
    who: dict[str, Any] = {"referral_id": one, "said_by": "the person", "words": "It is wrong."}

    def name(**but: Any) -> do.CorrectRecord:
        given = {"thing": "column", "what": "patient_name", "was": "Ida Plover", "value": "Ada Plover"}
        return do.CorrectRecord(**(who | given | {"reason": "birth certificate"} | but))

    for wrong, refused in (
        ({"reason": " "}, Invalid),
        ({"was": "Ina Plover"}, Conflict),
        ({"what": "state", "was": "closed", "value": "accepted"}, Invalid),
        ({"what": "patient_born", "was": "", "value": "32 May 1970"}, Invalid),
        ({"thing": "said", "what": str(item), "was": "a dog"}, Conflict),
        ({"thing": "flag", "what": str(uuid4())}, Conflict),
        ({"said_by": " "}, Invalid),
    ):
        with pytest.raises(refused):
            await by(psql, "a.shah", name(**wrong))
    assert (await psql.read("referral", one))["patient_name"] == "Ida Plover"
    await by(psql, "a.shah", name(answers=asked))
    changed = await psql.owner.fetchrow(
        "SELECT reason, detail FROM cru.event WHERE referral_id = $1 AND kind = 'details changed'"
        " AND detail ? 'patient_name' ORDER BY id DESC LIMIT 1",
        one,
    )
    assert changed["reason"] == "the person asked: birth certificate"
    assert '"from": "Ida Plover"' in changed["detail"]
    assert (await psql.read("person_request", asked))["state"] == RequestState.DONE
    # What was corrected is nothing that whoever typed it undoes.
    act = await psql.owner.fetchval("SELECT id FROM cru.act ORDER BY done_at DESC, began_at DESC LIMIT 1")
    last = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act() LIMIT 1")
    assert last != act
    await psql.refused(psql.lead, "SELECT cru.take_back($1, 'x')", act, says="answered to a person")
    await by(psql, "a.shah", name(what="postcode", was="NN1 4LP", value="NN1 5LP"))
    row = await psql.read("referral", one)
    assert (row["patient_name"], row["postcode"], row["lat"]) == ("Ada Plover", "NN1 5LP", None)
    await by(psql, "a.shah", name(thing="said", what=str(item), was="a cat", value="an owl"))
    await by(psql, "a.shah", name(thing="flag", what=str(flag), was="it bites", value=""))
    said = await psql.owner.fetch(
        "SELECT words, said_by FROM cru.about_me WHERE referral_id = $1 AND ended_at IS NULL", one
    )
    assert [tuple(found) for found in said] == [("an owl", "the person")]
    assert (await psql.read("flag", flag))["withdrawn_reason"] == "the person asked: birth certificate"
    abouts = await psql.owner.fetch("SELECT about FROM cru.person_request WHERE about <> '' ORDER BY about")
    assert [found[0] for found in abouts] == ["Flag: pets", "Pets", "Postcode"]


async def test_where_somebody_is_now_is_changed_at_the_desk_and_not_as_a_correction(psql: Psql) -> None:
    one = await psql.take(postcode="NN1 4LP")
    given = {"thing": "column", "what": "postcode", "was": "NN1 4LP", "value": "NN1 5LP"}
    who = {"said_by": "the person", "words": "wrong", "reason": "wrong"}
    with pytest.raises(Invalid, match="on the desk"):
        await by(psql, "a.shah", do.CorrectRecord(referral_id=one, **given, **who))
    await by(psql, "a.shah", do.CorrectRecord(referral_id=one, **given | {"what": "caller", "was": ""}, **who))
    assert (await psql.read("referral", one))["caller"] == "NN1 5LP"


async def test_nobody_is_erased_who_waits_for_an_answer_and_what_they_asked_goes_with_them(psql: Psql) -> None:
    one = await a_person(psql)
    kept = await read(psql, one)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    assert kept.keeping.until_at == kept.keeping.last_contact_at + timedelta(days=20 * 365.25)
    assert not kept.keeping.is_due(now)
    await later(psql)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    gone = await psql.shah.fetchval(ASK, one, "erasing", f"her aunt {SIGN}", SIGN)
    assert (await read(psql, one)).keeping.is_due(now)
    copy = await psql.shah.fetchval(ASK, one, "copy", SIGN, SIGN)
    assert "until what was asked is answered" in (await read(psql, one)).keeping.in_words(now)
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, code="CR002", says="waits for an answer")
    assert await psql.lead.fetch("SELECT * FROM cru.due_to_erase()") == []
    await psql.lead.execute(ANSWER, copy, "refused", SIGN, SIGN)
    assert [row["referral_id"] for row in await psql.lead.fetch("SELECT * FROM cru.due_to_erase()")] == [one]
    assert await erase(psql, one) == 1
    assert SIGN not in await psql.picture()
    states = {key: (await psql.read("person_request", key))["state"] for key in (gone, copy)}
    assert states == {gone: "done", copy: "refused"}
    assert (await read(psql, one)).keeping.is_erased
    await psql.refused(psql.shah, ASK, one, "copy", "x", "y", code="CR001", says="nothing is kept")
    with pytest.raises(Conflict, match="nothing is kept"):
        await _given(psql, one)


async def _given(psql: Psql, one: UUID) -> None:
    engine = connect(psql.record.url("l.lead"))
    try:
        reference = (await psql.read("referral", one))["reference"]
        await give_out_person(engine, reference, "x", "y", ("csv",))
    finally:
        await engine.dispose()


def test_the_owner_is_told_who_asks_to_be_erased_and_refuses_with_a_reason(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    async def asked() -> str:
        async with psql_on(record, tuple(LOGINS)) as psql:
            one = await a_person(psql)
            await psql.lead.execute(ASK, one, "erasing", SIGN, SIGN)
            return str((await psql.read("referral", one))["reference"])

    async def row() -> Any:
        async with psql_on(record, tuple(LOGINS)) as psql:
            return await psql.owner.fetchrow("SELECT * FROM cru.person_request")

    reference = run(asked())
    url = owner_url(record).render_as_string(hide_password=False)
    assert main(["admin", "erase", "--yes", "--url", url]) == 0
    said = capsys.readouterr().out
    assert f"{reference} was asked for on" in said
    assert "Kept until" in said
    assert SIGN not in said
    refuse = ["admin", "erase", "--url", url, "--refuse"]
    for words, code in (
        ([reference], 2),
        (["CRU-19990101-0001", "--because", "x"], 2),
        ([reference.lower(), "--because", "It is kept by law."], 0),
        ([reference, "--because", "It is kept by law."], 2),
    ):
        assert main([*refuse, *words]) == code, words
    found = run(row())
    assert (found["state"], found["answer"], found["words"]) == ("refused", "It is kept by law.", SIGN)


async def test_the_upgrade_changes_no_row(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0052")) as psql:
        one = await a_person(psql)
        await psql.owner.execute("UPDATE cru.alarm_kind SET priority = 1 WHERE code = 'seal'")
        before = await psql.picture()
        await migrate.upgrade(owner_url(psql.record))
        after = await psql.picture()
        lost = {line.split("|", 1)[0] for line in set(before.split("\n")) - set(after.split("\n"))}
        assert not any(line.startswith(("referral(", "event(", "about_me(", "flag(")) for line in lost), lost
        kinds = "SELECT code, priority FROM cru.alarm_kind WHERE code IN ('seal', 'request') ORDER BY code"
        assert [tuple(row) for row in await psql.owner.fetch(kinds)] == [("request", 3), ("seal", 1)]
        await psql.shah.execute(ASK, one, "copy", "x", "y")
        engine = connect(psql.record.url("l.lead"))
        async with transaction(engine) as connection:
            assert [found.referral_id for found in await open_requests(connection)] == [one]
        await engine.dispose()


async def test_each_console_reads_what_waits_again_when_something_is_asked_or_answered(psql: Psql) -> None:
    one, noted = await psql.referral("closed"), []
    asked = await psql.shah.fetchval(ASK, one, "copy", "the person", "to read it")
    for answer in (None, "withdrawn"):
        await psql.owner.execute("DELETE FROM cru.change")
        if answer is None:
            await psql.lead.execute(ASK, one, "erasing", "the person", "to be gone")
        else:
            await psql.shah.execute(ANSWER, asked, answer, "No more.", "")
        noted.append(await psql.owner.fetchval("SELECT bool_or(entity = 'reference') FROM cru.change"))
        engine = connect(psql.record.url("a.shah"))
        async with transaction(engine) as connection:
            noted.append([row.kind for row in (await reference_data(connection)).requests])
        await engine.dispose()
    assert noted == [True, ["copy", "erasing"], True, ["erasing"]]
