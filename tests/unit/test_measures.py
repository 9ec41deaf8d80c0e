"""Figures in words, and who is too few to be shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.measures import FEWEST, Figure, Unit, minutes_in_words, shown_groups


def figure(unit: Unit = Unit.SHARE, value: float | None = None, n: int = 0, **known: Any) -> Figure:
    return Figure(key="x", unit=unit, value=value, n=n, **known)


def share(part: int, n: int, missing: int = 0) -> Figure:
    return figure(value=part / n if n else None, n=n, part=part, missing=missing)


@pytest.mark.hazard("H-034", "H-071", "H-085")
@pytest.mark.parametrize(
    ("told", "words"),
    [
        (share(3, 20), "3 of 20"),
        (share(3, 21), "3 of 21 (14 %)"),
        (share(0, 7), "0 of 7"),
        (share(0, 0), "none"),
        (share(0, 0, missing=7), "not recorded"),
        (figure(Unit.MINUTES), "none"),
        (figure(Unit.MINUTES, missing=2), "not recorded"),
        (
            figure(Unit.MINUTES, 25, 4, mean=40.0, ninth=100.0),
            "median 25 min · mean 40 min · 90th centile 1 h 40",
        ),
        (figure(Unit.HOURS, 11.44, 12), "11.4 h"),
        (figure(Unit.HOURS, 0, 0), "0.0 h"),
        (figure(Unit.COUNT, 3, 40), "3"),
        (figure(Unit.TIME, 0.61, 9, part=439.2, total=720), "7 h 19 of 12 h 00 (61 %)"),
        (figure(Unit.TIME, part=0, total=0), "none"),
    ],
)
def test_a_figure_in_words(told: Figure, words: str) -> None:
    assert told.words() == words


def test_a_mean_just_below_a_minute_is_that_minute() -> None:
    assert minutes_in_words(sum([0.1] * 370)) == "37 min"
    assert minutes_in_words(37.95) == "37 min"


@pytest.mark.hazard("H-062")
def test_a_group_of_few_is_not_shown_nor_told_from_the_rest() -> None:
    those = {"English": share(40, 40), "Polish": share(7, 7), "Twi": share(4, 4)}
    # Of two that are shown, 40 and 7, the four would follow from the whole.
    assert shown_groups(those) == {"English": share(40, 40), "Polish": None, "Twi": None}
    assert shown_groups({"Twi": share(5, 5)}) == {"Twi": share(5, 5)}
    both = shown_groups({**those, "Urdu": share(1, 1)})
    assert both == {"English": share(40, 40), "Polish": share(7, 7), "Twi": None, "Urdu": None}


@pytest.mark.hazard("H-054")
@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), st.integers(0, 12)))
def test_no_group_of_few_is_ever_shown_and_never_one_alone_hidden(sizes: dict[str, int]) -> None:
    told = shown_groups({name: share(0, n) for name, n in sizes.items()})
    assert all(one is None or one.n >= FEWEST for one in told.values())
    assert list(told.values()).count(None) != 1 or len(told) == 1
