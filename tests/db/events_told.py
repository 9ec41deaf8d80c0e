"""What the events of a record say about each referral: times, jobs, handovers, calls. In plain Python.

Nothing of the program is used here, neither its SQL nor its domain: this is the other half of a comparison.
What an event does not say (a source, a priority, an answer at the end) is read from the row of the referral as it
stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Event = Mapping[str, Any]
LONDON = ZoneInfo("Europe/London")
ENDS = ("closed", "declined", "cancelled")
STEPS = (
    *ENDS, "received", "acknowledged", "accepted", "handover started", "handover accepted", "handover released",
    "handover refused",
)  # fmt: skip


@dataclass
class Job:
    """One van on the referral: the times of its steps, by name."""

    van: UUID
    times: dict[str, datetime] = field(default_factory=dict)

    @property
    def with_person(self) -> datetime | None:
        """The first sign that the crew was with the person."""
        return next(
            (self.times[s] for s in ("with patient", "conveying", "at destination") if s in self.times), None
        )

    @property
    def at_scene(self) -> datetime | None:
        """The first sign that the crew was at the scene."""
        return self.times.get("on scene") or self.with_person

    @property
    def until(self) -> datetime | None:
        """When it was over."""
        return self.times.get("clear") or self.times.get("stood down")


@dataclass
class Link:
    """One handover."""

    giver: str
    taker: str
    accepted: datetime | None = None
    released: datetime | None = None


@dataclass
class Story:
    """One referral, as the events that stand tell it."""

    row: Mapping[str, Any]
    events: list[Event]
    at: dict[int, datetime]
    amended: list[Event]
    jobs: list[Job] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def last(self, *kinds: str) -> Event | None:
        """The last event of some kinds."""
        return next((one for one in reversed(self.events) if one["kind"] in kinds), None)

    def all(self, *kinds: str) -> list[Event]:
        """Every event of some kinds, in the order written."""
        return [one for one in self.events if one["kind"] in kinds]

    def time(self, kind: str) -> datetime | None:
        """When something happened first, as it was amended."""
        return next((self.at[one["id"]] for one in self.events if one["kind"] == kind), None)

    @property
    def received(self) -> datetime:
        """When it was received."""
        found = self.time("received")
        assert found is not None
        return found

    @property
    def in_error(self) -> bool:
        """Whether it was entered in error."""
        mark = self.last("entered in error", "entered in error undone")
        return mark is not None and mark["kind"] == "entered in error"

    @property
    def ending(self) -> Event | None:
        """The end that stands; None for one that is open, or open again."""
        mark = self.last(*ENDS, "reopened")
        return mark if mark is not None and mark["kind"] in ENDS else None

    @property
    def ended(self) -> datetime | None:
        """When it ended."""
        return self.at[self.ending["id"]] if self.ending else None

    @property
    def first(self) -> Job | None:
        """Whose crew was first with the person; else first at the scene, else sent first."""
        far = datetime.max.replace(tzinfo=LONDON)

        def order(job: Job) -> tuple[datetime, datetime, datetime]:
            return job.with_person or far, job.at_scene or far, job.times["allocated"]

        return min(self.jobs, key=order, default=None)

    @property
    def met(self) -> bool:
        """Whether a crew was with the person."""
        return self.first is not None and self.first.with_person is not None

    @property
    def scene(self) -> datetime | None:
        """When the first crew came to the scene, where that was put down."""
        there = [job for job in self.jobs if job.at_scene]
        return min(there, key=lambda job: job.at_scene or far_off()).times.get("on scene") if there else None

    @property
    def hour(self) -> int:
        """The local hour of its receipt."""
        return self.received.astimezone(LONDON).hour


def far_off() -> datetime:
    """Later than everything."""
    return datetime.max.replace(tzinfo=LONDON)


def stories(rows: Iterable[Mapping[str, Any]], events: Sequence[Event]) -> list[Story]:
    """One for each referral."""
    by_referral: dict[UUID, list[Event]] = {}
    for one in sorted(events, key=lambda one: one["id"]):
        by_referral.setdefault(one["referral_id"], []).append(one)
    return [_story(row, by_referral[row["id"]]) for row in rows]


def moment(said: str) -> datetime:
    """A time in the detail of an event."""
    return datetime.fromisoformat(said)


def _story(row: Mapping[str, Any], events: Sequence[Event]) -> Story:
    undone = {one["amends"] for one in events if one["kind"].endswith(" taken back")}
    stands = [one for one in events if one["id"] not in undone and not one["kind"].endswith(" taken back")]
    amended = [one for one in stands if one["kind"] == "time amended"]
    story = Story(row, stands, {one["id"]: one["happened_at"] for one in stands}, amended)
    for one in amended:
        _amend(story, one)
    _jobs(story)
    _links(story)
    return story


def _amend(story: Story, amendment: Event) -> None:
    """Put the time right that the amendment says it was."""
    named, was = amendment["detail"]["time"], moment(amendment["detail"]["from"])
    kinds = ENDS if named == "closed" else (named,)
    (which,) = {
        one["id"]
        for one in story.events
        if one["kind"] in kinds and one["van_id"] == amendment["van_id"] and story.at[one["id"]] == was
    }
    story.at[which] = moment(amendment["detail"]["to"])


def _jobs(story: Story) -> None:
    open_jobs: dict[UUID, Job] = {}
    for one in story.events:
        entity, _, step = one["kind"].partition(" ")
        if entity != "van" or one["van_id"] is None:
            continue
        if step == "allocated":
            open_jobs[one["van_id"]] = Job(one["van_id"])
            story.jobs.append(open_jobs[one["van_id"]])
        open_jobs[one["van_id"]].times[step] = story.at[one["id"]]


def _links(story: Story) -> None:
    named: dict[str, Link] = {}
    for one in story.all("handover accepted", "handover released"):
        giver, _, taker = one["words"].partition(" to ")
        link = named.get(one["words"])
        if link is None:
            link = named[one["words"]] = Link(giver, taker)
            story.links.append(link)
        setattr(link, one["kind"].removeprefix("handover "), story.at[one["id"]])


def minutes(earlier: datetime, later: datetime) -> float:
    """From the one to the other."""
    return (later - earlier) / timedelta(minutes=1)
