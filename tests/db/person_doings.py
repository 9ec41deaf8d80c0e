"""What is done about a person, to be taken back: each with what was there before."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from db import commands as do
from db.domain.about import Said
from db.domain.states import AssignmentState
from tests.db.undoing import UndoRoom, accepted, closed, job

SHAH, OKAFOR = "a.shah", "b.okafor"
Doing = Callable[[UndoRoom], Awaitable[tuple[do.Command, str]]]
NUMBER = "943 476 5919"


async def _items(room: UndoRoom, referral: UUID) -> tuple[UUID, ...]:
    sql = "SELECT id FROM cru.about_me WHERE referral_id = $1 AND ended_at IS NULL ORDER BY topic"
    return tuple(row["id"] for row in await room.owner.fetch(sql, referral))


async def _numbered(room: UndoRoom, referral: UUID) -> None:
    await room.owner.execute("UPDATE cru.referral SET nhs_number = $2 WHERE id = $1", referral, NUMBER)


async def _told(room: UndoRoom, referral: UUID) -> None:
    says = (Said("helps", "", "her accordion"), Said("keep", "yes"))
    await room.send(do.TellAbout(referral_id=referral, says=says), OKAFOR)


async def _tell(room: UndoRoom) -> tuple[do.Command, str]:
    referral = await accepted(room)
    await _told(room, referral)
    ends = (await _items(room, referral))[:1]
    return do.TellAbout(referral_id=referral, says=(Said("helps", "", "silence", "a son"),), ends=ends), SHAH


async def _take_over(room: UndoRoom) -> tuple[do.Command, str]:
    earlier, now = await accepted(room), await accepted(room)
    for one in (earlier, now):
        await _numbered(room, one)
    await _told(room, earlier)
    (item, _keep) = await _items(room, earlier)
    return do.TakeOver(referral_id=now, item_ids=(item,)), SHAH


async def _who(room: UndoRoom) -> tuple[do.Command, str]:
    one, other = await accepted(room), await accepted(room)
    return do.SayWhoItIs(referral_id=one, other_id=other, is_same=False), SHAH


async def _flag(room: UndoRoom) -> do.AddFlag:
    ends = await room.now() + timedelta(days=30)
    given = {"subject": "person", "kind": "access", "reason": "a gate", "expires_at": ends}
    made = do.AddFlag(referral_id=await accepted(room), **given)  # type: ignore[arg-type] # by name
    await room.send(made, OKAFOR)
    return made


async def _withdraw(room: UndoRoom) -> tuple[do.Command, str]:
    return do.WithdrawFlag(flag_id=(await _flag(room)).flag_id, reason="mended"), SHAH


async def _go_on(room: UndoRoom) -> tuple[do.Command, str]:
    was = await _flag(room)
    given = {"subject": "person", "kind": "access", "reason": "a gate", "extends_id": was.flag_id}
    ends = await room.now() + timedelta(days=200)
    return do.AddFlag(referral_id=was.referral_id, expires_at=ends, **given), SHAH  # type: ignore[arg-type] # by name


async def _read_back(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room)
    given = {"read_by": "O. Finch", "channel": "radio", "brief": "By the yard."}
    return do.ReadBriefBack(referral_id=sent.referral_id, assignment_id=sent.assignment_id, **given), SHAH


async def _well(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, AssignmentState.ON_SCENE)
    return do.CrewWell(assignment_id=sent.assignment_id, channel="radio"), SHAH


async def _book(room: UndoRoom) -> tuple[do.Command, str]:
    return do.BookInterpreter(referral_id=await accepted(room), language="lit", booked_with="an agency"), SHAH


async def _wishes(room: UndoRoom) -> tuple[do.Command, str]:
    referral = await closed(room)
    await _told(room, referral)
    (item, _keep) = await _items(room, referral)
    return do.ReportWishes(referral_id=referral, kept=((item, "partly"),), said_by="she", words="late"), SHAH


PERSON_DOINGS: dict[str, Doing] = {
    "about me": _tell,
    "taken over": _take_over,
    "who it is": _who,
    "flag withdrawn": _withdraw,
    "flag gone on with": _go_on,
    "brief read back": _read_back,
    "crew well": _well,
    "interpreter booked": _book,
    "wishes reported": _wishes,
}
