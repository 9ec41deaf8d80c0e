"""Reads: queries in, domain records out. Never ORM objects."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import mirror, rows, tables
from db.backup_queries import backups_made, sealed
from db.care_queries import of_care
from db.clock import ClockReading
from db.domain.about import Mobility, Topic, TopicKind
from db.domain.known import KnownHere, KnownReferral
from db.domain.languages import Language, Languages
from db.domain.party import Party
from db.domain.raised import AlarmKind
from db.domain.records import Event, Record, StaffMember
from db.domain.reference import Choice, Priority, ReferenceData, Source, User
from db.domain.roles import Role
from db.domain.rules import DELIVERED, Rules, rules_of
from db.domain.taken_back import PastAct
from db.domain.texts import paragraphs
from db.errors import NotAllowed
from db.listed import listed
from db.person_queries import waiting_requests
from db.room_rows import REFERENCE
from db.rota_queries import of_rota
from db.tools import tools_of


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, and in which service."""

    login: str
    display_name: str
    role: Role
    service: str
    exercise: bool


Made = TypeVar("Made")
INSISTED_MOST = 500
_STEPS = text(
    """
WITH past AS MATERIALIZED (SELECT k FROM unnest(CAST(:keys AS uuid[])) AS k WHERE NOT cru.sees(k))
SELECT * FROM (
    SELECT * FROM cru.event WHERE referral_id = ANY (:keys) AND referral_id NOT IN (SELECT k FROM past)
    UNION ALL
    SELECT * FROM cru.steps_told(ARRAY(SELECT k FROM past))
) each WHERE kind <> 'record opened' ORDER BY happened_at, id
"""
)
_OF_VAN = text("SELECT * FROM cru.story_of_van(:van, :most)")
_SERVICE = text("SELECT name, has_table_privilege('cru.staff', 'SELECT') FROM cru.service")


async def snapshot(connection: AsyncConnection, role: Role) -> Mapping[str, Sequence[Record]]:
    """Everything that is live, by table, in one picture. Begins the transaction, so it must be asked first."""
    # Postgres refuses it once the transaction has asked anything.
    await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    raw = await connection.get_raw_connection()
    return (await mirror.whole(raw.driver_connection, role)).records


async def events_of(connection: AsyncConnection, referral_id: UUID) -> list[Event]:
    """What happened to a referral, oldest first."""
    query = select(tables.EventRow.__table__).where(tables.EventRow.referral_id == referral_id)
    result = await connection.execute(query.order_by(tables.EventRow.happened_at, tables.EventRow.id))
    return [rows.event(row) for row in result.mappings()]


async def steps_of(connection: AsyncConnection, referrals: Collection[UUID]) -> dict[UUID, list[Event]]:
    """What happened to several referrals, by referral, oldest first; without who looked at them.

    Of those that are past the steps and who told them: no word about anybody.
    """
    found: dict[UUID, list[Event]] = {key: [] for key in referrals}
    for row in (await connection.execute(_STEPS, {"keys": list(referrals)})).mappings():
        found[row["referral_id"]].append(rows.event(row))
    return found


async def known_here(connection: AsyncConnection, referral_id: UUID) -> KnownHere:
    """What is known of the person of a referral from other ones, and what was kept and may be taken over."""
    given = {"referral": referral_id}
    others = await connection.execute(text("SELECT * FROM cru.known_of(:referral)"), given)
    found = tuple(
        KnownReferral(
            row.referral_id,
            row.reference,
            row.received_at,
            row.found_by,
            row.is_same,
            row.keeps,
            row.outcome or "",
            row.said,
            row.at_address,
            row.word,
            row.is_open,
        )
        for row in others
    )
    kept = await connection.execute(text("SELECT * FROM cru.about_before(:referral)"), given)
    return KnownHere(found, tuple(rows.about_item(row) for row in kept.mappings()))


async def events_of_van(connection: AsyncConnection, van_id: UUID, limit: int = 50) -> list[Event]:
    """What a van's crew did lately, newest first; of visits that are past without a word about anybody."""
    result = await connection.execute(_OF_VAN, {"van": van_id, "most": limit})
    return [rows.event(row) for row in result.mappings()]


async def insisted_on(connection: AsyncConnection, since: datetime) -> list[tuple[Event, str]]:
    """What was recorded since then (aware) although something known spoke against it, newest first, 500 at most.

    ``Event.insisted`` says what; beside it stands the reference of its referral, empty for none. What was taken
    back afterwards is left out.
    """
    event = tables.EventRow.__table__.alias("t")
    back = tables.EventRow.__table__.alias()
    undone = select(back.c.id).where(back.c.amends == event.c.id, back.c.kind.endswith(" taken back")).exists()
    # In the words of the index that serves it, which has few rows in a table of millions.
    query = select(event, text(REFERENCE)).where(
        text("t.detail ? 'insisted'"), event.c.recorded_at > since, ~undone
    )
    result = await connection.execute(
        query.order_by(event.c.recorded_at.desc(), event.c.id.desc()).limit(INSISTED_MOST)
    )
    return [(rows.event(row), row["reference"] or "") for row in result.mappings()]


async def my_last_act(connection: AsyncConnection) -> PastAct | None:
    """The last thing that this login did within a minute of the record's clock and did not take back."""
    query = text(f"SELECT t.*, {REFERENCE} FROM cru.my_last_act() t")  # noqa: S608
    row = (await connection.execute(query)).first()
    return None if row is None else replace(_act(row), reference=row.reference or "")


async def acts_of(
    connection: AsyncConnection, referral_id: UUID | None, van_id: UUID | None = None
) -> dict[int, PastAct]:
    """What stands of a referral, or of a van apart from its jobs; by the id of the event that says it best."""
    found = await connection.execute(
        text("SELECT * FROM cru.acts_of(:referral, :van)"), {"referral": referral_id, "van": van_id}
    )
    return {row.event_id: _act(row) for row in found}


def _act(row: Row[Any]) -> PastAct:
    return PastAct(
        row.act_id,
        row.event_id,
        row.referral_id,
        row.van_id,
        row.kind,
        row.words,
        row.done_by,
        row.done_at,
        row.blocked or "",
    )


async def me(connection: AsyncConnection) -> Me:
    """Who is signed in.

    Raises:
        NotAllowed: the login is unknown to the record, or was disabled.
    """
    query = text(
        "SELECT session_user::text AS login, u.display_name, u.role, u.disabled_at, s.name, s.exercise"
        # ``session_user``, which no client can set; joined loosely, so that an unknown login is an answer
        # and not no row.
        " FROM cru.service s LEFT JOIN cru.my_account u ON true"
    )
    row = (await connection.execute(query)).first()
    if row is None or row.role is None:
        raise NotAllowed(
            "This login is not a user of the record.", "The owner adds it with main.py admin add-user."
        )
    if row.disabled_at is not None:
        raise NotAllowed("This login is disabled.", "Ask the owner.")
    return Me(row.login, paragraphs(row.display_name), Role(row.role), row.name, row.exercise)


async def clock(connection: AsyncConnection) -> ClockReading:
    """The record's clock."""
    query = text("SELECT cru.clock_now() AS now, clock_speed, clock_origin FROM cru.service WHERE id = 1")
    row = (await connection.execute(query)).one()
    # The speed means something only with an origin from which the time is counted: in a practice shift.
    return ClockReading(row.now, row.clock_speed if row.clock_origin else 1.0)


async def now(connection: AsyncConnection) -> datetime:
    """The record's time, UTC: where what is read ends now.

    What was written a moment ago lies after the "now" of a console whose clock runs behind.
    """
    return (await clock(connection)).now


async def reference_data(connection: AsyncConnection) -> ReferenceData:
    """Everything configurable."""
    # All of it again whenever a part changes. A table that is added here needs the trigger that notes
    # ``reference``, or a console shows the change only after its next loss of the link.
    service, desk = (await connection.execute(_SERVICE)).one()
    return ReferenceData(
        service=service,
        priorities=await _priorities(connection),
        sources=await _sources(connection),
        tools=await tools_of(connection),
        reasons=await _reasons(connection),
        outcomes=await _choices(connection, "outcome"),
        # Before a wall nobody asks who rides, and its login may not.
        staff=await _staff(connection) if desk else {},
        users=await _users(connection) if desk else {},
        wishes=tuple(await _active(connection, "wish", lambda row: str(row.label))),
        themes=tuple(await _active(connection, "feedback_theme", lambda row: str(row.label))),
        alarm_kinds=await _alarm_kinds(connection),
        command_words=tuple(await _active(connection, "command_word", lambda row: (row.label, row.verb))),
        destinations=await _destinations(connection),
        bases=await _bases(connection),
        rules=await rules(connection),
        topics=await _topics(connection),
        languages=await _languages(connection),
        mobility=await _mobility(connection),
        **await of_care(connection, desk=desk),
        **await of_rota(connection, desk=desk),
        backups=await backups_made(connection),
        seal_since=(await sealed(connection)).since,
        requests=await waiting_requests(connection) if desk else (),
        worded=await _worded(connection),
        in_force=(await connection.execute(text("SELECT cru.tool_in_force()"))).scalar_one(),
    )


async def _active(
    connection: AsyncConnection, table: str, make: Callable[[Row[Any]], Made], order: str = "rank"
) -> list[Made]:
    return [make(row) for row in await listed(connection, table, f"WHERE active ORDER BY {order}")]


async def _every(
    connection: AsyncConnection, table: str, make: Callable[[Row[Any]], Made], order: str = "rank"
) -> list[Made]:
    # Those that are not offered any more too: what was said by them is still read.
    return [make(row) for row in await listed(connection, table, f"ORDER BY {order}")]


async def _alarm_kinds(connection: AsyncConnection) -> Mapping[str, AlarmKind]:
    # One that is out of service is known too: nobody then wonders that it is not raised.
    return {kind.code: kind for kind in await _every(connection, "alarm_kind", _alarm_kind)}


def _alarm_kind(row: Row[Any]) -> AlarmKind:
    return AlarmKind(
        code=row.code,
        label=row.label,
        priority=row.priority,
        delay=timedelta(seconds=row.delay_seconds),
        times=row.times,
        within=timedelta(minutes=row.within_minutes),
        escalates_after=None if row.escalate_minutes is None else timedelta(minutes=row.escalate_minutes),
        stays=row.stays,
        shelvable=row.shelvable,
        what_to_do=row.what_to_do,
        active=row.active,
    )


async def _priorities(connection: AsyncConnection) -> Mapping[str, Priority]:
    made: Sequence[Priority] = await _active(
        connection,
        "priority",
        lambda row: Priority(
            row.code, row.meaning, row.within_minutes, row.aim_minutes, row.rank, row.triage_scale
        ),
    )
    return {priority.code: priority for priority in made}


async def _sources(connection: AsyncConnection) -> Mapping[str, Source]:
    made: Sequence[Source] = await _active(
        connection,
        "referral_source",
        lambda row: Source(row.code, row.label, row.waits, row.default_priority, Party(row.waits_kind)),
    )
    return {source.code: source for source in made}


def _reason(row: Row[Any]) -> tuple[str, Choice]:
    return row.kind, Choice(row.code, row.label, row.source, row.author == DELIVERED)


async def _reasons(connection: AsyncConnection) -> Mapping[str, tuple[Choice, ...]]:
    made: Sequence[tuple[str, Choice]] = await _active(connection, "reason", _reason)
    return {kind: tuple(choice for its, choice in made if its == kind) for kind, _ in made}


async def _worded(connection: AsyncConnection) -> Mapping[tuple[str, str], str]:
    # What happened keeps its words when a trust takes them out of use.
    lists = {"source": "referral_source", "reason": "reason", "outcome": "outcome"}
    return {
        (name, row.code): row.label
        for name, table in lists.items()
        for row in await listed(connection, table, "WHERE NOT active")
    }


async def _choices(connection: AsyncConnection, table: str) -> tuple[Choice, ...]:
    return tuple(await _active(connection, table, lambda row: Choice(row.code, row.label)))


async def _destinations(connection: AsyncConnection) -> tuple[Choice, ...]:
    return tuple(await _active(connection, "destination", lambda row: Choice(row.name, row.kind), "name"))


async def _bases(connection: AsyncConnection) -> Mapping[str, tuple[float, float]]:
    # A base that is no longer in use too: a van may still be said to stand there.
    return {row.name: (row.lat, row.lon) for row in await listed(connection, "van_base")}


async def rules(connection: AsyncConnection) -> Rules:
    """The numbers that the program goes by, as a trust has set them."""
    made = await _active(connection, "rule", lambda row: (row.name, row.value, row.unit), "name")
    return rules_of(made)


async def _topics(connection: AsyncConnection) -> tuple[Topic, ...]:
    def made(row: Row[Any]) -> Topic:
        kind = TopicKind(row.kind)
        return Topic(row.key, row.label, row.question, kind, row.in_brief, row.carried, offered=row.active)

    return tuple(await _every(connection, "about_topic", made))


async def _languages(connection: AsyncConnection) -> Languages:
    def made(row: Row[Any]) -> Language:
        return Language(row.code, row.label, tuple(row.aliases), offered=row.active)

    return Languages.of(await _every(connection, "language", made))


async def _mobility(connection: AsyncConnection) -> tuple[Mobility, ...]:
    def made(row: Row[Any]) -> Mobility:
        return Mobility(row.code, row.label, tuple(row.equipment), offered=row.active)

    return tuple(await _every(connection, "mobility", made))


async def _staff(connection: AsyncConnection) -> Mapping[UUID, StaffMember]:
    # Who left the service too: a shift of before still says who rode.
    return {
        row.id: StaffMember(
            row.id,
            paragraphs(row.name),
            row.profession,
            row.gender,
            tuple(row.languages),
            tuple(row.language_codes),
            row.registered,
            row.active,
        )
        for row in await listed(connection, "staff", "ORDER BY name")
    }


async def _users(connection: AsyncConnection) -> Mapping[str, User]:
    # The disabled too: their names stand at what they did.
    return {
        row.login: User(row.login, paragraphs(row.display_name), row.role, row.disabled_at is not None)
        for row in await listed(connection, "user_account")
    }
