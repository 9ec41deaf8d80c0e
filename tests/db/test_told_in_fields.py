"""Danger is told in any field: how to get in, what somebody says about themselves, why it rests or was refused."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from db import commands as do
from db import migrate
from db.commands.details import Details
from db.domain.about import Said
from db.domain.care import Telling
from db.domain.records import Location
from db.errors import RecordError
from tests.cluster import Cluster
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql
from tests.db.test_rules_ends_said import NUMBER
from tests.db.test_told_anywhere import UNREAD, stands, waiting
from tests.db.upgrades import LeftBy, as_known, cloned, rows_of

ABOUT = "INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, $2, $3, 'her son')"


def details(access: str) -> Details:
    return Details(source="hub", priority="P2", location=Location(text="Abington Street", access_note=access))


async def on_the_way_in(psql: Psql) -> UUID:
    taken = do.TakeReferral(referral_id=uuid4(), details=details("He keeps a machete by the door."))
    await does(psql, taken)
    await psql.screen(taken.referral_id)
    return taken.referral_id


async def on_the_way_in_later(psql: Psql) -> UUID:
    referral = await waiting(psql)
    version = await psql.owner.fetchval("SELECT version FROM cru.referral WHERE id = $1", referral)
    await does(
        psql,
        do.EditReferral(
            referral_id=referral, version=version, details=details("Hall full of petrol cans, lighter.")
        ),
    )
    return referral


async def about_them(psql: Psql) -> UUID:
    referral = await waiting(psql)
    said = Said("children", "", "Two; upstairs, and she says she will end it from the roof.", "their nan")
    await does(psql, do.TellAbout(referral_id=referral, says=(said,)))
    return referral


async def why_it_rests(psql: Psql) -> UUID:
    referral = await waiting(psql)
    until = datetime.now(UTC) + timedelta(minutes=20)
    await does(psql, do.Hold(referral_id=referral, until=until, reason="sleeping off whatever she swallowed"))
    await psql.set(psql.shah, "referral", referral, hold_until=None, hold_reason="")
    return referral


async def a_promise(psql: Psql) -> UUID:
    referral = await waiting(psql)
    call = await psql.call(referral, promised="a call at nine")
    await does(psql, do.ClosePromise(contact_id=call, kept=False, note="rang: he is by the river"))
    return referral


async def why_it_was_reopened(psql: Psql) -> UUID:
    referral = await waiting(psql)
    await does(psql, do.Cancel(referral_id=referral, reason="duplicate"))
    await does(
        psql, do.Reopen(referral_id=referral, reason="rang again: she has drunk a cup of bleach"), login="l.lead"
    )
    return referral


async def why_it_was_no_error(psql: Psql) -> UUID:
    referral = await waiting(psql)
    wrong = do.MarkEnteredInError(referral_id=referral, reason="a test call")
    right = do.UndoEnteredInError(referral_id=referral, reason="no test: he is holding a knife")
    await does(psql, wrong, right, login="l.lead")
    return referral


async def what_is_to_be_done_later(psql: Psql) -> UUID:
    referral, due = await waiting(psql), datetime.now(UTC) + timedelta(hours=9)
    plan = do.PlanFollowUp(referral_id=referral, due=due, what_for="ring them at breakfast")
    later = do.PutOffFollowUp(
        follow_up_id=plan.follow_up_id, due=due + timedelta(hours=1), reason="she is on the railway line now"
    )
    await does(psql, plan, later)
    return referral


async def a_flag_that_says_no_danger(psql: Psql) -> UUID:
    referral, review = await waiting(psql), datetime.now(UTC) + timedelta(days=9)
    words = "Spare key with the neighbour; he keeps a machete behind the door."
    flag = do.AddFlag(referral_id=referral, subject="address", kind="access", reason=words, expires_at=review)
    await does(psql, flag)
    return referral


async def why_nobody_was_told(psql: Psql) -> UUID:
    referral = await waiting(psql)
    said = do.Responsible(told={"person": Telling(not_told="he has a knife on him")})
    await does(psql, do.Cancel(referral_id=referral, reason="duplicate", next=said))
    await does(psql, do.Reopen(referral_id=referral, reason="no duplicate"), login="l.lead")
    return referral


FIELDS: list[tuple[Callable[[Psql], Awaitable[UUID]], str]] = [
    (on_the_way_in, "machete"),
    (on_the_way_in_later, "petrol"),
    (about_them, "roof"),
    (why_it_rests, "swallowed"),
    (a_promise, "river"),
    (why_it_was_reopened, "bleach"),
    (why_it_was_no_error, "knife"),
    (what_is_to_be_done_later, "railway"),
    (a_flag_that_says_no_danger, "machete"),
    (why_nobody_was_told, "knife"),
]


@pytest.mark.hazard("H-083")
@pytest.mark.parametrize(("tell", "found"), FIELDS, ids=lambda one: getattr(one, "__name__", ""))
async def test_whatever_field_it_is_typed_in_it_stands_against_the_next_step(
    psql: Psql, tell: Callable[[Psql], Awaitable[UUID]], found: str
) -> None:
    referral = await tell(psql)
    assert any(found in words for words in await stands(psql, referral)), "read as it is written"
    with pytest.raises(RecordError, match=found):
        await does(psql, do.Accept(referral_id=referral))


@pytest.mark.hazard("H-083")
async def test_why_a_van_came_back_or_a_handover_was_refused_is_read(psql: Psql) -> None:
    link = await psql.handover("started")
    await does(psql, do.RefuseHandover(handover_id=link, reason="she has a deep cut that needs stitches"))
    referral = (await psql.read("handover", link))["referral_id"]
    assert any("stitches" in words for words in await stands(psql, referral))
    job = await psql.assignment("mobile")
    await does(psql, do.StandDown(assignment_id=job, reason="he is waving a razor about"))
    referral = (await psql.read("assignment", job))["referral_id"]
    assert any("razor" in words for words in await stands(psql, referral))


@pytest.mark.hazard("H-083")
async def test_what_a_crew_says_of_itself_is_read_and_what_the_record_plans_is_not(psql: Psql) -> None:
    job = await psql.assignment("with patient")
    referral = (await psql.read("assignment", job))["referral_id"]
    await does(psql, do.CrewWell(assignment_id=job, channel="radio", words="all well; he has a gun in the shed"))
    assert any("gun" in words for words in await stands(psql, referral))
    # A death that was said in error leaves something to be done on another referral, which holds nobody up.
    dead, lives = await psql.referral("closed"), await waiting(psql)
    for one in (dead, lives):
        await psql.amend(psql.shah, "referral", one, nhs_number=NUMBER)
    promise = {"spoke_with": "person", "with_name": "Ida", "promised": "the same nurse"}
    await does(psql, do.RecordContact(referral_id=lives, **promise))
    await does(psql, do.NameResponsible(referral_id=dead, said=do.Responsible(died=True)))
    await does(psql, do.NameResponsible(referral_id=dead, said=do.Responsible(lives="his twin")), login="l.lead")
    assert (await psql.kinds(lives)).count("follow-up planned") == 1
    await psql.set(psql.shah, "referral", lives, state="accepted")


async def test_a_flag_of_danger_stands_by_itself_as_long_as_it_holds(psql: Psql) -> None:
    referral, review = await waiting(psql), datetime.now(UTC) + timedelta(days=9)
    flag = do.AddFlag(
        referral_id=referral, subject="person", kind="staff safety", reason="carries a knife", expires_at=review
    )
    await does(psql, flag)
    assert await stands(psql, referral) == ["caution: staff safety"]
    await does(psql, do.WithdrawFlag(flag_id=flag.flag_id, reason="that was his brother"))
    assert await stands(psql, referral) == []
    await does(psql, do.Accept(referral_id=referral))


@pytest.mark.hazard("H-083")
async def test_another_program_takes_no_step_past_a_field_that_nobody_read(psql: Psql) -> None:
    referral = await psql.take(source="hub", priority="P2", access_note="ring twice")
    await psql.screen(referral)
    await psql.set_refused(psql.shah, "referral", referral, says=UNREAD, state="accepted")
    await does(psql, do.Accept(referral_id=referral))
    await psql.shah.execute(ABOUT, referral, "arrive", "by the side gate")
    sql, van = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)", await psql.van()
    await psql.refused(psql.shah, sql, referral, van, says=UNREAD)
    await does(psql, do.Allocate(referral_id=referral, van_id=van))


async def test_an_amended_time_makes_nothing_read(psql: Psql) -> None:
    referral = await psql.take(source="hub", priority="P2", access_note="ring twice")
    await psql.screen(referral)
    await psql.lead.execute("SELECT set_config('cru.reason', 'read off the form', false)")
    row = await psql.read("referral", referral)
    await psql.set(psql.lead, "referral", referral, received_at=row["received_at"] - timedelta(minutes=2))
    assert (await psql.kinds(referral))[-1] == "time amended"
    await psql.set_refused(psql.shah, "referral", referral, says=UNREAD, state="accepted")


async def test_a_name_and_a_reason_from_a_list_hold_nothing(psql: Psql) -> None:
    referral = await waiting(psql)
    await psql.shah.execute(ABOUT, referral, "call_me", "Blade")
    await psql.shah.execute(ABOUT, referral, "pronouns", "they")
    until = datetime.now(UTC) + timedelta(minutes=20)
    await psql.set(psql.shah, "referral", referral, hold_until=until, hold_reason="overdose_elsewhere")
    await psql.set(psql.shah, "referral", referral, hold_until=None, hold_reason="")
    await psql.set(psql.shah, "referral", referral, state="accepted")


async def test_what_was_said_about_them_and_is_taken_back_says_nothing(psql: Psql) -> None:
    referral = await waiting(psql)
    await does(
        psql, do.TellAbout(referral_id=referral, says=(Said("avoid", "", "He has a knife on him.", "a son"),))
    )
    assert await stands(psql, referral)
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == []
    kept = await psql.owner.fetchval("SELECT stands FROM cru.danger WHERE referral_id = $1", referral)
    assert kept == "[]", "the board follows"


@pytest.mark.hazard("H-083")
async def test_what_was_typed_before_the_upgrade_is_read_with_the_next_step(
    cluster: Cluster, left_by: LeftBy
) -> None:
    async with cloned(cluster, left_by("0028")) as psql:
        armed, calm = await waiting(psql), await psql.take(source="hub", priority="P2", access_note="ring twice")
        await psql.shah.execute(ABOUT, armed, "arrive", "mind the knife in his belt")
        await psql.screen(calm)
        kept = ("referral", "event", "about_me", "reading")
        before = await rows_of(psql, kept)
        await migrate.upgrade(psql.record.owner_url)
        after = await rows_of(psql, kept)
        assert {table: as_known(after[table], before[table]) for table in kept if before[table]} == {
            table: as_known(before[table], before[table]) for table in kept if before[table]
        }
        await does(psql, do.Accept(referral_id=calm))
        with pytest.raises(RecordError, match="knife"):
            await does(psql, do.Accept(referral_id=armed))


async def test_what_is_taken_back_before_anybody_read_it_holds_nothing(psql: Psql) -> None:
    referral, other = await waiting(psql), await waiting(psql)
    await psql.shah.execute(ABOUT, other, "arrive", "over the side gate")
    await psql.shah.execute(ABOUT, referral, "arrive", "mind the knife in his belt")
    await psql.shah.execute(TAKE_BACK)
    await psql.set(psql.shah, "referral", referral, state="accepted")
    await psql.set_refused(psql.shah, "referral", other, says=UNREAD, state="accepted")
