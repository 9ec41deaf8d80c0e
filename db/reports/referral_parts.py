"""What the record holds about referrals, table by table: where it stands, and what its columns are called."""

from typing import Final

from db.domain.states import ASSIGNMENT_ORDER, AssignmentState, HandoverState
from db.reports.record_part import RecordPart, asked, at, by, reason_of, steps, words

_JOB = ("allocated", "acknowledged", "mobile", "on scene", "with patient", "clear")
_LINK = ("expected", "started", "accepted", "released")
_NOTES = {"conveying": "t.destination", "stood down": reason_of("t.stand_down_reason", "stand_down")}
_KIND_OF_END = "CASE t.state WHEN 'declined' THEN 'decline' WHEN 'cancelled' THEN 'cancel' END"
_ENDED_AS = "coalesce(({}), ({}), t.reason)".format(
    asked("o.label", "cru.outcome o", "t.state = 'closed' AND o.code = t.reason"),
    asked(
        "r.label",
        "cru.reason r",
        "r.kind IN ('decline', 'cancel') AND t.state LIKE r.kind || '%' AND r.code = t.reason",
    ),
)
# What a decision covers has names of which no two are alike (db.domain.danger): ids and marks are for no reader.
_LET_ON = """(SELECT string_agg(DISTINCT c.told || coalesce(': ' || (SELECT i.text FROM cru.screening_item i
    WHERE i.key = c.key ORDER BY i.tool_version DESC LIMIT 1), ''), '; ') FROM (SELECT
    CASE WHEN o LIKE 'words %' THEN 'words' WHEN o LIKE 'yes %' THEN 'yes' WHEN o LIKE 'flag %' THEN 'a caution'
        WHEN o LIKE 'not known %' THEN 'not known' WHEN o LIKE 'unanswered %' THEN 'not asked'
        WHEN o = 'scale A' OR o NOT LIKE 'scale %' THEN o ELSE 'scale A earlier' END AS told,
    CASE WHEN o LIKE 'words %' OR o LIKE 'unanswered %' THEN split_part(o, ' ', 2)
        WHEN o LIKE 'yes %' THEN split_part(o, ' ', 3)
        WHEN o LIKE 'not known %' THEN split_part(o, ' ', 4) END AS key
    FROM unnest(t.covers) o) c)"""
TAKEN_BACK: Final = "Taken back"
"""Heads the column that says when what a row tells was said not to have happened."""
_GONE: Final = at(TAKEN_BACK, "taken_back_at")
PARTS: Final = (
    RecordPart(
        "call",
        "The call by which it came in",
        "cru.intake_call t",
        "t.begun_at",
        (
            at("Telephone answered", "answered_at"),
            by("taken_by", "Taken by"),
            at("Ended", "ended_at"),
            ("As", reason_of("t.ended_how", "call"), 1.2),
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
            words("Said by", "said_by"),
            by("added_by", "Written by"),
            at("Written", "added_at"),
            at("Ended", "ended_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "flags",
        "Flags",
        "cru.flag t",
        "t.added_at, t.id",
        (
            words("Of", "subject", 0.8),
            words("Kind", "kind"),
            words("Reason", "reason", 2),
            by("added_by"),
            at("Put", "added_at"),
            at("Looked at again", "expires_at"),
            at("Withdrawn", "withdrawn_at"),
            words("Why", "withdrawn_reason"),
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
            by("completed_by"),
            at("When", "completed_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "decisions",
        "Decisions about what stood against going on",
        "cru.decision t",
        "t.decided_at, t.id",
        (
            words("Decision", "kind", 0.8),
            words("Clinician", "clinician"),
            words("Reason", "reason", 2),
            ("About", _LET_ON, 1.6),
            by("decided_by", "Written by"),
            at("When", "decided_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "contacts",
        "While the person waited",
        "cru.contact t",
        "t.made_at, t.id",
        (
            at("When", "made_at"),
            by("made_by"),
            words("With", "spoke_with", 0.8),
            words("Name", "with_name"),
            words("By way of", "channel", 0.8),
            words("Said", "said", 2),
            words("Why not", "why_not"),
            words("Promised", "promised", 1.2),
            words("Kept", "promise_outcome", 0.7),
            _GONE,
        ),
    ),
    RecordPart(
        "vans",
        "Vans",
        "cru.assignment t JOIN cru.van v ON v.id = t.van_id "
        + steps((*ASSIGNMENT_ORDER, AssignmentState.STOOD_DOWN), _NOTES, _JOB),
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
        + steps(HandoverState, {"refused": reason_of("t.refusal_reason", "refuse_handover")}, _LINK),
        "t.ordinal, t.id, s.place",
        (
            words("From", "from_party", 1.2),
            words("To", "to_party", 1.2),
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
            at("When", "recorded_at"),
            words("Read back by", "read_by"),
            words("By way of", "channel", 0.8),
            words("Brief", "brief", 4),
            by("recorded_by", "Written by"),
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
            words("With", "booked_with", 1.4),
            words("Booking", "booking"),
            at("For", "booked_for_at"),
            by("recorded_by"),
            at("Booked", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "endings",
        "How it ended",
        "cru.ending t",
        "t.ended_at, t.id",
        (
            words("End", "state", 0.9),
            ("As", _ENDED_AS, 1.6),
            at("When", "ended_at"),
            words("Responsible next", "holder_name", 1.6),
            by("named_by", "Named by"),
            at("Reopened", "reopened_at"),
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
            at("Due", "due_at"),
            words("What for", "what_for", 1.6),
            at("Done", "done_at"),
            words("How it went", "outcome", 1.8),
            by("made_by", "Planned by"),
            _GONE,
        ),
    ),
    RecordPart(
        "late-links",
        "Services that came into it later",
        "cru.late_link t",
        "t.made_at, t.id",
        (
            words("Service", "service", 0.8),
            words("Incident", "incident"),
            words("Crew", "crew"),
            at("Came", "came_at"),
            by("made_by", "Written by"),
            at("Written", "made_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "said-afterwards",
        "What was said afterwards",
        "cru.feedback t",
        "t.recorded_at, t.id",
        (
            words("Said by", "said_by", 0.9),
            words("In their words", "words", 3),
            by("recorded_by", "Written by"),
            at("Written", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "shift-log",
        "In the shift log",
        "cru.shift_log t",
        "t.happened_at, t.id",
        (
            at("When", "happened_at"),
            words("What", "words", 3),
            by("written_by", "Written by"),
            at("Written", "written_at"),
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
            words("Under", "kind", 0.8),
            words("What", "words", 3),
            by("signed_by", "Signed by"),
            words("Remark", "remark", 1.5),
        ),
    ),
    RecordPart(
        "reviewed",
        "Looked at afterwards",
        "cru.review t",
        "t.reviewed_at, t.id",
        (
            words("Why", "kind", 0.9),
            words("What was seen", "words", 3),
            by("reviewed_by", "By"),
            at("When", "reviewed_at"),
        ),
    ),
    RecordPart(
        "wishes-kept",
        "Whether what was asked for was kept",
        "cru.wish_kept t JOIN cru.about_me a ON a.id = t.about_id",
        "t.recorded_at, t.id",
        (
            ("Asked for", "coalesce(nullif(a.words, ''), a.code)", 2),
            words("Kept", "kept", 0.7),
            words("Said by", "said_by"),
            words("Words", "words", 2),
            at("Written", "recorded_at"),
            _GONE,
        ),
    ),
    RecordPart(
        "asked",
        "What was asked about the record",
        "cru.person_request t",
        "t.made_at, t.id",
        (
            words("Asked for", "kind", 0.8),
            words("About", "about"),
            words("By whom", "said_by"),
            words("In their words", "words", 2),
            at("Written", "made_at"),
            words("It is", "state", 0.7),
            words("Answer", "answer", 1.8),
            words("To stand beside it", "statement", 1.8),
            by("answered_by", "Answered by"),
            at("Answered", "answered_at"),
        ),
    ),
    RecordPart(
        "events",
        "Everything that happened",
        "cru.event t LEFT JOIN cru.van v ON v.id = t.van_id",
        "t.id",
        (
            at("Happened", "happened_at"),
            at("Written down", "recorded_at"),
            words("What", "kind"),
            words("Words", "words", 1.8),
            words("Reason", "reason", 0.9),
            ("Van", "v.callsign", 0.6),
            by("recorded_by"),
            words("From", "source", 0.7),
            ("What changed", "t.detail", 2.4),
        ),
        "In the order in which it was written down. Nothing of it is ever changed or deleted.",
    ),
)
