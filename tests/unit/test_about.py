"""What was said about a person: kept by topic and by whoever said it."""

from uuid import UUID, uuid4

from db.domain import about
from db.domain.about import AboutItem, Change, Said, change, rendered, said_by_words
from tests.unit.cases import START


def item(said: Said) -> AboutItem:
    return AboutItem(uuid4(), 1, UUID(int=7), said, "a.shah", START)


def test_only_what_is_new_is_said_and_only_what_is_gone_is_ended() -> None:
    stays, goes = item(Said("pets", "", "two budgies", "a son")), item(Said("avoid", "", "perfume"))
    new = Said("touch", "", "ask first")
    assert change([stays, goes], [new, stays.said]) == Change((goes.id,), (new,))
    assert not change([stays], [stays.said])


def test_the_same_words_of_somebody_else_are_another_thing_said() -> None:
    first = item(Said("helps", "", "swimming", "her brother"))
    found = change([first], [Said("helps", "", "swimming", "the person")])
    assert (found.ends, [one.said_by for one in found.says]) == ((first.id,), ["the person"])


def test_marks_put_there_for_the_screen_make_nothing_another_thing() -> None:
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    kept = item(Said("call_me", "", f"\u2068{hebrew}\u2069"))
    assert not change([kept], [Said("call_me", "", hebrew)])


def test_who_said_it_is_told_by_most_and_some() -> None:
    said = [Said("pets", "", "x"), Said("touch", "", "y"), Said("arrive", "", "z", "her son")]
    assert said_by_words(said) == "said by the person, some by her son"
    assert said_by_words(said[:1]) == "said by the person"
    assert said_by_words([]) == ""


def test_a_code_is_told_in_words() -> None:
    assert rendered(Said("safer_with", "woman")) == "a woman"
    assert rendered(Said("consent_share", "yes", "with her GP")) == "yes, with her GP"
    assert rendered(Said("language", "som"), {"som": "Somali"}) == "Somali"


def test_an_answer_that_is_not_known_is_no_code() -> None:
    said = [Said("interpreter", "not known"), Said("language", "som"), Said("language", "", "and a bit of Arabic")]
    assert about.codes(said, "interpreter") == ()
    assert about.codes(said, "language") == ("som",)
    assert about.words_of(said, "language") == "and a bit of Arabic"
