"""What is nothing to the eye is no text, and a sign is nobody's name: in the record and in Python alike."""

import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.domain import shown
from tests.db.psql import Psql

_SPLIT: Final = "|"
UNSEEN: Final = (
    "| |\t\r\n|\u00a0|\u2003\u2009|\u3000|\u1680|\u200b|\u200d\u200c|\u2060\ufeff|\u200e\u200f|\u2066 \u2069"
    "|\u202e|\u00ad\u00ad|\u115f\u1160|\u3164|\uffa0|\u2800\u2800|\u0301|\u0e49\u20dd|\ufe0f|\U000e0041\U000e007f|\U000e0100"
    "|\U0001d159|\U0001d173|\ufffc|\u061c|\u180e|\u17b4\u034f"
).split(_SPLIT)
"""Blanks, joiners, marks of direction, fillers, empty cells, marks without a letter, tags, and nothing at all."""
NAMES: Final = (
    "K. Bell|Zoë|李|Ng|O|PC 4021|4021|n\u0303|שרה|مريم|the person|woman who rang|\u200bAda|Nan|Nona Tiller|X"
    "|Tbilisi|Nil Özdemir|Ward 3|न|Nobody's Inn|not known to us: a man of 40"
).split(_SPLIT)
NOBODYS: Final = (
    "?|??|-|—|.|...|/|n/a|N/A|N.A.|na|(none)|None|nil|- nil -|null|TBC|t.b.a.|xx|XXX|unknown|Not known|not-known"
    "|no one|Nobody|someone|don't know|*|!|…|\uff1f|😀|\u200b?|_"
).split(_SPLIT)


def spans(written: str) -> list[tuple[int, int]]:
    """The spans of code points of a character class, as Python or as a function of the record writes them."""
    found = re.findall(r"(?:\\[uU]|\b)([0-9A-F]+)(?:-(?:\\[uU])?([0-9A-F]+))?", written)
    return [(int(first, 16), int(last or first, 16)) for first, last in found]


async def test_the_two_say_the_same_of_every_sign_and_of_whole_texts(psql: Psql) -> None:
    body = "SELECT prosrc FROM pg_proc WHERE oid = $1::text::regprocedure"
    in_record = {
        one: re.sub(r"'\s+'", "", await psql.owner.fetchval(body, f"cru.{one}(text)"))
        for one in ("is_drawn", "is_name")
    }
    for one, here in (("is_drawn", shown.UNSEEN), ("is_name", shown.SIGNS)):
        (written,) = re.findall(r"\[\^?((?:\\[uU][0-9A-F]+-?)+)\]", in_record[one])
        assert spans(written) == spans(here), one
    texts: list[str] = [*UNSEEN, *NAMES, *NOBODYS]
    piece = st.sampled_from([one for one in (*UNSEEN, *NAMES, *NOBODYS) if one])

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.lists(piece | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5))
    def collected(parts: list[str]) -> None:
        texts.append("".join(parts))

    collected()
    rows = await psql.owner.fetch("SELECT cru.is_said(t), cru.is_name(t) FROM unnest($1::text[]) t", texts)
    here = [(shown.is_said(one), shown.is_name(one)) for one in texts]
    assert [one for one, row, mine in zip(texts, rows, here, strict=True) if tuple(row) != mine] == []


def test_what_is_nothing_and_who_is_nobody() -> None:
    assert [one for one in UNSEEN if shown.is_said(one) or shown.said(one)] == []
    assert [one for one in NAMES if not shown.is_name(one)] == []
    assert [one for one in NOBODYS if shown.is_name(one) or not shown.is_said(one)] == []
    assert shown.said(" \u200b Ada\u200e ") == "Ada"


async def test_every_limit_and_every_guard_asks_by_the_one_rule(psql: Psql) -> None:
    asks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND strpos(pg_get_constraintdef(oid), $1) > 0"
    assert await psql.owner.fetch(asks, "[^[:space:]]") == []
    assert len(await psql.owner.fetch(asks, "cru.is_said(")) >= 100
    rows = await psql.owner.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'cru'::regnamespace"
        " AND (prosrc ~ '[~] ''\\[\\^\\[:space:\\]\\]'''"
        " OR prosrc ~ 'NEW\\.\\w+ := btrim')"
    )
    assert rows == []


_EMPTY: Final = (
    "INSERT INTO cru.contact (referral_id, spoke_with, with_name) VALUES ($1, 'carer', $2)",
    "INSERT INTO cru.contact (referral_id, spoke_with, why_not) VALUES ($1, 'nobody', $2)",
    "INSERT INTO cru.follow_up (referral_id, due_at, what_for) VALUES ($1, now() + interval '1 day', $2)",
    "INSERT INTO cru.late_link (referral_id, service, crew) VALUES ($1, 'ems', $2)",
    "INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, 'helps', $2, 'her sister')",
    "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'person', $2)",
    "INSERT INTO cru.flag (referral_id, subject, kind, reason) VALUES ($1, 'person', 'pets', $2)",
    "UPDATE cru.referral SET location_text = $2, postcode = '' WHERE id = $1",
    "UPDATE cru.referral SET state = 'cancelled', end_reason = $2 WHERE id = $1",
    "UPDATE cru.referral SET on_hold_until = now() + interval '1 hour', hold_reason = $2 WHERE id = $1",
    "INSERT INTO cru.shift_log (referral_id, words) VALUES ($1, $2)",
    "INSERT INTO cru.message (referral_id, words) VALUES ($1, $2)",
)
_NAMED: Final = (
    "INSERT INTO cru.contact (referral_id, spoke_with, with_name) VALUES ($1, 'other', $2)",
    "INSERT INTO cru.about_me (referral_id, topic, words, said_by) VALUES ($1, 'avoid', 'sirens', $2)",
    "INSERT INTO cru.interpreter (referral_id, language, booked_with) VALUES ($1, 'pol', $2)",
    "INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ($1, 'copy', $2, 'all of it')",
    "INSERT INTO cru.decision (referral_id, kind, clinician, reason) VALUES ($1, 'let on', $2, 'seen')",
    "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, 'CRU')",
    "INSERT INTO cru.crew_word (referral_id, assignment_id, channel, said_by) VALUES ($1, $1, 'radio', $2)",
)


@pytest.mark.hazard("H-014")
async def test_neither_is_taken_from_whoever_writes(psql: Psql) -> None:
    """One text of each kind for each statement, so that all of both are tried."""
    referral = await psql.referral()
    for statements, texts in ((_EMPTY, UNSEEN), (_NAMED, NOBODYS)):
        for n, sql in enumerate(statements):
            for text in texts[n % 3 :: 3]:
                await psql.refused(psql.shah, sql, referral, text)
    # What is drawn, and who is somebody, is taken.
    for sql in (_EMPTY[2], _EMPTY[4], _NAMED[0], _NAMED[1], _NAMED[3]):
        await psql.shah.execute(sql, referral, "n\u0303")


@pytest.mark.hazard("H-032")
async def test_who_is_responsible_and_who_told_whom_is_somebody(psql: Psql) -> None:
    referral = await psql.referral("closed")
    row = await psql.owner.fetchval("SELECT id FROM cru.ending WHERE referral_id = $1", referral)
    at = await psql.owner.fetchval("SELECT cru.clock_now()")
    for text in ("?", "-", "n/a", "nobody", "\u2800"):
        given = {"holder_kind": "other", "holder_name": text}
        await psql.set_refused(psql.shah, "ending", row, **given)
        for who in ("person", "caller", "referrer"):
            await psql.set_refused(psql.shah, "ending", row, **{f"{who}_told_by": text, f"{who}_told_at": at})
    await psql.set(psql.shah, "ending", row, person_not_told="\u200b")
    assert await psql.owner.fetchval("SELECT person_not_told FROM cru.ending WHERE id = $1", row) == ""
    await psql.set(
        psql.shah,
        "ending",
        row,
        holder_kind="other",
        holder_name="Dr Vance",
        person_told_by="Ng",
        person_told_at=at,
    )


async def test_what_stands_there_already_hinders_nobody(psql: Psql) -> None:
    """A name of before this rule is left as it is, and what else that row says is still written."""
    referral = await psql.referral()
    await psql.record.unguarded(
        "INSERT INTO cru.contact (referral_id, spoke_with, with_name, promised)"  # noqa: S608 - of ours
        f" VALUES ('{referral}', 'other', '?', 'to ring back')"
    )
    await psql.shah.execute("UPDATE cru.contact SET promise_outcome = 'kept' WHERE with_name = '?'")
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.contact WHERE promise_outcome = 'kept'") == 1
