"""A referral while it is being typed: the draft, what is wrong with it, and what its screening comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from db.domain import about as about_them
from db.domain import nhs_number, observations, phone
from db.domain.about import Said
from db.domain.clocks import in_words, local, wall_time
from db.domain.own_words import ALL_BUT, NOT_ASKED, TOGETHER
from db.domain.party import Party
from db.domain.records import Location, Patient, Referral
from db.domain.reference import NOT_MEASURED, ReferenceData, ScreeningItem, ScreeningTool
from db.domain.screening import (
    DANGER_SCALE,
    OBSERVATIONS_KEY,
    Answer,
    Gate,
    gate,
    second_looks,
)
from db.domain.texts import bare, told
from db.domain.typed_births import Birth, read_birth
from db.domain.typed_times import NO_TIME, TypedTime, stored_time

# A typed time of day is the last such moment, so a slip into the future becomes yesterday.
_LONG_AGO = timedelta(hours=12)
TIMES = {"ems_on_scene": "EMAS on scene since", "call_connected": "Call connected", "sent": "Referral sent"}
"""What the times that are typed are called, by the draft's field."""
NOT_ON_MAP = "Not on map: kept as text. Choose a suggestion or drop a pin."
RETURN_PHYSICAL = "ems_physical"
RETURN_DANGER = "ems_danger"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed so far, as it is typed. An empty text is "not said".

    Attributes:
        place: the location in words; ``lat`` and ``lon`` are None while it is not on the map.
        patient_unknown: the honest default; the three patient fields are then not sent.
        born_on: the local day on which ``born`` was said, where it is an age that the record has; None for today.
        answers: screening answers by item key.
        together: keys of the items that were answered by one key after a section was read aloud.
        changed: keys of the items of which the record knows that the answer was changed.
        not_measured: why the observations could not be measured.
        observations: typed values by key of :data:`db.domain.observations.TYPED`.
        about: what was said about the person, in an order of its own.
        priority_chosen: a person chose the priority; until then it follows the source and the scale.
    """

    place: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    place_warning: str = ""
    access_note: str = ""
    source: str = ""
    caller: str = ""
    call_back: str = ""
    ems_incident: str = ""
    ems_callsign: str = ""
    waiting_party: str = ""
    ems_on_scene: TypedTime = NO_TIME
    call_connected: TypedTime = NO_TIME
    sent: TypedTime = NO_TIME
    patient_unknown: bool = True
    name: str = ""
    born: str = ""
    born_on: date | None = None
    nhs_number: str = ""
    narrative: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    not_measured: str = ""
    branches: tuple[str, ...] = ()
    observations: Mapping[str, str] = field(default_factory=dict)
    about: tuple[Said, ...] = ()
    legal: str = ""
    legal_detail: str = ""
    police: str = ""
    priority: str = ""
    triage_scale: str = ""
    priority_chosen: bool = False

    @property
    def location(self) -> Location:
        """Where the person is, as the record keeps it."""
        return Location(self.place.strip(), self.postcode, self.lat, self.lon, self.access_note.strip())

    @property
    def legal_status(self) -> str:
        """The legal status as the record keeps it: ``"s136: from 02:40, Campbell Square"``."""
        detail = self.legal_detail.strip()
        return f"{self.legal}: {detail}" if self.legal and detail else self.legal

    def patient(self, today: date) -> Patient:
        """The person, as far as they are known."""
        if self.patient_unknown:
            return Patient()
        # A number that does not fit is kept as it was typed, since a person may still read it back.
        birth, number = self.birth(today), nhs_number.kept(self.nhs_number)
        return Patient(self.name.strip() or None, birth.born, number or None, birth.said, birth.age)

    def birth(self, today: date) -> Birth:
        """What was typed as the date of birth, read."""
        return read_birth(self.born, today, self.born_on)

    def label(self, opened: datetime) -> str:
        """A name for a draft that is put aside: ``draft 03:12 NN1 4LP``."""
        where = self.postcode or self.place.strip() or self.caller.strip() or "no location yet"
        where = told(where)
        return f"draft {wall_time(opened)} {where if len(where) <= 28 else where[:27].rstrip() + '…'}"


def draft_of(referral: Referral) -> Draft:
    """A draft that says what the record says, as it was typed; answers, and what was said, are kept apart."""
    where, who, times = referral.location, referral.patient, referral.times
    # As ``Draft.legal_status`` joins them.
    legal, _, detail = referral.legal_status.partition(": ")
    draft = Draft(
        place=where.text,
        postcode=where.postcode,
        lat=where.lat,
        lon=where.lon,
        access_note=where.access_note,
        source=referral.source,
        caller=referral.caller,
        call_back=referral.call_back,
        ems_incident=referral.ems_incident,
        ems_callsign=referral.ems_callsign,
        waiting_party=referral.waiting_party,
        ems_on_scene=stored_time(times.get("ems_on_scene"), referral.said.get("ems_on_scene", "")),
        call_connected=stored_time(times.get("call_connected"), referral.said.get("call_connected", "")),
        sent=stored_time(times.get("sent"), referral.said.get("sent", "")),
        patient_unknown=who == Patient(),
        name=who.name or "",
        # A form that is read back as the same day, whoever types beside it.
        born=f"{who.born:%d %b %Y}" if who.born else who.born_said or (who.age.years if who.age else ""),
        born_on=who.age.on if who.age else None,
        nhs_number=nhs_number.grouped(who.nhs_number or ""),
        narrative=referral.narrative,
        legal=legal,
        legal_detail=detail,
        police=referral.police,
        priority=referral.priority,
        triage_scale=referral.triage_scale,
        # As if by a person: opening a referral must change no priority by itself.
        priority_chosen=True,
    )
    return bared(draft)


def bared(draft: Draft) -> Draft:
    """The draft without what nobody sees in its texts: pasted controls, and marks put there for the screen."""
    values = ((one.name, getattr(draft, one.name)) for one in fields(draft))
    typed: dict[str, Any] = {name: bare(value) for name, value in values if isinstance(value, str)}
    times: dict[str, TypedTime] = {name: getattr(draft, name) for name in TIMES}
    typed |= {name: replace(one, text=bare(one.text)) for name, one in times.items()}
    return replace(draft, about=tuple(map(about_them.bared, draft.about)), **typed)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right, or to look at twice.

    Attributes:
        field: the draft's field it is about.
        sentence: what is wrong, and what to do.
        blocks: the record could not keep it like this; else it is only a warning.
    """

    field: str
    sentence: str
    blocks: bool = False


def problems(draft: Draft, reference: ReferenceData, now: datetime) -> list[Problem]:
    """What is wrong with a draft, in the order of the form.

    Args:
        draft: what is typed.
        reference: sources, priorities and the screening tool in force.
        now: the record's time, UTC.
    """
    return [
        *_about_the_place(draft),
        *_about_the_caller(draft, reference),
        *_about_times(draft, now),
        *_about_the_patient(draft, local(now).date()),
        *_about_observations(draft),
        *_about_priority(draft, reference),
    ]


def _about_the_place(draft: Draft) -> Iterator[Problem]:
    if not (draft.place.strip() or draft.postcode):
        yield Problem("place", "A referral needs a location: type a postcode, a street or a place.", blocks=True)
    elif draft.lat is None:
        yield Problem("place", NOT_ON_MAP)
    if draft.place_warning:
        yield Problem("place_warning", draft.place_warning)


def _about_the_caller(draft: Draft, reference: ReferenceData) -> Iterator[Problem]:
    source = reference.sources.get(draft.source)
    if source is None:
        yield Problem("source", "Who refers? Choose the source.", blocks=True)
    if doubt := phone.understood(draft.call_back).doubt:
        yield Problem("call_back", doubt)
    if source and source.waits_kind is Party.EMS and not draft.ems_callsign.strip():
        yield Problem("ems_callsign", "Which crew is waiting? Ask for the callsign.")


def _about_times(draft: Draft, now: datetime) -> Iterator[Problem]:
    for name, called in TIMES.items():
        typed: TypedTime = getattr(draft, name)
        if typed.is_unread:
            otherwise = f"“{told(typed.text)}” is no time; type 0255 or 35 min ago."
            yield Problem(name, f"{called}: {typed.problem or otherwise} It is kept as said.")
        elif typed.at and typed.at > now:
            yield Problem(name, f"{called}: the time lies in the future. It is kept as said; type it again.")
        elif typed.at and now - typed.at > _LONG_AGO:
            yield Problem(name, f"That was {in_words(now - typed.at)} ago: check it.")


def _about_the_patient(draft: Draft, today: date) -> Iterator[Problem]:
    if draft.patient_unknown:
        return
    if doubt := draft.birth(today).doubt:
        yield Problem("born", doubt)
    if not nhs_number.is_not_known(draft.nhs_number) and (wrong := nhs_number.what_is_wrong(draft.nhs_number)):
        yield Problem("nhs_number", f"{wrong} Read it back. It is kept as typed.")


def _about_observations(draft: Draft) -> Iterator[Problem]:
    for one in observations.weigh(draft.observations).unread:
        yield Problem(
            "observations", f"{one.label}: “{told(draft.observations[one.key])}” cannot be read; not weighed."
        )


def _about_priority(draft: Draft, reference: ReferenceData) -> Iterator[Problem]:
    if draft.priority not in reference.priorities:
        yield Problem("priority", "Choose a priority.", blocks=True)


# --- priority ---


def default_priority(draft: Draft, reference: ReferenceData) -> str:
    """The priority by source and scale, unless a person chose one. A waiting crew comes before the scale."""
    if draft.priority_chosen:
        return draft.priority
    source = reference.sources.get(draft.source)
    if source and source.waits_kind is not Party.NOBODY:
        return source.default_priority
    by_scale = next(
        (one.code for one in reference.priorities.values() if one.triage_scale == draft.triage_scale), ""
    )
    if draft.triage_scale and by_scale:
        return by_scale
    return source.default_priority if source else ""


# --- screening ---


def is_physical(item: ScreeningItem) -> bool:
    """Whether a *yes* is a physical-health need, which EMAS meets."""
    # A section is text of the tool's version, and has no key of its own.
    return item.section.casefold().startswith("physical")


def weighed(draft: Draft, tool: ScreeningTool | None = None) -> Draft:
    """The draft with the observations answer that the typed values call for; typed values outrank the key.

    Values outside a limit of the tool, or an urgent NEWS2, make it *yes*; all of them within make it *no*; else
    it is for a person to say.
    """
    answer = observations.weigh(draft.observations, tool).answer
    if answer is None and draft.not_measured.strip():
        answer = Answer.NOT_KNOWN.value
    if answer is None or draft.answers.get("observations") == answer:
        return draft
    return replace(draft, answers={**draft.answers, "observations": answer})


def verdict(draft: Draft, tool: ScreeningTool) -> Gate:
    """What the answers mean for *accept*."""
    return gate(tool, draft.answers, unmeasured=bool(draft.not_measured.strip()), branches=draft.branches)


def verdict_in_words(draft: Draft, tool: ScreeningTool) -> str:
    """The gate in one line: ``19 no · 1 not known — cannot be accepted until a clinician overrides``."""
    found = verdict(draft, tool)
    said = [draft.answers.get(item.key) for item in tool.items]
    yes = [item.text for item, answer in zip(tool.items, said, strict=True) if answer == Answer.YES]
    # Named: among so many that are not known it must not be a number like the others.
    counts = [f"YES: {'; '.join(yes[:2])}{f' and {len(yes) - 2} more' if yes[2:] else ''}"] if yes else []
    counts += [f"{said.count(one)} {one}" for one in (Answer.NO, Answer.NOT_KNOWN) if said.count(one)]
    if found.unanswered:
        counts.append(f"{len(found.unanswered)} not asked")
    return f"{' · '.join(counts)} — {_meaning(draft, tool, found)}"


def _meaning(draft: Draft, tool: ScreeningTool, found: Gate) -> str:
    reason = return_reason(draft, tool)
    if reason == RETURN_DANGER:
        return "999 / return to EMAS"
    if reason == RETURN_PHYSICAL:
        return "physical need: return to EMAS, or a clinician overrides"
    if found.blocking:
        return "cannot be accepted until a clinician overrides"
    return "may be accepted" if found.is_clear else "ask every question"


def return_reason(draft: Draft, tool: ScreeningTool) -> str | None:
    """The decline reason when the person has to go back to EMAS; None when nothing says so.

    Immediate danger (scale A, or a *yes* in the safety section) goes before a physical need. What a branch asks of
    the person's needs sends nobody back.
    """
    weighs = [item for item in tool.items if item.branch in {"", NOT_MEASURED}]
    said_yes = [item for item in weighs if draft.answers.get(item.key) == Answer.YES]
    if draft.triage_scale == DANGER_SCALE or any(not is_physical(item) for item in said_yes):
        return RETURN_DANGER
    return RETURN_PHYSICAL if said_yes else None


def may_accept(draft: Draft, tool: ScreeningTool) -> bool:
    """Whether *Save and accept* is offered."""
    return verdict(draft, tool).is_clear and return_reason(draft, tool) is None


def rest_of_section(draft: Draft, tool: ScreeningTool, section: str) -> tuple[str, ...]:
    """The open questions of a section that one key may answer *no* after they were read aloud.

    Left out: what kills and so is asked by itself, what the narrative speaks of, what is asked only sometimes, and
    the observations, which are measured and not asked.
    """
    lit = {look.item.key for look in second_looks(tool, draft.answers, draft.narrative)}
    return tuple(
        item.key
        for item in tool.items
        if item.section == section
        and item.key not in draft.answers
        and item.key not in lit
        and not (item.alone or item.branch)
        and item.key != OBSERVATIONS_KEY
    )


def with_rest_no(draft: Draft, tool: ScreeningTool, section: str) -> Draft:
    """The draft with :func:`rest_of_section` answered *no*, and marked as answered together."""
    keys = rest_of_section(draft, tool, section)
    answers = {**draft.answers, **dict.fromkeys(keys, Answer.NO.value)}
    return replace(draft, answers=answers, together=(*draft.together, *keys))


def why_not_measured(draft: Draft) -> str:
    """Why the observations are not known; empty where they are, or nobody said."""
    unknown = draft.answers.get(OBSERVATIONS_KEY) == Answer.NOT_KNOWN
    return draft.not_measured.strip() if unknown else ""


def screening_note(draft: Draft, tool: ScreeningTool) -> str:
    """What belongs beside the answers: observations, what was answered together, what was not asked."""
    names = {item.key: item.text for item in tool.items}
    open_items = [item.text for item in verdict(draft, tool).unanswered]
    together = [names[key] for key in draft.together if key in names and draft.answers.get(key) == Answer.NO]
    lines = [
        ("Observations", observations.in_words(draft.observations, tool)),
        ("Not measured, because", why_not_measured(draft)),
        (TOGETHER, _together_words(together, tool)),
        (NOT_ASKED, "; ".join(open_items)),
    ]
    return "\n".join(f"{title}: {words}." for title, words in lines if words)


def _together_words(together: list[str], tool: ScreeningTool) -> str:
    """Which were answered together; by what is left over where that is shorter, or nobody reads on."""
    alone = [item.text for item in tool.items if item.text not in together]
    if not together or len(alone) >= len(together):
        return "; ".join(together)
    return f"{ALL_BUT}{'; '.join(alone)}" if alone else "every question"


def unfinished_words(draft: Draft, tool: ScreeningTool) -> str:
    """Answers of a screening that was broken off, for a note: nothing said is lost."""
    said = [f"{item.text}: {draft.answers[item.key]}" for item in tool.items if item.key in draft.answers]
    return f"Screening not finished. {'; '.join(said)}.\n{screening_note(draft, tool)}".strip()
