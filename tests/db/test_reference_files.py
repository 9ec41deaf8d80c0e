"""A trust's own reference file: what is new is added, what is odd is named, a dry run changes nothing."""

from pathlib import Path

import pytest

from db import reference
from db.errors import Invalid
from tests.db.psql import Psql

JOINERS = """
author = "HR"
[[staff]]
name = "Amara Example"
profession = "Mental health nurse"
[[staff]]
name = "Ola Joiner"
profession = "Social worker"
languages = "Polish"
[[staff]]
name = "Kofi Example"
profession = "Social worker"
[[staff]]
name = "Kofi Example"
profession = "Paramedic"
languages = ["Twi", "English"]
"""


def written(tmp_path: Path, text: str) -> Path:
    made = tmp_path / "trust.toml"
    made.write_text(text, "utf-8")
    return made


async def test_a_new_joiner_beside_a_known_name_is_added_and_a_language_is_one(psql: Psql, tmp_path: Path) -> None:
    file, url = written(tmp_path, JOINERS), psql.record.owner_url
    before = await psql.picture()
    assert await reference.preview(url, file) == ["staff: Ola Joiner", "staff: Kofi Example"]
    assert await psql.picture() == before
    assert await reference.load(url, file) == 2
    rows = await psql.owner.fetch(
        "SELECT name, languages, author FROM cru.staff WHERE author = 'HR' ORDER BY name"
    )
    assert [tuple(row) for row in rows] == [
        ("Kofi Example", ["Twi", "English"], "HR"),
        ("Ola Joiner", ["Polish"], "HR"),
    ]
    # Once more, nothing is missing.
    assert await reference.preview(url, file) == []
    assert await reference.load(url, file) == 0


STAFF, VAN = '[[staff]]\nname = "A"\n', '[[van]]\ncallsign = "CRU8"\nbase = "Berrywood"\n'
TWO = '[[wish]]\nlabel = "Quiet"\n[[wish]]\nlabel = "Dim"\ncolour = 1'


@pytest.mark.parametrize(
    ("text", "says", "step"),
    [
        ('[[stuff]]\nname = "x"', 'no table "stuff"', 'Perhaps "staff"'),
        ('[[crew_wishes]]\nname = "x"', 'no table "crew_wishes"', "Known: "),
        (TWO, 'wish, row 2 (Dim): there is no column "colour"', "Known: "),
        (f'{STAFF}profesion = "Nurse"', 'row 1 (A): there is no column "profesion"', '"profession"'),
        (f"{VAN}seats = 4", 'van (CRU8): "registration" is missing', "Say"),
        (f"{STAFF}profession = 'N'\nlanguages = [1]", "row 1 (A), languages: a list of words", '["P'),
        ('[[staff]]\nname = ["A", "B"]\nprofession = "N"', "name: a single value is kept", "brackets"),
        (f"{STAFF}profession = '{'x' * 300}'", "staff (A): The profession is too long", "Shorten"),
        ('staff = "Polish"', '"staff" is no list of rows', "[[staff]]"),
    ],
)
async def test_what_is_odd_is_named_and_nothing_is_half_done(
    psql: Psql, tmp_path: Path, text: str, says: str, step: str
) -> None:
    good = '[[outcome]]\ncode = "walk"\nlabel = "Went for a walk"\n'
    file = written(tmp_path, text if text.startswith("staff =") else good + text)
    before = await psql.picture()
    for way in (reference.load, reference.preview):
        with pytest.raises(Invalid) as refusal:
            await way(psql.record.owner_url, file)
        assert says in refusal.value.sentence
        assert step in refusal.value.next_step
    assert await psql.picture() == before
