"""What stands against the next step of a referral: the record's rule, in Python.

``cru.stands_against`` (``db/migrations/sql/0009``) is what counts; a test compares the two on many histories. The
form asks this one of what is typed and not saved yet.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from db.domain.care import DIED
from db.domain.dangers import UNREAD, Danger, Dangers
from db.domain.own_words import unsaid
from db.domain.records import Screening
from db.domain.reference import NOT_MEASURED, ScreeningItem, ScreeningTool
from db.domain.screening import DANGER_SCALE, OBSERVATIONS_KEY, Answer, How, must_be_asked, second_looks

_SAID_MOST = 300
_ENDS = ".!?;\n"
# Behind every question: where the record, too, puts one that the version does not have.
_LAST = 9999


@dataclass(frozen=True, slots=True)
class Finding:
    """A word that the reader found: the question it is about, the word, and what was said around it."""

    key: str
    word: str
    said: str

    @property
    def what(self) -> str:
        """Its name: the same word said again in another sentence is another one."""
        # Postgres has md5 built in, and the record makes the same name; it guards nothing.
        mark = hashlib.md5(f"{self.word}|{self.said}".encode(), usedforsecurity=False).hexdigest()
        return f"words {self.key} {mark}"


@dataclass(frozen=True, slots=True)
class TextReading:
    """What was found in a text. ``of_note``: in a note that stands, and not in the narrative."""

    tool_version: int
    text_digest: str
    found: tuple[Finding, ...]
    of_note: bool = False


@dataclass(frozen=True, slots=True)
class DangerFlag:
    """A caution that says danger now, with the moment at which it ends."""

    id: UUID
    kind: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DiedElsewhere:
    """The end of another referral of the person says that they died. ``reference`` is that referral's."""

    ending_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class ToldOfDanger:
    """Everything that the rule asks about.

    Attributes:
        screenings: that were not taken back, oldest first; of two at the same moment the one with the lower id is
            the later one.
        scale_was: the newest event by which the scale was changed from A to something else.
        narratives_were: the digests of what the narrative said before it was changed, unless that was taken back.
        covered: what decisions that stand have let on.
    """

    tools: Mapping[int, ScreeningTool]
    in_force: int | None
    screenings: Sequence[Screening] = ()
    scale: str = ""
    scale_was: int | None = None
    flags: Sequence[DangerFlag] = ()
    died: Sequence[DiedElsewhere] = ()
    narrative: str = ""
    readings: Sequence[TextReading] = ()
    narratives_were: Collection[str] = frozenset()
    covered: Collection[str] = field(default_factory=frozenset)

    @property
    def tool_version(self) -> int | None:
        """The version by which the words are read."""
        return self.screenings[-1].tool_version if self.screenings else self.in_force

    def item(self, key: str, version: int | None) -> ScreeningItem | None:
        """A question of a version."""
        tool = self.tools.get(version) if version is not None else None
        return next((one for one in tool.items if one.key == key), None) if tool is not None else None


def digest(text: str) -> str:
    """By what a text is known that was read."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(tool: ScreeningTool, text: str) -> tuple[Finding, ...]:
    """What the program's reader finds in a text, whatever was answered; what it wrote itself says nothing."""
    looks = second_looks(tool, {}, unsaid(text, (item.text for item in tool.items)))
    found = (Finding(one.item.key, _line(one.word)[:200], _around(text, one.start, one.end)) for one in looks)
    return tuple(dict.fromkeys(found))[:200]


def _around(text: str, start: int, end: int) -> str:
    """The sentence in which a word stands: what is written elsewhere makes it no other one."""
    # Cut to a length as well, since some narratives have no full stop.
    begins = max((text.rfind(sign, 0, start) for sign in _ENDS), default=-1) + 1
    ends = min((at for sign in _ENDS if (at := text.find(sign, end)) >= 0), default=len(text))
    return _line(text[max(begins, start - _SAID_MOST // 2) : min(ends, start + _SAID_MOST)]) or _line(
        text[start:end]
    )


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def still_asks(dangers: Dangers, key: str) -> bool:
    """Whether words about a question are to be looked at: nobody has, or they were not read since they changed."""
    return any(one.kind == UNREAD or (one.kind == "words" and one.key == key) for one in dangers.stands)


# --- the rule ---

# How grave it is, and the question's place in the tool: the ``rank`` and ``place`` of the record's own rule.
Placed = tuple[int, int, Danger]


def stands_against(said: ToldOfDanger) -> tuple[Danger, ...]:
    """What stands against the next step, the gravest first."""
    # Whoever changes one of these changes the record's rule with it, in a revision: the two must say the same.
    found = [
        *_unscreened(said),
        *_scale(said),
        *_died(said),
        *_answers(said),
        *_flags(said),
        *_words(said),
        *_words_earlier(said),
        *_unanswered(said),
        *_unread(said),
    ]
    left = [one for one in found if one[2].hard or one[2].what not in said.covered]
    return tuple(one[2] for one in sorted(left, key=lambda one: (one[0], one[1], one[2].what)))


def _unscreened(said: ToldOfDanger) -> Iterator[Placed]:
    tool = said.tools.get(said.tool_version) if said.tool_version is not None else None
    if not said.screenings or tool is None or not tool.items:
        yield 0, 0, Danger("unscreened", "unscreened", "", "not screened", hard=True)


def _scale(said: ToldOfDanger) -> Iterator[Placed]:
    if said.scale == DANGER_SCALE:
        yield 1, 0, Danger("scale A", "scale", "", "scale A, immediate danger", hard=True)
    elif said.scale_was is not None:
        yield 8, 0, Danger(f"scale {said.scale_was}", "scale earlier", "", "scale A earlier")


def _died(said: ToldOfDanger) -> Iterator[Placed]:
    for one in said.died:
        words = f"{DIED}, recorded on {one.reference}"
        yield 1, 1, Danger(f"{DIED} {one.ending_id}", DIED, "", words)


def _flags(said: ToldOfDanger) -> Iterator[Placed]:
    for one in said.flags:
        yield 3, 0, Danger(f"flag {one.id}", "flag", "", f"caution: {one.kind}", until=one.until)


@dataclass(frozen=True, slots=True)
class _Run:
    """The same answer again and again: where it began."""

    key: str
    value: str
    origin: Screening


def _runs(screenings: Sequence[Screening]) -> list[_Run]:
    last: dict[str, str] = {}
    found = []
    for one in screenings:
        for key, value in one.answers.items():
            if last.get(key) != value:
                last[key] = value
                found.append(_Run(key, value, one))
    return found


def _answers(said: ToldOfDanger) -> Iterator[Placed]:
    runs = _runs(said.screenings)
    newest = {run.key: run for run in runs}
    for run in runs:
        # The last screening may have left the question out; then an earlier answer is not the one of now.
        is_now = newest[run.key] is run and said.screenings[-1].answers.get(run.key) == run.value
        here = said.item(run.key, said.tool_version)
        asked = said.item(run.key, run.origin.tool_version)
        text, place = asked.text if asked else run.key, _place(said, run.key)
        if run.value == Answer.YES:
            words = f"yes: {text}" if is_now else f"yes earlier: {text}"
            hard = is_now and here is not None and here.no_override
            kind = "yes" if is_now else "earlier"
            yield (2 if is_now else 6), place, Danger(f"yes {run.origin.id} {run.key}", kind, run.key, words, hard)
        elif is_now and run.value != Answer.NO and not _is_excused(said, run.key):
            words = f"not known: {text}"
            yield 5, place, Danger(f"not known {run.origin.id} {run.key}", "not known", run.key, words)


def _is_excused(said: ToldOfDanger, key: str) -> bool:
    """What could not be measured was asked about instead."""
    latest, tool = said.screenings[-1], said.tools.get(said.screenings[-1].tool_version)
    asks = tool is not None and any(item.branch == NOT_MEASURED for item in tool.items)
    return asks and latest.how.get(key) == How.NOT_MEASURED and latest.not_measured != ""


def _place(said: ToldOfDanger, key: str) -> int:
    tool = said.tools.get(said.tool_version) if said.tool_version is not None else None
    keys = [item.key for item in tool.items] if tool is not None else []
    return keys.index(key) if key in keys else _LAST


def _words(said: ToldOfDanger) -> Iterator[Placed]:
    here = digest(said.narrative)
    # Of a narrative only what it says now; a note stays, whichever version read it.
    now = (one for one in said.readings if one.of_note or _is_of(one, said.tool_version, {here}))
    yield from _found(said, "says", (one for reading in now for one in reading.found))


EARLIER: Final = "said earlier"
"""How words begin that were taken out of the narrative."""


def _words_earlier(said: ToldOfDanger) -> Iterator[Placed]:
    """What the narrative said and says no more: who takes a sentence out takes no danger away."""
    here = digest(said.narrative)
    of_narrative = [one for one in said.readings if not one.of_note]
    now = (one for one in of_narrative if _is_of(one, said.tool_version, {here}))
    still = {one.key for reading in now for one in reading.found}
    before = (one for one in of_narrative if _is_of(one, said.tool_version, {*said.narratives_were} - {here}))
    yield from _found(said, EARLIER, (one for reading in before for one in reading.found if one.key not in still))


def _is_of(reading: TextReading, version: int | None, digests: Collection[str]) -> bool:
    return reading.tool_version == version and reading.text_digest in digests


def _found(said: ToldOfDanger, begins: str, found: Iterable[Finding]) -> Iterator[Placed]:
    answers = said.screenings[-1].answers if said.screenings else {}
    for one in dict.fromkeys(found):
        # A word that meets a yes, or a not known, says nothing that does not stand already.
        if answers.get(one.key, Answer.NO) == Answer.NO:
            item = said.item(one.key, said.tool_version)
            words = f"{begins} “{one.word}”: {item.text if item else one.key}"
            yield 4, _place(said, one.key), Danger(one.what, "words", one.key, words)


def _unanswered(said: ToldOfDanger) -> Iterator[Placed]:
    if not said.screenings:
        return
    latest = said.screenings[-1]
    tool = said.tools.get(latest.tool_version)
    unmeasured = latest.how.get(OBSERVATIONS_KEY) == How.NOT_MEASURED
    for place, item in enumerate(tool.items if tool is not None else ()):
        if must_be_asked(item, unmeasured=unmeasured) and item.key not in latest.answers:
            words = f"not asked: {item.text}"
            yield 7, place, Danger(f"unanswered {item.key}", "unanswered", item.key, words, hard=True)


def _unread(said: ToldOfDanger) -> Iterator[Placed]:
    here = digest(said.narrative)
    known = any(
        one.tool_version == said.tool_version and one.text_digest == here
        for one in said.readings
        if not one.of_note
    )
    if said.narrative.strip() and not known:
        yield 9, 0, Danger(UNREAD, UNREAD, "", "the narrative was not read since it changed", hard=True)
