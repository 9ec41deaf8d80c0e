"""What is told in a call or in the shift log is danger as well as what stands in the narrative."""

from typing import Any
from uuid import UUID

import pytest

from db import commands as do
from db.errors import RecordError
from tests.db.doing import does
from tests.db.psql import TAKE_BACK, Psql

UNREAD = "not read for danger"


async def stands(psql: Psql, referral: UUID) -> list[str]:
    rows = await psql.owner.fetch("SELECT words FROM cru.stands_against($1)", referral)
    return [row["words"] for row in rows]


async def waiting(psql: Psql) -> UUID:
    referral = await psql.take(source="hub", priority="P2")
    await psql.screen(referral)
    return referral


@pytest.mark.hazard("H-083")
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"said": "He says he has swallowed the whole bottle of bleach."}, "bleach"),
        ({"said": "Fine for now.", "promised": "somebody comes for his knife"}, "knife"),
        ({"spoke_with": "nobody", "with_name": "", "why_not": "her sister says she is on the roof"}, "roof"),
    ],
)
async def test_what_is_said_in_a_call_stands_against_the_next_step(
    psql: Psql, said: dict[str, Any], found: str
) -> None:
    referral = await waiting(psql)
    await does(psql, do.Accept(referral_id=referral))
    told = {"spoke_with": "person", "with_name": "Ottoline"} | said
    await does(psql, do.RecordContact(referral_id=referral, **told))
    assert any(found in words for words in await stands(psql, referral))
    assert (await psql.kinds(referral))[-1] == "danger", "whoever has the board is told at once"
    with pytest.raises(RecordError, match=found):
        await does(psql, do.Allocate(referral_id=referral, van_id=await psql.van()))


@pytest.mark.hazard("H-083")
@pytest.mark.parametrize("step", ["accept", "allocate", "mobile", "on scene"])
async def test_another_program_takes_no_step_past_what_nobody_read(psql: Psql, step: str) -> None:
    referral = await waiting(psql)
    if step != "accept":
        await psql.set(psql.shah, "referral", referral, state="accepted")
    job = await psql.allocate(referral, await psql.van()) if step in {"mobile", "on scene"} else None
    van = await psql.van()
    await psql.call(referral, said="the kettle is on")
    if step == "accept":
        await psql.set_refused(psql.shah, "referral", referral, says=UNREAD, state="accepted")
    elif step == "allocate":
        sql = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"
        await psql.refused(psql.shah, sql, referral, van, says=UNREAD)
    elif job is not None:
        await psql.set_refused(psql.shah, "assignment", job, says=UNREAD, state=step)
        # What keeps a crew safe waits for no reader.
        await psql.set(psql.shah, "assignment", job, state="at rendezvous")
        await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="not_needed")
    # Whatever is written next in the console reads it, and then nothing stands there.
    await does(psql, do.AddNote(referral_id=referral, words="spoke to the sister as well"))
    assert await stands(psql, referral) == []
    if step == "accept":
        await psql.set(psql.shah, "referral", referral, state="accepted")


@pytest.mark.hazard("H-083")
@pytest.mark.parametrize("kind", ["note", "shift log", "call"])
async def test_so_it_is_wherever_it_was_written(psql: Psql, kind: str) -> None:
    referral = await waiting(psql)
    words = "rang back: he has a noose ready"
    if kind == "note":
        sql = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"
        await psql.shah.execute(sql, referral, words)
    elif kind == "shift log":
        await psql.shah.execute("INSERT INTO cru.shift_log (referral_id, words) VALUES ($1, $2)", referral, words)
    else:
        await psql.call(referral, said=words)
    await psql.set_refused(psql.shah, "referral", referral, says=UNREAD, state="accepted")
    with pytest.raises(RecordError, match="noose"):
        await does(psql, do.Accept(referral_id=referral))


@pytest.mark.hazard("H-083")
async def test_what_is_told_in_a_call_after_the_end_is_for_somebody_now(psql: Psql) -> None:
    ended, waits = await psql.referral("declined"), await waiting(psql)
    to_do = "SELECT what_for FROM cru.follow_up WHERE referral_id = $1 AND done_at IS NULL"

    async def tell(who: UUID, said: str) -> None:
        call = do.RecordContact(referral_id=who, spoke_with="carer", with_name="her mother", said=said)
        await does(psql, call)

    await tell(ended, "The kettle is on.")
    assert await psql.owner.fetch(to_do, ended) == []
    for said in ("She has swallowed all her tablets.", "She has swallowed the rest as well."):
        await tell(ended, said)
        await tell(waits, said)
    # What was done is called a call, whatever follows from it.
    assert await psql.shah.fetchval("SELECT kind FROM cru.my_last_act()") == "contact"
    (later,) = await psql.owner.fetch(to_do, ended)
    assert later["what_for"].startswith("Danger was told in a call after it had ended")
    assert await psql.owner.fetch(to_do, waits) == []
    # What the record plans is no danger by itself.
    await does(psql, do.DoFollowUp(follow_up_id=await _follow_up(psql, ended), outcome="999 was told"))
    await does(psql, do.Reopen(referral_id=ended, reason="rang again"), login="l.lead")
    assert not any("999" in words for words in await stands(psql, ended))


async def _follow_up(psql: Psql, referral: UUID) -> UUID:
    return UUID(str(await psql.owner.fetchval("SELECT id FROM cru.follow_up WHERE referral_id = $1", referral)))


async def test_an_entry_of_the_log_is_read_as_it_is_written(psql: Psql) -> None:
    referral = await waiting(psql)
    await does(psql, do.WriteLog(words="Police: she is on the railway bridge", referral_id=referral))
    assert any("bridge" in words for words in await stands(psql, referral))
    await does(psql, do.WriteLog(words="The lift is broken"))


async def test_a_call_of_which_nothing_was_said_holds_nothing(psql: Psql) -> None:
    referral = await waiting(psql)
    await psql.call(referral)
    await psql.set(psql.shah, "referral", referral, state="accepted")


async def test_a_call_that_is_taken_back_says_nothing(psql: Psql) -> None:
    referral = await waiting(psql)
    await does(
        psql,
        do.RecordContact(referral_id=referral, spoke_with="carer", with_name="Ines", said="She has drunk bleach."),
    )
    assert await stands(psql, referral)
    await psql.shah.execute(TAKE_BACK)
    assert await stands(psql, referral) == []
    kept = await psql.owner.fetchval("SELECT stands FROM cru.danger WHERE referral_id = $1", referral)
    assert kept == "[]", "the board follows"


@pytest.mark.hazard("H-001")
@pytest.mark.parametrize("beside", [{"triage_scale": "A"}, {"narrative": "He will jump tonight."}])
async def test_nothing_is_accepted_by_the_statement_that_tells_of_danger(
    psql: Psql, beside: dict[str, Any]
) -> None:
    referral = await waiting(psql)
    await psql.set_refused(psql.shah, "referral", referral, says="Not accepted", state="accepted", **beside)
    await psql.set(psql.shah, "referral", referral, state="accepted", caller="the sister")
