"""An age, or a band of ages, as people say it: from when to when, or nothing."""

from datetime import date

import pytest

from db.domain.ages import read_age

ON = date(2026, 11, 22)
BANDS = {
    "late thirties": (37, 39), "mid 40s": (44, 46), "early 50s": (50, 53), "thirties": (30, 39), "90s": (90, 99),
    "early teens": (13, 14), "mid teens": (15, 16), "late teens": (17, 19), "teens": (13, 19),
    "early to mid thirties": (30, 36), "mid to late 20s": (24, 29), "mid to late teens": (15, 19),
    "twenties to thirties": (20, 39), "20s or 30s": (20, 39), "thirties to twenties": None,
    "40 odd": (40, 49), "50-something": (50, 59),
    "nearly 40": (39, 39), "not 18 yet": (17, 17), "18 tomorrow": (17, 17), "turning 1": (0, 0), "nearly 0": None,
    "at most 30": (0, 30), "30 or under": (0, 30), "30 or younger": (0, 30), "<=65": (0, 65),
    "over 65": (66, 125), "over 65s": (66, 125), ">65": (66, 125), "over 124": (125, 125), "over 125": None,
    "65 or over": (65, 125), "65+": (65, 125), "at least 16": (16, 125), ">=65": (65, 125), "125+": (125, 125),
    "under 16": (0, 15), "just under 30": (0, 29), "u18": (0, 17), "<16": (0, 15), "under 1": (0, 0),
    "under 0": None,
    "11 months": (0, 0), "12 months": (1, 1), "23 mths old": (1, 1), "24 months": (2, 2),
    "51 weeks": (0, 0), "52 weeks": (1, 1), "104 wks": (2, 2),
    "364 days": (0, 0), "365 days old": (1, 1), "30 days": (0, 0),
    "adult": (18, 125), "minor": (0, 17), "baby": (0, 0),
    "37": (37, 37), "37yo": (37, 37), "37 m": (37, 37), "0": (0, 0), "125": (125, 125), "126": None,
    "30-35": (30, 35), "between 30 and 35": (30, 35), "35-30": None, "35-35": (35, 35),
    # What a ward writes for weeks, months and days is no band of years.
    "6/52": None, "3/12": None, "10/7": None, "30/35": (30, 35), "5 / 12": None,
}  # fmt: skip


@pytest.mark.parametrize(("said", "band"), BANDS.items())
def test_an_age_is_read_as_it_is_said(said: str, band: tuple[int, int] | None) -> None:
    found = read_age(said, ON)
    assert (found and (found.low, found.high, found.on)) == (band and (*band, ON))
