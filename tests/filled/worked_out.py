"""What the record works out of the rest, said outright: of a million it takes a quarter of an hour to work out.

The words are those that the record itself finds them by, which a test compares; the figures are such as it would
come to.
"""

from typing import Final

from tests.filled.rows import VANS, Rows, own

_NARRATIVE: Final = (
    f"'found by a neighbour near the ' || {own('n % 20000')} || ' says they ' || {own('n % 500')}"
    f" || ' calm now wants to talk ' || {own('n')} || ' is with them'"
)
_BIRTH: Final = "DDMMYYYY FMDDFMMMYYYY FMDDFMMMYY DDMMYY YYYYMMDD YYYY"
_WORDS: Final = f"""
lower(concat_ws(' ', translate(r.patient_name || ' ' || r.location_text, ',', ''), r.postcode,
    replace(r.postcode, ' ', ''),
    r.nhs_number, r.call_back, replace(r.call_back, ' ', ''), nullif(r.ems_incident, ''), r.caller,
    replace(r.reference, '-', ' '), replace(r.reference, '-', ''), replace(substr(r.reference, 5), '-', ''),
    replace(to_char(r.patient_born, '{_BIRTH}'), ',', ''),
    {_NARRATIVE}, CASE WHEN r.patient_name ~ '^.{{{{0,3}}}} ' THEN replace(r.patient_name, ' ', '') END))
"""
_NOTHING: Final = [
    "cancelled",
    "overrides",
    "amended",
    "screened_out",
    "unknown_to_no",
    "unknown_to_no_of",
    "unknown_to_yes",
    "unknown_to_yes_of",
    "promises_kept",
    "promises_kept_of",
    "promises_made",
    "wishes_kept",
    "wishes_kept_of",
    "follow_ups_kept",
    "follow_ups_kept_of",
    "follow_ups_made",
    "called_in_time",
    "called_in_time_of",
    "never_met",
    "back",
]
_NOT_SAID: Final = ["care_done", "care_not_done", "care_not_needed", "care_not_known", "force"]
_FACTS: Final = f"job JOIN cru.referral r USING (id) LEFT JOIN {VANS} ON v.k = job.van AND r.state = 'closed'"
_ALIKE: Final = {
    "referral_id": "r.id",
    "reference": "reference",
    "received_at": "received_at",
    "priority": "priority",
    "source": "source",
    "area": "('{{Northampton,Kettering,Corby,Daventry,Rushden}}'::text[])[1 + p / 3 % 5]",
    "hour": "extract(hour FROM received_at AT TIME ZONE 'Europe/London')",
    "van_id": "v.id",
}

WORKED_OUT: Final = (
    Rows(
        "message_waiting",
        "cru.message m WHERE to_login <> '' AND id NOT IN (SELECT message_id FROM cru.message_seen)",
        {"message_id": "id"},
    ),
    Rows(
        "findable",
        "job JOIN cru.referral r USING (id)",
        {
            "id": "r.id",
            "is_log": "false",
            "at": "received_at",
            "words": f"array_to_tsvector(array_remove(string_to_array({_WORDS}, ' '), ''))",
        },
    ),
    Rows(
        "referral_fact",
        _FACTS,
        {
            **_ALIKE,
            "settled_at": "now()",
            "state": "state",
            "end_code": "coalesce(nullif(end_reason, ''), outcome, '')",
            "in_error": "is_error",
            "met": "state = 'closed'",
            "accompanied": "source = 'ems_crew'",
            "age_band": "'25 to 44'",
            "language": "'not recorded'",
            "ethnicity": "'not recorded'",
            "deprivation": "'not recorded'",
            "response": "CASE WHEN state = 'closed' THEN 10 + wait END",
            "decision": "CASE WHEN state = 'closed' THEN 4 END",
            "handover": "CASE WHEN state = 'closed' AND n % 3 > 0 THEN 8 END",
            "ems_wait": "CASE WHEN state = 'closed' AND n % 3 > 0 THEN 23 + wait END",
            "ems_release": "CASE WHEN state = 'closed' AND n % 3 > 0 THEN 16 END",
            "declined": "is_declined::integer",
            "avoided": "CASE WHEN state = 'closed' THEN n % 3 - 1 END",
            "police_avoided": "CASE WHEN state = 'closed' THEN n % 3 - 1 END",
            "untyped": "4",
            "untyped_of": "4",
            **dict.fromkeys(_NOTHING, "0"),
            **dict.fromkeys(_NOT_SAID, "CASE WHEN state = 'closed' THEN -1 END"),
        },
    ),
    Rows(
        "job_fact",
        f"{_FACTS} WHERE v.id IS NOT NULL",
        {
            **_ALIKE,
            "assignment_id": "van_job",
            "from_at": "at + interval '5 minutes'",
            "until_at": "at + interval '140 minutes'",
            "activation": "2",
            "travel": "1 + wait",
            "job_cycle": "135",
            "stale": "'NaN'",
            "stale_of": "135",
        },
    ),
)
"""In the order in which they refer to each other."""
