"""A past moment shows what was known then: what the person had said, flags, what stood against the next step."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from db import commands as do
from db import queries
from db.domain.about import AboutItem, Said
from db.domain.cautions import Flag
from db.domain.dangers import Dangers
from db.domain.replay import board_at, by_referral, stood_at
from db.engine import transaction
from db.replay import load_past
from tests.cluster import Record
from tests.db import desk
from tests.db.undoing import UndoRoom, room_on

LEAD = "l.lead"


@pytest.fixture
async def room(record: Record) -> AsyncIterator[UndoRoom]:
    async with room_on(record) as made:
        await made.stop_clock()
        yield made


@pytest.mark.hazard("H-089")
async def test_each_moment_shows_what_was_known_then_and_what_stood_against_the_next_step(room: UndoRoom) -> None:
    begun = await room.now()
    taken = await room.send(do.TakeReferral(details=desk.details(triage_scale="C", narrative="Says very little")))
    key = taken.referral_id
    moments, expected = [], []

    async def then(*stood: str, said: str = "", flags: int = 0) -> None:
        """The next minute, at which this is so; the record itself says the same of what stands now."""
        await room.pass_time(60)
        moments.append(await room.now())
        expected.append((set(stood), said, flags))
        now = await room.owner.fetch("SELECT words FROM cru.stands_against($1)", key)
        assert {row["words"] for row in now} == set(stood)
        await room.pass_time(60)

    await then("not screened")
    await room.send(await desk.answered(room.engines["a.shah"], key, seizure="yes"))
    await then("yes: Seizure")
    tell = do.TellAbout(referral_id=key, says=(Said("helps", "", "her dog", "the person"),))
    await room.send(tell)
    await room.send(await room.let_on(key), LEAD)
    await then(said="her dog")
    note = await room.send(do.AddNote(referral_id=key, words="She has swallowed bleach"))
    words = "says “bleach”: Overdose or any ingestion"
    await then(words, words.replace("bleach", "swallowed"), said="her dog")
    await room.back(note, LEAD, "of another person")
    item = await room.owner.fetchval("SELECT id FROM cru.about_me WHERE referral_id = $1", key)
    await room.send(do.TellAbout(referral_id=key, ends=(item,)))
    ends = await room.now() + timedelta(days=9)
    flag = {"subject": "person", "kind": "staff safety", "reason": "a crossbow", "expires_at": ends}
    put = await room.send(do.AddFlag(referral_id=key, danger=True, **flag))
    await then("caution: staff safety", flags=1)
    await room.send(do.WithdrawFlag(flag_id=put.flag_id, reason="sold", referral_id=key))
    bleach = "“bleach”: Overdose or any ingestion"
    for scale, narrative, stood in (
        ("A", "Says very little", ("scale A, immediate danger",)),
        ("C", "Says very little", ("scale A earlier",)),
        ("C", "He has had some bleach", ("scale A earlier", f"says {bleach}")),
        # What a sentence said stands on when it is taken out, and not when that is taken back.
        ("C", "Says very little", ("scale A earlier", f"said earlier {bleach}")),
    ):
        version = await room.owner.fetchval("SELECT version FROM cru.referral WHERE id = $1", key)
        edited = desk.details(triage_scale=scale, narrative=narrative)
        last = await room.send(do.EditReferral(referral_id=key, version=version, details=edited))
        await then(*stood)
    await room.back(last, LEAD, "it was right")
    await then("scale A earlier", f"says {bleach}")

    engine = room.engines[LEAD]
    async with transaction(engine) as connection:
        past = await load_past(connection, begun - timedelta(hours=1), moments[-1])
    async with transaction(engine) as connection:
        reference = await queries.reference_data(connection)
    for moment, (stood, said, flags) in zip(moments, expected, strict=True):
        board = board_at(past, moment)
        (found,) = stood_at(past, board, reference, moment)
        assert isinstance(found, Dangers)
        assert {one.words for one in found.stands} == stood, moment
        about = [one.said.words for one in board["about_me"] if isinstance(one, AboutItem)]
        assert about == ([said] if said else [])
        assert len([one for one in board["flag"] if isinstance(one, Flag)]) == flags
        parts = [
            row for part in by_referral(past) for row in stood_at(part, board_at(part, moment), reference, moment)
        ]
        assert parts == [found]
    let_on = stood_at(past, board_at(past, moments[2]), reference, moments[2])[0]
    assert isinstance(let_on, Dangers)
    assert [one.clinician for one in let_on.decided] == ["Dr Yu"]
