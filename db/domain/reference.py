"""Configurable data: rows with an author and a date, never constants in code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from db.domain.about import Mobility, Topic
from db.domain.backups import Made
from db.domain.care import NOTHING_ASKED, CallSchedule, Destination, EndingRule
from db.domain.languages import NO_LANGUAGES, Languages
from db.domain.party import Party
from db.domain.person_requests import WaitingRequest
from db.domain.raised import AlarmKind
from db.domain.records import StaffMember
from db.domain.rota import CoverWanted, PlannedShift
from db.domain.rules import DEFAULTS, Rules

_TIGHTEST_MINUTES = 60
"""What counts where no priority at all is configured."""


@dataclass(frozen=True, slots=True)
class Priority:
    """How soon a crew must be with the patient, in minutes, and what the service aims at."""

    code: str
    meaning: str
    within_minutes: int
    aim_minutes: int | None
    rank: int
    triage_scale: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who refers.

    Attributes:
        waits: what the crew is called that waits with the patient; empty if none does.
        waits_kind: of what kind it is.
    """

    code: str
    label: str
    waits: str
    default_priority: str
    waits_kind: Party = Party.NOBODY


NOT_MEASURED = "not_measured"
"""The branch whose questions are asked where observations could not be measured, such as by telephone."""


@dataclass(frozen=True, slots=True)
class ScreeningItem:
    """One question of the gate. ``watch_words`` in the narrative call for a second look at a *no*.

    Attributes:
        watch_words: phrases; one that ends in ``*`` has any ending.
        spoken: the question as it is asked.
        alone: asked by itself: "the rest no" never answers it.
        no_override: while the answer is *yes*, nobody may let the referral on.
        branch: under which it is asked; empty for a question that is always asked.
    """

    key: str
    section: str
    text: str
    watch_words: tuple[str, ...]
    spoken: str = ""
    source: str = ""
    rationale: str = ""
    owner: str = ""
    review_on: date | None = None
    alone: bool = False
    no_override: bool = False
    branch: str = ""


@dataclass(frozen=True, slots=True)
class ObservationLimit:
    """What an observation must lie within; None where there is no bound. What equals a bound lies within."""

    measure: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class NewsBand:
    """How many points of NEWS2 a value gives that lies in this band, both ends included."""

    measure: str
    low: float | None
    high: float | None
    points: int


@dataclass(frozen=True, slots=True)
class TriageLetter:
    """What a letter of the triage scale means: how soon, who goes, and what is done until then."""

    letter: str
    meaning: str
    soon: str = ""
    goes_to: str = ""
    meanwhile: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """Questions that are asked only sometimes, and when."""

    key: str
    title: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved a version of the tool, as what, and when."""

    name: str
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class ScreeningTool:
    """A version of the physical-health and safety gate.

    Attributes:
        signed_by: who made it, or signed it, in words.
        in_force_from: since when, or from when, it is asked; None for a draft. UTC.
        retired_at: when another took its place. UTC.
        limits: of observations; empty for a version of before versions had any.
        bands: of NEWS2.
        letters: of the triage scale.
        branches: when questions of a branch are asked.
    """

    version: int
    signed_by: str
    items: tuple[ScreeningItem, ...]
    title: str = ""
    author: str = ""
    dated: date | None = None
    approvals: tuple[Approval, ...] = ()
    in_force_from: datetime | None = None
    retired_at: datetime | None = None
    limits: tuple[ObservationLimit, ...] = ()
    bands: tuple[NewsBand, ...] = ()
    letters: tuple[TriageLetter, ...] = ()
    branches: tuple[Branch, ...] = ()

    @property
    def is_signed(self) -> bool:
        """Whether anybody by name has approved it."""
        return bool(self.approvals)


def unsigned_words(tool: ScreeningTool) -> str:
    """The notice that stands over the questions while nobody has approved them; empty once somebody has."""
    if tool.is_signed:
        return ""
    return f"Version {tool.version} of these questions is not signed by a clinical lead yet."


@dataclass(frozen=True, slots=True)
class Choice:
    """A reason or outcome to pick from.

    Attributes:
        source: where it comes from, such as the section of an Act.
        is_draft: as it was delivered; nobody here has answered for it yet.
    """

    code: str
    label: str
    source: str = ""
    is_draft: bool = False


Wording = tuple[str, str]
"""A list and a code."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in."""

    login: str
    display_name: str
    role: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Everything configurable that the console needs, read once on connecting and again when it changes.

    Attributes:
        bases: where vans stand between jobs: latitude and longitude in degrees, WGS 84, by the base's name.
        rules: the numbers that the program goes by.
        topics: what a person may say about themselves, in the order in which it is shown.
        schedules: how often somebody who waits is called, by the priority's code.
        ending_rules: what a way of ending asks for, by kind (outcome, decline, cancel) and code.
        places: where people may be taken, by name, with who said last how many places are free.
        in_force: the version of the screening tool that is asked; None where nobody said.
        staff: everybody, also who left; whoever is offered is ``active``.
        plans: the shifts that are planned and not over, by their start.
        cover: how many vans are wanted at which hour.
        themes: what feedback is sorted by.
        alarm_kinds: what each kind of alarm asks for, those out of service too, by code.
        command_words: short forms and own words for the command line, each with the plain words of its verb.
        backups: what is known of the backups and the drills; nothing where none are wanted, such as in practice.
        seal_since: from when on the record ought to be sealed; None where it need not be.
        requests: what is asked about records and waits for an answer, the longest first.
        worded: the words for what is not offered any more, by the list (source, reason, outcome) and the code.
    """

    service: str
    priorities: Mapping[str, Priority]
    sources: Mapping[str, Source]
    tools: Mapping[int, ScreeningTool]
    reasons: Mapping[str, tuple[Choice, ...]]
    outcomes: tuple[Choice, ...]
    staff: Mapping[UUID, StaffMember]
    users: Mapping[str, User]
    wishes: tuple[str, ...]
    destinations: tuple[Choice, ...]
    bases: Mapping[str, tuple[float, float]]
    rules: Rules = DEFAULTS
    topics: tuple[Topic, ...] = ()
    languages: Languages = NO_LANGUAGES
    mobility: tuple[Mobility, ...] = ()
    schedules: Mapping[str, CallSchedule] = field(default_factory=dict)
    ending_rules: Mapping[tuple[str, str], EndingRule] = field(default_factory=dict)
    places: Mapping[str, Destination] = field(default_factory=dict)
    in_force: int | None = None
    plans: tuple[PlannedShift, ...] = ()
    cover: tuple[CoverWanted, ...] = ()
    themes: tuple[str, ...] = ()
    alarm_kinds: Mapping[str, AlarmKind] = field(default_factory=dict)
    command_words: tuple[tuple[str, str], ...] = ()
    backups: tuple[Made, ...] = ()
    seal_since: datetime | None = None
    requests: tuple[WaitingRequest, ...] = ()
    worded: Mapping[Wording, str] = field(default_factory=dict)

    def ending_rule(self, kind: str, code: str) -> EndingRule:
        """What a way of ending asks for: ``kind`` is outcome, decline or cancel."""
        return self.ending_rules.get((kind, code), NOTHING_ASKED)

    @property
    def current_tool(self) -> ScreeningTool:
        """The screening tool in force; the newest where nobody said which is."""
        return self.tools[max(self.tools) if self.in_force is None else self.in_force]

    @property
    def under_review(self) -> tuple[ScreeningTool, ...]:
        """The versions that were never in force, newest first."""
        drafts = (tool for tool in self.tools.values() if tool.in_force_from is None and tool.retired_at is None)
        return tuple(sorted(drafts, key=lambda tool: -tool.version))

    def priority_of(self, code: str) -> Priority:
        """The rule of a priority. One that nobody configured has the tightest clock and the first rank."""
        found = self.priorities.get(code)
        if found is not None:
            return found
        known = self.priorities.values()
        within = min((one.within_minutes for one in known), default=_TIGHTEST_MINUTES)
        return Priority(code, "not configured", within, None, min((one.rank for one in known), default=1), "")

    def standing(self, code: str) -> int:
        """How many priorities go before this one: 0 for the first, and for one that nobody configured."""
        rank = self.priority_of(code).rank
        return sum(one.rank < rank for one in self.priorities.values())

    def who(self, login: str) -> str:
        """The display name of a login, or the login itself when nobody of that name is known."""
        user = self.users.get(login)
        return user.display_name if user else login

    def source_label(self, code: str) -> str:
        """The words for who refers, by its code."""
        source = self.sources.get(code)
        return source.label if source is not None else self._once("source", code)

    def reason_label(self, kind: str, code: str) -> str:
        """The words for a reason's code.

        One act passes its reason on to what it ends (a cancelled referral's handover is refused for it), so a code
        of another kind has its words too; one that nobody configured is at least read as words.
        """
        kinds = (self.reasons.get(kind, ()), *self.reasons.values())
        found = (choice.label for choices in kinds for choice in choices if choice.code == code)
        return next(found, self._once("reason", code))

    def outcome_label(self, code: str) -> str:
        """The words for an outcome's code."""
        return next((choice.label for choice in self.outcomes if choice.code == code), self._once("outcome", code))

    def _once(self, name: str, code: str) -> str:
        return self.worded.get((name, code), in_plain_words(code))


def in_plain_words(code: str) -> str:
    """A code that nobody gave words to, as a person may read it: ``taken_home`` as ``taken home``."""
    return code.replace("_", " ")
