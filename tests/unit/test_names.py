"""Short names differ for all that is live, on every panel alike."""

from datetime import UTC, datetime, timedelta

import pytest

from console.views.timeline.lanes import lane
from db.domain.alarms import referral_alarms
from db.domain.board import board_row, face
from db.domain.fleet import VanFacts, task
from db.domain.names import number_today, short_name, shortened
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState
from tests.unit.board_records import job, reference, referral, van

NOW = datetime(2026, 11, 24, 0, 20, tzinfo=UTC)


@pytest.mark.hazard("H-020")
@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("CRU-20261124-0005", "0005"),
        ("CRU-20261123-0005", "0005 Mon"),
        ("CRU-20261118-0005", "0005 Wed"),
        ("CRU-20261117-0005", "0005 17 Nov 2026"),
        ("CRU-20251124-0005", "0005 24 Nov 2025"),
        ("CRU-20261125-0005", "0005 25 Nov 2026"),
        ("CRU-20269999-0005", "CRU-20269999-0005"),
        ("CRU NORTH 2", "CRU NORTH 2"),
        ("CRU-7", "CRU-7"),
        ("", ""),
    ],
)
def test_the_day_joins_when_it_must(known: str, told: str) -> None:
    assert number_today(known, NOW) == told
    assert short_name(known, NOW) == (f"CRU-{told}" if told[:4].isdigit() else told)


def test_the_day_is_the_local_one() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert number_today("CRU-20260702-0001", summer) == "0001"


def test_numbers_of_two_years_of_days_all_differ() -> None:
    days = [NOW + timedelta(days=back) for back in range(-730, 3)]
    assert len({number_today(f"CRU-{day:%Y%m%d}-0005", NOW) for day in days}) == len(days)


@pytest.mark.hazard("H-020")
def test_every_panel_calls_it_the_same() -> None:
    who = referral(5, reference="CRU-20261123-0005")
    facts, on_it = Facts(who), van()
    going = job(who.id, on_it.id, AssignmentState.MOBILE)
    alarm = next(one for one in referral_alarms(facts, reference()) if one.key.startswith("no van"))
    assert face(board_row(facts, reference()), NOW).title.startswith("CRU-0005 Mon · ")
    assert lane(situation(facts, reference()), lambda _: None, NOW).title == "0005 Mon"
    assert task(VanFacts(on_it, None, going, who), reference(), NOW).words.startswith("0005 Mon · ")
    assert alarm.sentence(NOW).startswith("CRU-0005 Mon P1, no van for ")
    assert alarm.sentence(NOW - timedelta(hours=1)).startswith("CRU-0005 P1, no van for ")


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("CRU4 acknowledged · CRU-20261124-0005", "CRU4 acknowledged · 0005"),
        ("CRU4 acknowledged · CRU-20261123-0005", "CRU4 acknowledged · 0005 Mon"),
        ("Change CRU-20261123-0017", "Change 0017 Mon"),
        ("CRU NORTH 2 off duty", "CRU NORTH 2 off duty"),
        ("CRU-20261124-0005 after CRU-20261123-0005", "0005 after 0005 Mon"),
        ("EMAS 20261124", "EMAS 20261124"),
    ],
)
def test_what_is_kept_names_one_referral_and_what_is_read_is_short(kept: str, read: str) -> None:
    assert shortened(kept, NOW) == read
