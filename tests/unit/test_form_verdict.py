"""The form's line about the screening stays short, so that what is typed stays in sight."""

from dataclasses import replace

from console.views.form.offering import verdict
from db.domain.dangers import Danger
from db.domain.intake import Draft
from tests.unit.shipped_tools import tool_of


def words(key: str, said: str) -> Danger:
    return Danger(f"{key} {said}", "words", key, f"says “{said}”: {key}")


def test_each_question_is_told_once_and_the_gravest_three() -> None:
    stands = [words("weapon", "axe"), words("weapon", "an axe"), words("means", "rope"), words("means", "noose")]
    assert verdict(Draft(), tool_of(2), stands)[0].endswith("accepted: says “axe”: weapon; says “rope”: means")
    more = [*stands, words("hazard", "weir"), words("seizure", "fit"), words("sepsis", "rash")]
    assert verdict(Draft(), tool_of(2), more)[0].endswith(
        "says “axe”: weapon; says “rope”: means; says “weir”: hazard; 2 more below"
    )


def test_a_word_that_is_said_in_two_sentences_is_told_once() -> None:
    said = words("means", "rope")
    stands = [said, replace(said, what="means rope, elsewhere"), words("sepsis", "rash")]
    assert verdict(Draft(), tool_of(2), stands)[0].endswith("accepted: says “rope”: means; says “rash”: sepsis")
    more = [*stands, words("hazard", "weir"), words("seizure", "fit")]
    assert verdict(Draft(), tool_of(2), more)[0].endswith("says “weir”: hazard; 1 more below")


def test_what_is_no_word_is_always_told() -> None:
    flag = Danger("flag 1", "flag", "", "flag: two to go")
    earlier = Danger("earlier weapon", "earlier", "weapon", "yes before: weapon")
    many = [flag, earlier, *(words(key, "it") for key in ("weapon", "means", "hazard", "sepsis"))]
    said = verdict(Draft(), tool_of(2), many)[0]
    assert "flag: two to go; yes before: weapon; says" in said
    assert said.endswith("hazard; 1 more below")
