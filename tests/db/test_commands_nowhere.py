"""Whatever is done to a referral locks it first: of one that is not there each command says the same."""

from dataclasses import fields, replace
from typing import Final
from uuid import uuid4

import asyncpg

from db import commands as do
from db.commands.base import kinds
from db.engine import connect
from db.errors import RecordError
from tests.cluster import LOGINS, Record
from tests.filled.commands import Night

MISSING: Final = "That referral is not in the record."
# What is only written beside a referral holds up nobody who changes it; the record says that it is not there.
BESIDE: Final = dict.fromkeys(
    ("AddFeedback", "AddFlag", "AddNote", "Advise999", "OpenRecord", "SendMessage", "SignOff", "WriteLog"),
    "The record refuses this value.",
)
# Of what was asked for there the items are looked up.
ASKED: Final = {"ReportWishes": "That was not asked for at this referral."}
# They bring a referral along; of what was promised, planned or flagged the row says which it is.
ELSEWHERE: Final = {
    *("BeginCall", "ClosePromise", "DoFollowUp", "ErasePerson", "PutOffFollowUp", "TakeBack", "TakeReferral"),
    "WithdrawFlag",
}


async def test_a_referral_that_is_not_there_is_said_by_every_command(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    engines = {login: connect(record.url(login), answer_within=60) for login in LOGINS}
    said: dict[str, str] = {}
    async for login, command in (await Night.of(owner)).deeds():
        name = type(command).__name__
        if login not in engines or name == "ErasePerson":
            break  # the owner's, and whoever's time is over: nobody's here
        if getattr(command, "referral_id", None) is not None and name not in ELSEWHERE:
            try:
                nowhere = replace(command, referral_id=uuid4(), command_id=uuid4())  # type: ignore[call-arg]
                await do.execute(engines[login], nowhere)
            except RecordError as error:
                said[name] = error.sentence
        await do.execute(engines[login], command)
    for engine in engines.values():
        await engine.dispose()
    await owner.close()
    about = {name for name, kind in kinds().items() if "referral_id" in {one.name for one in fields(kind)}}
    assert said == dict.fromkeys(about - ELSEWHERE, MISSING) | BESIDE | ASKED
