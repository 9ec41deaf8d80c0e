"""The shipped versions 2 and 3 of the screening tool: whole, sourced, kind, and strict where it kills."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from db.domain.phrases import Lexicon
from db.domain.reference import NOT_MEASURED, ScreeningItem
from tests.unit.shipped_tools import file_of, first_tool, tool_of

VERSIONS = (2, 3)
KILLS = {"overdose", "means", "attempt", "ligature", "bleeding", "weapon"}
PASSES_NOBODY = {"weapon", "breathing"}
FIELDS = ("key", "section", "text", "spoken", "source", "rationale", "owner", "review_on")
# Words that judge somebody or say what a kind of person is like.
JUDGES = re.compile(
    r"superhuman|strength|attention.?seek|manipulat|frequent.?fl|time.?wast|non.?complian|behavioural issue"
    r"|psycho\b|schizo|nutter|\bmad\b|maniac|junkie|\baddict|alkie|dangerous (?:man|person|patient)|black m[ae]n"
    r"|foreign|immigrant|gyps|travell?er|homeless|ethnic|muslim|refus(?:es|ed|ing) to (?:engage|cooperate)|failed"
    r"|commit(?:s|ted)? suicide"
    r"|suffer(?:s|ing) from|risk (?:score|level|assessment)|(?:low|medium|high) risk",
    re.IGNORECASE,
)
SOURCES = re.compile(
    r"NICE (?:CG|NG)\d+|NICE guidance|Royal College|JRCALC|Mental Health (?:Act|Units)|Mental Capacity Act"
    r"|Children Act|Equality Act|MBRRACE|NHS England|TOXBASE|Health and Safety|Working Together"
    r"|UK Mental Health Triage Scale|UK General Data Protection"
)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_item_is_whole(version: int) -> None:
    rows = file_of(version)
    assert rows["version"] == version
    assert isinstance(rows["dated"], date)
    for item in rows["item"]:
        assert all(item[name] for name in FIELDS), item["key"]
        assert "?" in item["spoken"], item["key"]
        assert SOURCES.search(item["source"]), item["key"]
        assert item["owner"] == "to be named by the trust"
        assert rows["dated"] < item["review_on"]
        assert item["text"][0].isupper()
        assert set(item) <= {*FIELDS, "alone", "no_override", "branch", "watch_words"}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_said_twice(version: int) -> None:
    for name in ("key", "text", "spoken"):
        counts = Counter(item[name] for item in file_of(version)["item"])
        assert [value for value, times in counts.items() if times > 1] == []


@pytest.mark.hazard("H-004")
@pytest.mark.parametrize("version", VERSIONS)
def test_what_kills_is_asked_by_itself_and_some_pass_nobody(version: int) -> None:
    items = {item.key: item for item in tool_of(version).items}
    assert {key for key, item in items.items() if item.alone} >= KILLS | PASSES_NOBODY
    assert {key for key, item in items.items() if item.no_override} == PASSES_NOBODY


@pytest.mark.parametrize("version", VERSIONS)
def test_no_word_judges_anybody(version: int) -> None:
    for item in tool_of(version).items:
        said = (item.text, item.spoken, item.rationale, " ".join(one for one in item.watch_words if one[0] != "-"))
        for text in said:
            found = {match[0].lower() for match in JUDGES.finditer(text)}
            # What callers say is looked for as they say it; it is never shown but in their own sentence.
            allowed = {"commit suicide", "addict"} if text == said[-1] else set()
            assert found <= allowed, (item.key, found)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_asks_all_that_version_1_asked(version: int) -> None:
    keys = {item.key for item in tool_of(version).items if not item.branch}
    assert keys == {item.key for item in first_tool().items} | {"means", "attempt"}
    sections = {item.section for item in tool_of(version).items if not item.branch}
    assert sections == {"Physical health", "Safety"}


def test_the_draft_begins_with_safety_now_then_means_and_attempt_then_breath() -> None:
    keys = [item.key for item in tool_of(3).items if not item.branch]
    assert keys[:4] == ["weapon", "violence", "hazard", "unsafe_scene"]
    assert {"attempt", "means", "overdose", "ligature"} == set(keys[4:8])
    assert keys.index("breathing") < keys.index("conscious") < keys.index("chest_pain")


@pytest.mark.hazard("H-008")
@pytest.mark.parametrize("version", VERSIONS)
def test_who_cannot_measure_is_asked_something_else(version: int) -> None:
    instead = [item for item in tool_of(version).items if item.branch == NOT_MEASURED]
    assert len(instead) >= 4
    said = " ".join(item.spoken for item in instead).lower()
    assert all(word in said for word in ("colour", "breath", "open their eyes", "heart", "diabetes"))


def branch(key: str) -> list[ScreeningItem]:
    return [item for item in tool_of(3).items if item.branch == key]


@pytest.mark.hazard("H-066")
@pytest.mark.parametrize(
    ("key", "asks"),
    [
        ("under_18", ("parental responsibility", "camhs")),
        ("confusion_older", ("delirium", "infection")),
        ("ld_autism", ("passport", "good day")),
        ("pregnant_postnatal", ("weeks", "baby born", "red flag")),
        ("intoxication", ("when do we ask again", "never refused")),
        ("capacity", ("which decision",)),
        ("detained", ("135", "136", "where", "24 hours")),
        ("consent", ("want it", "with whom")),
    ],
)
def test_the_draft_has_branches_for_who_the_person_is(key: str, asks: tuple[str, ...]) -> None:
    said = " ".join(f"{item.text} {item.spoken} {item.rationale} {item.source}" for item in branch(key)).lower()
    assert [words for words in asks if words not in said] == []


@pytest.mark.hazard("H-066")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_branch_says_when_it_is_asked(version: int) -> None:
    rows = file_of(version)
    used = {item["branch"] for item in rows["item"] if item.get("branch")}
    told = [one["key"] for one in rows["branch"]]
    assert set(told) == used
    assert len(told) == len(used)
    assert all(one["title"] and one["when"] for one in rows["branch"])


@pytest.mark.hazard("H-073")
@pytest.mark.parametrize("version", VERSIONS)
def test_the_letters_say_how_soon_and_predict_nothing(version: int) -> None:
    scale: list[dict[str, Any]] = file_of(version)["scale"]
    assert [one["letter"] for one in scale] == list("ABCDEFG")
    assert all(one[name] for one in scale for name in ("meaning", "soon", "goes_to", "meanwhile"))
    assert not re.search(r"\brisk|likel|predict|probab", str(scale), re.IGNORECASE)
    waits = {one["letter"]: one["meanwhile"] for one in scale}
    assert all("elephone support" in waits[letter] for letter in "BC")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_phrase_can_be_found_where_it_stands(version: int) -> None:
    """A phrase whose alternatives were written with a space in them finds nothing that anybody says."""
    for item in tool_of(version).items:
        assert len(item.watch_words) <= 1500
        assert sum(map(len, item.watch_words)) <= 100_000
        assert not any("\n" in phrase for phrase in item.watch_words)
        Lexicon({item.key: item.watch_words})


def test_both_versions_look_for_the_same_words() -> None:
    words = [{item.key: item.watch_words for item in tool_of(version).items} for version in VERSIONS]
    assert {key: words[1][key] for key in words[0]} == words[0]


def test_version_1_is_as_it_was() -> None:
    assert len(first_tool().items) == 19
    assert not any(sign in word for item in first_tool().items for word in item.watch_words for sign in "*|.#@")
