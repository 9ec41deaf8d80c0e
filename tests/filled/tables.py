# ruff: noqa: S608 - the statements are the tests' own
"""What stands in a filled record of referrals and their steps, as SQL: where the rows come from, what columns say.

The words are such that a few are everywhere and most are somebody's own. A column or a table that a revision does
not know is left out.
"""

from typing import Final

from tests.filled.rows import ENDED, SENT, VANS, Rows, own

_TOOL: Final = "(SELECT coalesce(max(version), 1) FROM cru.screening_tool)"

ROWS: Final = (
    Rows(
        "van",
        "generate_series(1, {vans}) n",
        {
            "callsign": "'T' || n",
            "registration": "'T' || n",
            "base": "(SELECT min(name) FROM cru.van_base)",
            "livery": "'unmarked'",
            "seats": "5",
        },
    ),
    Rows(
        "device",
        "cru.van v WHERE v.callsign = 'T1'",
        {"device_id": "'of ' || v.callsign", "van_id": "v.id", "token_digest": "repeat('0f', 32)"},
    ),
    Rows(
        "shift",
        f"generate_series(1, {{shifts}}) n JOIN {VANS} ON v.k = n % {{vans}}, LATERAL (SELECT now() - interval"
        " '{years} years' * (1 - n::float8 / {shifts}) - interval '11 hours' AS begun) b",
        {
            "van_id": "v.id",
            "started_at": "begun",
            "planned_end_at": "begun + interval '10 hours'",
            "ended_at": "begun + interval '10 hours'",
        },
    ),
    Rows(
        "shift_member",
        "cru.shift s, (SELECT id, row_number() OVER () AS k, count(*) OVER () AS of FROM cru.staff) p"
        " WHERE p.k = 1 + abs(hashtext(s.id::text)) % p.of AND s.ended_at IS NOT NULL",
        {"shift_id": "s.id", "staff_id": "p.id", "from_at": "started_at", "until_at": "ended_at"},
    ),
    Rows(
        "referral",
        "job",
        {
            "id": "id",
            "reference": "'CRU-' || to_char(at, 'YYYYMMDD') || '-' || n",
            "source": "CASE n % 3 WHEN 0 THEN 'hub' ELSE 'ems_crew' END",
            "priority": "('{{P1,P1,P1,P2,P2,P3}}'::text[])[1 + n % 6]",
            "state": "CASE WHEN is_open OR is_error THEN 'received' WHEN is_declined THEN 'declined'"
            " ELSE 'closed' END",
            "outcome": "CASE WHEN NOT (is_open OR is_error OR is_declined) THEN 'gp' END",
            "end_reason": "CASE WHEN is_declined THEN 'out_of_area' ELSE '' END",
            "ae_avoided": "('{{yes,no,unknown}}'::text[])[1 + n % 3]",
            "police_avoided": "('{{yes,no,unknown}}'::text[])[1 + n % 5 % 3]",
            # A hostel houses a hundredth, one surgery rings about as many, a tenth were born on one day.
            "location_text": "CASE p % 100 WHEN 7 THEN '1 Hostel Row, Northampton' ELSE 1 + p % 200 || ' '"
            " || ('{{Abington Street,Kettering Road,Mill Lane,High Street}}'::text[])[1 + p % 4] || ', '"
            " || ('{{Northampton,Kettering,Corby,Daventry,Rushden}}'::text[])[1 + p / 3 % 5] END",
            "postcode": "CASE p % 100 WHEN 7 THEN 'NN1 1HH' ELSE ('{{NN1,NN16,NN18,NN11,NN10}}'::text[])"
            "[1 + p / 3 % 5] || ' ' || p % 9 || chr(65 + (p % 23)::int) || chr(65 + (p / 23 % 23)::int) END",
            "lat": "52.0 + (p % 1000) / 2000.0",
            "lon": "-1.2 + (p % 997) / 1500.0",
            "patient_name": "('{{Zoe,Mari,Aisha,Tom,Jack,Ola,Omar,Ruth,Kofi,Leila}}'::text[])[1 + p % 10] || ' '"
            " || initcap(translate(to_hex(p * 7919 % 60000), '0123456789', 'aeioubdghk'))",
            "patient_born": "CASE p % 10 WHEN 3 THEN date '1970-01-01'"
            " ELSE date '1940-01-01' + (p * 7919 % 22000)::integer END",
            "nhs_number": "CASE WHEN p % 2 = 0 THEN '9' || lpad((p * 7907 % 1000000000)::text, 9, '0') END",
            "call_back": "CASE p % 100 WHEN 9 THEN '01604 900000'"
            " ELSE '07700 ' || lpad((p * 613 % 1000000)::text, 6, '0') END",
            "ems_incident": "CASE WHEN n % 3 = 1 THEN 'E' || n ELSE '' END",
            "caller": "'Crew ' || n % 50",
            "narrative": f"'Found by a neighbour near the ' || {own('n % 20000')} || ', says they '"
            f" || {own('n % 500')} || '. Calm now, wants to talk; ' || {own('n')} || ' is with them.'",
            "received_at": "at",
            "acknowledged_at": "at + interval '1 minute'",
            "screened_at": "CASE WHEN NOT (is_open OR is_error) THEN at + interval '3 minutes' END",
            "accepted_at": "CASE WHEN NOT (is_open OR is_error OR is_declined) THEN at + interval '4 minutes' END",
            "closed_at": "CASE WHEN NOT (is_open OR is_error) THEN at + interval '150 minutes' END",
            "entered_in_error_at": "CASE WHEN is_error THEN at + interval '10 minutes' END",
            "entered_in_error_reason": "CASE WHEN is_error THEN 'a test' ELSE '' END",
        },
    ),
    Rows(
        "intake_call",
        "job WHERE n % 2 = 0 AND NOT is_open",
        {
            "referral_id": "id",
            "answered_at": "at - interval '5 seconds'",
            "begun_at": "at",
            "taken_by": "'a.shah'",
            "taken_since_at": "at",
            "saved_at": "at + interval '1 minute'",
            "ended_at": "at + interval '1 minute'",
            "ended_by": "'a.shah'",
            "ended_how": "CASE WHEN is_error THEN 'wrong_number' ELSE 'referral' END",
        },
    ),
    Rows(
        "screening",
        ENDED,
        {
            "referral_id": "id",
            "tool_version": _TOOL,
            "answers": "(SELECT jsonb_object_agg(key, 'no') FROM cru.screening_item"
            f" WHERE tool_version = {_TOOL})",
            "completed_at": "at + interval '3 minutes'",
        },
    ),
    Rows(
        "reading",
        "job JOIN cru.referral r USING (id)",
        {
            "referral_id": "id",
            "tool_version": _TOOL,
            "text_digest": "cru.digest(r.narrative)",
            "found": "'[]'",
            "read_at": "at + interval '1 minute'",
        },
    ),
    Rows("danger", "job", {"referral_id": "id"}),
    Rows(
        "assignment",
        SENT,
        {
            "id": "van_job",
            "referral_id": "job.id",
            "van_id": "v.id",
            "state": "'clear'",
            "allocated_at": "at + interval '5 minutes'",
            "mobile_at": "at + interval '7 minutes'",
            "on_scene_at": "at + interval '1 minute' * (8 + wait)",
            "with_patient_at": "CASE WHEN n % 50 > 0 THEN at + interval '1 minute' * (10 + wait) END",
            "clear_at": "at + interval '140 minutes'",
        },
    ),
    Rows(
        "handover",
        f"{ENDED} AND NOT is_declined AND n % 3 > 0",
        {
            "referral_id": "id",
            "ordinal": "1",
            "from_party": "'EMAS A1'",
            "from_kind": "'ems'",
            "to_party": "'CRU'",
            "to_kind": "'cru'",
            "state": "'released'",
            "expected_at": "at + interval '1 minute'",
            "started_at": "at + interval '1 minute' * (10 + wait)",
            "accepted_at": "at + interval '1 minute' * (18 + wait)",
            "released_at": "at + interval '1 minute' * (24 + wait)",
        },
    ),
    Rows(
        "event",
        "job, (VALUES ('received', interval '0'), ('acknowledged', interval '1 minute'), ('screening completed',"
        " interval '3 minutes'), ('accepted', interval '4 minutes'), ('closed', interval '150 minutes'))"
        " AS e(kind, late) WHERE late < interval '2 minutes' OR NOT (is_open OR is_error)",
        {
            "referral_id": "id",
            "kind": "CASE WHEN kind = 'closed' AND is_declined THEN 'declined' ELSE kind END",
            "happened_at": "at + late",
            "recorded_at": "at + late",
            "recorded_by": "'a.shah'",
        },
    ),
    Rows(
        "event",
        f"job JOIN {VANS} ON v.k = job.van, (VALUES ('van allocated', interval '5 minutes'), ('van clear',"
        " interval '140 minutes')) AS e(kind, late) WHERE NOT (is_declined OR is_open OR is_error) AND n % 2 = 0",
        {
            "referral_id": "job.id",
            "van_id": "v.id",
            "kind": "kind",
            "happened_at": "at + late",
            "recorded_at": "at + late",
            "recorded_by": "'a.shah'",
        },
    ),
    Rows(
        "contact",
        "job WHERE n % 4 = 0",
        {
            "referral_id": "id",
            "made_at": "at + interval '6 minutes'",
            "made_by": "'a.shah'",
            "spoke_with": "'person'",
            "with_name": "'them'",
        },
    ),
    Rows(
        "ending",
        ENDED,
        {
            "referral_id": "id",
            "state": "CASE WHEN is_declined THEN 'declined' ELSE 'closed' END",
            "reason": "CASE WHEN is_declined THEN 'out_of_area' ELSE 'gp' END",
            "ended_at": "at + interval '150 minutes'",
            "holder_kind": "'destination'",
            "holder_name": "'their GP'",
            "named_by": "'a.shah'",
            "named_at": "at + interval '150 minutes'",
            "person_not_told": "'asleep'",
            "caller_not_told": "'gone'",
            "referrer_not_told": "'gone'",
        },
    ),
    Rows(
        "follow_up",
        f"{ENDED} AND n % 5 = 0",
        {
            "referral_id": "id",
            "due_at": "at + interval '1 day'",
            "what_for": "'a call'",
            "made_at": "at + interval '2 hours'",
            "made_by": "'a.shah'",
            "done_at": "at + interval '1 day'",
            "done_by": "'a.shah'",
            "outcome": "'well'",
        },
    ),
    Rows(
        "about_me",
        "job WHERE n % 5 = 0",
        {
            "referral_id": "id",
            "topic": "'helps'",
            "words": "'tea, and ' || n % 90 || ' minutes of quiet'",
            "said_by": "'the person'",
            "added_by": "'a.shah'",
            "added_at": "at + interval '5 minutes'",
        },
    ),
    Rows(
        "flag",
        "job WHERE n % {flag_each} = 0",
        {
            "referral_id": "id",
            "subject": "'person'",
            "kind": "'access'",
            "reason": "'the side gate'",
            # Half of them are looked at again and again, and stay in force.
            "expires_at": "CASE WHEN n / {flag_each} % 2 = 0 THEN now() ELSE at END + interval '200 days'",
            "added_by": "'a.shah'",
            "added_at": "at + interval '20 minutes'",
        },
    ),
    Rows(
        "position_fix",
        SENT,
        {
            "van_id": "v.id",
            "fixed_at": "at + interval '30 minutes'",
            "received_at": "at + interval '30 minutes'",
            "lat": "52.2",
            "lon": "-0.9",
        },
    ),
)
"""In the order in which they refer to each other."""
