"""What the mirror knows of a person: what was said, what a van must have for it, and the brief for its crew."""

from datetime import datetime
from uuid import UUID

from console.live.joins import crew_of, referral_facts
from console.live.store import Store
from console.running.faults import attempt
from db.domain.about import Said
from db.domain.arrival_brief import Going, arrival_brief
from db.domain.brief import BriefLine, Informed, brief, changed_since, last_read, with_them
from db.domain.cautions import Flag
from db.domain.clocks import local_time
from db.domain.records import Assignment
from db.domain.situation import situation
from db.domain.suiting import Asked
from db.domain.texts import one_line


def said_of(store: Store, referral_id: UUID) -> tuple[Said, ...]:
    """What was said about the person, as it counts."""
    return tuple(item.said for item in store.about_of(referral_id))


def flags_now(store: Store, referral_id: UUID, now: datetime) -> list[Flag]:
    """The flags that count, what helps first. One of which nobody can tell whether it does is never left out."""
    return [one for one in store.flags_of(referral_id) if attempt("a flag", one.is_active, now) is not False]


def asked_of(store: Store, referral_id: UUID, now: datetime) -> Asked:
    """What of the person matters for the choice of a van; ``now`` is the record's time, UTC."""
    reference = store.reference
    return Asked(
        said_of(store, referral_id),
        tuple(flags_now(store, referral_id, now)),
        tuple(one.language for one in store.bookings_of(referral_id)),
        reference.languages,
        reference.mobility,
        reference.rules,
    )


def brief_of(store: Store, referral_id: UUID, now: datetime) -> tuple[BriefLine, ...]:
    """The brief as it stands; empty for a referral that is not live."""
    known = _informed(store, referral_id, now)
    return brief(known) if known is not None else ()


def arrival_of(store: Store, referral_id: UUID, now: datetime) -> str:
    """The arrival brief, for the van that is to be there first; empty for a referral that is not live."""
    known = _informed(store, referral_id, now)
    return arrival_brief(known, _going(store, referral_id, now)) if known is not None else ""


def _going(store: Store, referral_id: UUID, now: datetime) -> Going | None:
    job = next((job for job in store.assignments_of(referral_id) if job.is_open), None)
    van = store.van(job.van_id) if job is not None else None
    return Going(van, crew_of(store, van.id), asked_of(store, referral_id, now)) if van is not None else None


def _informed(store: Store, referral_id: UUID, now: datetime) -> Informed | None:
    facts = referral_facts(store, referral_id)
    if facts is None:
        return None
    screening, tools = store.screening_of(referral_id), store.reference.tools
    tool = tools.get(screening.tool_version) if screening is not None else None
    return Informed(
        facts.referral,
        said_of(store, referral_id),
        store.flags_of(referral_id),
        store.bookings_of(referral_id),
        screening,
        tool or store.reference.current_tool,
        with_them(situation(facts, store.reference)),
        store.reference,
        now,
    )


def unread(store: Store, job: Assignment, now: datetime) -> str:
    """Why the brief counts as not read back by the crew of a job; empty when it was, as it stands."""
    lines = brief_of(store, job.referral_id, now)
    read = last_read(store.read_backs_of(job.referral_id), job.id)
    van = store.van(job.van_id)
    if read is None:
        return f"{van.callsign if van else 'the crew'} has not read the brief back"
    if changed_since(lines, read):
        return f"the brief has changed since {read.read_by} read it back {local_time(read.recorded_at, now)}"
    return ""


def heads_up(store: Store, referral_id: UUID, now: datetime) -> str:
    """What whoever chooses a van must know: the flags that count, what helps first; empty for none."""
    flags = flags_now(store, referral_id, now)
    return "\n".join(f"{'✓' if flag.helps else '▲'} {one_line(flag.words)}" for flag in flags)
