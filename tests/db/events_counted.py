"""Each measure, counted from what the events tell, in plain Python: the other half of a comparison."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import mean, median
from typing import Any
from uuid import UUID

from tests.db.events_told import ENDS, LONDON, STEPS, Event, Job, Story, far_off, minutes, moment

MISSING = "missing"
Value = float | str
"""Minutes, hours, a count; or that nobody put it down."""
Share = tuple[int, int]
_OF_WISHES = {"wish", "arrive", "avoid", "safer_with", "helps", "touch", "bring", "not_bring"}


@dataclass
class World:
    """Everything that is told, and the numbers that a trust sets."""

    now: datetime
    stories: list[Story]
    within: Mapping[str, int]
    schedule: Mapping[str, Any]
    assumed: float
    waits: Mapping[str, str]
    duties: Sequence[tuple[UUID, datetime, datetime]]
    fixes: Mapping[UUID, Sequence[tuple[datetime, datetime]]]
    same: Mapping[frozenset[UUID], bool]


def _one(says: bool | str | None) -> Value | Share:
    return MISSING if says in {None, "unknown"} else (int(says in {True, "yes"}), 1)


def _between(start: datetime | None, end: datetime | None) -> Value:
    return MISSING if start is None or end is None else minutes(start, end)


def _response(story: Story, world: World) -> Value | None:
    del world
    first = story.first
    return _between(story.received, first.times.get("with patient")) if story.met and first else None


def _within(most: float) -> Callable[[Story, World], Value | Share | None]:
    def asked(story: Story, world: World) -> Value | Share | None:
        took = _response(story, world)
        return took if took is None or took == MISSING else (int(float(took) <= most), 1)

    return asked


def _handover(story: Story, world: World) -> Value | None:
    del world
    taken = [
        link.accepted for link in story.links if link.taker == "CRU" and link.giver != "CRU" and link.accepted
    ]
    return _between(story.scene, min(taken)) if taken else None


def _handed_within(most: float) -> Callable[[Story, World], Value | Share | None]:
    def asked(story: Story, world: World) -> Value | Share | None:
        took = _handover(story, world)
        return took if took is None or took == MISSING else (int(float(took) <= most), 1)

    return asked


def _released(story: Story, since: datetime | None) -> Value | None:
    crews = [link for link in story.links if link.giver.startswith("EMAS") and link.accepted]
    free = [link.released for link in crews if link.released]
    if not crews or (not free and not story.ended):
        return None
    return _between(since, min(free)) if free else MISSING


def _given_back(story: Story, world: World) -> Value | None:
    waited = _released(story, story.received)
    return waited if waited is None or waited == MISSING else max(0.0, world.assumed - float(waited)) / 60


def _back(story: Story, world: World) -> Value | Share | None:
    if story.ended is None:
        return None
    until = story.ended + timedelta(hours=72)
    others = (one for one in world.stories if one is not story and not one.in_error)
    if any(story.ended < one.received <= until and _same(story, one, world) for one in others):
        return 1, 1
    return (0, 1) if any(_identity(story)) and until <= world.now else MISSING


def _identity(story: Story) -> tuple[str, tuple[str, str] | None]:
    name, born = story.row["patient_name"] or "", story.row["patient_born"]
    digits = "".join(char for char in story.row["nhs_number"] or "" if char.isdigit())
    words = " ".join(sorted(name.replace(",", " ").lower().split()))
    return digits, (words, str(born)) if words and born else None


def _same(one: Story, other: Story, world: World) -> bool:
    said = world.same.get(frozenset((one.row["id"], other.row["id"])))
    alike = any(mine and mine == theirs for mine, theirs in zip(_identity(one), _identity(other), strict=True))
    return alike if said is None else said


# --- calls, promises, follow-ups, wishes ---


def _calls(story: Story) -> list[Event]:
    return [one for one in story.all("contact") if "contact" in one["detail"]]


def _called(story: Story, world: World) -> Share:
    until = min(
        [job.times["allocated"] for job in story.jobs] + ([story.ended] if story.ended else []), default=None
    )
    calls = [one for one in _calls(story) if one["happened_at"] < (until or far_off())]
    due = [one for one in calls if "due_at" in one["detail"]]
    in_time = sum(one["happened_at"] <= moment(one["detail"]["due_at"]) for one in due)
    upcoming = _next_call(story, calls, world)
    return in_time, len(due) + (upcoming is not None and upcoming < (until or world.now))


def _next_call(story: Story, calls: Sequence[Event], world: World) -> datetime | None:
    rule = world.schedule.get(story.row["priority"])
    if rule is None:
        return None
    at = story.received + timedelta(minutes=rule["first_minutes"])
    agreed: list[datetime] = []
    for one in sorted(calls, key=lambda one: one["happened_at"]):
        if one["detail"]["spoke_with"] == "nobody":
            agreed = [*agreed, one["happened_at"] + timedelta(minutes=rule["again_minutes"])]
        else:
            at = one["happened_at"] + timedelta(minutes=rule["every_minutes"])
            agreed = [moment(one["detail"]["agreed_until"])] if "agreed_until" in one["detail"] else []
    return max([at, *agreed])


def _promises(story: Story) -> list[tuple[datetime | None, str | None]]:
    ends = {one["detail"]["contact"]: one["kind"] for one in story.all("promise kept", "promise not kept")}
    found = []
    for one in _calls(story):
        if "Promised: " in one["words"]:
            due = one["detail"].get("promise_due_at")
            found.append((moment(due) if due else None, ends.get(one["detail"]["contact"])))
    return found


def _promises_kept(story: Story, world: World) -> Share:
    due = [end for at, end in _promises(story) if end or (at is not None and at <= world.now)]
    return due.count("promise kept"), len(due)


def _follow_ups(story: Story) -> list[tuple[datetime, datetime | None]]:
    due: dict[str, datetime] = {}
    done: dict[str, datetime] = {}
    for one in story.events:
        if one["kind"] == "follow-up planned":
            due[one["detail"]["follow_up"]] = moment(one["detail"]["due_at"])
        elif one["kind"] == "follow-up put off":
            due[one["detail"]["follow_up"]] = moment(one["detail"]["to"])
        elif one["kind"] == "follow-up done":
            done[one["detail"]["follow_up"]] = story.at[one["id"]]
    return [(at, done.get(key)) for key, at in due.items()]


def _follow_ups_kept(story: Story, world: World) -> Share:
    due = [(at, done) for at, done in _follow_ups(story) if done or at <= world.now]
    return sum(done is not None and done <= at for at, done in due), len(due)


def _wishes_kept(story: Story, world: World) -> Share:
    del world
    last = {one["words"]: one["detail"]["kept"] for one in story.all("wish kept")}
    return [*last.values()].count("yes"), len(last)


# --- screening, typing ---


def _answers(story: Story) -> list[Mapping[str, str]]:
    found = sorted(story.all("screening complete"), key=lambda one: one["happened_at"])
    return [one["detail"]["answers"] for one in found]


def _became(what: str) -> Callable[[Story, World], Share]:
    def asked(story: Story, world: World) -> Share:
        del world
        answers = _answers(story)
        became = [
            new[key]
            for old, new in pairwise(answers)
            for key, was in old.items()
            if was == "not known" and key in new
        ]
        return became.count(what), len(became)

    return asked


def _untyped(story: Story, world: World) -> Share:
    del world
    amended = {(one["detail"]["time"], one["van_id"], moment(one["detail"]["from"])) for one in story.amended}
    steps = [one for one in story.events if one["kind"] in STEPS or one["kind"].startswith("van ")]

    def typed(one: Event) -> bool:
        name = "closed" if one["kind"] in ENDS else one["kind"]
        if (name, one["van_id"], one["happened_at"]) in amended:
            return True
        return one["source"] not in {"device", "geofence", "message"} and not one["happened_at"].microsecond

    return sum(not typed(one) for one in steps), len(steps)


def _held_past(story: Story, world: World) -> Share | None:
    ends = [moment(one["detail"]["until"]) for one in story.all("on hold") if one["detail"]["until"]]
    if not ends:
        return None
    due = story.received + timedelta(minutes=world.within[story.row["priority"]])
    return int(max(ends) > due), 1


def _accompanied(story: Story, world: World) -> bool:
    row = story.row
    return bool(row["waiting_party"] or row["ems_on_scene_at"] or world.waits[row["source"]] != "nobody")


def _if(condition: object, value: Value | Share | None) -> Value | Share | None:
    return value if condition else None


def _end(story: Story) -> str:
    return story.ending["kind"] if story.ending else ""


OF_REFERRALS: Mapping[str, Callable[[Story, World], Value | Share | None]] = {
    "response": _response,
    "response_alone": lambda s, w: _if(not _accompanied(s, w), _response(s, w)),
    "response_accompanied": lambda s, w: _if(_accompanied(s, w), _response(s, w)),
    "within": lambda s, w: _within(w.within[s.row["priority"]])(s, w),
    "within_45": _within(45),
    "within_60": _within(60),
    "decision": lambda s, _: _if(s.time("accepted"), _between(s.received, s.time("accepted"))),
    "handover": _handover,
    "handover_15": _handed_within(15),
    "handover_30": _handed_within(30),
    "handover_60": _handed_within(60),
    "ems_wait": lambda s, _: _released(s, s.received),
    "ems_release": lambda s, _: _released(s, s.scene),
    "ems_given_back": _given_back,
    "never_met": lambda s, _: _if(s.ended, (int(not s.met), 1)),
    "declined": lambda s, _: _if(s.ended, (int(_end(s) == "declined"), 1)),
    "cancelled": lambda s, _: _if(s.ended, (int(_end(s) == "cancelled"), 1)),
    "cancelled_unheard": lambda s, _: _if(
        _end(s) == "cancelled", (int(all(one["detail"]["spoke_with"] != "person" for one in _calls(s))), 1)
    ),
    "care_done": lambda s, _: _if(s.met, _care(s, "needed and done")),
    "care_not_done": lambda s, _: _if(s.met, _care(s, "needed and not done")),
    "care_not_needed": lambda s, _: _if(s.met, _care(s, "not needed")),
    "care_not_known": lambda s, _: _if(s.met, _care(s, "unknown")),
    "back": _back,
    "promises_kept": _promises_kept,
    "promises_made": lambda s, _: (int(bool(_promises(s))), 1),
    "wishes_kept": _wishes_kept,
    "wishes_asked": lambda s, _: _if(
        s.met, (int(any(one["detail"]["topic"] in _OF_WISHES for one in s.all("about me"))), 1)
    ),
    "follow_ups_kept": _follow_ups_kept,
    "follow_ups_made": lambda s, _: _if(s.ended, (int(bool(_follow_ups(s))), 1)),
    "called_in_time": _called,
    "overrides": lambda s, _: _if(
        _answers(s), (int(bool(s.all("screening overridden", "let on by a clinician"))), 1)
    ),
    "screened_out": lambda s, _: _if(
        _answers(s),
        (int(_end(s) == "declined" and any(one != "no" for one in (_answers(s) or [{}])[-1].values())), 1),
    ),
    "unknown_to_no": _became("no"),
    "unknown_to_yes": _became("yes"),
    "holds_past_due": _held_past,
    "force": lambda s, _: _if(s.met, _one(s.row["force_used"])),
    "force_not_said": lambda s, _: _if(s.met and _end(s) == "closed", (int(s.row["force_used"] is None), 1)),
    "avoided": lambda s, _: _if(s.met, _one(s.row["ae_avoided"])),
    "police_avoided": lambda s, _: _if(s.met, _one(s.row["police_avoided"])),
    "untyped": _untyped,
    "amended": lambda s, _: float(len(s.amended)),
    "received": lambda *_: 1.0,
}


def _care(story: Story, said: str) -> Value | Share:
    return MISSING if story.row["ae_care"] is None else (int(story.row["ae_care"] == said), 1)


# --- jobs ---


def _activation(job: Job) -> Value | None:
    began = [job.times[one] for one in ("mobile", "at rendezvous") if one in job.times]
    return _between(job.times["allocated"], job.times.get("mobile")) if began or job.at_scene else None


def stale(job: Job, fixes: Sequence[tuple[datetime, datetime]]) -> Value | tuple[float, float] | None:
    """Minutes without a fix that was fresh, out of the minutes of the job.

    At a moment one is fresh that had come in by then and was fixed less than two minutes before.
    """
    start, end = job.times["allocated"], job.until
    if end is None:
        return None
    day = start - timedelta(days=1)
    if not any(day <= fixed <= end and day <= came <= end for came, fixed in fixes):
        return MISSING
    fresh, reached = 0.0, start
    for came, fixed in sorted(fixes):
        begin, stop = max(came, reached), min(fixed + timedelta(minutes=2), end)
        if begin < stop:
            fresh += minutes(begin, stop)
            reached = stop
    return minutes(start, end) - fresh, minutes(start, end)


OF_JOBS: Mapping[str, Callable[[Job, World], Any]] = {
    "activation": lambda job, _: _activation(job),
    "travel": lambda job, _: _if(job.at_scene, _between(job.times.get("mobile"), job.times.get("on scene"))),
    "job_cycle": lambda job, _: _if(
        "clear" in job.times, _between(job.times["allocated"], job.times.get("clear"))
    ),
    "stale": lambda job, world: stale(job, world.fixes.get(job.van, ())),
}


# --- figures ---


@dataclass
class Counted:
    """What came out: as the program's figure, by the same names."""

    value: float | None
    n: int
    missing: int
    part: float | None = None
    total: float | None = None
    mean: float | None = None
    ninth: float | None = None
    longest: float | None = None


def of_minutes(values: Sequence[Value]) -> Counted:
    known = sorted(float(one) for one in values if one != MISSING)
    missing = len(values) - len(known)
    if not known:
        return Counted(None, 0, missing)
    ninth = known[ceil(0.9 * len(known)) - 1]
    return Counted(median(known), len(known), missing, mean=mean(known), ninth=ninth, longest=known[-1])


def of_shares(values: Sequence[Value | Share]) -> Counted:
    known = [one for one in values if isinstance(one, tuple)]
    part, n = sum(one[0] for one in known), sum(one[1] for one in known)
    return Counted(part / n if n else None, n, len(values) - len(known), part=part)


def of_sums(values: Sequence[Value]) -> Counted:
    known = [float(one) for one in values if one != MISSING]
    return Counted(sum(known), len(known), len(values) - len(known))


def of_time(values: Sequence[Value | tuple[float, float]]) -> Counted:
    known = [one for one in values if isinstance(one, tuple)]
    part, total = sum(one[0] for one in known), sum(one[1] for one in known)
    return Counted(part / total if total else None, len(known), len(values) - len(known), part=part, total=total)


def hours_of(start: datetime, end: datetime, hours: frozenset[int]) -> float:
    """The minutes of a stretch that lie in some local hours; all of them for none."""
    if end <= start:
        return 0.0
    if not hours:
        return minutes(start, end)
    return sum(
        minutes(begin, stop) for begin, stop in _cells(start, end) if begin.astimezone(LONDON).hour in hours
    )


def _cells(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    begin = start
    while begin < end:
        stop = min(end, begin.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        yield begin, stop
        begin = stop
