"""What was known of a person at a past moment: what they had said, flags, what stood against the next step."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from db.domain.danger import DangerFlag, Finding, TextReading, ToldOfDanger, digest, stands_against
from db.domain.dangers import Dangers, Decision
from db.domain.records import Event, Referral, Screening
from db.domain.reference import ReferenceData
from db.domain.screening import DANGER_SCALE
from db.domain.taken_back import moment_of, standing

if TYPE_CHECKING:
    from db.domain.cautions import Flag
    from db.domain.records import Record


@dataclass(frozen=True, slots=True)
class Counted:
    """A row, and from when until when it counted: it was ended, withdrawn or taken back then. UTC."""

    table: str
    row: "Record"
    since: datetime
    until: datetime | None = None

    def counts(self, moment: datetime) -> bool:
        """Whether it did."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class ReadThen:
    """What the reader found in a text of a referral, and when it was read. ``event_id`` is that of a note."""

    referral_id: UUID
    at: datetime
    event_id: int | None
    reading: TextReading


@dataclass(frozen=True, slots=True)
class DecidedThen:
    """A decision about a referral, and until when it counted."""

    referral_id: UUID
    decision: Decision
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownOfPeople:
    """What is kept about the people of a stretch of time, from which any moment of it is worked out.

    Attributes:
        rows: of what was said, flags, read backs and interpreters.
        readings: oldest first.
    """

    rows: Sequence[Counted] = ()
    readings: Sequence[ReadThen] = ()
    decisions: Sequence[DecidedThen] = ()

    def of(self, referral_id: UUID) -> "KnownOfPeople":
        """What belongs to one referral."""
        return KnownOfPeople(
            [one for one in self.rows if referral_id in _referrals_of(one.row)],
            [one for one in self.readings if one.referral_id == referral_id],
            [one for one in self.decisions if one.referral_id == referral_id],
        )


TABLES = ("about_me", "flag", "read_back", "crew_word", "interpreter")
_ENDS = ("ended_at", "withdrawn_at")


def person_at(
    known: KnownOfPeople, moment: datetime, then: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> dict[str, list["Record"]]:
    """The rows by table that counted at a moment; ``then`` is how columns stood that were restored later."""
    counted = [
        one
        for one in known.rows
        if one.counts(moment) and not any(_ended(then.get(str(one.row.id), {}), name, moment) for name in _ENDS)
    ]
    return {name: [one.row for one in counted if one.table == name] for name in TABLES}


def _ended(then: Mapping[str, Any], name: str, moment: datetime) -> bool:
    """Whether it was ended or withdrawn by then, although that was taken back later."""
    at = moment_of(then.get(name))
    return at is not None and at <= moment


@dataclass(frozen=True, slots=True)
class StoodThen:
    """What is asked about one referral at a moment, when the board of that moment is known.

    ``restored`` is the letter of the scale that stood then, where that was taken back later.
    """

    referral: Referral
    screenings: Sequence[Screening]
    flags: Sequence["Flag"]
    events: Sequence[Event]
    known: KnownOfPeople = field(default_factory=KnownOfPeople)
    restored: str | None = None


def dangers_at(told: StoodThen, reference: ReferenceData, moment: datetime) -> Dangers:
    """What stood against the next step, by the rule of the record (:mod:`db.domain.danger`).

    The narrative is not asked for itself: what the reader had found in it by then is.
    """
    passes = sorted(told.screenings, key=lambda one: (one.completed_at, -one.id.int))
    decided = [
        one.decision
        for one in told.known.decisions
        if one.decision.at <= moment and (one.until is None or moment < one.until)
    ]
    said = ToldOfDanger(
        tools=reference.tools,
        in_force=reference.current_tool.version,
        screenings=passes,
        scale=_scale(told, moment),
        scale_was=_scale_was(told.events, moment),
        flags=[
            DangerFlag(one.id, one.kind, one.review_at)
            for one in told.flags
            if one.danger and told.referral.id in one.applies_to and one.is_active(moment)
        ],
        readings=_readings(told, moment),
        narratives_were=_narratives_were(told.events, moment),
        covered={what for one in decided for what in one.covers},
    )
    came = (event.happened_at for event in _of(told.events, moment) if event.kind == "danger")
    return Dangers(told.referral.id, 1, stands_against(said), tuple(decided), max(came, default=None))


def _of(events: Iterable[Event], moment: datetime) -> list[Event]:
    """The events that counted at a moment: what was taken back later did."""
    return standing(event for event in events if event.happened_at <= moment)


def _scale(told: StoodThen, moment: datetime) -> str:
    """The letter as it was: what the first change after the moment came from."""
    if told.restored is not None:
        return told.restored
    later = (event for event in told.events if event.happened_at > moment and _changed(event))
    first = min(later, key=lambda event: event.id, default=None)
    return str(_changed(first).get("from") or "") if first is not None else told.referral.triage_scale


def _scale_was(events: Iterable[Event], moment: datetime) -> int | None:
    found = [event.id for event in _of(events, moment) if _changed(event).get("from") == DANGER_SCALE]
    return max(found, default=None)


def _changed(event: Event, what: str = "triage_scale") -> Mapping[str, Any]:
    change = event.detail.get(what) if event.kind == "details changed" else None
    return change if isinstance(change, dict) else {}


def _readings(told: StoodThen, moment: datetime) -> list[TextReading]:
    counted = {event.id for event in _of(told.events, moment)}
    read = [one for one in told.known.readings if one.at <= moment]
    of_narrative, here = [one for one in read if one.event_id is None], digest(_narrative(told, moment))
    # What it said before already is not read a second time.
    narrative = [one for one in of_narrative if one.reading.text_digest == here][-1:] or of_narrative[-1:]
    notes = [one for one in read if one.event_id in counted]
    still = {one.key for reading in narrative for one in reading.reading.found}
    earlier = [replace(one.reading, found=_but(one.reading.found, still)) for one in of_narrative]
    # Whatever stands there today, it is what was read then.
    return [
        *(
            TextReading(one.reading.tool_version, "", one.reading.found, of_note=True)
            for one in (*narrative, *notes)
        ),
        *earlier,
    ]


def _narrative(told: StoodThen, moment: datetime) -> str:
    """The narrative as it was: as the last change that counted then left it, else as the first one found it."""
    changes = [change for event in _of(told.events, moment) if (change := _changed(event, "narrative"))]
    if changes:
        return str(changes[-1].get("to") or "")
    first = next((change for event in told.events if (change := _changed(event, "narrative"))), None)
    return str(first.get("from") or "") if first else told.referral.narrative


def _but(found: Sequence[Finding], keys: Collection[str]) -> tuple[Finding, ...]:
    return tuple(one for one in found if one.key not in keys)


def _narratives_were(events: Iterable[Event], moment: datetime) -> set[str]:
    changes = (_changed(event, "narrative") for event in _of(events, moment))
    return {digest(str(one["from"])) for one in changes if one.get("from")}


def _referrals_of(row: "Record") -> tuple[UUID, ...]:
    applies: tuple[UUID, ...] | None = getattr(row, "applies_to", None)
    return applies if applies is not None else (row.referral_id,)  # type: ignore[union-attr,return-value] # each but a flag has one
