"""The reader of narratives, on invented sentences: is danger found, and how often is nothing marked as something?

``narratives/developed.tsv`` is what the reader was made with. Each other file was written before anybody looked
what the reader makes of it, and its kinds of mistakes mended afterwards; ``narratives/README.md`` has the figures
of the first look. A line is: class, the questions that it speaks of ("-" for none), the sentence, and questions
that may be marked besides. What counts as danger:

- now, or within days, or not known to be otherwise; in doubt it counts;
- a weapon, violence or hazard of anybody who is there, the person's or not;
- harm to anybody's body now; not what somebody else once suffered or died of, nor what is long past;
- a wish or threat with a way or the means is a plan, and counts as such.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.screening import findings, second_looks
from tests.unit.shipped_tools import first_tool, tool_of

FOLDER = Path(__file__).parent / "narratives"
OTHERWISE = FOLDER / "marked_otherwise.tsv"
FILES = (
    "developed",
    "unseen",
    "fresh",
    "last",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty_first",
    "twenty_second",
    "twenty_third",
    "twenty_fourth",
    "twenty_fifth",
    "twenty_sixth",
    "twenty_seventh",
    "twenty_eighth",
    "twenty_ninth",
    "thirtieth",
    "thirty_first",
    "thirty_second",
    "thirty_third",
    "thirty_fourth",
    "thirty_fifth",
    "thirty_sixth",
    "thirty_seventh",
    "thirty_eighth",
    "thirty_ninth",
    "fortieth",
    "forty_first",
    "forty_second",
    "forty_third",
    "forty_fourth",
    "forty_fifth",
    "forty_sixth",
    "forty_seventh",
    "fields",
    "practice",
)
CLASSES = {
    "danger", "denial", "past", "reported", "other", "slang", "misspelt", "idiom", "double", "plain"
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    kind: str
    keys: frozenset[str]
    text: str
    may: frozenset[str]


def told(name: str) -> Iterator[Told]:
    for line in (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines():
        kind, keys, text, *may = line.split("\t")
        yield Told(kind, frozenset(keys.split()) - {"-"}, text, frozenset(" ".join(may).split()))


ALL = [one for name in FILES for one in told(name)]


@cache
def marked(text: str, version: int = 2) -> frozenset[str]:
    """Read once for all tests: there are thousands."""
    return frozenset(look.item.key for look in findings(tool_of(version), text))


def read_otherwise(version: int) -> dict[str, list[str]]:
    """The sentences in which not just those questions are marked that they speak of."""
    found = {one.text: (one.keys, marked(one.text, version)) for one in ALL}
    return {text: sorted(marks) for text, (keys, marks) in found.items() if marks != keys}


def shares(sentences: list[Told], version: int) -> tuple[float, float, list[str]]:
    """How much of the danger is found, how much else is marked, and which sentences are wrong."""
    danger = [one for one in sentences if one.keys]
    none = [one for one in sentences if not one.keys]
    missed = [one.text for one in danger if not one.keys <= marked(one.text, version)]
    needless = [one.text for one in none if marked(one.text, version) - one.may]
    return 1 - len(missed) / len(danger), len(needless) / len(none), missed + needless


@pytest.mark.hazard("H-005", "H-006")
@pytest.mark.parametrize("version", [2, 3])
def test_danger_is_found_and_little_else(version: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for name in FILES:
            found, needless, wrong = shares(list(told(name)), version)
            figures = f"danger {found:.1%}, needless {needless:.1%}"
            sys.stdout.write(f"\n{name}, version {version}: {figures}; wrong: {wrong}")
    found, needless, wrong = shares(ALL, version)
    assert found >= 0.98, wrong
    assert needless <= 0.10, wrong


@pytest.mark.parametrize("version", [2, 3])
def test_every_sentence_is_read_as_it_was(version: int) -> None:
    """Shares hide one mistake behind another. ``python -m tests.unit.test_narratives`` keeps it anew."""
    lines = OTHERWISE.read_text("utf-8").splitlines()
    kept = {text: sorted(keys.split()) for keys, text in (line.split("\t") for line in lines)}
    assert read_otherwise(version) == {text: keys if keys != ["-"] else [] for text, keys in kept.items()}


@pytest.mark.hazard("H-005")
def test_the_sentences_are_many_and_of_every_kind() -> None:
    assert len(ALL) == len({one.text for one in ALL}) >= 1000
    kinds = Counter(one.kind for one in ALL)
    assert set(kinds) == CLASSES
    assert min(kinds.values()) >= 25
    items = {item.key for item in tool_of(2).items if item.watch_words}
    assert {key for one in ALL for key in one.keys | one.may} <= items
    assert items - {key for one in ALL for key in one.keys} <= {"observations"}


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("Told the nurse he'd hurt anybody who came up.", "violence", "hurt anybody"),
        ("Says she drank paraffin at noon.", "overdose", "drank paraffin"),
        ("Waiting on the footbridge by the school.", "hazard", "footbridge"),
    ],
)
def test_the_words_and_where_they_stand(text: str, key: str, words: str) -> None:
    looks = [look for look in findings(tool_of(2), text) if look.item.key == key]
    assert [look.word for look in looks] == [words]
    assert text[looks[0].start : looks[0].end] == words


def test_what_to_ask_is_a_short_phrase() -> None:
    (look,) = findings(tool_of(2), "He has a cleaver.")
    assert look.ask == "ask again about a weapon, or something held as one, within reach now"
    shouted = ScreeningTool(9, "", (ScreeningItem("a", "", "ECG changes", ("ecg",)),))
    assert [look.ask for look in findings(shouted, "ECG odd")] == ["ask again about ECG changes"]
    assert all(len(item.text) <= 70 for item in tool_of(2).items)


def test_a_plan_is_asked_under_the_plan_and_an_act_under_the_act() -> None:
    assert marked("She wants to cut her wrists.") == {"means"}
    assert marked("She has cut her wrists.") == {"bleeding"}
    # A version without that question keeps it with the act.
    assert [look.item.key for look in second_looks(first_tool(), {}, "wants to take an overdose")] == ["overdose"]


@pytest.mark.hazard("H-006")
def test_only_an_open_question_or_a_no_is_looked_at_again() -> None:
    text = "He has a cleaver."
    for answer in ("yes", "not known"):
        assert second_looks(tool_of(2), {"weapon": answer}, text) == []
    assert second_looks(tool_of(2), {"weapon": "no"}, text) == findings(tool_of(2), text)


PHRASE = st.sampled_from([one.text for one in ALL])
SIGNS = st.text(alphabet=" .,;:?!'’\n()-–/#*@=|&", max_size=6)


@given(st.lists(st.one_of(PHRASE, st.text(max_size=30), SIGNS), max_size=6).map("".join))
def test_the_reader_never_raises_and_points_into_the_text(text: str) -> None:
    for tool in (first_tool(), tool_of(2)):
        for look in findings(tool, text):
            assert 0 <= look.start < look.end <= len(text)
            assert text[look.start : look.end] == look.word
            assert look.word.strip()


@given(st.lists(st.text(max_size=12), max_size=4))
def test_no_watch_word_of_a_trust_breaks_the_reader(words: list[str]) -> None:
    tool = ScreeningTool(9, "", (ScreeningItem("a", "", "x", tuple(words)),))
    findings(tool, "He has a knife, and " + " ".join(words))


def test_reading_takes_time_in_line_with_the_length(capsys: pytest.CaptureFixture[str]) -> None:
    """In processor time, so that others on the machine do not count; the limit leaves room for slow computers."""
    said = " ".join(one.text for one in ALL)
    endless = "not a knife or pills and blood no took her overdose years ago flashback if "
    for name, text in (("sentences", said * 3), ("no full stop", endless * 700)):
        short, long = (min(_seconds(text[:length]) for _ in range(3)) for length in (10_000, 40_000))
        with capsys.disabled():
            took = f"10,000 characters in {short * 1000:.0f} ms, 40,000 in {long * 1000:.0f} ms"
            sys.stdout.write(f"\n{name}: {took}")
        assert short < 0.15
        assert long < 8 * short


def _seconds(text: str) -> float:
    begun = time.process_time()
    findings(tool_of(2), text)
    return time.process_time() - begun


if __name__ == "__main__":
    lines = [f"{' '.join(keys) or '-'}\t{text}\n" for text, keys in read_otherwise(2).items()]
    OTHERWISE.write_text("".join(lines), "utf-8")
