# ruff: noqa: S608 - the tests name tables and columns of our own
"""What the record itself says to people uses no listed word and no raw code, and old rows are put right."""

from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from db import migrate
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned
from tests.screen_words import Text, sql_literals, wrong_in

OLD = "cru_words_at_0008"
# What a function takes from a program of before, and puts into the words of now.
ALLOWED = {("guard_flag", "repeat caller*")}
_LABELS = (
    ("reason", "label"),
    ("outcome", "label"),
    ("wish", "label"),
    ("referral_source", "label"),
    ("priority", "meaning"),
    ("rule", "meaning"),
    ("destination", "name"),
    ("destination", "kind"),
    ("measure", "title"),
    ("measure", "definition"),
)


@pytest.mark.hazard("H-060")
async def test_the_records_own_sentences_use_no_listed_word(psql: Psql) -> None:
    functions = await psql.owner.fetch(
        "SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'cru'::regnamespace"
    )
    limits = await psql.owner.fetch(
        "SELECT conname AS name, pg_get_constraintdef(oid) AS body FROM pg_constraint"
        " WHERE connamespace = 'cru'::regnamespace"
    )
    texts = [Text(row["name"], words) for row in [*functions, *limits] for words in sql_literals(row["body"])]
    assert len(texts) > 300
    found = [(text.where, word.word, text.words) for text in texts for word in wrong_in(text)]
    assert [one for one in found if one[:2] not in ALLOWED] == []


@pytest.mark.hazard("H-060")
@pytest.mark.parametrize(("table", "column"), _LABELS)
async def test_what_is_shipped_has_words_and_no_codes(psql: Psql, table: str, column: str) -> None:
    rows = await psql.owner.fetch(f"SELECT {column} AS words FROM cru.{table}")
    texts = [Text(f"{table}.{column}", row["words"]) for row in rows]
    assert texts
    assert [(text.words, word.say) for text in texts for word in wrong_in(text)] == []
    assert [text.words for text in texts if "_" in text.words] == []


# --- a record of before ---


@pytest.fixture(scope="module")
def old(cluster: Cluster, left_by: LeftBy) -> str:
    """A database as a program of before left it, with the words that it shipped."""
    cluster.execute(f"CREATE DATABASE {OLD} TEMPLATE {left_by('0008')} STRATEGY file_copy")
    before = {
        "reason": ("person_declines", "The person does not want the CRU"),
        "outcome": ("liaison_ed", "Liaison via ED"),
    }
    for table, (code, label) in before.items():
        cluster.execute(f"UPDATE cru.{table} SET label = '{label}' WHERE code = '{code}'", database=OLD)
    cluster.execute(
        "UPDATE cru.outcome SET label = 'They had another idea' WHERE code = 'declined_by_person';"
        "UPDATE cru.destination SET name = replace(name, 'A&E', 'ED'), kind = 'ED' WHERE kind = 'A&E';"
        "UPDATE cru.destination SET name = 'Our own ED' WHERE name = 'Kettering General Hospital ED'",
        database=OLD,
    )
    return OLD


@pytest.fixture
async def worded(cluster: Cluster, old: str) -> AsyncIterator[Psql]:
    async with cloned(cluster, old) as made:
        yield made


async def labels(psql: Psql, table: str) -> dict[str, str]:
    return {row["code"]: row["label"] for row in await psql.owner.fetch(f"SELECT code, label FROM cru.{table}")}


@pytest.mark.hazard("H-058")
async def test_labels_that_were_shipped_change_and_a_trusts_own_stay(worded: Psql) -> None:
    closed = await worded.referral("closed")
    told = await worded.kinds(closed)
    await migrate.upgrade(worded.record.owner_url)
    assert (await labels(worded, "reason"))["person_declines"] == "The person chose other support"
    outcomes = await labels(worded, "outcome")
    assert outcomes["liaison_ed"] == "Liaison at A&E"
    assert outcomes["declined_by_person"] == "They had another idea"
    names = {
        row["name"] for row in await worded.owner.fetch("SELECT name FROM cru.destination WHERE kind = 'A&E'")
    }
    assert names == {"Northampton General Hospital A&E", "Our own ED"}
    assert await worded.kinds(closed) == told
    assert (await worded.read("referral", closed))["outcome"] == "gp"


@pytest.mark.hazard("H-042")
async def test_who_asked_before_is_no_repeat_caller(worded: Psql) -> None:
    referral = await worded.referral()
    sql = "INSERT INTO cru.flag (referral_id, subject, kind, reason) VALUES ($1, 'person', $2, $3) RETURNING id"
    before = await worded.shah.fetchval(sql, referral, "repeat caller", "Tea, and the radio off")
    other = await worded.shah.fetchval(sql, referral, "pets", "Two geese")
    told = await worded.kinds(referral)
    await migrate.upgrade(worded.record.owner_url)
    rows = {row["id"]: row["kind"] for row in await worded.owner.fetch("SELECT id, kind FROM cru.flag")}
    assert rows == {before: "contacted us before", other: "pets"}
    assert await worded.kinds(referral) == told
    off = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'cru.flag'::regclass AND tgenabled <> 'O'"
    assert await worded.owner.fetch(off) == []
    # A program of before may still say it; the record never keeps it.
    with suppress(asyncpg.PostgresError):
        await worded.shah.fetchval(sql, referral, "repeat caller", "x")
    assert await worded.owner.fetchval("SELECT count(*) FROM cru.flag WHERE kind = 'repeat caller'") == 0
