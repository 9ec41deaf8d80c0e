"""Kinds of what a narrative says, each with its pair: measured outside or within, typed short, everyday."""

import pytest

from db.domain.reference import ObservationLimit, ScreeningItem, ScreeningTool
from db.domain.screening import findings
from tests.unit.shipped_tools import tool_of

OUTSIDE = (
    "BP 94/58",
    "bp 88 over 50",
    "systolic 86",
    "BP now 184/92",
    "blood pressure was 150/116",
    "pulse has gone up to 128",
    "HR:47",
    "sats 93% on air",
    "SpO2 91",
    "resp rate 24",
    "RR 8",
    "temp is 34.4",
    "BM 3.2",
    "blood sugar 15.5",
    "T36.9 P118 R18 BP 118/70",
)
WITHIN = (
    "BP 128/76",
    "bp 132 over 80",
    "pulse 110",
    "hr 1 ago HR 82",
    "sats 96 on air",
    "GCS 15 HR 84",
    "resps 16",
    "temp 37.4",
    "BM 6.2",
    "two sugars in his tea, then 2 more",
    "T36.9 P80 R18 BP 118/70",
    "got his P45 on Friday",
    "a temp for 30 hours a week",
    "BP was 190/100 in 2019",
    "T1 diabetic",
)
SHORT = {
    "tkn 3 pkts of ibuprofen tonite": "overdose",
    "threw summat at his gf": "violence",
    "lying in the rd": "hazard",
    "sats on the m'way bank": "hazard",
    "clucking, no gear for 2/7": "withdrawal",
    "tied a lead round her neck & wont let go": "ligature",
    "holding the baby + refusing to let go of him": "violence",
    "hes got a cleaver w/ him": "weapon",
}
EVERYDAY = {
    "Her rabbit had a fit and died.": "He had a fit, the rabbit saw it.",
    "The puppy swallowed a battery.": "She swallowed a battery, the puppy is fine.",
    "He is dicing carrots, knife in the sink.": "He is dicing carrots and pointing the knife at staff.",
    "Planting bulbs in the border with a spade.": "Swinging a spade at the neighbours by the border.",
    "Drinks four pints at weekends only.": "Drinks four pints at weekends only, had ten cans today.",
    "Dad has moved the tablets and blades out of the house.": "Dad says she has moved the blades to her room.",
    "Staff confiscated the razor.": "Staff confiscated one razor, she has another.",
    "Cut her thumb on a lid, all healed.": "Cut her thumb on a lid, not healed.",
    "He has a phobia of guns.": "He has a gun.",
    "Walks her dogs along the towpath.": "Walks along the towpath and wants to drown.",
    "Went for a swim instead of cutting.": "Went for a swim after cutting.",
    "Hasn't had her insulin needed for tea yet, none needed.": "Took all her insulin.",
}


def marked(text: str) -> set[str]:
    return {look.item.key for look in findings(tool_of(3), text)}


@pytest.mark.hazard("H-005")
def test_what_is_measured_outside_the_limits_is_told_and_what_is_within_is_not() -> None:
    assert [text for text in OUTSIDE if "observations" not in marked(text)] == []
    assert [text for text in WITHIN if "observations" in marked(text)] == []


def test_the_limits_are_those_of_the_version() -> None:
    item = ScreeningItem("observations", "", "Observations", ())
    strict = ScreeningTool(9, "", (item,), limits=(ObservationLimit("pulse", 60, 90),))
    assert [look.word for look in findings(strict, "Pulse 94, then pulse 88, BP 80/40.")] == ["Pulse 94"]
    other = ScreeningTool(9, "", (ScreeningItem("weapon", "", "Weapon", ()),))
    assert findings(other, "Pulse 194.") == []


@pytest.mark.hazard("H-005")
def test_what_is_typed_short_is_read_as_the_word() -> None:
    assert {text: key for text, key in SHORT.items() if key not in marked(text)} == {}


@pytest.mark.hazard("H-006")
def test_what_is_everyday_is_not_told_and_its_pair_is() -> None:
    assert {text: marked(text) for text in EVERYDAY if marked(text)} == {}
    assert [text for text in EVERYDAY.values() if not marked(text)] == []
