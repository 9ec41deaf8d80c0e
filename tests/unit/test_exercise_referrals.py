"""The referrals of a practice shift: the same for the same seed, and believable in number, place and words."""

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from math import sqrt
from pathlib import Path

import pytest

import resources
from db.domain.clocks import local
from db.domain.danger import read
from db.domain.nhs_number import is_valid
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.screening import second_looks
from db.domain.typed_dates import age
from db.exercise.agreeing import SETS, pronouns_in
from db.exercise.care import SAID
from db.exercise.referrals import Arrival, ReferralGenerator
from db.exercise.scenario import CountyPostcodes, Scenario, load_scenario, seeded_random
from db.geo.earth import metres
from tests.unit.shipped_tools import tool_of

START = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
DAYS = 80

AROUND = {
    "Burton Latimer": (52.364, -0.679),
    "Desborough": (52.442, -0.821),
    "Higham Ferrers": (52.306, -0.593),
    "Irthlingborough": (52.327, -0.611),
    "Raunds": (52.344, -0.537),
    "Rothwell": (52.417, -0.800),
    "Rushden": (52.289, -0.602),
    "Thrapston": (52.397, -0.539),
}
"""Towns that share a postcode district with another; degrees."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario()


@pytest.fixture(scope="module")
def postcodes(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> CountyPostcodes:
    return CountyPostcodes(scenario, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def arrivals(scenario: Scenario, postcodes: CountyPostcodes) -> list[Arrival]:
    return list(islice(ReferralGenerator(7, scenario, postcodes).arrivals(START), 900))


@pytest.fixture(scope="module")
def reference() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads(Path(resources.path("reference/northamptonshire.toml")).read_text("utf-8"))


def test_the_same_seed_rings_the_same(
    scenario: Scenario, postcodes: CountyPostcodes, arrivals: list[Arrival]
) -> None:
    again = list(islice(ReferralGenerator(7, scenario, postcodes).arrivals(START), 30))
    assert again == arrivals[:30]
    other = list(islice(ReferralGenerator(8, scenario, postcodes).arrivals(START), 30))
    assert {one.id for one in other}.isdisjoint(one.id for one in again)
    assert [one.details.narrative for one in other] != [one.details.narrative for one in again]


def test_arrivals_fit_the_rates_of_the_local_hour(scenario: Scenario, postcodes: CountyPostcodes) -> None:
    end = START + timedelta(days=DAYS)
    moments = list(takewhile(lambda at: at < end, ReferralGenerator(3, scenario, postcodes).moments(START)))
    assert moments == sorted(moments)
    # Summer time ends in these days: the rates follow the clock on the wall.
    by_hour = Counter(local(at).hour for at in moments)
    for hour, rate in enumerate(scenario.rates):
        assert abs(by_hour[hour] - rate * DAYS) < 4 * sqrt(rate * DAYS) + 2, hour
    assert 25 <= len(moments) / DAYS <= 30


def test_intensity_multiplies_the_rates(scenario: Scenario, postcodes: CountyPostcodes) -> None:
    end = START + timedelta(days=30)
    usual, double = (
        sum(
            1
            for _ in takewhile(lambda at: at < end, ReferralGenerator(3, scenario, postcodes, much).moments(START))
        )
        for much in (1.0, 2.0)
    )
    assert 1.7 < double / usual < 2.3


def test_all_sources_and_priorities_ring_in(arrivals: list[Arrival]) -> None:
    sources = Counter(one.details.source for one in arrivals)
    assert set(sources) == {"ems_crew", "ems_desk", "hub", "police", "professional"}
    assert sources.most_common(1)[0][0] == "ems_crew"
    assert {one.details.priority for one in arrivals} == {"P1", "P2", "P3"}
    waits = {"ems_crew", "police"}
    assert all((one.details.priority == "P1") == (one.details.source in waits) for one in arrivals)


def test_ems_crews_wait_ten_to_forty_minutes_before_they_ring(arrivals: list[Arrival]) -> None:
    waited = [one.at - one.details.ems_on_scene_at for one in arrivals if one.details.ems_on_scene_at]
    assert len(waited) == sum(one.details.source == "ems_crew" for one in arrivals)
    assert timedelta(minutes=10) <= min(waited)
    assert max(waited) <= timedelta(minutes=40)


def test_people_and_numbers_are_invented(scenario: Scenario, arrivals: list[Arrival]) -> None:
    for one in arrivals:
        assert one.details.call_back.startswith("07700 900")
        if one.details.patient.name is not None:
            first, last = one.details.patient.name.split()
            assert first in scenario.lists["first_names"]
            assert last in scenario.lists["last_names"]
        if one.details.patient.nhs_number is not None:
            assert one.details.patient.nhs_number.startswith("999")
            assert is_valid(one.details.patient.nhs_number)
    assert any(one.details.patient.name is None for one in arrivals)


@pytest.mark.parametrize("version", [2, 3])
def test_neither_an_invented_name_nor_what_is_said_on_the_telephone_says_danger(
    scenario: Scenario, version: int
) -> None:
    # What was said is read with the name before it, and no van goes while it says danger and nobody looked at it.
    names = (*scenario.lists["first_names"], *scenario.lists["last_names"])
    for words in (
        *names,
        *SAID,
        *(f"{name}: {SAID[2]}" for name in names),
        *(f"{names[0]}: {said}" for said in SAID),
    ):
        assert read(tool_of(version), words) == (), words


def test_places_are_real_postcodes_of_the_county(postcodes: CountyPostcodes, arrivals: list[Arrival]) -> None:
    for one in arrivals[:200]:
        where = one.details.location
        assert postcodes.locate(where.postcode) == (where.lat, where.lon)
        assert where.lat is not None
        assert where.lon is not None
        assert 51.95 < where.lat < 52.65
        assert -1.35 < where.lon < -0.3
    towns = Counter(one.details.location.postcode.split()[0] for one in arrivals)
    assert len(towns) >= 18


def test_most_screenings_are_clear_and_some_are_not(arrivals: list[Arrival]) -> None:
    blocked = [one for one in arrivals if one.course.answers]
    assert 0.1 < len(blocked) / len(arrivals) < 0.3
    answers = Counter(answer for one in blocked for answer in one.course.answers.values())
    assert set(answers) == {"yes", "not known"}
    assert {one.course.later for one in blocked} == {"", "clear", "blocked"}


def test_the_scenario_speaks_the_words_of_the_reference_set(
    scenario: Scenario, reference: dict[str, list[dict[str, object]]]
) -> None:
    items = {item["key"] for item in reference["screening_item"]}
    outcomes = {outcome["code"] for outcome in reference["outcome"]}
    sources = {source["code"] for source in reference["referral_source"]}
    for said in scenario.narratives:
        assert set(said.answers) <= items
        assert set(said.outcomes) <= outcomes
        assert set(said.sources) <= sources
    destinations = {row["name"]: row for row in reference["destination"]}
    assert all("lat" not in destinations[name] for name in scenario.destinations)


def test_wishes_are_those_of_the_reference_set(
    arrivals: list[Arrival], reference: dict[str, list[dict[str, object]]]
) -> None:
    offered = {wish["label"] for wish in reference["wish"]}
    asked = {wish for one in arrivals for wish in one.details.plan.wishes}
    assert len(asked) > 3
    assert asked <= offered


@pytest.mark.hazard("H-006")
def test_narratives_try_the_second_look(scenario: Scenario, reference: dict[str, list[dict[str, object]]]) -> None:
    items = tuple(
        ScreeningItem(str(row["key"]), str(row["section"]), str(row["text"]), tuple(row["watch_words"]))  # type: ignore[arg-type] # a TOML list of words
        for row in reference["screening_item"]
    )
    tool = ScreeningTool(1, "", items)
    all_no = {item.key: "no" for item in items}
    lit = {said.words for said in scenario.narratives if second_looks(tool, all_no, said.words)}
    plain = [said for said in scenario.narratives if not said.answers]
    assert any(said.words in lit for said in plain)
    assert any("Denies overdose" in said.words and said.words not in lit for said in plain)
    assert sum(said.words in lit for said in scenario.narratives if said.answers) >= 5


def test_invented_people_agree_with_what_is_said_of_them(scenario: Scenario, arrivals: list[Arrival]) -> None:
    said = {one.words: one for one in scenario.narratives}
    homes = {home.words: home.ages for home in scenario.homes}
    seen: set[str] = set()
    for arrival in arrivals:
        known, born = said[arrival.details.narrative], arrival.details.patient.born
        if born is None:
            continue
        seen.add(known.words)
        years = age(born, local(arrival.at).date())
        assert known.ages[0] <= years <= known.ages[1], arrival.details.narrative
        home = next(words for words in homes if arrival.details.location.text.startswith(f"{words}, "))
        assert home == (known.home or home)
        assert known.home or homes[home][0] <= years <= homes[home][1]
    assert seen == set(said)


@pytest.mark.parametrize(
    ("words", "youngest", "oldest"),
    [
        (r"\bstudent\b|exam results", 18, 25),
        (r"\bbaby\b|pregnant|breastfe", 18, 45),
        (r"\bwidow|sheltered|grandchild", 50, 99),
        (r"parents|mother's pills", 18, 45),
        (r"years sober", 30, 84),
    ],
)
def test_what_is_said_leaves_some_ages_only(scenario: Scenario, words: str, youngest: int, oldest: int) -> None:
    named = [one for one in scenario.narratives if re.search(words, one.words, re.IGNORECASE)]
    assert named
    for one in named:
        assert youngest <= one.ages[0] <= one.ages[1] <= oldest, one.words


def test_an_age_in_the_words_is_the_age(scenario: Scenario) -> None:
    told = [
        (one, found) for one in scenario.narratives if (found := re.search(r"\b([1-9]\d)(?=[,.] )", one.words))
    ]
    assert told
    assert all(one.ages == (int(found[1]), int(found[1])) for one, found in told)
    homes = {home.words for home in scenario.homes}
    assert all(not one.home or one.home in homes for one in scenario.narratives)


def test_nobody_is_called_he_and_she(scenario: Scenario, arrivals: list[Arrival]) -> None:
    called = 0
    for arrival in arrivals:
        about_them = pronouns_in(arrival.details.narrative)
        said = [text for one in arrival.told.said for text in (one.words, one.said_by)]
        said += [arrival.told.flag[2]] if arrival.told.flag else []
        theirs = {found for text in said if (found := pronouns_in(text.replace("/", " ")))}
        assert len(theirs | ({about_them} if about_them else set())) <= 1, (arrival.details.narrative, said)
        called += bool(theirs)
    assert called > 100
    assert {one.words for arrival in arrivals for one in arrival.told.said if one.topic == "pronouns"} == set(SETS)


@pytest.mark.parametrize(
    ("words", "pronouns"),
    [
        ("Widower, 83, tells the carer that he is tired. Her phone is off.", "he/him"),
        ("Rang herself. The warden says his door was open.", "she/her"),
        ("The other theatre shut; the sheriff was there.", ""),
    ],
)
def test_whom_words_are_about(words: str, pronouns: str) -> None:
    assert pronouns_in(words) == pronouns


def test_no_part_of_the_county_is_called_by_two_towns(scenario: Scenario, postcodes: CountyPostcodes) -> None:
    for locality in scenario.localities.values():
        assert sum(town in locality for town in AROUND) <= 1, locality
    drawn = [postcodes.draw(seeded_random(number)) for number in range(1500)]
    right = 0
    for one in drawn:
        gaps = {town: metres((one.lat, one.lon), at) for town, at in AROUND.items()}
        nearest = min(gaps, key=gaps.__getitem__)
        # Where it is in a town it is called by that one; Rushden and Higham Ferrers have grown into each other.
        if gaps[nearest] < 1_000 and nearest not in {"Rushden", "Higham Ferrers"}:
            assert nearest in one.locality, one
            right += 1
    assert right > 60
