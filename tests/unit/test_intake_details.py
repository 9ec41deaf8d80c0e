"""A draft, the record made of it, and a draft made of that record say the same."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.views.form.submission import details_of
from db.commands import Details
from db.domain.intake import Draft, draft_of
from db.domain.records import Referral
from db.domain.states import ReferralState
from db.domain.typed_times import known_time

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
TIMES = st.none() | st.integers(0, 600).map(lambda minutes: NOW - timedelta(minutes=minutes))
DRAFTS = st.builds(
    Draft,
    place=WORDS,
    access_note=WORDS,
    source=st.sampled_from(["ems_crew", "hub"]),
    caller=WORDS,
    call_back=st.sampled_from(["", "+44 1604 630000", "07700 900123", "ask", "+33 1 23 45 67 89"]),
    ems_callsign=WORDS,
    ems_on_scene=TIMES.map(known_time),
    patient_unknown=st.booleans(),
    name=WORDS,
    born=st.sampled_from(["", "3/7/91", "03 Jul 1991"]),
    nhs_number=st.sampled_from(["", "943 476 5919", "943-476-5919", "943 476 5918", "12"]),
    narrative=WORDS,
    legal=st.sampled_from(["", "none", "s136"]),
    legal_detail=st.sampled_from(["", "from 02:40: Campbell Square"]),
    priority=st.just("P1"),
)


def kept(details: Details) -> Referral:
    """The referral as the mirror would have it."""
    moments = {"call_connected": details.call_connected_at, "ems_on_scene": details.ems_on_scene_at}
    same = (
        "source",
        "priority",
        "triage_scale",
        "location",
        "caller",
        "call_back",
        "ems_incident",
        "ems_callsign",
    )
    also = ("waiting_party", "patient", "narrative", "legal_status", "police")
    return Referral(
        id=uuid4(),
        version=1,
        reference="CRU-20261122-0042",
        state=ReferralState.RECEIVED,
        times={name: at for name, at in moments.items() if at},
        **{name: getattr(details, name) for name in (*same, *also)},
    )


@pytest.mark.hazard("H-067")
@given(DRAFTS)
def test_what_the_record_has_is_typed_again_the_same(draft: Draft) -> None:
    details = details_of(draft, NOW)
    assert details_of(draft_of(kept(details)), NOW) == details
