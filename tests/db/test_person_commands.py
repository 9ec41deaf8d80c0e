"""What is done about a person, by the commands: what each writes, trimmed, and what makes no sense of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db import commands as do
from db.domain.about import Said
from db.errors import Conflict, Invalid, RecordError
from tests.db import desk
from tests.db.test_commands import Room, room

__all__ = ["room"]
SOON = datetime.now(UTC) + timedelta(days=30)


async def rows(room: Room, table: str, referral: UUID) -> list[Any]:
    sql = f"SELECT * FROM cru.{table} WHERE referral_id = $1"  # noqa: S608 - a table of ours
    return list(await room.owner.fetch(sql, referral))


async def refused(room: Room, kind: type[RecordError], words: str, *commands: do.Command) -> None:
    for command in commands:
        with pytest.raises(kind, match=words):
            await room.send(command)


async def test_what_is_said_is_kept_trimmed_once_and_ended_as_it_stood(room: Room) -> None:
    who, other = await desk.accepted(room.shah), await desk.accepted(room.shah)
    says = (Said("helps", "", " her dog ", " a son "), Said("keep", "yes"))
    tell = do.TellAbout(referral_id=who, says=says)
    await room.send(tell, tell)
    helps, keep = sorted(await rows(room, "about_me", who), key=lambda row: str(row["topic"]))
    assert (helps["words"], helps["said_by"], keep["code"]) == ("her dog", "a son", "yes")
    await refused(room, Invalid, "nothing written", do.TellAbout(referral_id=who, says=(Said("helps", "", "  "),)))
    # Of another referral, of none, and one of several that is ended already: all or nothing.
    for one, ends in ((other, (helps["id"],)), (who, (uuid4(),)), (who, (helps["id"], uuid4()))):
        await refused(room, Conflict, "changed what was said", do.TellAbout(referral_id=one, ends=ends))
    await room.send(
        do.TellAbout(referral_id=who, ends=(helps["id"], helps["id"]), says=(Said("helps", "", "tea"),))
    )
    await refused(room, Conflict, "changed what was said", do.TellAbout(referral_id=who, ends=(helps["id"],)))
    now = {row["words"]: row["ended_at"] is not None for row in await rows(room, "about_me", who)}
    assert now == {"her dog": True, "": False, "tea": False}
    await refused(room, Invalid, "not in the record", do.TellAbout(referral_id=uuid4(), says=says))


async def test_what_was_kept_is_taken_over_item_by_item(room: Room) -> None:
    was, now = await desk.accepted(room.shah), await desk.accepted(room.shah)
    for one in (was, now):
        await room.owner.execute("UPDATE cru.referral SET nhs_number = '943 476 5919' WHERE id = $1", one)
    says = (Said("helps", "", "her dog", "a son"), Said("keep", "yes"))
    await room.send(do.TellAbout(referral_id=was, says=says))
    items = {row["topic"]: row["id"] for row in await rows(room, "about_me", was)}
    await refused(
        room,
        Invalid,
        "Nothing was chosen",
        do.TakeOver(referral_id=now, item_ids=()),
        do.TakeOver(referral_id=now, item_ids=(items["helps"], uuid4())),
    )
    await room.send(do.TakeOver(referral_id=now, item_ids=(items["helps"], items["helps"])))
    (row,) = await rows(room, "about_me", now)
    assert (row["words"], row["said_by"], row["from_id"]) == ("her dog", "a son", items["helps"])
    await room.send(do.SayWhoItIs(referral_id=now, other_id=was, is_same=False))
    (word,) = await rows(room, "same_person", now)
    assert (word["other_id"], word["is_same"]) == (was, False)


async def test_a_flag_is_withdrawn_once_and_for_a_reason(room: Room) -> None:
    who = await desk.accepted(room.shah)
    flag = do.AddFlag(
        referral_id=who, subject="address", kind="access", reason=" a gate ", expires_at=SOON, danger=True
    )
    await refused(room, Invalid, "nothing written", replace(flag, reason=" "))
    await room.send(flag)
    (row,) = await rows(room, "flag", who)
    assert (row["reason"], row["subject"], row["danger"], row["withdrawn_at"]) == ("a gate", "address", True, None)
    gone = do.WithdrawFlag(flag_id=flag.flag_id, reason=" mended ")
    await refused(room, Invalid, "needs a reason", replace(gone, reason=" "))
    await refused(room, Invalid, "not in the record", replace(gone, flag_id=uuid4()))
    await room.send(gone)
    await refused(room, Conflict, "withdrawn already", replace(gone, command_id=uuid4()))
    (row,) = await rows(room, "flag", who)
    assert (row["withdrawn_reason"], row["withdrawn_at"] is None) == ("mended", False)


async def test_what_is_done_of_it_is_written_as_it_was_said(room: Room) -> None:
    sent = await desk.allocated(room.shah)
    who = sent.referral_id
    await room.send(
        do.ReadBriefBack(
            referral_id=who,
            assignment_id=sent.assignment_id,
            read_by=" Amara ",
            channel="telephone",
            brief=" Read. ",
        ),
        do.BookInterpreter(
            referral_id=who, language="lit", booked_with=" an agency ", booking=" 44 ", booked_for=SOON
        ),
        do.TellAbout(referral_id=who, says=(Said("helps", "", "tea"), Said("avoid", "", "uniforms"))),
    )
    (read,), (booked,) = await rows(room, "read_back", who), await rows(room, "interpreter", who)
    # Not trimmed: another text than the one that stands counts as not read back.
    assert (read["read_by"], read["brief"]) == ("Amara", " Read. ")
    assert (booked["booked_with"], booked["booking"], booked["booked_for_at"]) == ("an agency", "44", SOON)
    ids = [row["id"] for row in await rows(room, "about_me", who)]
    report = do.ReportWishes(
        referral_id=who, kept=tuple((one, "yes") for one in ids), said_by=" she ", words=" well "
    )
    await refused(room, Invalid, "Nothing was answered", replace(report, kept=()))
    await room.send(report)
    found = await rows(room, "wish_kept", who)
    assert sorted(row["about_id"] for row in found) == sorted(ids)
    assert {(row["said_by"], row["words"], row["kept"]) for row in found} == {("she", "well", "yes")}
    why = ((ids[1], " the side door was shut "),)
    await room.send(replace(report, command_id=uuid4(), kept=((ids[0], "no"), (ids[1], "partly")), whys=why))
    told = {(row["about_id"], row["kept"], row["words"]) for row in await rows(room, "wish_kept", who)}
    assert told >= {(ids[0], "no", "well"), (ids[1], "partly", "the side door was shut")}
    await refused(room, Invalid, "no group", do.SayEthnicity(referral_id=who, group="martian"))
