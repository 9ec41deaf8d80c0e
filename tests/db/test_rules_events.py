"""What an event says of each thing that is written or changed: its kind, its words, and what it was before."""

import json
import re
from typing import Any

from tests.db.psql import Psql

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
COVER = "cru.cover_wanted SET {} WHERE weekday = 2 AND from_hour = 5"
STAFF = "UPDATE cru.staff SET {} WHERE name ~ '^Z. Am'"
REASON = "UPDATE cru.reason SET {} WHERE code = 'tea'"
FOLLOW_UP = (
    "INSERT INTO cru.follow_up (referral_id, due_at, what_for)"
    " VALUES ('{closed}', now() + interval '2 days', 'a call')"
)
PUT_OFF = (
    "SELECT set_config('cru.reason', 'asleep', false);"
    "UPDATE cru.follow_up SET due_at = due_at + interval '1 day' WHERE what_for = 'a call';"
    "SELECT set_config('cru.reason', '', false)"
)
NEW_VAN = (
    "INSERT INTO cru.van (callsign, registration, base, livery, seats)"
    " SELECT 'CRU9', 'AB12 CDE', base, livery, seats FROM cru.van LIMIT 1"
)
LINK = "INSERT INTO cru.late_link (referral_id, service, incident, crew) VALUES ('{closed}', '%s', '%s', '%s')"
CALL = "INSERT INTO cru.contact (referral_id, spoke_with, with_name, why_not, promised) VALUES ('{accepted}', %s)"
OFFER = (
    "SELECT cru.offer_room('00000000-0000-0000-0000-000000000001', 'quiet',"
    ' \'[{"kind": "person", "words": "x", "is_risk": true}]\')'
)
WARN = (
    "INSERT INTO cru.flag (referral_id, subject, kind, reason, danger, expires_at)"
    " VALUES ('{accepted}', 'address', 'pets', 'a dog', true, now() + interval '9 days')"
)
ASK = "INSERT INTO cru.person_request (referral_id, kind, about, said_by, words) VALUES ('{closed}', %s)"
Told = list[tuple[str, str, dict[str, Any]]]
# Who writes, "" for the owner; what; and the events of it.
STEPS: list[tuple[str, str, Told]] = [
    (
        "",
        "INSERT INTO cru.cover_wanted (weekday, from_hour, vans) VALUES (2, 5, 3)",
        [
            (
                "cover wanted",
                "Tuesday from 05:00: 3 vans",
                {"vans": "null>3", "active": "null>True", "weekday": "null>2", "from_hour": "null>5"},
            )
        ],
    ),
    ("", "UPDATE " + COVER.format("vans = 4"), [("cover wanted", "Tuesday from 05:00: 4 vans", {"vans": "3>4"})]),
    (
        "",
        "UPDATE " + COVER.format("active = false"),
        [("cover wanted", "Tuesday from 05:00: as before", {"active": "True>False"})],
    ),
    (
        "",
        "INSERT INTO cru.staff (name, profession) VALUES ('Z. Ames', 'Paramedic')",
        [
            (
                "staff added",
                "Z. Ames",
                {
                    "id": "null>id",
                    "name": "null>Z. Ames",
                    "staff": "id",
                    "active": "null>True",
                    "gender": "null>",
                    "languages": "null>[]",
                    "profession": "null>Paramedic",
                    "registered": "null>False",
                },
            )
        ],
    ),
    (
        "",
        STAFF.format("name = 'Z. Amis'"),
        [("staff changed", "Z. Amis", {"name": "Z. Ames>Z. Amis", "staff": "id"})],
    ),
    ("", STAFF.format("active = false"), [("staff left", "Z. Amis", {"staff": "id", "active": "True>False"})]),
    ("", STAFF.format("active = true"), [("staff back", "Z. Amis", {"staff": "id", "active": "False>True"})]),
    ("", STAFF.format("dated = '2020-01-01'"), []),
    ("", NEW_VAN, [("van added", "CRU9", {})]),
    (
        "l.lead",
        "UPDATE cru.van SET callsign = 'CRU91' WHERE callsign = 'CRU9'",
        [("details changed", "callsign", {"callsign": "CRU9>CRU91"})],
    ),
    (
        "l.lead",
        "UPDATE cru.contact_schedule SET first_minutes = 29 WHERE priority = 'P2'",
        [
            (
                "contact schedule",
                "P2: first after 29 min, then every 60 min, 10 min after no answer",
                {"author": "default set>l.lead", "first_minutes": "30>29"},
            )
        ],
    ),
    (
        "l.lead",
        "UPDATE cru.rule SET value = 11 WHERE name = 'no_van'",
        [("setting changed", "no van: 11 minutes, before: 5 minutes", {"value": "5>11", "setting": "no_van"})],
    ),
    (
        "l.lead",
        "INSERT INTO cru.reason (kind, code, label, rank) VALUES ('hold', 'tea', 'tea first', 99)",
        [
            (
                "list changed",
                "reason: hold tea, added",
                {
                    "row": {
                        "code": "tea",
                        "kind": "hold",
                        "rank": 99,
                        "label": "tea first",
                        "active": True,
                        "source": "",
                    },
                    "list": "reason",
                },
            )
        ],
    ),
    (
        "l.lead",
        REASON.format("label = 'tea, first'"),
        [
            (
                "list changed",
                "reason: hold tea, label tea, first, before: tea first",
                {"list": "reason", "label": "tea first>tea, first"},
            )
        ],
    ),
    (
        "l.lead",
        REASON.format("active = false"),
        [("list changed", "reason: hold tea, out of use", {"list": "reason", "active": "True>False"})],
    ),
    (
        "l.lead",
        REASON.format("active = true, label = 'tea'"),
        [
            (
                "list changed",
                "reason: hold tea, in use again; label tea, before: tea, first",
                {"list": "reason", "label": "tea, first>tea", "active": "False>True"},
            )
        ],
    ),
    ("l.lead", REASON.format("label = 'tea'"), []),
    (
        "l.lead",
        "INSERT INTO cru.improvement (said, raised_by) VALUES ('a loud knock', 'carer')",
        [
            (
                "improvement made",
                "a loud knock",
                {
                    "did": "null>",
                    "said": "null>a loud knock",
                    "owner": "null>",
                    "state": "null>open",
                    "raised_by": "null>carer",
                    "improvement": "id",
                },
            )
        ],
    ),
    (
        "l.lead",
        "UPDATE cru.improvement SET owner = 'Ann', state = 'doing'",
        [("improvement changed", "a loud knock", {"owner": ">Ann", "state": "open>doing", "improvement": "id"})],
    ),
    (
        "l.lead",
        "INSERT INTO cru.review (kind, about, words) VALUES ('late', 'y', 'no van free')",
        [("reviewed", "no van free", {"of": "late", "about": "y", "review": "id"})],
    ),
    (
        "a.shah",
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ('{closed}', 'carer', 'kind')",
        [("feedback", "kind", {"about": "carer", "consent": "not asked", "feedback": "id"})],
    ),
    (
        "l.lead",
        "UPDATE cru.feedback SET kind = 'thanks'",
        [("feedback sorted", "", {"kind": "comment>thanks", "feedback": "id"})],
    ),
    (
        "a.shah",
        "INSERT INTO cru.shift_log (words, referral_id, van_id) VALUES ('keys', '{closed}', '{van}')",
        [("shift log", "keys", {"entry": "id"})],
    ),
    (
        "a.shah",
        "UPDATE cru.shift_log SET pass_on = true",
        [("shift log passed on", "keys", {"entry": "id", "pass_on": True})],
    ),
    ("a.shah", "UPDATE cru.shift_log SET pass_on = true", []),
    (
        "a.shah",
        "INSERT INTO cru.shift_log (words, corrects) SELECT 'the keys', id FROM cru.shift_log",
        [("shift log corrected", "the keys", {"entry": "id", "corrects": "id"})],
    ),
    (
        "a.shah",
        FOLLOW_UP,
        [("follow-up planned", "a call", {"due_at": "time", "follow_up": "id"})],
    ),
    ("a.shah", PUT_OFF, [("follow-up put off", "a call", {"to": "time", "from": "time", "follow_up": "id"})]),
    (
        "a.shah",
        "UPDATE cru.follow_up SET outcome = 'went well' WHERE what_for = 'a call'",
        [("follow-up done", "went well", {"due_at": "time", "what_for": "a call", "follow_up": "id"})],
    ),
    ("a.shah", LINK % ("police", "77", ""), [("police linked", "incident 77", {"late_link": "id"})]),
    # What their line does not say yet, each by itself.
    (
        "a.shah",
        LINK % ("ems", "8812", ""),
        [
            ("EMAS linked", "incident 8812", {"late_link": "id"}),
            ("details changed", "ems incident", {"ems_incident": ">8812"}),
        ],
    ),
    (
        "a.shah",
        LINK % ("ems", "", "A1"),
        [
            ("EMAS linked", "A1", {"late_link": "id"}),
            ("details changed", "ems callsign", {"ems_callsign": ">A1"}),
        ],
    ),
    ("a.shah", LINK % ("ems", "9913", "B2"), [("EMAS linked", "B2, incident 9913", {"late_link": "id"})]),
    (
        "a.shah",
        CALL % "'person', 'Ida', '', 'a call'",
        [
            (
                "contact",
                "Ida. Promised: a call",
                {
                    "about": "waiting",
                    "channel": "phone",
                    "contact": "id",
                    "with_name": "Ida",
                    "spoke_with": "person",
                },
            )
        ],
    ),
    ("a.shah", "UPDATE cru.contact SET promise_outcome = 'kept'", [("promise kept", "a call", {"contact": "id"})]),
    (
        "a.shah",
        CALL % "'nobody', '', 'no answer', ''",
        [
            (
                "contact",
                "no answer",
                {"about": "waiting", "channel": "phone", "contact": "id", "with_name": "", "spoke_with": "nobody"},
            )
        ],
    ),
    (
        "l.lead",
        "INSERT INTO cru.spc_baseline (measure, since_on, reason) VALUES ('response', '2026-01-05', 'a van')",
        [
            (
                "baseline set",
                "a van",
                {"measure": "response", "baseline": "id", "since_on": "2026-01-05", "until_on": None},
            )
        ],
    ),
    (
        "l.lead",
        "UPDATE cru.spc_baseline SET withdrawn_at = now()",
        [
            (
                "baseline withdrawn",
                "a van",
                {"measure": "response", "baseline": "id", "since_on": "2026-01-05", "until_on": None},
            )
        ],
    ),
    (
        "l.lead",
        "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('d', '{van}', repeat('0f', 32))",
        [("device given", "d", {"device": "d"})],
    ),
    (
        "l.lead",
        "UPDATE cru.device SET token_digest = repeat('1f', 32)",
        [("device token renewed", "d", {"device": "d"})],
    ),
    (
        "l.lead",
        "UPDATE cru.device SET van_id = (SELECT id FROM cru.van WHERE callsign = 'CRU3')",
        [
            ("device moved", "d to CRU3", {"to": "CRU3", "from": "CRU2", "device": "d"}),
            ("device moved", "d from CRU2", {"to": "CRU3", "from": "CRU2", "device": "d"}),
        ],
    ),
    ("l.lead", "UPDATE cru.device SET active = false", [("device switched off", "d", {"device": "d"})]),
    ("l.lead", "UPDATE cru.device SET active = true", [("device switched on", "d", {"device": "d"})]),
    (
        "a.shah",
        "INSERT INTO cru.message (referral_id, words, to_login) VALUES ('{accepted}', 'ring me', 'l.lead')",
        [("message", "ring me", {"to": "l.lead", "message": "id"})],
    ),
    (
        "a.shah",
        ASK % "'correction', 'Name', 'Ida', 'wrong'",
        [("correction asked", "Name · Ida: wrong", {"request": "id"})],
    ),
    (
        "l.lead",
        "UPDATE cru.person_request SET state = 'refused', answer = 'it is right', statement = 'it is not'",
        [
            (
                "correction refused",
                "Name · it is right · Ida wants to stand beside it: it is not",
                {"request": "id"},
            )
        ],
    ),
    ("a.shah", ASK % "'copy', '', 'Ida', 'all'", [("copy asked", "Ida: all", {"request": "id"})]),
    (
        "l.lead",
        "UPDATE cru.person_request SET state = 'done', answer = 'given' WHERE kind = 'copy'",
        [("copy done", "given", {"request": "id"})],
    ),
    ("l.lead", OFFER, [("room offered", "quiet", {"room": "id"})]),
    (
        "l.lead",
        "UPDATE cru.shift_handover SET withdrawn_at = now()",
        [("room offer withdrawn", "", {"room": "id"})],
    ),
    (
        "a.shah",
        WARN,
        [("flag", "a dog", {"about": "pets", "expires_at": "time"}), ("danger", "caution: pets", {})],
    ),
    (
        "a.shah",
        "UPDATE cru.flag SET withdrawn_at = now(), withdrawn_reason = 'it died' WHERE kind = 'pets'",
        [("flag withdrawn", "a dog", {"about": "pets", "why": "it died"}), ("danger over", "", {})],
    ),
    (
        "a.shah",
        "UPDATE cru.ending SET holder_kind = 'other', holder_name = 'Her aunt' WHERE referral_id = '{closed}'",
        [("ending named", "Her aunt", {"holder_kind": ">other", "holder_name": ">Her aunt"})],
    ),
    (
        "a.shah",
        "UPDATE cru.ending SET person_told_by = 'K. Bell', person_told_at = now() WHERE referral_id = '{closed}'",
        [
            (
                "ending named",
                "Her aunt, person told by K. Bell",
                {"person_told_at": "null>time", "person_told_by": ">K. Bell"},
            )
        ],
    ),
]


def _shown(value: Any) -> Any:
    """What was and what is in one text; an id and a time by what they are."""
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return f"{_shown(value['from'])}>{_shown(value['to'])}".replace("None", "null")
    if isinstance(value, str):
        return "id" if _ID.fullmatch(value) else "time" if _TIME.match(value) else value
    return value


async def test_each_thing_is_told_once_with_what_it_was(psql: Psql) -> None:
    ids = {"closed": await psql.referral("closed"), "accepted": await psql.referral("accepted")}
    ids["van"] = await psql.van()
    since = "SELECT kind, words, detail FROM cru.event WHERE id > $1 ORDER BY id"
    for who, sql, expected in STEPS:
        about = re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), sql)
        before = await psql.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.event")
        await (psql.session(who) if who else psql.owner).execute(about)
        told = [
            (row["kind"], row["words"], {key: _shown(one) for key, one in json.loads(row["detail"]).items()})
            for row in await psql.owner.fetch(since, before)
        ]
        assert told == expected, sql


async def test_whatever_tells_consoles_of_its_rows_tells_them_too_when_it_is_emptied(psql: Psql) -> None:
    rows = await psql.owner.fetch(
        "SELECT c.relname, bool_or(t.tgtype::int & 32 > 0) AS emptied, bool_or(t.tgtype::int & 4 > 0) AS written"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE c.relnamespace = 'cru'::regnamespace AND p.proname IN ('note_rows', 'note_whole') GROUP BY 1"
    )
    assert len(rows) > 50
    assert [row["relname"] for row in rows if not (row["emptied"] and row["written"])] == []
