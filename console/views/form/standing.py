"""What will stand against *accept* when the draft is in the record, asked by the record's own rule beforehand."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from console.live.store import Store
from console.views.form.open_draft import OpenDraft
from db.domain import answered, intake
from db.domain.about import CALLED
from db.domain.danger import EARLIER, DangerFlag, TextReading, ToldOfDanger, digest, read, stands_against
from db.domain.dangers import Danger, Dangers
from db.domain.records import Screening
from db.domain.reference import ScreeningTool
from db.domain.screening import DANGER_SCALE


def standing(open_draft: OpenDraft, store: Store, now: datetime) -> tuple[Danger, ...]:
    """What the record will say of a draft, as far as this console knows."""
    reference, draft = store.reference, open_draft.draft
    known = store.dangers_of(open_draft.referral_id)
    screenings = _screenings(open_draft, store, now)
    version = screenings[-1].tool_version if screenings else reference.current_tool.version
    said = ToldOfDanger(
        tools=reference.tools,
        in_force=version,
        screenings=screenings,
        scale=draft.triage_scale,
        scale_was=_scale_was(open_draft, known),
        flags=_flags(known),
        narrative=draft.narrative.strip(),
        readings=_readings(reference.tools[version], open_draft),
        narratives_were={digest(open_draft.base.narrative.strip())},
        covered={what for one in (known.decided if known else ()) for what in one.covers},
    )
    found = stands_against(said)
    return (*found, *_earlier(found, known, said))


def _earlier(found: Sequence[Danger], known: Dangers | None, said: ToldOfDanger) -> Iterator[Danger]:
    """Words that were taken out of the narrative before this draft was opened, of which it says nothing again."""
    here = {one.key for reading in said.readings for one in reading.found if not reading.of_note}
    there = {one.what for one in found}
    for one in known.stands if known else ():
        if one.words.startswith(EARLIER) and one.key not in here and one.what not in there:
            yield one


def _screenings(open_draft: OpenDraft, store: Store, now: datetime) -> Sequence[Screening]:
    there = store.screenings_of(open_draft.referral_id)
    draft, tool = open_draft.draft, store.reference.current_tool
    # Nothing was answered here: what the record has counts as it is.
    if there and draft.answers == open_draft.saved_answers:
        return there
    how, why = answered.how_answered(draft, tool), intake.why_not_measured(draft)
    answers = {key: value for key, value in draft.answers.items() if key in how}
    typed = Screening(
        uuid4(), 1, open_draft.referral_id, tool.version, answers, "", now, "", how=how, not_measured=why
    )
    return [*there, typed]


def _scale_was(open_draft: OpenDraft, known: Dangers | None) -> int | None:
    """The event by which A became something else; 0 for one that this draft will make."""
    if open_draft.base.triage_scale == DANGER_SCALE != open_draft.draft.triage_scale:
        return 0
    found = [one.what for one in (known.stands if known else ()) if one.kind == "scale earlier"]
    # As the record names it: ``scale`` and the event's number.
    return int(found[0].rpartition(" ")[2]) if found else None


def _flags(known: Dangers | None) -> list[DangerFlag]:
    stands = known.stands if known else ()
    flags = (one for one in stands if one.kind == "flag")
    # Likewise: ``flag`` and its id; the words are ``caution:`` and its kind.
    return [DangerFlag(UUID(one.what.partition(" ")[2]), one.words.partition(": ")[2], one.until) for one in flags]


def _readings(tool: ScreeningTool, open_draft: OpenDraft) -> list[TextReading]:
    draft, was = open_draft.draft, open_draft.base.narrative.strip()
    narrative = draft.narrative.strip()
    beside = [draft.access_note, *(one.words for one in draft.about if one.topic not in CALLED)]
    texts = [
        (narrative, False),
        *([(was, False)] if was != narrative else ()),
        *((text.strip(), True) for text in beside),
    ]
    return [TextReading(tool.version, digest(text), read(tool, text), note) for text, note in texts if text]
