"""Crews that are with somebody: when they are to be heard, and what their silence is."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db.domain.alarms import in_order, van_alarms
from db.domain.cautions import Flag
from db.domain.fleet import VanAction, VanFacts, crew_words, legal_actions, task
from db.domain.read_back import CrewWord
from db.domain.records import Assignment, StaffMember
from db.domain.roles import Role
from db.domain.rules import DEFAULTS, Rules
from db.domain.states import AssignmentState
from db.domain.welfare import Silence, Welfare, welfare
from tests.unit.board_records import NOW, ago, job, reference, referral, shift, van

STATE = AssignmentState


def there(state: AssignmentState = STATE.WITH_PATIENT, **minutes: float) -> Assignment:
    return job(uuid4(), uuid4(), state, **({"allocated": 90} | (minutes or {"on_scene": 20})))


def word(of: Assignment, minutes: float, channel: str = "radio", said_by: str = "") -> CrewWord:
    return CrewWord(uuid4(), of.referral_id, of.id, channel, said_by, "", "a.shah", ago(minutes))


def flag(kind: str = "staff safety", days: float = 5, *, danger: bool = False) -> Flag:
    return Flag(uuid4(), 1, uuid4(), "person", kind, "x", NOW + timedelta(days=days), "a.shah", NOW, (), danger)


def known(
    of: Assignment, *words: CrewWord, flags: tuple[Flag, ...] = (), crew: int = 2, rules: Rules = DEFAULTS
) -> Welfare:
    found = welfare(of, words, flags, crew, rules)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        *((state, False) for state in (STATE.ALLOCATED, STATE.ACKNOWLEDGED, STATE.MOBILE, STATE.AT_RENDEZVOUS)),
        *((state, True) for state in (STATE.ON_SCENE, STATE.WITH_PATIENT, STATE.CONVEYING, STATE.AT_DESTINATION)),
        (STATE.CLEAR, False),
        (STATE.STOOD_DOWN, False),
    ],
)
def test_only_a_crew_that_is_with_somebody_is_asked(state: AssignmentState, asked: bool) -> None:
    assert (welfare(there(state), (), (), 2, DEFAULTS) is not None) is asked


@pytest.mark.hazard("H-045")
@pytest.mark.parametrize(
    ("steps", "words", "close", "due"),
    [
        ({"on_scene": 20}, (), False, -10),
        ({"on_scene": 20}, (), True, 5),
        # A step that the crew told is a word.
        ({"on_scene": 40, "with_patient": 12}, (), False, -18),
        ({"on_scene": 40, "with_patient": 12}, (), True, -3),
        ({"on_scene": 70}, (33,), False, 3),
        ({"on_scene": 70}, (33, 2), False, -28),
        ({"on_scene": 70}, (2, 33), True, -13),
        # A step after the last word.
        ({"on_scene": 70, "conveying": 8}, (33,), False, -22),
    ],
)
def test_when_a_crew_is_to_be_heard(
    steps: dict[str, float], words: tuple[float, ...], close: bool, due: float
) -> None:
    of = there(STATE.WITH_PATIENT, **steps)
    found = known(of, *(word(of, minutes) for minutes in words), flags=(flag(),) if close else ())
    assert found.due_at == ago(due)


def test_each_number_is_the_trusts() -> None:
    rules = replace(
        DEFAULTS,
        welfare_first=timedelta(minutes=51),
        welfare_every=timedelta(minutes=42),
        welfare_close_first=timedelta(minutes=13),
        welfare_close_every=timedelta(minutes=9),
        welfare_silent=timedelta(minutes=3),
        welfare_lost=timedelta(minutes=8),
    )
    of = there(on_scene=60)
    for flags, first, every in (((), 51, 42), ((flag(),), 13, 9)):
        assert known(of, flags=flags, rules=rules).due_at == ago(60 - first)
        found = known(of, word(of, 30), flags=flags, rules=rules)
        assert found.due_at == ago(30 - every)
        assert (found.silent_at, found.lost_at) == (ago(27 - every), ago(22 - every))


@pytest.mark.parametrize(
    ("flags", "crew", "why"),
    [
        ((), 2, ""),
        ((), 1, "one alone"),
        ((), 0, ""),
        ((flag("pets"),), 2, ""),
        ((flag("pets", danger=True),), 2, "pets, danger now"),
        ((flag("staff safety"),), 3, "staff safety"),
        ((flag("staff safety", days=-2),), 3, ""),
        ((flag("what helps"), flag("staff safety")), 1, "staff safety"),
    ],
)
def test_who_is_watched_closely(flags: tuple[Flag, ...], crew: int, why: str) -> None:
    assert known(there(), flags=flags, crew=crew).close == why


def test_another_crew_s_word_is_not_theirs() -> None:
    of, other = there(on_scene=70), there(on_scene=70)
    assert known(of, word(other, 2)).heard_at == ago(70)
    assert known(of, word(other, 2)).word is None


@pytest.mark.hazard("H-045")
@pytest.mark.parametrize(
    ("since", "silence", "sounds"),
    [
        (29.9, Silence.NONE, []),
        (30, Silence.DUE, [(3, "CRU2, word from the crew due for under 1 min")]),
        (34.9, Silence.DUE, [(3, "CRU2, word from the crew due for 4 min")]),
        (35, Silence.SILENT, [(2, "CRU2, crew silent for 35 min")]),
        (39.9, Silence.SILENT, [(2, "CRU2, crew silent for 39 min")]),
        (40, Silence.LOST, [(1, "CRU2, CREW NOT HEARD FROM, for 40 min")]),
        (190, Silence.LOST, [(1, "CRU2, CREW NOT HEARD FROM, for 3 h 10")]),
    ],
)
def test_a_silence_gets_graver_and_what_is_graver_stands_alone(
    since: float, silence: Silence, sounds: list[tuple[int, str]]
) -> None:
    of = there(on_scene=since)
    facts = VanFacts(van(), job=of)
    assert known(of, crew=0).silence(NOW) is silence
    about = [one for one in van_alarms(facts) if one.kind.startswith("crew")]
    found = [(one.priority, one.sentence(NOW)) for one in in_order(about) if one.sounds(NOW)]
    assert [(grave, words.replace(facts.van.callsign, "CRU2")) for grave, words in found] == sounds


def test_a_crew_that_falls_silent_again_sounds_anew() -> None:
    of = there(on_scene=90)
    before = VanFacts(van(), job=of)
    after = replace(before, words=(word(of, 45),))
    names = [{one.key for one in van_alarms(facts) if one.kind == "crew_lost"} for facts in (before, after)]
    assert names[0].isdisjoint(names[1])


def test_the_row_the_strip_and_the_keys() -> None:
    who = referral(received=80)
    of = replace(there(on_scene=20), referral_id=who.id)
    crew = (StaffMember(UUID(int=1), "K. Bell", "Nurse", "", ()),) * 2
    facts = VanFacts(van(), shift(of.van_id, 100), of, who, crew=crew)
    assert task(facts, reference(), NOW).words.endswith(" · word 03:52")
    assert "heard 03:22 · word due 03:52" in crew_words(facts, NOW)
    late = task(facts, reference(), NOW + timedelta(minutes=11))
    assert late.must.startswith("word due · 0044")
    assert task(facts, reference(), NOW + timedelta(minutes=16), private=True).words == "SILENT · 0044"
    heard = replace(facts, words=(word(of, 1, "telephone", "the ward"),), flags=(flag(),))
    assert "heard 03:41 by telephone, the ward · word due 03:56 (staff safety)" in crew_words(heard, NOW)
    assert VanAction.WELL in legal_actions(facts, Role.DISPATCHER)
    assert VanAction.WELL not in legal_actions(replace(facts, job=there(STATE.MOBILE)), Role.DISPATCHER)
    assert legal_actions(facts, Role.VIEWER) == ()
