"""Who told whom how a referral ended, as it is typed: a name, or why not, and never neither."""

import pytest

from console.views.form.ending import read_ending
from db.domain.care import Telling
from db.errors import Invalid


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("R. Osei", Telling(by="R. Osei")),
        ("Noah Notley", Telling(by="Noah Notley")),
        ("not: asleep", Telling(not_told="asleep")),
        ("Not told - phone is off", Telling(not_told="phone is off")),
        ("nobody, no answer", Telling(not_told="no answer")),
        ("not yet: crew will at handover", Telling(not_told="crew will at handover")),
        ("no answer", Telling(not_told="no answer")),
        ("Nobody home", Telling(not_told="Nobody home")),
        ("not answering the phone", Telling(not_told="not answering the phone")),
        ("No-one told: gone to bed", Telling(not_told="gone to bed")),
        ("No-one-in-particular Smith", Telling(by="No-one-in-particular Smith")),
        ("", Telling()),
    ],
)
def test_who_told_them_or_why_not(typed: str, said: Telling) -> None:
    assert read_ending({"told_caller": typed}).told.get("caller", Telling()) == said


@pytest.mark.hazard("H-032")
@pytest.mark.parametrize(
    "typed", ["not:", "Not told", "no", "not yet", "nobody", "no one", "not: -", "not: n/a", "never."]
)
def test_not_told_needs_a_reason(typed: str) -> None:
    with pytest.raises(Invalid, match="Why was the referrer not told"):
        read_ending({"told_referrer": typed})
