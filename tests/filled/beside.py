"""What stands in a filled record beside referrals and their steps: the room, the rota, the record's own rows."""

from typing import Final

from tests.filled.rows import ENDED, LATELY, SENT, Rows

BESIDE: Final = (
    Rows(
        "decision",
        "job WHERE n % 5 = 0",
        {
            "referral_id": "id",
            "kind": "'let on'",
            "clinician": "'Dr Yu'",
            "reason": "'seen'",
            "covers": "'{{}}'::text[]",
            "decided_by": "'l.lead'",
            "decided_at": "at + interval '4 minutes'",
        },
    ),
    Rows(
        "same_person",
        "job JOIN job other ON other.p = job.p AND other.n > job.n WHERE job.n % 200 > 0",
        {
            "referral_id": "job.id",
            "other_id": "other.id",
            "is_same": "true",
            "added_by": "'a.shah'",
            "added_at": "other.at",
        },
    ),
    Rows(
        "read_back",
        f"{SENT} AND n % 4 = 0",
        {
            "referral_id": "job.id",
            "assignment_id": "van_job",
            "read_by": "'K. Bell'",
            "channel": "'radio'",
            "brief": "'Side door.'",
            "recorded_by": "'a.shah'",
            "recorded_at": "at + interval '6 minutes'",
        },
    ),
    Rows(
        "crew_word",
        f"{SENT} AND n % 4 = 1",
        {
            "referral_id": "job.id",
            "assignment_id": "van_job",
            "channel": "'radio'",
            "recorded_by": "'a.shah'",
            "recorded_at": "at + interval '90 minutes'",
        },
    ),
    Rows(
        "interpreter",
        "job WHERE n % 5 = 1",
        {
            "referral_id": "id",
            "language": "'lit'",
            "booked_with": "'an agency'",
            "recorded_by": "'a.shah'",
            "recorded_at": "at + interval '6 minutes'",
        },
    ),
    Rows(
        "wish_kept",
        "cru.about_me a",
        {
            "referral_id": "referral_id",
            "about_id": "id",
            "kept": "'yes'",
            "said_by": "'the person'",
            "recorded_by": "'a.shah'",
            "recorded_at": "added_at + interval '3 hours'",
        },
    ),
    Rows(
        "late_link",
        "job WHERE n % 5 = 2",
        {
            "referral_id": "id",
            "service": "'police'",
            "crew": "'NP 4'",
            "made_by": "'a.shah'",
            "made_at": "at + interval '1 hour'",
        },
    ),
    Rows(
        "places_free",
        "job WHERE n % 5 = 3",
        {
            "destination": "(SELECT min(name) FROM cru.destination)",
            "free": "n % 4",
            "said_by": "'K. Bell'",
            "said_at": "at",
            "recorded_by": "'a.shah'",
            "recorded_at": "at",
        },
    ),
    Rows(
        "alarm",
        "job WHERE n % 3 = 0",
        {
            "name": "'no_van ' || id",
            "kind": "(SELECT min(code) FROM cru.alarm_kind)",
            "priority": "2",
            "words": "'nobody is on the way'",
            "referral_id": "id",
            "since_at": "at",
            "raised_at": "at + interval '2 minutes'",
            "raised_by": "'a.shah'",
            "returned_at": "at + interval '5 minutes'",
            "closed_at": "at + interval '5 minutes'",
        },
    ),
    Rows("alarm_onset", "job WHERE n % 5 = 4", {"name": "'due ' || id", "begun_at": "at", "ended_at": "at"}),
    Rows(
        "shift_log",
        "job WHERE n % 5 = 0",
        {
            "words": "'keys of bay ' || n % 90",
            "happened_at": "at",
            "written_by": "'a.shah'",
            "written_at": "at",
        },
    ),
    Rows(
        "message",
        "job WHERE n % 5 = 0",
        {
            "referral_id": "id",
            "to_login": "CASE WHEN n % 10 = 0 THEN 'b.okafor' ELSE '' END",
            "words": "'the door is open'",
            "written_by": "'a.shah'",
            "written_at": "at",
        },
    ),
    Rows(
        "message_seen",
        "cru.message m WHERE written_at < now() - interval '1 day'",
        {"message_id": "id", "seen_by": "'b.okafor'", "seen_at": "written_at + interval '1 minute'"},
    ),
    Rows(
        "shift_handover",
        "job WHERE n % 5 = 0",
        {
            "since_at": "at - interval '8 hours'",
            "offered_by": "'l.lead'",
            "offered_at": "at",
            "taken_by": "'n.lead'",
            "taken_at": "at + interval '10 minutes'",
        },
    ),
    Rows(
        "shift_handover_item",
        "cru.shift_handover h",
        {"shift_handover_id": "id", "rank": "1", "kind": "'person'", "words": "'waits alone'"},
    ),
    Rows("search", "job WHERE n % 5 = 1", {"asked_by": "'a.shah'", "asked_at": "at", "found": "3"}),
    Rows("look", "job WHERE n % 5 = 1", {"looked_by": "'a.shah'", "looked_at": "at", "why": "'replay'"}),
    Rows(
        "feedback",
        f"{ENDED} AND n % 5 = 0",
        {
            "referral_id": "id",
            "said_by": "'person'",
            "words": "'kind and quick'",
            "recorded_by": "'a.shah'",
            "recorded_at": "at + interval '3 days'",
        },
    ),
    Rows(
        "person_request",
        f"{ENDED} AND n % 5 = 1",
        {
            "referral_id": "id",
            "kind": "'copy'",
            "said_by": "'the person'",
            "words": "'to read it'",
            "made_by": "'a.shah'",
            "made_at": "at + interval '9 days'",
            "state": "'done'",
            "answer": "'given out'",
            "answered_by": "'l.lead'",
            "answered_at": "at + interval '12 days'",
        },
    ),
    Rows(
        "improvement",
        "cru.feedback f",
        {
            "feedback_id": "id",
            "said": "'a quieter knock'",
            "raised_by": "'carer'",
            "owner": "'K. Bell'",
            "state": "'done'",
            "did": "'we ring first'",
            "made_by": "'l.lead'",
            "made_at": "recorded_at",
            "changed_by": "'l.lead'",
            "changed_at": "recorded_at + interval '20 days'",
        },
    ),
    Rows(
        "review",
        "cru.feedback f",
        {
            "kind": "'feedback'",
            "about": "id::text",
            "referral_id": "referral_id",
            "words": "'seen'",
            "reviewed_by": "'l.lead'",
            "reviewed_at": "recorded_at + interval '1 day'",
        },
    ),
    Rows(
        "planned_shift",
        "cru.shift s WHERE s.ended_at IS NOT NULL",
        {
            "van_id": "van_id",
            "starts_at": "started_at",
            "ends_at": "ended_at",
            "made_by": "'l.lead'",
            "made_at": "started_at - interval '20 days'",
            "changed_at": "started_at - interval '20 days'",
        },
    ),
    Rows(
        "planned_ride",
        "cru.planned_shift s JOIN cru.shift_member m ON m.from_at = s.starts_at",
        {"planned_shift_id": "s.id", "staff_id": "m.staff_id"},
    ),
    Rows(
        "rota_published",
        "cru.planned_shift s",
        {"planned_shift_id": "id", "plan_version": "1", "published_at": "made_at"},
    ),
    Rows(
        "command_log",
        "job, generate_series(1, 2)",
        {"command_id": "gen_random_uuid()", "verb": "'Step'", "done_by": "'a.shah'", "done_at": "at"},
    ),
    Rows(
        "mended",
        "job WHERE n % 5 = 2",
        {
            "table_name": "'referral'",
            "row_id": "id::text",
            "column_name": "'caller'",
            "was": "'x'",
            "now": "'y'",
            "revision": "'0003'",
        },
    ),
    # The acts of a week, which is as long as they are kept; and the changes of an hour.
    Rows(
        "act",
        f"job WHERE {LATELY}",
        {
            "id": "id",
            "xid": "n",
            "began_at": "now() - interval '6 days' * ({n} - n) / 2000",
            "done_by": "'a.shah'",
            "done_at": "now() - interval '6 days' * ({n} - n) / 2000",
        },
    ),
    Rows(
        "act_part",
        f"job WHERE {LATELY}",
        {
            "act_id": "id",
            "table_name": "'referral'",
            "row_id": "id::text",
            "referral_id": "id",
            "inserted": "false",
            "version_after": "2",
        },
    ),
    Rows(
        "act_part",
        f"job JOIN cru.event e ON e.referral_id = job.id AND e.van_id IS NULL WHERE {LATELY}",
        {
            "act_id": "job.id",
            "table_name": "'event'",
            "row_id": "e.id::text",
            "referral_id": "job.id",
            "inserted": "true",
        },
    ),
    Rows(
        "change",
        f"job WHERE {LATELY}",
        {"xid": "n", "entity": "'referral'", "ids": "ARRAY[id]", "at": "now() - interval '30 minutes'"},
    ),
    # What is sealed, as far as it was sealed, and what waits for the sealer.
    *(
        Rows(
            table,
            "job",
            {
                **({"place": "n", "id": "n"} if table == "audit_leaf" else {}),
                "xid": "n",
                "shape": "1",
                "op": "'I'",
                "row_key": "id::text",
                "digest": "sha256('x')",
            },
        )
        for table in ("audit_leaf", "audit_pending")
    ),
    Rows("audit_node", "job", {"level": "8", "index": "n", "hash": "sha256('x')"}),
    Rows(
        "audit_checkpoint",
        "job",
        {"number": "n", "size": "n", "made_at": "at", "note": "'x'", "xid": "n", "life": "'x'"},
    ),
    Rows(
        "neighbourhood",
        "generate_series(1, 2000) n",
        {
            "area": "'ZE1' || n % 10 || chr(65 + n / 10 % 26) || chr(65 + n / 260)",
            "tenth": "1 + n % 10",
            "source": "'a list'",
        },
    ),
)
"""In the order in which they refer to each other."""
