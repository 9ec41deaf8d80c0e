"""The lists that a shift lead keeps: what each row is told by, and which columns are how."""

import pytest

from db.domain.kept_lists import KEPT_LISTS, LISTS, code_for
from db.tables import Base


def choices(table: str, column: str) -> dict[str, str]:
    return next(dict(one.choices) for one in LISTS[table].columns if one.name == column)


def test_what_is_chosen_is_called_as_everywhere() -> None:
    assert choices("referral_source", "waits_kind") == {
        "nobody": "nobody",
        "ems": "EMAS",
        "police": "Police",
        "other": "other",
    }
    assert set(choices("about_topic", "kind")) >= {"words", "wish", "safer"}
    assert all(key == label for key, label in choices("about_topic", "kind").items())


def test_a_column_that_may_be_nothing_is_one_in_the_record_too() -> None:
    for kept in KEPT_LISTS:
        columns = Base.metadata.tables[f"cru.{kept.table}"].columns
        for one in kept.columns:
            assert one.nothing is bool(columns[one.name].nullable), (kept.table, one.name)
            assert not (one.needed and one.nothing), (kept.table, one.name)
            assert one.needed or not one.fixed, (kept.table, one.name)


@pytest.mark.parametrize(
    ("table", "key", "label", "needed"),
    [
        ("priority", ("code",), "meaning", {"code", "meaning", "within_minutes"}),
        ("referral_source", ("code",), "label", {"label", "waits_kind", "default_priority"}),
        ("reason", ("kind", "code"), "label", {"kind", "label"}),
        ("outcome", ("code",), "label", {"label"}),
        ("ending_rule", ("kind", "code"), "code", {"kind", "code"}),
        (
            "contact_schedule",
            ("priority",),
            "priority",
            {"priority", "first_minutes", "every_minutes", "again_minutes"},
        ),
        ("destination", ("name",), "name", {"name", "kind"}),
        ("van_base", ("name",), "name", {"name", "postcode", "lat", "lon"}),
        ("wish", ("label",), "label", {"label"}),
        ("about_topic", ("kind", "key"), "label", {"kind", "label"}),
        ("language", ("code",), "label", {"code", "label"}),
        ("mobility", ("code",), "label", {"label"}),
    ],
)
def test_what_tells_a_row_and_what_it_may_not_be_without(
    table: str, key: tuple[str, ...], label: str, needed: set[str]
) -> None:
    kept = LISTS[table]
    assert (kept.key, kept.label) == (key, label)
    assert {one.name for one in kept.columns if one.needed} == needed


@pytest.mark.parametrize(
    ("label", "taken", "code"),
    [
        ("Nobody home", (), "nobody_home"),
        ("  Gone!", ("gone", "gone_2"), "gone_3"),
        ("…", (), "row"),
        ("Sent home – no bed (ward 7)", (), "sent_home_no_bed_ward_7"),
        ("a" * 80, (), "a" * 50),
        ("Gone", ("gone_2",), "gone"),
    ],
)
def test_a_code_is_made_of_the_words(label: str, taken: tuple[str, ...], code: str) -> None:
    assert code_for(label, taken) == code
