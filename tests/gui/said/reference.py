"""What is configured, from the set that is delivered, read without a record: the same ids and order each time."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import resources
from db.domain.about import Mobility, Topic, TopicKind
from db.domain.care import CallSchedule, Destination, EndingRule, PlacesFree
from db.domain.languages import Language, Languages
from db.domain.party import Party
from db.domain.raised import AlarmKind
from db.domain.records import StaffMember
from db.domain.reference import Choice, Priority, ReferenceData, Source, User
from db.domain.rota import CoverWanted, PlannedRide, PlannedShift
from tests.unit.board_records import ago
from tests.unit.shipped_tools import tool_of

IN_FORCE = 3
_DATED = date(2026, 11, 1)
_KINDS = {"ems_crew": Party.EMS, "police": Party.POLICE}


def id_of(name: str) -> UUID:
    """The id of what has this name here."""
    return uuid5(NAMESPACE_URL, name)


@cache
def reference() -> ReferenceData:
    """Everything configurable, as a new record has it, with a few users and plans."""
    rows = tomllib.loads(resources.path("reference/northamptonshire.toml").read_text("utf-8"))
    return ReferenceData(
        service="Northamptonshire",
        priorities={one["code"]: _priority(one) for one in rows["priority"]},
        sources={one["code"]: _source(one) for one in rows["referral_source"]},
        tools={version: tool_of(version) for version in (2, IN_FORCE)},
        reasons=_reasons(rows["reason"]),
        outcomes=tuple(Choice(one["code"], one["label"]) for one in rows["outcome"]),
        staff=_staff(rows["staff"]),
        users=_users(),
        wishes=tuple(one["label"] for one in rows["wish"]),
        destinations=tuple(Choice(one["name"], one["name"]) for one in rows["destination"]),
        bases={one["name"]: (one["lat"], one["lon"]) for one in rows["van_base"]},
        topics=tuple(_topic(one) for one in rows["about_topic"]),
        languages=_languages(rows["language"]),
        mobility=tuple(
            Mobility(one["code"], one["label"], tuple(one.get("equipment", ()))) for one in rows["mobility"]
        ),
        schedules={one["priority"]: _schedule(one) for one in rows["contact_schedule"]},
        ending_rules={(one["kind"], one["code"]): _ending(one) for one in rows["ending_rule"]},
        places={one["name"]: _place(one) for one in rows["destination"]},
        in_force=IN_FORCE,
        plans=_plans(),
        cover=tuple(CoverWanted(one["weekday"], one["from_hour"], one["vans"]) for one in rows["cover_wanted"]),
        themes=tuple(one["label"] for one in rows["feedback_theme"]),
        alarm_kinds={one["code"]: _alarm(one) for one in rows["alarm_kind"]},
        command_words=tuple((one["label"], one["verb"]) for one in rows["command_word"]),
    )


def _priority(one: Mapping[str, Any]) -> Priority:
    return Priority(
        one["code"],
        one["meaning"],
        one["within_minutes"],
        one.get("aim_minutes"),
        one["rank"],
        one.get("triage_scale", ""),
    )


def _source(one: Mapping[str, Any]) -> Source:
    kind = _KINDS.get(one["code"], Party.NOBODY) if one.get("waits") else Party.NOBODY
    return Source(one["code"], one["label"], one.get("waits", ""), one["default_priority"], kind)


def _reasons(rows: list[dict[str, Any]]) -> dict[str, tuple[Choice, ...]]:
    kinds = dict.fromkeys(one["kind"] for one in rows)
    return {
        kind: tuple(
            Choice(one["code"], one["label"], one.get("source", ""), kind == "ground")
            for one in rows
            if one["kind"] == kind
        )
        for kind in kinds
    }


def _staff(rows: list[dict[str, Any]]) -> dict[UUID, StaffMember]:
    codes = {"English": "eng", "Igbo": "ibo", "Polish": "pol", "Welsh": "cym"}
    made = (
        StaffMember(
            id_of(one["name"]),
            one["name"],
            one["profession"],
            one["gender"],
            tuple(one["languages"]),
            tuple(codes[name] for name in one["languages"] if name in codes),
            one.get("registered", False),
            active=one["name"] != "Lena Sample",
        )
        for one in rows
    )
    return {one.id: one for one in made}


def _users() -> dict[str, User]:
    rows = (
        ("a.shah", "A. Shah", "dispatcher", False),
        ("b.okafor", "B. Okafor", "dispatcher", False),
        ("l.lead", "L. Lead", "shift lead", False),
        ("o.gone", "O. Gone", "dispatcher", True),
        ("w.wall", "The wall", "viewer", False),
    )
    return {login: User(login, name, role, gone) for login, name, role, gone in rows}


def _topic(one: Mapping[str, Any]) -> Topic:
    kind = TopicKind(one["kind"])
    return Topic(
        one["key"], one["label"], one["question"], kind, one.get("in_brief", True), one.get("carried", True)
    )


def _languages(rows: list[dict[str, Any]]) -> Languages:
    made = tuple(Language(one["code"], one["label"], tuple(one.get("aliases", ()))) for one in rows)
    named = {name.lower(): one.code for one in made for name in (one.label, *one.aliases)}
    return Languages(made, named)


def _schedule(one: Mapping[str, Any]) -> CallSchedule:
    first, every, again = (timedelta(minutes=one[f"{name}_minutes"]) for name in ("first", "every", "again"))
    return CallSchedule(first, every, again, "default set", _DATED)


def _ending(one: Mapping[str, Any]) -> EndingRule:
    hours = one.get("aftercare_hours")
    names = ("needs_meeting", "asks_person", "only_unmet", "asks_search", "asks_ground")
    given = {name: one[name] for name in names if name in one}
    return EndingRule(**given, aftercare=None if hours is None else timedelta(hours=hours))


def _place(one: Mapping[str, Any]) -> Destination:
    free = PlacesFree(2, "Ward clerk", ago(90)) if one["kind"] == "crisis house" else None
    return Destination(
        one["name"], one["kind"], one.get("address", ""), one.get("phone", ""), one.get("hours", ""), free
    )


def _alarm(one: Mapping[str, Any]) -> AlarmKind:
    after = one.get("escalate_minutes")
    return AlarmKind(
        code=one["code"],
        label=one["label"],
        priority=one["priority"],
        delay=timedelta(seconds=one.get("delay_seconds", 0)),
        times=one.get("times", 1),
        within=timedelta(minutes=one.get("within_minutes", 0)),
        escalates_after=None if after is None else timedelta(minutes=after),
        stays=one.get("stays", False),
        shelvable=one.get("shelvable", True),
        what_to_do=one["what_to_do"],
        active=one["code"] != "call_later",
    )


def _plans() -> tuple[PlannedShift, ...]:
    def plan(van: str, starts: float, ends: float, *staff: str, note: str = "") -> PlannedShift:
        rides = tuple(PlannedRide(id_of(f"ride {van} {name}"), id_of(name)) for name in staff)
        return PlannedShift(id_of(f"plan {van}"), 1, id_of(van), ago(starts), ago(ends), rides, note, "l.lead")

    return (
        plan("CRU6", 30, -690, "Kofi Example", "Jo Template", note="Kofi until two"),
        plan("CRU5", -200, -920, "Imran Placeholder"),
    )
