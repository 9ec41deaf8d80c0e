"""What happened on that night, as the record would tell it: answers to what the screen reads beside the mirror."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.domain.about import AboutItem, Said
from db.domain.alike import Alike, Likely, MaybeSame
from db.domain.known import KnownHere, KnownReferral
from db.domain.records import Event
from db.domain.taken_back import PastAct
from tests.gui.said.reference import id_of
from tests.unit.board_records import ago

# Number, referral, van, what, minutes ago, words, detail, and what else is not as usual.
_TOLD: tuple[tuple[int, str, str, str, float, str, dict[str, Any]], ...] = (
    (1, "on_way", "", "received", 21, "", {}),
    (2, "on_way", "", "phone answered", 22, "", {}),
    (3, "on_way", "", "call connected", 25, "", {}),
    (4, "on_way", "", "acknowledged", 20, "", {}),
    (5, "on_way", "", "screening complete", 19, "", {}),
    (6, "on_way", "", "screening overridden", 18.5, "Seen by the GP at noon", {"clinician": "Dr Example"}),
    (7, "on_way", "", "danger", 18.3, "“tablets”", {}),
    (8, "on_way", "", "looked at", 18.2, "asked about", {"clinician": "Dr Example"}),
    (9, "on_way", "", "accepted", 18, "", {"insisted": "the screening says danger"}),
    (10, "on_way", "CRU 10", "van allocated", 16, "", {}),
    (11, "on_way", "CRU 10", "van stood down", 14, "nearer_van", {}),
    (12, "on_way", "CRU1", "van allocated", 13, "", {}),
    (13, "on_way", "CRU1", "van mobile", 11, "", {"source": "crew", "late": 5}),
    (14, "on_way", "", "note", 10, "Neighbour has the key, number 12.", {}),
    (15, "on_way", "", "note", 9.5, "Wrong person.", {}),
    (16, "on_way", "", "taken back", 9.2, "", {"amends": 15, "reason": "another person"}),
    (17, "on_way", "", "about me", 9, "Call me: Ola", {"topic": "call_me"}),
    (18, "on_way", "", "flag", 8, "Dog in the kitchen", {"kind": "staff safety"}),
    (19, "on_way", "CRU1", "brief read back", 7, "Ben Sample", {"channel": "radio"}),
    (20, "on_way", "", "record opened", 6, "", {"recorded_by": "l.lead"}),
    (21, "on_way", "", "contact", 5, "Still pacing", {"spoke_with": "person"}),
    (22, "on_way", "", "time amended", 4, "accepted", {"amends": 9, "reason": "typed wrongly", "moved": 17}),
    (23, "on_way", "", "details changed", 3, "priority P2 to P1", {}),
    (24, "on_way", "", "999 advised", 2, "", {}),
    (25, "on_way", "", "on hold", 1.5, "call_back", {"until": ago(-60).isoformat()}),
    (30, "no_van", "", "received", 52, "", {}),
    (31, "no_van", "", "accepted", 48, "", {}),
    (32, "no_van", "", "handover expected", 48, "", {}),
    (40, "declined", "", "received", 400, "", {}),
    (41, "declined", "", "declined", 380, "ems_physical", {}),
    (50, "closed", "", "received", 340, "", {}),
    (51, "closed", "", "ending named", 60, "Home treatment team", {}),
    (52, "closed", "", "follow-up planned", 60, "A call next day", {}),
)


def _event(told: tuple[int, str, str, str, float, str, dict[str, Any]]) -> Event:
    number, referral, van, kind, minutes, words, given = told
    detail = {key: str(value) for key, value in given.items() if key not in _FIELDS}
    return Event(
        number,
        id_of(referral),
        id_of(van) if van else None,
        kind,
        ago(given.get("moved", minutes)),
        ago(minutes - given.get("late", 0)),
        given.get("recorded_by", "a.shah"),
        given.get("source", "user"),
        words,
        detail,
        given.get("amends"),
        given.get("reason", ""),
    )


_FIELDS = frozenset({"recorded_by", "source", "amends", "reason", "late", "moved"})
EVENTS = tuple(_event(one) for one in _TOLD)


def events_of(referral_id: UUID) -> list[Event]:
    """Oldest first."""
    return sorted((one for one in EVENTS if one.referral_id == referral_id), key=lambda one: one.happened_at)


def acts_of(referral_id: UUID) -> dict[int, PastAct]:
    """What can be taken back; one of them no longer."""
    return {
        one.id: PastAct(
            id_of(f"act {one.id}"),
            one.id,
            one.referral_id,
            one.van_id,
            one.kind,
            one.words,
            one.recorded_by,
            one.recorded_at,
            "A van was sent since." if one.kind == "accepted" else "",
            "CRU-20261122-0046",
        )
        for one in events_of(referral_id)
        if one.kind in {"note", "van allocated", "accepted", "flag", "on hold"}
    }


def known_here(referral_id: UUID) -> KnownHere:
    """Who may be the same, and what was kept."""
    if referral_id != id_of("on_way"):
        return KnownHere(past_left_out=referral_id == id_of("no_van"))

    def known(name: str, at: datetime, by: str, **given: Any) -> KnownReferral:
        fields: dict[str, Any] = {"is_same": False, "keeps": False, "outcome": "", "said": 0}
        return KnownReferral(id_of(name), f"CRU-20261112-00{len(name):02}", at, by, **fields | given)

    return KnownHere(
        (
            known("past one", ago(14_400), "NHS number", is_same=True, keeps=True, outcome="in_van", said=3),
            known("past three", ago(900_000), "name and date of birth", outcome="gp"),
            known("no_van", ago(52), "telephone", is_open=True, word=False),
            known("past address", ago(20_000), "address", at_address=True, outcome="hbpos"),
        ),
        (AboutItem(id_of("kept"), 1, id_of("past one"), Said("helps", words="Music"), "b.okafor", ago(14_000)),),
    )


def likely() -> Likely:
    """Whom a call may be about."""
    same = MaybeSame(
        id_of("no_van"), "CRU-20261122-0044", ago(52), is_open=True, name="Aleksandra W", phone=True, number=True
    )
    other = MaybeSame(id_of("past one"), "CRU-20261112-0009", ago(14_400), is_open=False, postcode=True)
    return Likely(
        (
            Alike(same, 80, ("same NHS number", "same telephone")),
            Alike(other, 45, ("same postcode",)),
        ),
        ("staff safety",),
    )
