"""Events as lines of a story: when, what, who; a time that was amended stands beside the one it replaced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.running.faults import attempt
from db.domain import about
from db.domain.brief import labels_of
from db.domain.cautions import flag_label
from db.domain.records import Event
from db.domain.reference import ReferenceData
from db.domain.taken_back import taken_back, takes_back
from db.tables.bounds import label_of

WRITTEN_LATER = timedelta(minutes=1)
"""From which on it is told that something was written down after it happened."""
_LOOKS = "record opened"
_AMENDED = "time amended"
_ABOUT = frozenset({"about me", "about me ended", "about me taken over"})
_OF_PERSON = ("flag", "flag withdrawn", "brief read back", "wish kept", "interpreter booked")
_OF_CARE = (
    "promise kept",
    "promise not kept",
    "promise ended",
    "ending named",
    "end put right",
    "follow-up planned",
    "follow-up done",
    "follow-up put off",
)
_OF_DANGER = ("danger", "let on by a clinician", "looked at")
# Told without their words while names and addresses are hidden: people write about the person in them.
_PERSONAL = _ABOUT | {"note", "feedback", "details changed", "contact", *_OF_PERSON, *_OF_DANGER, *_OF_CARE}
_WORDS: Mapping[str, str] = {
    "received": "Received",
    _LOOKS: "Record",
    "phone answered": "Telephone answered",
    "caller hung up": "Caller hung up",
    "call taken over": "Call taken over",
    "call ended": "Call ended, no referral",
    "acknowledged": "Acknowledged",
    "call connected": "Call connected",
    "sent": "Referral sent",
    "ems on scene": "EMAS on scene",
    "screening complete": "Screening complete",
    "screening overridden": "Screening overridden",
    "accepted": "Accepted",
    "handover expected": "Handover expected",
    "handover started": "Handover started",
    "handover accepted": "Handover accepted",
    "handover refused": "Handover refused",
    "details changed": "Details changed",
    "999 advised": "999 advised",
    "on hold": "On hold",
    "contact": "Call",
    "ending named": "Next with the person",
    "end put right": "How it ended, put right",
    "police linked": "Police came into it",
    "EMAS linked": "EMAS came into it",
    "entered in error undone": "No error after all",
    "danger": "Danger",
    "danger over": "Danger over",
    "let on by a clinician": "Let on by a clinician",
    "looked at": "Looked at: no danger",
}
# The moment of a screening is told by an event of another name than the time has.
_EVENT_OF_TIME: Mapping[str, str] = {"screened": "screening complete"}
_REASON_KINDS: Mapping[str, str] = {
    "van stood down": "stand_down",
    "declined": "decline",
    "cancelled": "cancel",
    "handover refused": "refuse_handover",
    "on hold": "hold",
    "out of service": "out_of_service",
}


@dataclass(frozen=True, slots=True)
class Amended:
    """A time that no longer counts, who put another in its place, and why."""

    was: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened.

    Attributes:
        at: when it happened, as it counts now.
        what: in a few words.
        said: what somebody wrote, word for word.
        who: who recorded it.
        source: ``crew``, ``device``, ``geofence`` or ``message``; empty when a person at a console did.
        written_at: when it was recorded, if that was more than a minute later.
        amended: the times that this one replaced, oldest first.
        personal: ``said`` may name or describe the person.
        insisted: what was known to speak against it when it was recorded.
        undone: who took it back, and why; empty for what stands.
    """

    at: datetime
    what: str
    said: str
    who: str
    source: str = ""
    written_at: datetime | None = None
    amended: tuple[Amended, ...] = ()
    personal: bool = False
    insisted: str = ""
    undone: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to a referral, oldest first, and who looked at it."""

    lines: tuple[StoryLine, ...]
    looked: tuple[str, ...]


def story(events: Sequence[Event], reference: ReferenceData, callsign: Callable[[UUID], str]) -> Story:
    """Tell the events.

    Args:
        events: of one referral, in any order.
        reference: for the names of people and the labels of reasons.
        callsign: the name of a van.
    """
    amendments, gone = _amendments(events), taken_back(events)
    told = [
        attempt("a line of the story", _line_or_undone, event, amendments, gone, reference, callsign)
        or StoryLine(event.recorded_at, "▲ cannot be shown", "", "")
        for event in events
        if event.kind != _AMENDED and not _is_look(event) and not takes_back(event)
    ]
    looked = [reference.who(event.recorded_by) for event in events if _is_look(event)]
    told.sort(key=lambda line: line.at.timestamp())
    return Story(tuple(told), tuple(dict.fromkeys(looked)))


def _is_look(event: Event) -> bool:
    """Whether somebody only looked; what was given out as a file stands in the story by itself."""
    return event.kind == _LOOKS and not event.words


def _amendments(events: Sequence[Event]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.id):
        if event.kind == _AMENDED:
            # Not every amendment names its event; then it is the last one of that name before it.
            found.setdefault(event.amends or _last_of(events, event), []).append(event)
    return found


def _last_of(events: Sequence[Event], amendment: Event) -> int:
    kind = str(amendment.detail.get("time", amendment.words))
    kind = _EVENT_OF_TIME.get(kind, kind)
    return max((event.id for event in events if event.kind == kind and event.id < amendment.id), default=0)


def _line_or_undone(
    event: Event,
    amendments: Mapping[int, Sequence[Event]],
    gone: Mapping[int, Event],
    reference: ReferenceData,
    callsign: Callable[[UUID], str],
) -> StoryLine:
    # Told with the others: nothing that was written goes, and what was taken back says by whom.
    line, back = _line(event, amendments.get(event.id, []), reference, callsign), gone.get(event.id)
    if back is None:
        return line
    reason = f": {back.reason}" if back.reason else ""
    return replace(line, undone=f"taken back by {reference.who(back.recorded_by)}{reason}")


def _line(
    event: Event, amendments: Sequence[Event], reference: ReferenceData, callsign: Callable[[UUID], str]
) -> StoryLine:
    at = _moment(amendments[-1], "to", event.happened_at) if amendments else event.happened_at
    past = tuple(
        Amended(_moment(one, "from", event.happened_at), reference.who(one.recorded_by), one.reason)
        for one in amendments
    )
    # By the time that was first written, not by the amended one: what was late was the writing.
    later = event.recorded_at - event.happened_at > WRITTEN_LATER
    return StoryLine(
        at,
        what_happened(event, callsign),
        _said(event, reference),
        reference.who(event.recorded_by),
        "" if event.source == "user" else event.source,
        event.recorded_at if later else None,
        past,
        event.kind in _PERSONAL,
        event.insisted,
    )


def _moment(event: Event, name: str, otherwise: datetime) -> datetime:
    try:
        return datetime.fromisoformat(str(event.detail.get(name, "")))
    except ValueError:
        return otherwise


def what_happened(event: Event, callsign: Callable[[UUID], str]) -> str:
    """An event in a few words, the van by its name."""
    if event.kind.startswith("van ") and event.van_id is not None:
        step = event.kind.removeprefix("van ")
        name = callsign(event.van_id)
        return f"Allocated {name}" if step == "allocated" else f"{name} {step}"
    if event.kind == "handover released":
        return f"{event.words.partition(' to ')[0] or 'Crew'} released"
    if event.kind in {"flag", "feedback"}:
        by = str(event.detail.get("about", ""))
        return f"Flag: {flag_label(by)}" if event.kind == "flag" else f"Feedback from {by}"
    if event.kind in _ABOUT or event.kind in {"flag withdrawn", "brief read back", "wish kept"}:
        return _about_person(event)
    return _WORDS.get(event.kind, event.kind[:1].upper() + event.kind[1:])


def _about_person(event: Event) -> str:
    by = str(event.detail.get("about", ""))
    if event.kind == "flag withdrawn":
        return f"Flag withdrawn: {flag_label(by)} ({event.detail.get('why', '')})"
    if event.kind == "brief read back":
        return f"Brief read back by {by}, {event.detail.get('channel', '')}"
    if event.kind == "wish kept":
        return f"Kept: {event.detail.get('kept', '')}, says {by}"
    end = {"about me ended": " (ended)", "about me taken over": " (kept from before)"}.get(event.kind, "")
    return f"About me{end}, said by {by}"


def _said(event: Event, reference: ReferenceData) -> str:
    if event.kind in _REASON_KINDS:
        return reference.reason_label(_REASON_KINDS[event.kind], event.words)
    if event.kind == "closed":
        return reference.outcome_label(event.words)
    if event.kind == "end put right":
        return ". ".join(filter(None, (_end(event, reference), event.reason)))
    if event.kind in {"handover released", "999 advised"}:
        return ""
    if event.kind in _ABOUT:
        return _of_topic(event, reference)
    if event.kind == "details changed" and event.detail:
        # The record names columns; people have words for them.
        return ", ".join(label_of(column) for column in event.detail if column != "insisted")
    return event.words or event.reason


def _end(event: Event, reference: ReferenceData) -> str:
    kind = _REASON_KINDS.get(str(event.detail.get("state", "")))
    return reference.reason_label(kind, event.words) if kind else reference.outcome_label(event.words)


def _of_topic(event: Event, reference: ReferenceData) -> str:
    key, code = str(event.detail.get("topic", "")), str(event.detail.get("code", ""))
    topic = next((one for one in reference.topics if one.key == key), None)
    words = about.rendered(about.Said(key, code, event.words), labels_of(topic, reference) if topic else None)
    return f"{topic.label if topic else key}: {words}"
