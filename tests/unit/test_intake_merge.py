"""Two edits of one referral, brought together."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.intake import Draft
from db.domain.merge import GROUPS, LABELS, differences, merge, take
from tests.unit.test_intake import REFERENCE, WHOLE

TEXTS = st.sampled_from(["", "a", "b", "c"])
EDITS = st.builds(lambda a, b, c: replace(WHOLE, caller=a, narrative=b, access_note=c), TEXTS, TEXTS, TEXTS)
EDITED = ("caller", "narrative", "access_note")


@given(EDITS, EDITS, EDITS)
def test_a_merge_loses_nothing_of_yours_and_takes_the_rest_of_theirs(
    base: Draft, yours: Draft, theirs: Draft
) -> None:
    merged = merge(base, yours, theirs, REFERENCE)
    disputed = {one.group for one in merged.disputed}
    for name in EDITED:
        was, mine, other, now = (getattr(one, name) for one in (base, yours, theirs, merged.draft))
        assert now == (other if mine == was else mine)
        assert (name in disputed) == (mine != was and other not in {was, mine})
        assert (LABELS[name] in merged.taken) == (mine == was != other)


def test_a_place_is_merged_as_a_whole() -> None:
    yours = replace(WHOLE, place="Elsewhere", postcode="", lat=None, lon=None)
    theirs = replace(WHOLE, postcode="NN2 6AB")
    (place,) = merge(WHOLE, yours, theirs, REFERENCE).disputed
    assert (place.label, place.theirs, place.yours) == ("Location", "Abington Street, NN2 6AB", "Elsewhere")
    assert take("place", yours, theirs) == theirs


def test_codes_are_told_in_words() -> None:
    theirs = replace(WHOLE, source="ems_crew", patient_unknown=False, name="Robin Sample", born="03 Jul 1991")
    told = {one.label: one.theirs for one in differences(tuple(GROUPS), WHOLE, theirs, REFERENCE)}
    assert told == {"Source": "EMAS crew on scene", "Patient": "Robin Sample, 03 Jul 1991"}


@pytest.mark.hazard("H-067")
def test_every_field_that_the_record_keeps_is_merged() -> None:
    merged = {name for names in GROUPS.values() for name in names}
    screened = {"answers", "together", "changed", "not_measured", "branches", "observations"}
    not_kept = {"about", "place_warning", "priority_chosen", *screened}
    assert merged == set(Draft.__slots__) - not_kept
    assert set(GROUPS) == set(LABELS)
