"""The words of the command line are rows: shipped, kept by a shift lead, and heard by every console."""

import tomllib

import pytest

import resources
from db import commands as do
from db import migrate, queries, reference
from db.domain.command_verbs import VERBS
from db.engine import connect, transaction
from db.errors import NotAllowed
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

WORDS_ENOUGH = {"unsent"}
"""Verbs whose plain words are as short as any other could be."""


def shipped() -> list[tuple[str, str]]:
    read = tomllib.loads(resources.path(reference.DEFAULT_SET).read_text("utf-8"))
    return [(row["label"], row["verb"]) for row in read["command_word"]]


def test_the_shipped_words_mean_something_and_are_short_forms() -> None:
    assert {verb for _, verb in shipped()} <= VERBS.keys()
    # A plain word is always itself, so a row of it would say nothing.
    assert not {words for words, _ in shipped()} & VERBS.keys()
    assert len(set(shipped())) == len(shipped())
    assert VERBS.keys() - {verb for _, verb in shipped()} <= WORDS_ENOUGH, "every verb has a short form"


async def test_a_lead_adds_a_word_and_takes_one_away(psql: Psql) -> None:
    lead = connect(psql.record.url("l.lead"))
    try:
        await do.execute(
            lead, do.SaveListed(table="command_word", values={"label": "roger", "verb": "acknowledged"})
        )
        await do.execute(lead, do.RetireListed(table="command_word", key={"label": "mob", "verb": "mobile"}))
        async with transaction(lead) as connection:
            words = (await queries.reference_data(connection)).command_words
    finally:
        await lead.dispose()
    assert ("roger", "acknowledged") in words
    assert ("mob", "mobile") not in words
    said = await psql.owner.fetch(
        "SELECT words, recorded_by FROM cru.event WHERE kind = 'list changed' ORDER BY id"
    )
    assert [tuple(row) for row in said] == [
        ("command word: roger, added", "l.lead"),
        ("command word: mob, out of use", "l.lead"),
    ]


async def test_a_dispatcher_adds_none(psql: Psql) -> None:
    engine = connect(psql.record.url("a.shah"))
    try:
        with pytest.raises(NotAllowed):
            await do.execute(engine, do.SaveListed(table="command_word", values={"label": "x", "verb": "clear"}))
    finally:
        await engine.dispose()


@pytest.mark.long
async def test_a_record_in_use_gets_the_words_that_are_shipped(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0034")) as old:
        await migrate.upgrade(old.record.owner_url)
        found = await old.owner.fetch("SELECT label, verb FROM cru.command_word ORDER BY rank")
        assert [tuple(row) for row in found] == shipped()
        assert not await old.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'list changed'")


async def test_a_word_that_a_service_gave_a_meaning_keeps_it(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0050")) as old:
        await old.owner.execute("INSERT INTO cru.command_word (label, verb, rank) VALUES ('HU', 'hold', 7)")
        await old.owner.execute("DELETE FROM cru.command_word WHERE label IN ('hu', 'lk')")
        await migrate.upgrade(old.record.owner_url)
        found = await old.owner.fetch(
            "SELECT verb FROM cru.command_word WHERE lower(label) IN ('hu', 'lk') ORDER BY 1"
        )
        assert [row["verb"] for row in found] == ["hold", "lock"]
