"""What the record believes: the limit of every column, in one place.

The limits hold as constraints, whoever writes. ``kind_of`` gives them to whoever wants to say them beforehand,
such as a form, and ``refusal`` turns a broken constraint's name into the sentence that a person reads.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sqlalchemy import ARRAY, CheckConstraint, Column, Date, DateTime, Table

from db.domain.ages import OLDEST
from db.tables.base import Base
from db.tables.kinds import (
    BREAK,
    CONTROL,
    Check,
    Day,
    Free,
    HeldBy,
    Kind,
    Moment,
    Number,
    Shape,
    Tags,
    Tree,
    Words,
)
from db.tables.labels import LABELS

_CODE = Words(60, one_line=True)
_KEY = Words(60, given=True, one_line=True)
_NAME = Words(200, given=True, one_line=True)
_PERSON = Words(200, one_line=True)
_SHORT = Words(200)
_LINE = Words(500)
_REASON = Words(2000)
_NOTE = Words(4000)
_STORY = Words(20_000)
_MINUTES = Number(1, 100_000)
_RANK = Number(-1_000_000, 1_000_000)
_TOOL = Number(0, 1_000_000)
# What a double holds exactly, so that no reader rounds a version.
_VERSION = Number(1, 2**53 - 1)
_SERIAL = Number(1, 2**63 - 1)

# By the column's name; a table's own name for it goes first.
_KINDS: Mapping[str, Kind] = {
    "service.id": HeldBy("service_single_check"),
    "service.name": _PERSON,
    "clock_speed": Number(0, 100),
    "login": Words(63, given=True, one_line=True),
    "display_name": _NAME,
    "code": _KEY,
    "key": _KEY,
    "kind": _KEY,
    "entity": _KEY,
    "from_state": _KEY,
    "to_state": _KEY,
    "name": _NAME,
    "label": _NAME,
    "meaning": _LINE,
    "value": Number(0, 100_000),
    "within_minutes": _MINUTES,
    "aim_minutes": _MINUTES,
    "rank": _RANK,
    "triage_scale": _CODE,
    "waits": _PERSON,
    "default_priority": _KEY,
    "signed_by": _PERSON,
    "section": _PERSON,
    "text": Words(1000, given=True),
    "watch_words": Tags(400, together=20_000),
    "postcode": Words(40),
    "address": _LINE,
    "phone": _SHORT,
    "hours": _LINE,
    "profession": _PERSON,
    "gender": _PERSON,
    "languages": Tags(),
    "callsign": Words(40, given=True, one_line=True),
    "registration": Words(40, one_line=True),
    "base": _NAME,
    "seats": Number(0, 100),
    "planned_shift.note": _NOTE,
    "changed_by": _PERSON,
    "off_reason": _REASON,
    "left_reason": _REASON,
    "weekday": Number(1, 7),
    "from_hour": Number(0, 23),
    "vans": Number(0, 1000),
    "equipment": Tags(),
    "duty_reason": _REASON,
    "device_id": _NAME,
    "device_name": _PERSON,
    "token_digest": _PERSON,
    "author": _PERSON,
    "added_by": _PERSON,
    "recorded_by": _PERSON,
    "done_by": _PERSON,
    "completed_by": _PERSON,
    "override_by": _PERSON,
    "version": _VERSION,
    "screening_tool.version": _TOOL,
    "tool_version": _TOOL,
    "ordinal": _RANK,
    "handover.ordinal": Number(1, 1000),
    "event.id": _SERIAL,
    "change.id": _SERIAL,
    "xid": _SERIAL,
    "ids": Free("written by the record's own triggers, a page of ids at most"),
    "position_fix.id": _SERIAL,
    "amends": _SERIAL,
    "referral.lat": HeldBy("referral_coordinates_check"),
    "referral.lon": HeldBy("referral_coordinates_check"),
    "lat": Number(-90, 90),
    "lon": Number(-180, 180),
    # More than once round the earth, faster than any helicopter: whatever a receiver can mean lies inside.
    "accuracy": Number(0, 50_000_000),
    "speed": Number(0, 1000),
    "heading": Number(0, 360),
    "refused": _SHORT,
    "attributes": Tree(65_536),
    "source": _CODE,
    "measure.source": Words(500, given=True),
    "measure.title": _NAME,
    "definition": Words(2000, given=True),
    "clock_start": _PERSON,
    "clock_stop": _PERSON,
    "balance": _KEY,
    "deprivation": Number(1, 10),
    "reference": _CODE,
    "priority": _KEY,
    "location_text": Words(1000),
    "access_note": _NOTE,
    "caller": _LINE,
    "call_back": _SHORT,
    "ems_incident": _SHORT,
    "ems_callsign": _SHORT,
    "waiting_party": _LINE,
    "patient_name": _LINE,
    "patient_born": Day(first=1880),
    "patient_born_said": _SHORT,
    "patient_age_low": Number(0, OLDEST),
    "patient_age_high": Number(0, OLDEST),
    "nhs_number": _SHORT,
    "call_connected_said": _SHORT,
    "sent_said": _SHORT,
    "ems_on_scene_said": _SHORT,
    "narrative": _STORY,
    "plan": Shape("is_plan"),
    "legal_status": _REASON,
    "police": _REASON,
    "hold_reason": _REASON,
    "entered_in_error_reason": _REASON,
    "end_reason": _REASON,
    "outcome": _KEY,
    "last": Number(1, 9999),
    "reason": _REASON,
    "flag.reason": Words(4000, given=True),
    "address_key": Words(300, one_line=True),
    "withdrawn_by": _PERSON,
    "withdrawn_reason": _REASON,
    "aliases": Tags(),
    "language_codes": Tags(),
    "question": _LINE,
    "topic": _KEY,
    "about_me.code": _CODE,
    "about_me.words": Words(4000),
    "about_me.said_by": _NAME,
    "from_plan": _CODE,
    "ended_by": _PERSON,
    "read_back.read_by": _NAME,
    "brief": Words(20_000, given=True),
    "language": _KEY,
    "booked_with": _NAME,
    "booking": _PERSON,
    "wish_kept.said_by": _NAME,
    "wish_kept.words": Words(4000),
    "answers": Shape("is_answers"),
    "note": _NOTE,
    "override_clinician": _LINE,
    "override_reason": _NOTE,
    "stand_down_reason": _REASON,
    "destination": _LINE,
    # A source's word for who waits, and whoever that is.
    "from_party": Words(1000, given=True),
    "to_party": Words(1000, given=True),
    "refusal_reason": _REASON,
    "words": _STORY,
    "feedback.words": Words(20_000, given=True),
    "detail": Tree(1_000_000),
    "first_minutes": _MINUTES,
    "every_minutes": _MINUTES,
    "again_minutes": _MINUTES,
    "aftercare_hours": Number(1, 2000),
    "made_by": _PERSON,
    "with_name": _LINE,
    "said": _NOTE,
    "why_not": _REASON,
    "promised": _REASON,
    "promise_note": _REASON,
    "promise_closed_by": _PERSON,
    "holder_name": _LINE,
    "named_by": _PERSON,
    "person_told_by": _LINE,
    "person_not_told": _REASON,
    "caller_told_by": _LINE,
    "caller_not_told": _REASON,
    "referrer_told_by": _LINE,
    "referrer_not_told": _REASON,
    "ending.reason": _CODE,
    "what_for": Words(2000, given=True),
    "follow_up.outcome": _NOTE,
    "incident": _SHORT,
    "crew": _SHORT,
    "free": Number(0, 1000),
    "said_by": Words(500, given=True),
    "places_free.destination": _NAME,
    "verb": _PERSON,
    "act_part.id": _SERIAL,
    "act_part.row_id": Words(60, given=True, one_line=True),
    "restoring": _SERIAL,
    "version_before": _VERSION,
    "version_after": _VERSION,
    "before": Tree(1_000_000),
    "taken_back_by": _PERSON,
    "taken_back_reason": _REASON,
    "mended.id": _SERIAL,
    "table_name": _KEY,
    "column_name": _KEY,
    "row_id": Free("the key of any row, also of one that was mended"),
    "was": Free("what was there before it was mended is kept whole"),
    "now": Free("as what it was"),
    "revision": _KEY,
    "tool_life.id": _SERIAL,
    "tool_life.name": _PERSON,
    "title": _PERSON,
    "screening_item.source": Words(1000),
    "spoken": Words(1000),
    "rationale": Words(2000),
    "owner": _PERSON,
    "branch": _CODE,
    "measure": _KEY,
    "letter": _KEY,
    "soon": _LINE,
    "goes_to": _LINE,
    "meanwhile": _LINE,
    "asked_when": _LINE,
    "low": Number(-1000, 10_000),
    "high": Number(-1000, 10_000),
    "points": Number(0, 3),
    "how": Shape("is_how"),
    "not_measured": Words(500),
    "text_digest": Words(64, given=True, one_line=True),
    "event_id": _SERIAL,
    "found": Shape("is_found"),
    "read_by": _PERSON,
    "clinician": Words(500, given=True, one_line=True),
    "decision.reason": Words(4000, given=True),
    "covers": Tags(50),
    "decided_by": _PERSON,
    "stands": Shape("is_objects"),
    "decided": Shape("is_objects"),
}

# What a limit alone cannot say: two columns side by side.
_BESIDE: Mapping[str, tuple[Check, ...]] = {
    "referral": (
        Check(
            "location_given",
            "location_text || postcode ~ '[^[:space:]]'",
            "A referral needs a location.",
            "Type a postcode, a street or a place.",
        ),
        Check(
            "born_before_received",
            "patient_born <= (received_at AT TIME ZONE 'UTC')::date + 1",
            "The date of birth lies after the referral.",
            "Check the date.",
        ),
        Check(
            "age_whole",
            "num_nulls(patient_age_low, patient_age_high, patient_age_on) IN (0, 3)"
            " AND (patient_age_low IS NULL OR patient_age_low <= patient_age_high)",
            "An age has a lower and an upper end, and the day on which it was said.",
            "Say it again.",
        ),
    ),
    # The timeline draws a shift from its start to its end: an end in another decade would hide all the others.
    "shift": tuple(
        Check(
            f"{column}_near",
            # In seconds: a sum of times would fail for the very times that are to be refused.
            f"extract(epoch FROM {column}) - extract(epoch FROM started_at) BETWEEN -86400 AND 34560000",
            f'The time "{label}" lies more than 400 days from the start of the shift.',
            "Check the date.",
        )
        for column, label in (
            ("planned_end_at", "planned end"),
            ("meal_due_at", "meal due"),
            ("meal_until_at", "meal until"),
        )
    ),
    "position_fix": (
        Check(
            "has_a_place",
            "refused <> '' OR (lat IS NOT NULL AND lon IS NOT NULL)",
            "A fix without a place is refused.",
            "Say why it is refused.",
        ),
    ),
}


def kind_of(table: str, column: Column[object]) -> Kind | None:
    """The limit of a column; None if it needs none (a truth, an id, a word of a list) or has none yet."""
    if _is_listed(column):
        return None
    found = _KINDS.get(f"{table}.{column.name}") or _KINDS.get(column.name)
    if found is None and isinstance(column.type, DateTime):
        return Moment()
    return Day() if found is None and isinstance(column.type, Date) else found


def is_limited(table: str, column: Column[object]) -> bool:
    """Whether something limits a column: a kind, or a list of words."""
    return _is_listed(column) or kind_of(table, column) is not None


def label_of(column: str) -> str:
    """What people call a column, after "the"."""
    return LABELS.get(column) or column.removesuffix("_at").replace("_", " ")


def refusal(constraint: str) -> Check | None:
    """What to say of a constraint that was broken, by its whole name; None for those that are no limits."""
    return _refusals().get(constraint)


def column_of(constraint: str) -> str:
    """The column that a limit is about, by the constraint's whole name; empty for none, or several."""
    check = _refusals().get(constraint)
    if check is None or check.name in {"characters", "one_line"}:
        return ""
    return check.name.rpartition("_")[0]


def most(table: str, column: str) -> int:
    """How many characters a text may have. ``column`` is one of words."""
    kind = _kind_named(table, column)
    if not isinstance(kind, Words):
        raise TypeError(f"{table}.{column} holds no words")
    return kind.most


def _kind_named(table: str, column: str) -> Kind | None:
    return _KINDS.get(f"{table}.{column}") or _KINDS.get(column)


@cache
def _refusals() -> Mapping[str, Check]:
    # Worked out when the first constraint is broken: nearly a tenth of a second that no start should wait for.
    return {
        f"{table.name}_{check.name}_check": check
        for table in Base.metadata.tables.values()
        for check in checks(table)
    }


def checks(table: Table) -> Iterator[Check]:
    """The limits of a table, as constraints that are named by what they limit."""
    for column in table.columns:
        kind = kind_of(table.name, column)
        if kind is not None:
            yield from kind.checks(column.name, label_of(column.name))
    yield from _characters(table)
    yield from _BESIDE.get(table.name, ())


def _characters(table: Table) -> Iterator[Check]:
    # Once a table and not once a column: PostgreSQL prepares each constraint anew for each statement.
    kinds = [(column.name, kind_of(table.name, column)) for column in table.columns]
    lines = [name for name, kind in kinds if isinstance(kind, Tags) or (isinstance(kind, Words) and kind.one_line)]
    texts = [name for name, kind in kinds if isinstance(kind, Words) and not kind.one_line]
    control = "A text holds a control character."
    if texts:
        yield Check("characters", _free_of(CONTROL, texts), control, "Type it instead of pasting it.")
    if lines:
        broken = "A name or a code holds a line break or a control character."
        yield Check("one_line", _free_of(BREAK, lines), broken, "Type it on one line.")


def _free_of(signs: str, columns: Iterable[str]) -> str:
    return f"concat_ws('', {', '.join(columns)}) !~ '{signs}'"


def _is_listed(column: Column[object]) -> bool:
    table = column.table
    return not isinstance(column.type, ARRAY) and any(
        isinstance(one, CheckConstraint) and str(one.sqltext).startswith(f"{column.name} IN (")
        for one in getattr(table, "constraints", ())
    )
