"""What the record holds about one referral, table by table: where it stands, and what its columns are called."""

from dataclasses import dataclass
from typing import Final

from db.reports.document import Column, Kind

Shown = tuple[str, str, float]
"""A column: its heading, what it is in SQL, and its share of the width."""
_WHO: Final = "coalesce((SELECT u.display_name FROM cru.user_account u WHERE u.login = t.{0}), t.{0})"
_MOMENTS: Final = ("_at", "_until")


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
        """The statement, with the referral as ``:referral``."""
        what = ", ".join(expression for _, expression, _ in self.shown)
        # Made of the words of this file alone.
        return f"SELECT {what} FROM {self.source} WHERE t.referral_id = :referral ORDER BY {self.order}"  # noqa: S608

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the statement."""
        return tuple(Column(title, _kind(expression), wide) for title, expression, wide in self.shown)


def _kind(expression: str) -> Kind:
    return "moment" if expression.startswith("t.") and expression.endswith(_MOMENTS) else "text"


def _by(column: str, title: str = "By") -> Shown:
    """Who that was, by the name that colleagues read."""
    return title, _WHO.format(column), 1.0


def _at(title: str, column: str) -> Shown:
    return title, f"t.{column}", 1.2


def _words(title: str, column: str, wide: float = 1.0) -> Shown:
    return title, f"t.{column}", wide


_GONE: Final = _at("Taken back", "taken_back_at")
PARTS: Final = (
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
        "cru.assignment t JOIN cru.van v ON v.id = t.van_id",
        "t.allocated_at, t.id",
        (
            ("Van", "v.callsign", 0.8),
            _at("Allocated", "allocated_at"),
            _at("Acknowledged", "acknowledged_at"),
            _at("Mobile", "mobile_at"),
            _at("At rendezvous", "at_rendezvous_at"),
            _at("On scene", "on_scene_at"),
            _at("With patient", "with_patient_at"),
            _at("Clear", "clear_at"),
            _at("Stood down", "stood_down_at"),
            _words("Why", "stand_down_reason"),
            _GONE,
        ),
    ),
    RecordPart(
        "conveyed",
        "Where vans took the person",
        "(SELECT * FROM cru.assignment WHERE destination <> '') t JOIN cru.van v ON v.id = t.van_id",
        "t.allocated_at, t.id",
        (
            ("Van", "v.callsign", 0.8),
            _words("Destination", "destination", 2),
            _at("Conveying", "conveying_at"),
            _at("At destination", "at_destination_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "handovers",
        "Who held the person",
        "cru.handover t",
        "t.ordinal, t.id",
        (
            _words("From", "from_party", 1.2),
            _words("To", "to_party", 1.2),
            _at("Expected", "expected_at"),
            _at("Started", "started_at"),
            _at("Accepted", "accepted_at"),
            _at("Released", "released_at"),
            _at("Refused", "refused_at"),
            _words("Why", "refusal_reason"),
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
            _words("As", "reason"),
            _at("When", "ended_at"),
            _words("Responsible next", "holder_name", 1.6),
            _by("named_by", "Named by"),
            _at("Person told", "person_told_at"),
            _words("Why not", "person_not_told"),
            _at("Caller told", "caller_told_at"),
            _at("Referrer told", "referrer_told_at"),
            _at("Reopened", "reopened_at"),
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
            _words("From", "source", 0.6),
            ("Detail", "nullif(t.detail, '{}')::text", 1.8),
        ),
        "In the order in which it was written down. Nothing of it is ever changed or deleted.",
    ),
)
