# ruff: noqa: S608 - the tests name tables and columns of our own
"""What is said about a person, what is kept for next time, and who is whom: tried at a psql prompt."""

from typing import Any
from uuid import UUID

import pytest

from db.domain.languages import Languages, read
from db.engine import connect
from db.queries import reference_data
from tests.db.psql import Psql

SAY = (
    "INSERT INTO cru.about_me (referral_id, topic, code, words, said_by) VALUES ($1, $2, $3, $4, $5) RETURNING id"
)
SAME = "INSERT INTO cru.same_person (referral_id, other_id, is_same) VALUES ($1, $2, $3)"
TAKE_OVER = (
    "INSERT INTO cru.about_me (referral_id, topic, code, words, said_by, from_id)"
    " SELECT $1, topic, code, words, said_by, id FROM cru.about_me WHERE id = $2"
)
NUMBER, OTHER_NUMBER = "943 476 5919", "401-023-2137"
BORN = "1979-02-28"


async def say(
    psql: Psql, referral: UUID, topic: str, code: str = "", words: str = "", by: str = "her aunt"
) -> UUID:
    return UUID(str(await psql.shah.fetchval(SAY, referral, topic, code, words, by)))


async def same_as(psql: Psql, referral: UUID) -> set[UUID]:
    return {row[0] for row in await psql.owner.fetch("SELECT cru.same_person_as($1)", referral)}


async def before(psql: Psql, referral: UUID) -> dict[UUID, Any]:
    rows = await psql.shah.fetch("SELECT * FROM cru.known_before($1)", referral)
    return {row["referral_id"]: row for row in rows}


async def named(psql: Psql, name: str, born: str | None = BORN, **more: Any) -> UUID:
    made = await psql.take(patient_name=name, **more)
    if born:
        await psql.owner.execute("UPDATE cru.referral SET patient_born = $2::text::date WHERE id = $1", made, born)
    return made


# --- what is said ---


async def test_what_was_said_has_its_author_and_whoever_said_it(psql: Psql) -> None:
    referral = await psql.take()
    item = await say(psql, referral, "pets", words=" a parrot that bites ", by=" the landlady ")
    row = await psql.read("about_me", item)
    assert (row["words"], row["said_by"], row["added_by"]) == ("a parrot that bites", "the landlady", "a.shah")
    assert (await psql.kinds(referral))[-1] == "about me"
    await psql.refused(psql.shah, SAY, referral, "pets", "", "a cat", "  ", says="who said it")
    for column, value in (("added_by", "'b.okafor'"), ("from_plan", "'helps'"), ("added_at", "now()")):
        names, given = f"referral_id, topic, words, said_by, {column}", f"$1, 'pets', 'x', 'y', {value}"
        sql = f"INSERT INTO cru.about_me ({names}) VALUES ({given})"
        await psql.refused(psql.shah, sql, referral, code="42501")


async def test_it_is_ended_and_never_changed(psql: Psql) -> None:
    item = await say(psql, await psql.take(), "touch", words="not the left shoulder")
    await psql.refused(psql.shah, "UPDATE cru.about_me SET words = 'anywhere' WHERE id = $1", item, code="42501")
    await psql.refused(
        psql.owner, "UPDATE cru.about_me SET words = 'x', ended_at = now() WHERE id = $1", item, code="CR002"
    )
    await psql.refused(psql.shah, "DELETE FROM cru.about_me WHERE id = $1", item, code="42501")
    await psql.shah.execute("UPDATE cru.about_me SET ended_at = '2001-01-01' WHERE id = $1", item)
    row = await psql.read("about_me", item)
    assert row["ended_by"] == "a.shah"
    assert row["ended_at"] > row["added_at"], "the time of an end is the record's"
    await psql.refused(psql.shah, "UPDATE cru.about_me SET ended_at = now() WHERE id = $1", item, code="CR002")


@pytest.mark.parametrize(
    ("topic", "code", "words", "says"),
    [
        ("interpreter", "perhaps", "", "yes, no or not known"),
        ("consent_share", "", "with her brother", "yes, no or not known"),
        ("language", "klingon", "", 'no language "klingon"'),
        ("mobility", "flies", "", 'no "flies"'),
        ("safer_with", "nobody", "", "a woman, a man, or either"),
        ("avoid", "yes", "", "said in words"),
        ("avoid", "", " \t", "nothing written"),
        ("complain_or_thank", "", "thanks", "Nothing is said on this topic"),
    ],
)
async def test_each_topic_is_said_in_its_own_way(psql: Psql, topic: str, code: str, words: str, says: str) -> None:
    await psql.refused(psql.shah, SAY, await psql.take(), topic, code, words, "the person", says=says)


# --- who is whom ---


async def test_a_number_that_fits_makes_them_one_person_and_one_that_does_not_proves_nothing(psql: Psql) -> None:
    one, two = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER.replace(" ", ""))
    other = await psql.take(nhs_number=OTHER_NUMBER)
    wrong = [await psql.take(nhs_number="943 476 5918") for _ in range(2)]
    assert await same_as(psql, one) == {one, two}
    assert await same_as(psql, other) == {other}
    assert await same_as(psql, wrong[0]) == {wrong[0]}
    # A corrected number leads elsewhere at once.
    await psql.set(psql.shah, "referral", two, nhs_number=OTHER_NUMBER)
    assert await same_as(psql, one) == {one}
    assert await same_as(psql, two) == {two, other}


@pytest.mark.hazard("H-028")
async def test_name_and_birth_date_are_a_question_and_a_dispatchers_word_the_answer(psql: Psql) -> None:
    one, two = await named(psql, "Tansy  Plover"), await named(psql, "plover, TANSY")
    assert await same_as(psql, two) == {two}
    assert (await before(psql, two))[one]["found_by"] == "same name and date of birth"
    await psql.shah.execute(SAME, two, one, True)
    assert await same_as(psql, two) == {one, two} == await same_as(psql, one)
    assert (await psql.kinds(two))[-1] == "same person"
    # The last word counts, and is asked no more.
    await psql.shah.execute(SAME, one, two, False)
    assert await same_as(psql, two) == {two}
    assert await before(psql, two) == {}
    await psql.refused(psql.shah, "UPDATE cru.same_person SET is_same = true", code="42501")
    await psql.refused(psql.owner, "UPDATE cru.same_person SET is_same = true", code="CR002")


async def test_a_telephone_is_a_hint_and_proves_nothing(psql: Psql) -> None:
    one = await named(psql, "Sorrel Wren", call_back="07700 900555")
    two = await named(psql, "Robin Campion", "1990-01-01", call_back="+44 7700 900555")
    assert (await before(psql, two))[one]["found_by"].startswith("same telephone")
    assert not (await before(psql, two))[one]["is_same"]
    await psql.refused(psql.shah, SAME, two, one, True, says="NHS number, or by name and date of birth")
    no_birthday = await named(psql, "Sorrel Wren", None)
    await psql.refused(psql.shah, SAME, no_birthday, one, True, says="NHS number, or by name and date of birth")
    await psql.shah.execute(SAME, two, one, False)


@pytest.mark.hazard("H-028")
async def test_a_word_that_they_are_two_counts_for_more_than_a_number(psql: Psql) -> None:
    one, two = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    await psql.shah.execute(SAME, two, one, False)
    assert await same_as(psql, two) == {two}
    assert await same_as(psql, one) == {one}


@pytest.mark.hazard("H-068")
async def test_what_was_entered_in_error_is_nobody(psql: Psql) -> None:
    one, two = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    await psql.set(psql.lead, "referral", one, entered_in_error_at=now, entered_in_error_reason="typed twice")
    assert await same_as(psql, two) == {two}


# --- kept for next time ---


async def known(psql: Psql) -> tuple[UUID, UUID, UUID]:
    """An earlier and a new referral of one person, and something said at the first."""
    earlier, now = await psql.take(nhs_number=NUMBER), await psql.take(nhs_number=NUMBER)
    return earlier, now, await say(psql, earlier, "safe_words", words="marmalade", by="the person")


async def offered(psql: Psql, referral: UUID) -> set[UUID]:
    return {row["id"] for row in await psql.shah.fetch("SELECT id FROM cru.about_before($1)", referral)}


async def test_nothing_is_offered_or_taken_over_without_consent(psql: Psql) -> None:
    earlier, now, item = await known(psql)
    assert await offered(psql, now) == set()
    await psql.refused(psql.shah, TAKE_OVER, now, item, code="CR002", says="not kept for next time")
    await say(psql, earlier, "keep", "no", by="the person")
    assert await offered(psql, now) == set()
    consent = await say(psql, earlier, "keep", "yes", by="the person")
    assert await offered(psql, now) == {item}
    row = await psql.read("about_me", consent)
    assert (row["said_by"], row["added_at"] is not None) == ("the person", True), "who consented, and when"
    # Withdrawn again, it is offered no more.
    await psql.shah.execute("UPDATE cru.about_me SET ended_at = now() WHERE id = $1", consent)
    await psql.refused(psql.shah, TAKE_OVER, now, item, code="CR002")


async def test_it_is_taken_over_as_it_was_said_and_only_once(psql: Psql) -> None:
    earlier, now, item = await known(psql)
    await say(psql, earlier, "keep", "yes", by="the person")
    await psql.shah.execute(TAKE_OVER, now, item)
    (row,) = await psql.owner.fetch("SELECT * FROM cru.about_me WHERE referral_id = $1", now)
    assert (row["words"], row["said_by"], row["added_by"], row["from_id"]) == (
        "marmalade",
        "the person",
        "a.shah",
        item,
    )
    assert (await psql.kinds(now))[-1] == "about me taken over"
    assert await offered(psql, now) == set()
    await psql.refused(psql.shah, TAKE_OVER, now, item, code="CR002")
    changed = TAKE_OVER.replace("words, said_by, id", "'other words', said_by, id")
    await psql.refused(psql.shah, changed, now, item, code="CR002")


async def test_nothing_comes_over_from_another_person_or_of_what_holds_for_one_visit(psql: Psql) -> None:
    earlier, now, _ = await known(psql)
    await say(psql, earlier, "keep", "yes", by="the person")
    promised = await say(psql, earlier, "promised", words="ring before noon")
    stranger = await psql.take(nhs_number=OTHER_NUMBER)
    theirs = await say(psql, stranger, "helps", words="the radio")
    await say(psql, stranger, "keep", "yes")
    for item in (promised, theirs):
        assert item not in await offered(psql, now)
        await psql.refused(psql.shah, TAKE_OVER, now, item, code="CR002")


# --- languages ---

READ = (
    "Lithuanian, no English",
    "speaks only Urdu",
    "BSL",
    "Makaton and pictures",
    "Tigrinya interpreter",
    "Dari",
    "some Romanian from school",
    "English",
    "Polish/Russian; interpreter by phone",
    "welsh, no interpreter needed",
    "Only Somali. Needs an interpreter",
    " ",
    "Kurdish speaker",
    "only English",
    "no English",
)


@pytest.mark.parametrize("typed", READ)
async def test_the_record_reads_languages_as_the_program_does(psql: Psql, typed: str) -> None:
    engine = connect(psql.record.url("a.shah"))
    async with engine.connect() as connection:
        known_here: Languages = (await reference_data(connection)).languages
    await engine.dispose()
    rows = await psql.owner.fetch("SELECT topic, code, words FROM cru.read_languages($1)", typed)
    assert [tuple(row) for row in rows] == [
        (one.topic, one.code, one.words) for one in read(typed, known_here, "x")
    ]


async def test_what_a_crew_speaks_is_kept_by_code(psql: Psql) -> None:
    sql = "INSERT INTO cru.staff (name, profession, languages) VALUES ('N', 'Nurse', $1) RETURNING language_codes"
    assert await psql.lead.fetchval(sql, ["english", "Cymraeg", "British Sign Language", "Elvish"]) == [
        "bfi",
        "cym",
        "eng",
    ]
    sql = "UPDATE cru.staff SET language_codes = '{pol}' WHERE name = 'N' RETURNING language_codes"
    assert await psql.owner.fetchval(sql) == ["bfi", "cym", "eng"], "the names are what somebody typed"


# --- plans of consoles of the version before ---


async def test_what_an_older_console_writes_into_a_plan_is_said_too(psql: Psql) -> None:
    plan = (
        '{"wishes": ["low light"], "helps": "her rabbit", "language": "Somali, no English", "said_by": "a cousin"}'
    )
    referral = await psql.take(plan=plan)
    names = "topic, code, words, said_by"
    sql = f"SELECT {names} FROM cru.about_me WHERE referral_id = $1 AND ended_at IS NULL ORDER BY 1"
    assert [tuple(row) for row in await psql.shah.fetch(sql, referral)] == [
        ("helps", "", "her rabbit", "a cousin"),
        ("interpreter", "yes", "", "a cousin"),
        ("language", "som", "", "a cousin"),
        ("wish", "", "low light", "a cousin"),
    ]
    kept = await psql.owner.fetchval("SELECT id FROM cru.about_me WHERE topic = 'wish'")
    await psql.set(psql.shah, "referral", referral, plan=plan.replace("her rabbit", "two rabbits"))
    now = {tuple(row)[:3] for row in await psql.shah.fetch(sql, referral)}
    assert ("helps", "", "two rabbits") in now
    assert ("helps", "", "her rabbit") not in now
    assert (await psql.read("about_me", kept))["ended_at"] is None, "what did not change stays as it was said"


# --- afterwards ---


async def test_a_wish_is_reported_of_what_was_asked_for_here(psql: Psql) -> None:
    referral, other = await psql.referral("closed"), await psql.take()
    asked, elsewhere = (
        await say(psql, referral, "arrive", words="by the back"),
        await say(psql, other, "arrive", words="x"),
    )
    sql = (
        "INSERT INTO cru.wish_kept (referral_id, about_id, kept, said_by, words)"
        " VALUES ($1, $2, $3, 'the crew', 'it was shut')"
    )
    await psql.shah.execute(sql, referral, asked, "partly")
    event = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'wish kept'")
    assert (event["referral_id"], event["words"]) == (referral, "by the back: it was shut")
    assert '"kept": "partly"' in event["detail"]
    await psql.refused(psql.shah, sql, referral, elsewhere, "yes", says="not asked for at this referral")
    await psql.refused(psql.shah, sql, referral, asked, "perhaps", code="23514")
    await psql.refused(psql.owner, "UPDATE cru.wish_kept SET kept = 'yes'", code="CR002")


@pytest.mark.parametrize("kept", ["partly", "no"])
async def test_what_was_not_kept_has_a_reason(psql: Psql, kept: str) -> None:
    referral = await psql.referral("closed")
    asked = await say(psql, referral, "avoid", words="uniforms")
    sql = (
        "INSERT INTO cru.wish_kept (referral_id, about_id, kept, said_by, words)"
        " VALUES ($1, $2, $3, 'the crew', $4)"
    )
    for nothing in ("", " \n\t"):
        await psql.refused(psql.shah, sql, referral, asked, kept, nothing, says="has a reason")
    await psql.shah.execute(sql, referral, asked, kept, "police were there before us")
    await psql.shah.execute(sql, referral, asked, "yes", "")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1)", act)


async def test_nothing_is_reported_of_what_was_taken_back(psql: Psql) -> None:
    referral = await psql.referral("closed")
    asked = await say(psql, referral, "promised", words="a call at noon")
    await psql.shah.execute("SELECT cru.take_back(act_id) FROM cru.my_last_act()")
    sql = "INSERT INTO cru.wish_kept (referral_id, about_id, kept, said_by) VALUES ($1, $2, 'yes', 'the person')"
    await psql.refused(psql.shah, sql, referral, asked, says="not asked for at this referral")
    assert await psql.shah.fetch("SELECT cru.about_before($1)", referral) == []
    await psql.refused(
        psql.shah, SAY, referral, "no such topic", "", "x", "y", says="Nothing is said on this topic"
    )
