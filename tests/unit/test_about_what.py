"""What a short text names: a referral by part of its reference, a van by its callsign, and nothing by a guess."""

from dataclasses import replace

import pytest

from db.domain.about_what import named
from tests.unit.board_records import NOW, referral, van

TODAY = referral(44)
OTHER = referral(45)
BEFORE = replace(referral(44), reference="CRU-20261121-0044")
OLD = replace(referral(46), reference="CRU-20261020-0046")
VANS = [van("CRU1"), van("CRU NORTH 1"), van("CRU NORTH 12"), van("CRU2")]


@pytest.mark.parametrize(
    ("typed", "reference", "callsign", "unknown"),
    [
        ("", None, None, ()),
        ("0045", OTHER.reference, None, ()),
        ("045", OTHER.reference, None, ()),
        ("cru-0045", OTHER.reference, None, ()),
        ("cru 1", None, "CRU1", ()),
        ("0045 cru2", OTHER.reference, "CRU2", ()),
        ("CRU2, 0045", OTHER.reference, "CRU2", ()),
        ("cru north 12", None, "CRU NORTH 12", ()),
        ("crunorth1 0045", OTHER.reference, "CRU NORTH 1", ()),
        ("45", None, None, ("45",)),
        # As every panel calls them: the number alone is today's.
        ("0044", TODAY.reference, None, ()),
        ("CRU-0044", TODAY.reference, None, ()),
        ("0044 Sat", BEFORE.reference, None, ()),
        ("cru2 cru-0044 sat", BEFORE.reference, "CRU2", ()),
        ("0046 20 Oct 2026", OLD.reference, None, ()),
        ("0044 0044 Sat", BEFORE.reference, None, ("0044",)),
        ("0044 Fri", TODAY.reference, None, ("Fri",)),
        ("044", None, None, ("044",)),
        (TODAY.reference, TODAY.reference, None, ()),
        (BEFORE.reference.lower(), BEFORE.reference, None, ()),
        ("0045 9876", OTHER.reference, None, ("9876",)),
        (f"0045 {TODAY.reference}", OTHER.reference, None, (TODAY.reference,)),
        ("0045 0045", OTHER.reference, None, ()),
    ],
)
def test_what_is_named(typed: str, reference: str | None, callsign: str | None, unknown: tuple[str, ...]) -> None:
    found = named(typed, [TODAY, OTHER, BEFORE, OLD], VANS, NOW)
    assert (found.referral.reference if found.referral else None) == reference
    assert (found.van.callsign if found.van else None) == callsign
    assert found.unknown == unknown
    assert found.referral_id == (found.referral.id if found.referral else None)
    assert found.van_id == (found.van.id if found.van else None)
