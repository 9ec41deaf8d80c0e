"""The screen uses no word of the table of words, and the table is whole."""

import pytest

from tests.screen_words import ROOT, Text, every, literals, sql_literals, table, values, words, wrong_in

# What may stand although a word is listed: the file, the word, and why. An allowance that is not needed fails.
ALLOWED = {
    ("resources/reference/exercise.toml", "denies"): "a caller's words, which the reader of narratives must know",
    ("resources/reference/northamptonshire.toml", "unable to engage"): (
        "a question of screening tool 1, whose text does not change without a version"
    ),
    ("db/server/faults.py", "denied"): "reads what PostgreSQL writes into its own log",
    ("db/admin/backup/programs.py", "denied"): "reads what the programs of PostgreSQL say at their end",
    ("db/domain/place_said.py", "casualty"): "a caller's word, which the reader of places must know",
    ("db/domain/cautions.py", "repeat caller*"): "reads events of before, which never change",
}


@pytest.mark.hazard("H-042", "H-060", "H-073")
def test_the_screen_uses_no_listed_word() -> None:
    texts = list(every())
    assert len(texts) > 3000, "the walk lost its way"
    found = {(text.where, word.word): (text.words, word.say) for text in texts for word in wrong_in(text)}
    wrong = {place: said for place, said in found.items() if place not in ALLOWED}
    assert wrong == {}, "say it as the table of words does"
    assert sorted(set(ALLOWED) - set(found)) == [], "an allowance that nothing needs"


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("label = 'Committed suicide'", "committed suicide"),
        ("f'{name} is a frequent  flyer'", "frequent flyer*"),
        ("say('He was', 'Absconded from the ward')", "abscond*"),
        ("x = {'kind': 'Attention-seeking'}", "attention-seek*"),
        ("x = 'Taken to ED'", "ED"),
        ("label('Worse:')", "worse"),
        ("label('What makes it worse')", "what makes it worse"),
        ("def f():\n    'refused treatment'\n    return 'Refused treatment'", "refused treatment"),
    ],
)
def test_a_word_is_seen_wherever_it_stands(source: str, word: str) -> None:
    texts = [Text("here", words) for words in literals(source)]
    assert word in {one.word for text in texts for one in wrong_in(text)}


@pytest.mark.parametrize(
    "source",
    [
        "'''He absconded.'''",
        "x = 'Needed'",
        "x = 'edited'",
        "x = 'made'",
        "'makes_worse'",
        "x = 'Will ring if it gets worse'",
    ],
)
def test_what_is_no_text_or_another_word_is_not(source: str) -> None:
    assert [one.word for words in literals(source) for one in wrong_in(Text("here", words))] == []


def test_data_and_sql_are_read_too() -> None:
    assert list(values({"reason": [{"code": "worse_x", "label": "Worse"}], "n": 1})) == ["Worse"]
    assert list(sql_literals("-- 'not this'\nPERFORM refuse('It isn''t so.', 'some_code');")) == ["It isn't so."]


def test_every_entry_says_what_instead_and_why() -> None:
    numbers = [one["number"] for one in table()["version"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for entry in table()["word"]:
        assert entry["words"], entry
        assert entry["say"], entry
        assert entry["why"].endswith("."), entry
        assert entry["since"] in numbers, entry
    for entry in table()["kept"]:
        assert entry["term"], entry
        assert entry["where"], entry
        assert entry["why"].endswith("."), entry
    every_word = [one.word for one in words()]
    assert len(every_word) == len(set(every_word)) > 100


def test_what_replaces_a_word_is_on_no_list() -> None:
    for one in words():
        for said in one.say.split(";"):
            assert list(wrong_in(Text("the table", said))) == [], f"{one.word}: {said}"


def test_nobody_signs_for_the_group() -> None:
    # A review is a name with a day, or neither; who has reviewed nothing is not named.
    for version in table()["version"]:
        assert bool(version["reviewed_by"]) == bool(version["reviewed_on"]), version
    assert (ROOT / "resources" / "reference" / "words.toml").read_text("utf-8").startswith("# Words about people")
