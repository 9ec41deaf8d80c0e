"""The lists that a shift lead keeps: which there are, and what each row of one says."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from db.domain.about import TopicKind
from db.domain.command_verbs import VERBS
from db.domain.party import WAITS, Party, short

Sort = Literal["words", "number", "degrees", "yes or no", "words with commas", "choice"]
Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class ListColumn:
    """What a column is called and how it is typed.

    Attributes:
        fixed: it is part of what tells a row from the others, and set only when the row is added.
        needed: it may not be left empty.
        nothing: an empty one is kept as nothing at all, and not as no words.
        choices: value and label of each choice.
        of_list: the list whose rows in use are the choices.
    """

    name: str
    label: str
    sort: Sort = "words"
    fixed: bool = False
    needed: bool = False
    nothing: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    of_list: str = ""


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list.

    Attributes:
        table: its name in the record.
        one: what a row of it is called.
        says: what it is for, in a line.
        coded: the column of the code that is made from the label; empty where none is.
        wide: the label of the column that takes the room.
        grows: rows may be added; where the program itself must know each, none are.
    """

    table: str
    title: str
    one: str
    says: str
    columns: tuple[ListColumn, ...]
    coded: str = ""
    wide: str = "Words"
    grows: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell a row from the others, the code last."""
        fixed = tuple(one.name for one in self.columns if one.fixed)
        return (*fixed, self.coded) if self.coded else fixed

    @property
    def label(self) -> str:
        """The column that says what a row is called."""
        names = {one.name for one in self.columns}
        return next(name for name in ("label", "name", "meaning", "priority", "code") if name in names)


_LABEL: Final = ListColumn("label", "Words", needed=True)
_PLACE: Final = ListColumn("rank", "Place", "number")
_CODE: Final = ListColumn("code", "Code", fixed=True, needed=True)
_LAT: Final = ListColumn("lat", "Latitude", "degrees", nothing=True)
_LON: Final = ListColumn("lon", "Longitude", "degrees", nothing=True)
_NAME: Final = ListColumn("name", "Name", fixed=True, needed=True)
_REASONS: Final = (
    ("decline", "Declined"),
    ("cancel", "Cancelled"),
    ("stand_down", "Stood down"),
    ("refuse_handover", "Handover refused"),
    ("hold", "On hold"),
    ("out_of_service", "Van out of service"),
    ("call", "A call without a referral"),
    ("ground", "Legal ground"),
)
_ENDINGS: Final = (("outcome", "Closed"), ("decline", "Declined"), ("cancel", "Cancelled"))
_VERBS: Final = tuple((words, words) for words in VERBS)
_TOPICS: Final = tuple((str(kind), str(kind)) for kind in TopicKind)
_WAITING: Final = tuple(
    (str(kind), "nobody" if kind is Party.NOBODY else short(kind, str(kind))) for kind in WAITS
)

KEPT_LISTS: Final = (
    KeptList(
        "priority",
        "Priorities and their clocks",
        "priority",
        "Within how many minutes a crew is with the person, and what is aimed at",
        (
            _CODE,
            ListColumn("meaning", "Meaning", needed=True),
            ListColumn("within_minutes", "Within, min", "number", needed=True),
            ListColumn("aim_minutes", "Aim, min", "number", nothing=True),
            ListColumn("triage_scale", "Scale"),
            _PLACE,
        ),
        wide="Meaning",
    ),
    KeptList(
        "referral_source",
        "Who refers",
        "source",
        "Who may refer, who waits with the person then, and the priority that it begins with",
        (
            _LABEL,
            ListColumn("waits_kind", "Waits with them", "choice", needed=True, choices=_WAITING),
            ListColumn("waits", "Called"),
            ListColumn("default_priority", "Priority", "choice", needed=True, of_list="priority"),
            _PLACE,
        ),
        coded="code",
    ),
    KeptList(
        "reason",
        "Reasons",
        "reason",
        "What is chosen from when something is declined, cancelled, stood down, refused, held or out of service",
        (
            ListColumn("kind", "For", "choice", fixed=True, needed=True, choices=_REASONS),
            _LABEL,
            ListColumn("source", "From"),
            _PLACE,
        ),
        coded="code",
    ),
    KeptList("outcome", "Outcomes", "outcome", "How a referral can end", (_LABEL, _PLACE), coded="code"),
    KeptList(
        "ending_rule",
        "What an ending asks for",
        "rule",
        "Whether it needs a meeting, whether the person is asked first, and when they are seen to again",
        (
            ListColumn("kind", "Ended as", "choice", fixed=True, needed=True, choices=_ENDINGS),
            ListColumn("code", "Outcome or reason", "choice", fixed=True, needed=True, of_list="ending"),
            ListColumn("needs_meeting", "They were met", "yes or no"),
            ListColumn("only_unmet", "Nobody met them", "yes or no"),
            ListColumn("asks_search", "Who looks", "yes or no"),
            ListColumn("asks_ground", "Legal ground", "yes or no"),
            ListColumn("asks_person", "They are asked", "yes or no"),
            ListColumn("aftercare_hours", "Seen to, hours", "number", nothing=True),
        ),
        wide="Outcome or reason",
    ),
    KeptList(
        "contact_schedule",
        "Calls while somebody waits",
        "schedule",
        "How often somebody who waits without a van is called, by priority",
        (
            ListColumn("priority", "Priority", "choice", fixed=True, needed=True, of_list="priority"),
            ListColumn("first_minutes", "First call, min", "number", needed=True),
            ListColumn("every_minutes", "Then every, min", "number", needed=True),
            ListColumn("again_minutes", "After no answer, min", "number", needed=True),
        ),
        wide="Priority",
    ),
    KeptList(
        "destination",
        "Destinations",
        "destination",
        "Where people may be taken, with opening hours",
        (
            _NAME,
            ListColumn("kind", "Kind", needed=True),
            ListColumn("address", "Address"),
            ListColumn("phone", "Phone"),
            ListColumn("hours", "Hours"),
            _LAT,
            _LON,
        ),
        wide="Name",
    ),
    KeptList(
        "van_base",
        "Bases",
        "base",
        "Where vans stand between jobs",
        (
            _NAME,
            ListColumn("postcode", "Postcode", needed=True),
            ListColumn("lat", "Latitude", "degrees", needed=True),
            ListColumn("lon", "Longitude", "degrees", needed=True),
        ),
        wide="Name",
    ),
    KeptList(
        "wish",
        "Wishes",
        "wish",
        "What people often ask for about how a crew arrives",
        (ListColumn("label", "Words", fixed=True, needed=True), _PLACE),
    ),
    KeptList(
        "alarm_kind",
        "Alarms",
        "kind of alarm",
        "How grave each is, when it is raised and goes to the shift lead, and what is done about it",
        (
            _CODE,
            ListColumn("label", "Alarm", needed=True),
            ListColumn("priority", "Priority, 1 to 3", "number", needed=True),
            ListColumn("delay_seconds", "After, s", "number", needed=True),
            ListColumn("times", "Times", "number", needed=True),
            ListColumn("within_minutes", "Within, min", "number", needed=True),
            ListColumn("escalate_minutes", "To the lead, min", "number", nothing=True),
            ListColumn("stays", "Until seen", "yes or no"),
            ListColumn("shelvable", "May rest", "yes or no"),
            ListColumn("what_to_do", "What to do", needed=True),
            _PLACE,
        ),
        wide="What to do",
        grows=False,
    ),
    KeptList(
        "feedback_theme",
        "What feedback is about",
        "theme",
        "By which themes what people said is found again",
        (ListColumn("label", "Words", fixed=True, needed=True), _PLACE),
    ),
    KeptList(
        "command_word",
        "Command words",
        "command word",
        "Short forms and your own words for what can be typed into the command line, beside its plain words",
        (
            ListColumn("label", "Words", fixed=True, needed=True),
            ListColumn("verb", "Means", "choice", fixed=True, needed=True, choices=_VERBS),
            _PLACE,
        ),
    ),
    KeptList(
        "about_topic",
        "About me",
        "topic",
        "What a person may say about themselves, and how it is kept",
        (
            _LABEL,
            ListColumn("kind", "Kept as", "choice", fixed=True, needed=True, choices=_TOPICS),
            ListColumn("question", "Asked as"),
            ListColumn("in_brief", "In the crew's brief", "yes or no"),
            ListColumn("carried", "Kept for next time", "yes or no"),
            _PLACE,
        ),
        coded="key",
        wide="Asked as",
    ),
    KeptList(
        "language",
        "Languages",
        "language",
        "Languages and other ways to talk, with the names by which people call them; codes of ISO 639-3",
        (
            _CODE,
            ListColumn("label", "Name", needed=True),
            ListColumn("aliases", "Also called", "words with commas"),
            _PLACE,
        ),
        wide="Also called",
    ),
    KeptList(
        "mobility",
        "Getting about",
        "way",
        "How people get about, and what a van needs for it",
        (_LABEL, ListColumn("equipment", "A van needs one of", "words with commas"), _PLACE),
        coded="code",
    ),
)
LISTS: Final = {one.table: one for one in KEPT_LISTS}


def code_for(label: str, taken: Collection[str]) -> str:
    """A code for a new row, from what it is called: ``Nobody home`` as ``nobody_home``; none is taken twice."""
    code = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:50] or "row"
    return next(one for one in (code, *(f"{code}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)
