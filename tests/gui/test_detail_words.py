"""The sections of the pane about vans and about what happened, word by word."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from PySide6.QtWidgets import QWidget

from console.live.store import Link, LinkState, Store
from console.look import style
from console.running.faults import faults
from console.views.detail.happenings import JobsSection, RankSection, TimelineSection, minutes_words, ranked_rows
from console.views.detail.rich import RichLabel
from console.views.detail.story import Amended, Story, StoryLine, story
from console.views.detail.unfinished_section import UnfinishedSection
from console.views.detail.view import View
from console.views.detail.words import subtitle
from console.views.sheets.row_layout import Row
from db.domain.ranking import RankedVan
from db.domain.reasons import Reason, ReasonTone
from db.domain.records import Event, YesNo
from db.domain.reference import Choice
from db.domain.roles import Role
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState, ReferralState
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, ago, job, position, reference, referral, van

__all__ = ["stage"]
WHO, TWO, FIVE = referral(44), van("CRU2"), van("CRU5")
KNOWN = replace(
    reference(),
    reasons={
        "stand_down": (Choice("not_needed", "No longer needed"),),
        "decline": (Choice("out_of_area", "Outside the area"),),
    },
)


@dataclass
class Seen:
    """As much of a view as these sections look at, over a mirror that a test fills."""

    store: Store
    etas: dict[UUID, datetime] = field(default_factory=dict)
    ranked: list[RankedVan] | None = None
    story: Story = field(default_factory=lambda: Story((), ()))
    private: bool = False
    now: datetime = NOW

    def view(self) -> View:
        @dataclass
        class Desk:
            store: Store

        @dataclass
        class Etas:
            known: dict[UUID, datetime]

            def of(self, key: UUID) -> datetime | None:
                return self.known.get(key)

        facts = Facts(WHO, self.store.assignments_of(WHO.id), ())
        return View(
            desk=cast("Any", Desk(self.store)),
            referral=WHO,
            now=self.now,
            private=self.private,
            screening=None,
            tool=cast("Any", None),
            now_is=situation(facts, self.store.reference),
            etas=cast("Any", Etas(self.etas)),
            story=self.story,
            ranked=self.ranked,
        )


def mirror(*records: Any) -> Store:
    store = Store(KNOWN, Link(LinkState.LIVE, NOW))
    rows: dict[str, list[Any]] = {}
    for record in (WHO, TWO, *records):
        rows.setdefault(type(record).__name__.lower(), []).append(record)
    store.put(rows)
    return store


def told(section: Any, seen: Seen) -> str:
    section.show_view(seen.view())
    [label] = section.findChildren(RichLabel)
    return str(label.text())


def ink(tone: Any) -> str:
    return style.current().tone(tone)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ems_callsign": "B2204", "caller": "EMAS B2204"}, "EMAS crew on scene · B2204 · 07700 900 123"),
        (
            {"waiting_party": "two officers", "caller": "Two Officers"},
            "EMAS crew on scene · two officers · 07700 900 123",
        ),
        (
            {"ems_callsign": "B2204", "caller": "Pat, of B2204"},
            "EMAS crew on scene · B2204 · Pat, of B2204 · 07700 900 123",
        ),
        ({"caller": "EMAS crew"}, "EMAS crew on scene · 07700 900 123"),
        ({"caller": "her son"}, "EMAS crew on scene · her son · 07700 900 123"),
    ],
)
def test_who_referred_is_said_once(given: dict[str, str], says: str) -> None:
    blank = {"ems_callsign": "", "waiting_party": "", "caller": "", "call_back": "07700 900 123"}
    assert subtitle(replace(WHO, **(blank | given)), KNOWN, private=False) == says


@pytest.fixture
def jobs(stage: QWidget) -> JobsSection:
    made = JobsSection()
    put_on(stage, made, 400, 300)
    return made


@pytest.mark.parametrize(
    ("state", "changed", "eta", "present", "absent"),
    [
        (AssignmentState.MOBILE, {}, 9, ["<b>mobile</b>", "<b>ETA 03:51</b>"], [" to "]),
        (AssignmentState.MOBILE, {}, None, ["<b>mobile</b>"], ["ETA"]),
        (AssignmentState.CONVEYING, {"destination": "Crisis house"}, None, ["conveying</b> to Crisis house"], []),
        (AssignmentState.CONVEYING, {}, None, ["conveying</b>"], [" to ", "None"]),
        (AssignmentState.CLEAR, {"destination": "Home"}, None, ["clear</span> to Home"], ["<b>clear"]),
        (
            AssignmentState.STOOD_DOWN,
            {"stand_down_reason": "not_needed"},
            None,
            ["stood down</span> · No longer needed"],
            [],
        ),
    ],
)
def test_a_van_of_a_referral_in_words(
    jobs: JobsSection,
    state: AssignmentState,
    changed: dict[str, str],
    eta: int | None,
    present: list[str],
    absent: list[str],
) -> None:
    sent = replace(job(WHO.id, TWO.id, state, allocated=20), **changed)
    seen = Seen(mirror(sent), {sent.id: NOW + timedelta(minutes=eta)} if eta else {})
    words = told(jobs, seen)
    assert "<b>CRU2</b>" in words
    assert all(part in words for part in present), words
    assert not any(part in words for part in absent), words
    assert not jobs.isHidden()


@pytest.mark.hazard("H-069")
def test_times_are_told_in_their_order(jobs: JobsSection) -> None:
    sent = job(WHO.id, TWO.id, AssignmentState.STOOD_DOWN, stood_down=2, on_scene=5, mobile=10, allocated=20)
    assert "allocated 03:22 · mobile 03:32 · on scene 03:37 · stood down 03:40" in told(jobs, Seen(mirror(sent)))
    assert "CRU5" not in told(jobs, Seen(mirror(job(WHO.id, FIVE.id, AssignmentState.MOBILE))))


@pytest.mark.parametrize(
    ("state", "seconds", "tone"),
    [
        (AssignmentState.MOBILE, 120, "dim"),
        (AssignmentState.MOBILE, 121, "warn"),
        (AssignmentState.CLEAR, 5, None),
        (AssignmentState.MOBILE, None, None),
    ],
)
def test_how_old_a_fix_is_stands_with_a_van_on_its_way(
    jobs: JobsSection, state: AssignmentState, seconds: float | None, tone: str | None
) -> None:
    fixes = [] if seconds is None else [position(TWO.id, seconds)]
    words = told(jobs, Seen(mirror(job(WHO.id, TWO.id, state), *fixes)))
    assert ("fix " in words) is (tone is not None)
    if tone:
        assert ink(tone) in words[: words.index("fix ")].rpartition(" · ")[2]


def test_without_vans_there_is_no_section_and_one_that_cannot_be_told_says_so(jobs: JobsSection) -> None:
    told(jobs, Seen(mirror()))
    assert jobs.isHidden()
    odd = job(WHO.id, TWO.id, AssignmentState.MOBILE)
    words = told(jobs, Seen(mirror(odd), {odd.id: cast("datetime", "soon")}))
    assert "cannot be shown" in words
    faults.forget()


REASON = {
    "good": Reason("on the right side", ReasonTone.GOOD),
    "warn": Reason("fix 6 min old", ReasonTone.WARN),
    "plain": Reason("two on board", ReasonTone.NEUTRAL),
}


def ranked(
    callsign: str, minutes: float | None = 9, excluded: str = "", method: Any = "road", *why: str
) -> RankedVan:
    return RankedVan(uuid4(), callsign, minutes, method, tuple(REASON[one] for one in why), excluded)


@pytest.mark.parametrize(
    ("minutes", "method", "words"),
    [
        (9.4, "road", "9 min"),
        (9.6, "road", "10 min"),
        (9.4, "estimate", "about 9 min"),
        (75, "road", "75 min"),
        (None, "road", "time not known"),
    ],
)
def test_how_far_a_van_is(minutes: float | None, method: str, words: str) -> None:
    assert minutes_words(ranked("CRU2", minutes, "", method)) == words


@pytest.fixture
def rank(stage: QWidget) -> RankSection:
    made = RankSection()
    put_on(stage, made, 400, 300)
    made.wanted = True
    return made


def test_the_best_three_stand_with_their_reasons_and_the_others_by_name(rank: RankSection) -> None:
    best = ranked("CRU2", 9, "", "road", "good", "warn", "plain")
    vans = [best, *(ranked(f"CRU{n}", n * 10) for n in (3, 4, 5, 6))]
    vans += [ranked("CRU7", None, "meal break"), ranked("CRU8", None, "off duty")]
    words = told(rank, Seen(mirror(), ranked=vans))
    assert f'href="{best.van_id}"' in words
    assert [words.count(f"<b>CRU{n}</b>") for n in range(2, 9)] == [1, 1, 1, 0, 0, 0, 0]
    assert "CRU5, CRU6" in words
    assert "Left out: CRU7 meal break, CRU8 off duty" in words
    for tone, text in (("good", "✓ on the right side"), ("warn", "! fix 6 min old"), ("dim", "two on board")):
        before = words[: words.index(text)]
        assert ink(tone) in before[before.rindex("<span") :]
    assert "<b>9 min</b> · " in words


@pytest.mark.parametrize(
    ("vans", "present", "absent"),
    [
        (None, ["Working out travel times…"], ["No van"]),
        ([], ["No van can be sent now."], ["Left out", "more"]),
        (
            [ranked("CRU7", None, "meal break")],
            ["No van can be sent now.", "Left out: CRU7 meal break"],
            ["<b>CRU7"],
        ),
        ([ranked("CRU2")], ["<b>CRU2</b>"], ["Left out", "more", "No van"]),
        ([ranked(f"CRU{n}") for n in (2, 3, 4)], ["<b>CRU4</b>"], ["more"]),
        ([ranked(f"CRU{n}") for n in (2, 3, 4, 5)], ["more", "CRU5"], ["<b>CRU5</b>"]),
    ],
)
def test_what_is_said_of_few_or_none(
    rank: RankSection, vans: list[RankedVan] | None, present: list[str], absent: list[str]
) -> None:
    words = told(rank, Seen(mirror(), ranked=vans))
    assert all(part in words for part in present), words
    assert not any(part in words for part in absent), words
    assert not rank.isHidden()


def test_nobody_is_ranked_when_nobody_is_wanted(rank: RankSection) -> None:
    rank.wanted = False
    told(rank, Seen(mirror(), ranked=[ranked("CRU2")]))
    assert rank.isHidden()
    assert "CRU2" not in rank.findChildren(RichLabel)[0].text()
    assert not RankSection().wanted


def test_a_name_that_is_clicked_is_told(rank: RankSection) -> None:
    found: list[str] = []
    rank.van_chosen.connect(found.append)
    label = rank.findChildren(RichLabel)[0]
    label.linkActivated.emit("an id")
    assert found == ["an id"]
    assert not label.openExternalLinks()


def test_the_rows_of_the_sheet_say_why_or_why_not() -> None:
    why = "on 0044, with patient, free about 20:06, from 14 visits"
    free, out = ranked("CRU2", 9, "", "road", "good", "warn"), ranked("CRU7", 3, why)
    first, second = ranked_rows([free, out])
    reasons = (("on the right side", "good"), ("fix 6 min old", "warn"))
    assert first == Row(str(free.van_id), "CRU2", "9 min", reasons, enabled=True)
    # By its parts, which go over lines: one long text would be cut in a narrow pane.
    parts = tuple((part, "dim") for part in why.split(", "))
    assert second == Row(str(out.van_id), "CRU7", "", parts, enabled=False)


@pytest.fixture
def timeline(stage: QWidget) -> TimelineSection:
    made = TimelineSection()
    put_on(stage, made, 400, 300)
    return made


LINE = StoryLine(ago(10), "Note", "rang back", "Amara Shah", personal=True)


@pytest.mark.parametrize(
    ("line", "private", "present", "absent"),
    [
        (LINE, False, ["03:32", "<b>Note</b>", " · rang back", "Amara Shah"], ["written"]),
        (LINE, True, ["Note", "Amara Shah"], ["rang back", "<b>Note</b>"]),
        (replace(LINE, said=""), False, ["Note"], ["<b>Note</b>"]),
        (replace(LINE, personal=False), True, ["rang back"], ["<b>Note</b>"]),
        (replace(LINE, source="geofence"), False, ["Amara Shah · geofence"], []),
        (replace(LINE, written_at=ago(2)), False, ["Amara Shah · written 03:40"], []),
        (replace(LINE, who="", source=""), False, ["rang back"], [" ·  · "]),
        (LINE, False, [], ["<s>", "although", "<br>"]),
        (
            replace(LINE, undone="taken back by B. Lead: a slip"),
            False,
            ["<s>", "</s>", "<br>", "taken back by B. Lead: a slip"],
            ["although"],
        ),
        (replace(LINE, insisted="fix 9 s old"), False, ["although: fix 9 s old", "<br>"], ["<s>", "taken back"]),
        (
            replace(
                LINE, amended=(Amended(ago(12), "B. Lead", "typed wrong"), Amended(ago(11), "C. Lead", "again"))
            ),
            False,
            ["03:30", "03:31", "03:32", "<s>", "amended by B. Lead: typed wrong", "amended by C. Lead: again"],
            [],
        ),
    ],
)
def test_a_line_of_the_story(
    timeline: TimelineSection, line: StoryLine, private: bool, present: list[str], absent: list[str]
) -> None:
    words = told(timeline, Seen(mirror(), story=Story((line,), ()), private=private))
    assert all(part in words for part in present), words
    assert not any(part in words for part in absent), words
    assert "Record opened" not in words


def test_who_looked_stands_below_and_no_story_is_no_section(timeline: TimelineSection) -> None:
    looked = Story((LINE,), ("A. Shah", "B. Lead"))
    assert "Record opened by A. Shah, B. Lead" in told(timeline, Seen(mirror(), story=looked))
    assert not timeline.isHidden()
    told(timeline, Seen(mirror()))
    assert timeline.isHidden()


def test_a_line_that_cannot_be_told_says_so(timeline: TimelineSection) -> None:
    odd = replace(LINE, at=cast("datetime", "soon"))
    words = told(timeline, Seen(mirror(), story=Story((odd, LINE), ())))
    assert "cannot be shown" in words
    assert "rang back" in words
    faults.forget()


def event(number: int, kind: str, minutes: float, **changed: Any) -> Event:
    known: dict[str, Any] = {"van_id": None, "recorded_at": ago(minutes), "recorded_by": "a.shah"}
    known |= {"source": "user", "detail": {}, "words": ""}
    return Event(
        **{"id": number, "referral_id": WHO.id, "kind": kind, "happened_at": ago(minutes)} | known | changed
    )


def amend(number: int, time: str, to: datetime, was: datetime, **more: Any) -> Event:
    detail = {"time": time, "to": to.isoformat(), "from": was.isoformat()}
    return event(number, "time amended", 1, detail=detail, reason=f"reason {number}", **more)


def test_an_amended_time_stands_with_those_it_replaced_and_moves_its_line() -> None:
    events = [
        amend(9, "received", ago(70), ago(50)),
        event(1, "received", 49),
        event(2, "accepted", 60),
        amend(5, "received", ago(50), ago(49)),
        event(3, "record opened", 5, recorded_by="b.lead"),
        event(4, "record opened", 4),
        event(6, "record opened", 3, recorded_by="b.lead"),
    ]
    found = story(events, KNOWN, str)
    assert [(line.what, line.at) for line in found.lines] == [("Received", ago(70)), ("Accepted", ago(60))]
    assert [(one.was, one.reason) for one in found.lines[0].amended] == [
        (ago(49), "reason 5"),
        (ago(50), "reason 9"),
    ]
    assert found.lines[1].amended == ()
    assert found.looked == ("b.lead", "a.shah")


def test_an_amendment_belongs_to_the_last_such_event_before_it_or_the_one_that_it_names() -> None:
    first, again = event(1, "screening complete", 40), event(3, "screening complete", 20)
    later = event(8, "screening complete", 5)
    for changed, amended in (({}, [False, True, False]), ({"amends": 1}, [True, False, False])):
        found = story([first, again, later, amend(7, "screened", ago(30), ago(20), **changed)], KNOWN, str)
        by_time = {line.at: bool(line.amended) for line in found.lines}
        assert [by_time.get(at, True) for at in (ago(40), ago(20), ago(5))] == amended
    # A time that cannot be read leaves the event's own.
    odd = event(7, "time amended", 1, detail={"time": "screened", "to": "soon", "from": ""}, reason="r")
    [line] = [one for one in story([first, odd], KNOWN, str).lines if one.amended]
    assert (line.at, line.amended[0].was) == (ago(40), ago(40))
    # Nothing to amend is nobody's.
    assert story([amend(7, "closed", NOW, NOW)], KNOWN, str).lines == ()


@pytest.mark.parametrize(("source", "told_as"), [("user", ""), ("geofence", "geofence"), ("crew", "crew")])
def test_where_it_came_from_is_told_unless_a_person_did_it(source: str, told_as: str) -> None:
    [line] = story([event(1, "accepted", 5, source=source)], KNOWN, str).lines
    assert line.source == told_as


@pytest.mark.hazard("H-041")
def test_an_event_that_cannot_be_told_keeps_its_line() -> None:
    odd = event(1, "accepted", 5, happened_at=cast("datetime", "soon"))
    [line] = story([odd], KNOWN, str).lines
    assert (line.what, line.at) == ("▲ cannot be shown", ago(5))
    faults.forget()


@dataclass(frozen=True)
class Reader:
    role: Role


@pytest.mark.parametrize(
    ("role", "steps", "said"),
    [
        (Role.DISPATCHER, ("mobile", "with_patient"), ["CRU2 on scene", "A shift lead enters a time"]),
        (Role.SHIFT_LEAD, (), ["CRU2 mobile", "CRU2 on scene", "A shift lead enters a time"]),
        (Role.DISPATCHER, ("mobile", "on_scene", "with_patient"), []),
        (Role.VIEWER, (), []),
    ],
)
def test_what_a_job_lacks_that_is_over_is_said_beside_it(
    stage: QWidget, role: Role, steps: tuple[str, ...], said: list[str]
) -> None:
    section = UnfinishedSection()
    put_on(stage, section, 400, 200)
    who = replace(WHO, state=ReferralState.CLOSED, times={"received": ago(99), "closed": ago(5)})
    who = replace(who, ae_avoided=YesNo.YES, ems_released=YesNo.YES, police_avoided=YesNo.NO)
    times = {step: 90 - place for place, step in enumerate(("allocated", *steps, "clear"))}
    facts = Facts(who, [job(who.id, TWO.id, AssignmentState.CLEAR, **times)], callsigns={TWO.id: "CRU2"})
    view = replace(
        Seen(mirror()).view(),
        referral=who,
        now_is=situation(facts, KNOWN),
        desk=cast("Any", SimpleNamespace(me=Reader(role))),
    )
    section.show_view(view)
    [label] = section.findChildren(RichLabel)
    assert section.isHidden() is not bool(said)
    if said:
        assert [
            words
            for words in ("CRU2 mobile", "CRU2 on scene", "A shift lead enters a time")
            if words in label.text()
        ] == said
    # An answer is no time: nobody enters one.
    section.show_view(replace(view, now_is=situation(Facts(replace(who, ae_avoided=None)), KNOWN)))
    assert section.isHidden() is (role is Role.VIEWER)
    assert "A&amp;E avoided: not answered" in label.text()
    assert "enters a time" not in label.text()


@pytest.mark.parametrize("kind", [JobsSection, RankSection, TimelineSection])
def test_the_words_stand_in_their_section_across_its_width(stage: QWidget, kind: Any) -> None:
    section = kind()
    put_on(stage, section, 400, 300)
    seen = Seen(mirror(job(WHO.id, TWO.id, AssignmentState.MOBILE)), ranked=[])
    seen.story = Story((StoryLine(NOW, "accepted", "", "a.shah", ""),), ())
    section.wanted = True
    told(section, seen)
    [label] = section.findChildren(RichLabel)
    section.layout().activate()
    assert label.width() > 300
    assert label.y() > 0
