"""A note is read for danger whoever wrote it, by whatever program."""

import json

import pytest

from db import commands
from db.errors import RecordError
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql

WRITE = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"


@pytest.mark.hazard("H-005")
async def test_a_note_of_another_program_meets_the_same_gate_as_one_that_was_typed(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral)
    await psql.shah.execute(WRITE, referral, "rang back: he has drunk bleach")
    with pytest.raises(RecordError, match=r"says “.*bleach”"):
        await does(psql, commands.Accept(referral_id=referral))
    # Whatever is written next keeps what was found, once, so that a clinician can decide about it.
    for words in ("the sister is there", "so is the aunt"):
        await does(psql, commands.AddNote(referral_id=referral, words=words))
    rows = await psql.owner.fetch(
        "SELECT found FROM cru.reading WHERE referral_id = $1 ORDER BY event_id", referral
    )
    assert [("bleach" in row["found"]) for row in rows] == [True, False, False]
    stands = json.loads(
        await psql.owner.fetchval("SELECT stands FROM cru.danger WHERE referral_id = $1", referral)
    )
    assert {one["kind"] for one in stands} == {"words"}


async def test_a_note_that_was_taken_back_is_not_read(psql: Psql) -> None:
    referral = await psql.take()
    await psql.screen(referral)
    await psql.shah.execute(WRITE, referral, "wrong person: he has drunk bleach")
    await psql.shah.execute(TAKE_BACK)
    await does(psql, commands.Accept(referral_id=referral))
