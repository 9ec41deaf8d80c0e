"""What the record holds about one referral, table by table: where it stands, and what its columns are called."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.domain.states import ASSIGNMENT_ORDER, AssignmentState, HandoverState
from db.reports.document import Column, Kind

Shown = tuple[str, str, float]
"""A column: its heading, what it is in SQL, and its share of the width."""
_WHO: Final = "coalesce((SELECT u.display_name FROM cru.user_account u WHERE u.login = t.{0}), t.{0})"
_MOMENT: Final = re.compile(r"\w+\.\w+(_at|_until)")
_NOTHING: Final = "''"


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A table of the report.

    Attributes:
        key: names it in file names.
        source: what is read, with ``t`` for the table that belongs to the referral.
        order: in which order.
    """

    key: str
    title: str
    source: str
    order: str
    shown: tuple[Shown, ...]
    note: str = ""

    @property
    def query(self) -> str:
        """The statement, with the referrals as ``:ids``; the first column is which of them."""
        what = ", ".join(expression for _, expression, _ in self.shown)
        # Made of the words of this file alone.
        return (
            f"SELECT whose.reference, {what} FROM {self.source}"  # noqa: S608
            " JOIN cru.referral whose ON whose.id = t.referral_id"
            f" WHERE t.referral_id = ANY(:ids) ORDER BY whose.received_at, whose.id, {self.order}"
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns after the first, in the order of the statement."""
        return tuple(Column(title, _kind(expression), wide) for title, expression, wide in self.shown)


def _kind(expression: str) -> Kind:
    return "moment" if _MOMENT.fullmatch(expression) else "text"


def _by(column: str, title: str = "By") -> Shown:
    """Who that was, by the name that colleagues read."""
    return title, _WHO.format(column), 1.0


def _at(title: str, column: str) -> Shown:
    return title, f"t.{column}", 1.2


def _words(title: str, column: str, wide: float = 1.0) -> Shown:
    return title, f"t.{column}", wide


def _label_of(column: str, kind: str) -> str:
    """A reason as people read it, by its code."""
    found = _asked("r.label", "cru.reason r", f"r.kind = '{kind}' AND r.code = {column}")
    return f"coalesce(({found}), {column})"


def _asked(what: str, source: str, where: str) -> str:
    # Made of the words of this file alone.
    return f"SELECT {what} FROM {source} WHERE {where}"  # noqa: S608


def _steps(states: Iterable[StrEnum], notes: Mapping[str, str], usual: Container[str]) -> str:
    """One row a step: those that are usual also where nobody put down when, the others only if they were taken."""
    rows = ", ".join(
        f"({place}, '{one}', t.{one.value.replace(' ', '_')}_at, {notes.get(one, _NOTHING)}, {one in usual})"
        for place, one in enumerate(states)
    )
    found = _asked(
        "*", f"(VALUES {rows}) AS s (place, step, happened_at, note, usual)", "usual OR happened_at IS NOT NULL"
    )
    return f"CROSS JOIN LATERAL ({found}) s"


_JOB = ("allocated", "acknowledged", "mobile", "on scene", "with patient", "clear")
_LINK = ("expected", "started", "accepted", "released")
_NOTES = {"conveying": "t.destination", "stood down": _label_of("t.stand_down_reason", "stand_down")}
_KIND_OF_END = "CASE t.state WHEN 'declined' THEN 'decline' WHEN 'cancelled' THEN 'cancel' END"
_ENDED_AS = "coalesce(({}), ({}), t.reason)".format(
    _asked("o.label", "cru.outcome o", "t.state = 'closed' AND o.code = t.reason"),
    _asked(
        "r.label",
        "cru.reason r",
        "r.kind IN ('decline', 'cancel') AND t.state LIKE r.kind || '%' AND r.code = t.reason",
    ),
)
_GONE: Final = _at("Taken back", "taken_back_at")
PARTS: Final = (
    RecordPart(
        "call",
        "The call by which it came in",
        "cru.intake_call t",
        "t.begun_at",
        (
            _at("Telephone answered", "answered_at"),
            _by("taken_by", "Taken by"),
            _at("Ended", "ended_at"),
            ("As", _label_of("t.ended_how", "call"), 1.2),
        ),
        "What is typed while the call goes on is here once it is saved.",
    ),
    RecordPart(
        "about-me",
        "What was said about the person",
        "cru.about_me t JOIN cru.about_topic p ON p.key = t.topic",
        "t.added_at, t.id",
        (
            ("Topic", "p.label", 1.2),
            ("In their words", "coalesce(nullif(t.words, ''), t.code)", 2),
            _words("Said by", "said_by"),
            _by("added_by", "Written by"),
            _at("Written", "added_at"),
            _at("Ended", "ended_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "flags",
        "Flags",
        "cru.flag t",
        "t.added_at, t.id",
        (
            _words("Of", "subject", 0.8),
            _words("Kind", "kind"),
            _words("Reason", "reason", 2),
            _by("added_by"),
            _at("Put", "added_at"),
            _at("Looked at again", "expires_at"),
            _at("Withdrawn", "withdrawn_at"),
            _words("Why", "withdrawn_reason"),
            _GONE,
        ),
    ),
    RecordPart(
        "screenings",
        "Screening",
        "cru.screening t CROSS JOIN LATERAL jsonb_each_text(t.answers) a"
        " LEFT JOIN cru.screening_item i ON i.tool_version = t.tool_version AND i.key = a.key",
        "t.completed_at, t.id, a.key",
        (
            ("Tool", "'version ' || t.tool_version", 0.8),
            ("Question", "coalesce(i.text, a.key)", 2.5),
            ("Answer", "a.value", 0.8),
            ("How", "t.how ->> a.key", 0.8),
            _by("completed_by"),
            _at("When", "completed_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "decisions",
        "Decisions about what stood against going on",
        "cru.decision t",
        "t.decided_at, t.id",
        (
            _words("Decision", "kind", 0.8),
            _words("Clinician", "clinician"),
            _words("Reason", "reason", 2),
            ("About", "array_to_string(t.covers, '; ')", 1.6),
            _by("decided_by", "Written by"),
            _at("When", "decided_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "contacts",
        "While the person waited",
        "cru.contact t",
        "t.made_at, t.id",
        (
            _at("When", "made_at"),
            _by("made_by"),
            _words("With", "spoke_with", 0.8),
            _words("Name", "with_name"),
            _words("By way of", "channel", 0.8),
            _words("Said", "said", 2),
            _words("Why not", "why_not"),
            _words("Promised", "promised", 1.2),
            _words("Kept", "promise_outcome", 0.7),
            _GONE,
        ),
    ),
    RecordPart(
        "vans",
        "Vans",
        "cru.assignment t JOIN cru.van v ON v.id = t.van_id "
        + _steps((*ASSIGNMENT_ORDER, AssignmentState.STOOD_DOWN), _NOTES, _JOB),
        "t.allocated_at, t.id, s.place",
        (
            ("Van", "v.callsign", 0.8),
            ("Step", "s.step", 1.2),
            ("When", "s.happened_at", 1.6),
            ("Where to, or why", "s.note", 2),
            _GONE,
        ),
        "A time that nobody put down is missing, and stands as a dash.",
    ),
    RecordPart(
        "handovers",
        "Who held the person",
        "cru.handover t "
        + _steps(HandoverState, {"refused": _label_of("t.refusal_reason", "refuse_handover")}, _LINK),
        "t.ordinal, t.id, s.place",
        (
            _words("From", "from_party", 1.2),
            _words("To", "to_party", 1.2),
            ("Step", "s.step", 1),
            ("When", "s.happened_at", 1.6),
            ("Why", "s.note", 1.6),
            _GONE,
        ),
    ),
    RecordPart(
        "read-backs",
        "What crews were told before they went in",
        "cru.read_back t",
        "t.recorded_at, t.id",
        (
            _at("When", "recorded_at"),
            _words("Read back by", "read_by"),
            _words("By way of", "channel", 0.8),
            _words("Brief", "brief", 4),
            _by("recorded_by", "Written by"),
            _GONE,
        ),
    ),
    RecordPart(
        "interpreters",
        "Interpreters",
        "cru.interpreter t LEFT JOIN cru.language l ON l.code = t.language",
        "t.recorded_at, t.id",
        (
            ("Language", "coalesce(l.label, t.language)", 0.8),
            _words("With", "booked_with", 1.4),
            _words("Booking", "booking"),
            _at("For", "booked_for_at"),
            _by("recorded_by"),
            _at("Booked", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "endings",
        "How it ended",
        "cru.ending t",
        "t.ended_at, t.id",
        (
            _words("End", "state", 0.9),
            ("As", _ENDED_AS, 1.6),
            _at("When", "ended_at"),
            _words("Responsible next", "holder_name", 1.6),
            _by("named_by", "Named by"),
            _at("Reopened", "reopened_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "told",
        "Who was told how it ended",
        "cru.ending t CROSS JOIN LATERAL (VALUES"
        " (1, 'The person', t.person_told_by, t.person_told_at, t.person_not_told),"
        " (2, 'The caller', t.caller_told_by, t.caller_told_at, t.caller_not_told),"
        " (3, 'Who referred', t.referrer_told_by, t.referrer_told_at, t.referrer_not_told))"
        " AS s (place, who, told_by, told_at, not_told)",
        "t.ended_at, t.id, s.place",
        (
            ("Who", "s.who", 1),
            ("Told by", "s.told_by", 1),
            ("When", "s.told_at", 1.4),
            ("Why not", "s.not_told", 2),
            _GONE,
        ),
    ),
    RecordPart(
        "follow-ups",
        "What was to be done later",
        "cru.follow_up t",
        "t.due_at, t.id",
        (
            _at("Due", "due_at"),
            _words("What for", "what_for", 1.6),
            _at("Done", "done_at"),
            _words("How it went", "outcome", 1.8),
            _by("made_by", "Planned by"),
            _GONE,
        ),
    ),
    RecordPart(
        "late-links",
        "Services that came into it later",
        "cru.late_link t",
        "t.made_at, t.id",
        (
            _words("Service", "service", 0.8),
            _words("Incident", "incident"),
            _words("Crew", "crew"),
            _at("Came", "came_at"),
            _by("made_by", "Written by"),
            _at("Written", "made_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "said-afterwards",
        "What was said afterwards",
        "cru.feedback t",
        "t.recorded_at, t.id",
        (
            _words("Said by", "said_by", 0.9),
            _words("In their words", "words", 3),
            _by("recorded_by", "Written by"),
            _at("Written", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "shift-log",
        "In the shift log",
        "cru.shift_log t",
        "t.happened_at, t.id",
        (
            _at("When", "happened_at"),
            _words("What", "words", 3),
            _by("written_by", "Written by"),
            _at("Written", "written_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "handed-over",
        "Told to the next shift",
        "cru.shift_handover_item t JOIN cru.shift_handover h ON h.id = t.shift_handover_id",
        "h.offered_at, t.rank",
        (
            ("Offered", "h.offered_at", 1.2),
            _words("Under", "kind", 0.8),
            _words("What", "words", 3),
            _by("signed_by", "Signed by"),
            _words("Remark", "remark", 1.5),
        ),
    ),
    RecordPart(
        "reviewed",
        "Looked at afterwards",
        "cru.review t",
        "t.reviewed_at, t.id",
        (
            _words("Why", "kind", 0.9),
            _words("What was seen", "words", 3),
            _by("reviewed_by", "By"),
            _at("When", "reviewed_at"),
        ),
    ),
    RecordPart(
        "wishes-kept",
        "Whether what was asked for was kept",
        "cru.wish_kept t JOIN cru.about_me a ON a.id = t.about_id",
        "t.recorded_at, t.id",
        (
            ("Asked for", "coalesce(nullif(a.words, ''), a.code)", 2),
            _words("Kept", "kept", 0.7),
            _words("Said by", "said_by"),
            _words("Words", "words", 2),
            _at("Written", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "asked",
        "What was asked about the record",
        "cru.person_request t",
        "t.made_at, t.id",
        (
            _words("Asked for", "kind", 0.8),
            _words("About", "about"),
            _words("By whom", "said_by"),
            _words("In their words", "words", 2),
            _at("Written", "made_at"),
            _words("It is", "state", 0.7),
            _words("Answer", "answer", 1.8),
            _words("To stand beside it", "statement", 1.8),
            _by("answered_by", "Answered by"),
            _at("Answered", "answered_at"),
        ),
    ),
    RecordPart(
        "events",
        "Everything that happened",
        "cru.event t LEFT JOIN cru.van v ON v.id = t.van_id",
        "t.id",
        (
            _at("Happened", "happened_at"),
            _at("Written down", "recorded_at"),
            _words("What", "kind"),
            _words("Words", "words", 1.8),
            _words("Reason", "reason", 0.9),
            ("Van", "v.callsign", 0.6),
            _by("recorded_by"),
            _words("From", "source", 0.7),
            ("What changed", "t.detail", 2.4),
        ),
        "In the order in which it was written down. Nothing of it is ever changed or deleted.",
    ),
)
