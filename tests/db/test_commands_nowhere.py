"""What every command does with a referral: looks it up before anything else, and leaves no words on it unread."""

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
# Of those that are not over.
UNREAD: Final = (
    "SELECT u.words FROM cru.referral r CROSS JOIN LATERAL (SELECT narrative AS words FROM cru.to_be_read(r.id)"
    " UNION ALL SELECT words FROM cru.unread_words(r.id)) u"
    " WHERE r.state IN ('received', 'accepted', 'allocated', 'attending')"
)


async def test_every_command_says_that_a_referral_is_not_there_and_leaves_no_words_unread(record: Record) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    engines = {login: connect(record.url(login), answer_within=60) for login in LOGINS}
    said: dict[str, str] = {}
    unread: list[tuple[str, str]] = []
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
        unread += [(name, row["words"]) for row in await owner.fetch(UNREAD)]
    for engine in engines.values():
        await engine.dispose()
    await owner.close()
    about = {name for name, kind in kinds().items() if "referral_id" in {one.name for one in fields(kind)}}
    assert unread == []
    assert said == dict.fromkeys(about - ELSEWHERE, MISSING) | BESIDE | ASKED
