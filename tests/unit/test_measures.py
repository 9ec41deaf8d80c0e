"""Measures: what counts, what is missing, what stands beside it, and who is too few to be shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.measures import (
    FEWEST,
    GROUPS,
    RULES,
    AskedAgain,
    Episode,
    Kept,
    Minutes,
    Share,
    age_band,
    asked_again,
    by_group,
)
from db.domain.records import YesNo
from db.domain.states import ReferralState

S = ReferralState
START = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def episode(state: S = S.CLOSED, waited: float | None = None, **known: Any) -> Episode:
    """One referral; ``waited`` is minutes until a crew was there."""
    if waited is not None:
        known |= {"met": True, "met_at": START + timedelta(minutes=waited)}
    return Episode(received_at=START, state=state, allowed=timedelta(minutes=60), **known)


def figure(key: str, *episodes: Episode) -> Share | Minutes:
    return RULES[key](episodes)


def test_a_time_that_nobody_put_down_is_missing_and_not_zero() -> None:
    told = figure("response", episode(waited=20), episode(waited=90), episode(met=True), episode(S.DECLINED))
    assert isinstance(told, Minutes)
    assert (told.values, told.missing) == ((20.0, 90.0), 1)
    assert figure("within", episode(waited=60), episode(waited=61), episode(met=True)) == Share(1, 2, 1)


@pytest.mark.hazard("H-061")
def test_beside_the_time_stand_those_whom_nobody_met() -> None:
    those = (episode(waited=5), episode(S.DECLINED), episode(S.CANCELLED), episode(S.ACCEPTED))
    assert figure("never_met", *those) == Share(2, 3)
    assert figure("declined", *those) == Share(1, 3)
    assert figure("cancelled", *those) == Share(1, 3)


@pytest.mark.hazard("H-061")
def test_to_take_somebody_to_hospital_who_needs_it_counts_as_care() -> None:
    said = ("needed and done", "needed and done", "needed and not done", "not needed", "unknown", None)
    those = [episode(waited=9, ae_care=one, ae_avoided=YesNo.NO) for one in said]
    shares = [figure(key, *those) for key in ("care_done", "care_not_done", "care_not_needed", "care_not_known")]
    assert shares == [Share(2, 5, 1), Share(1, 5, 1), Share(1, 5, 1), Share(1, 5, 1)]
    # Whom nobody met is not in it.
    assert figure("care_not_needed", episode(S.DECLINED, ae_care="not needed")) == Share(0, 0)


@pytest.mark.hazard("H-015")
def test_who_waits_alone_is_told_from_who_does_not() -> None:
    those = (episode(waited=70), episode(waited=10, accompanied=True), episode(waited=30, accompanied=True))
    assert figure("response_alone", *those) == Minutes((70.0,))
    assert figure("response_accompanied", *those) == Minutes((10.0, 30.0))


def test_back_is_told_only_of_whom_it_can_be_told() -> None:
    those = [episode(S.CLOSED, back=back) for back in (True, False, None)]
    assert figure("back", *those, episode(S.ALLOCATED, back=True)) == Share(1, 2, 1)


@pytest.mark.hazard("H-034", "H-071")
def test_what_the_record_does_not_keep_is_missing_and_says_so() -> None:
    told = figure("promises_kept", episode(), episode())
    assert told == Share(0, 0, 2)
    assert told.words() == "not recorded"
    assert figure("cancelled_unheard", episode(S.CANCELLED)).words() == "not recorded"
    assert figure("promises_kept").words() == "none"
    heard = [episode(S.CANCELLED, spoken_to=one) for one in (True, True, False, None)]
    assert figure("cancelled_unheard", *heard) == Share(1, 3, 1)


@pytest.mark.hazard("H-043", "H-071")
@pytest.mark.parametrize(
    ("name", "kept", "made"),
    [("promises", "promises_kept", "promises_made"), ("follow_ups", "follow_ups_kept", "follow_ups_made")],
)
def test_what_was_promised_and_is_not_due_yet_breaks_nothing(name: str, kept: str, made: str) -> None:
    none = episode(**{name: Kept(0, 0, 0)})
    those = (episode(**{name: Kept(made=3, due=2, kept=1)}), none, none)
    assert figure(kept, *those) == Share(1, 2)
    assert figure(made, *those) == Share(1, 3)


@pytest.mark.hazard("H-014")
def test_a_hold_is_past_due_when_it_ends_after_the_time_of_its_priority() -> None:
    ends = [START + timedelta(minutes=minutes) for minutes in (59, 60, 61)]
    assert figure("holds_past_due", *(episode(held_until=end) for end in (*ends, None))) == Share(1, 3)


@pytest.mark.hazard("H-010")
def test_overrides_stand_beside_those_who_were_not_taken_on() -> None:
    those = (
        episode(screened=True),
        episode(screened=True, concern=True, overridden=True),
        episode(S.DECLINED, screened=True, concern=True),
        episode(S.DECLINED, screened=True),
        episode(S.DECLINED),
    )
    assert figure("overrides", *those) == Share(1, 4)
    assert figure("screened_out", *those) == Share(1, 4)


@pytest.mark.hazard("H-008")
def test_not_known_that_becomes_no_stands_beside_what_becomes_yes() -> None:
    first = {"a": "not known", "b": "not known", "c": "not known", "d": "no", "e": "not known"}
    then = {"a": "no", "b": "yes", "c": "not known", "d": "yes"}
    last = {"a": "no", "b": "yes", "c": "no", "d": "yes"}
    again = asked_again([first, then, last])
    assert again == AskedAgain(asked=4, no=2, yes=1)
    assert figure("unknown_to_no", episode(asked_again=again), episode()) == Share(2, 4)
    assert figure("unknown_to_yes", episode(asked_again=again), episode()) == Share(1, 4)


@pytest.mark.hazard("H-062", "H-080")
def test_force_that_nobody_put_down_is_no_force_that_did_not_happen() -> None:
    said = (YesNo.YES, YesNo.NO, YesNo.NO, YesNo.UNKNOWN, None)
    those = [episode(waited=3, force_used=one) for one in said]
    assert figure("force", *those) == Share(1, 3, 2)
    assert figure("force_not_said", *those) == Share(1, 5)
    avoided = [episode(waited=3, ae_avoided=one) for one in said]
    assert figure("avoided", *avoided) == Share(1, 3, 2)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Share(3, 20), "3 of 20"),
        (Share(3, 21), "3 of 21 (14 %)"),
        (Share(0, 0), "none"),
        (Share(0, 0, 7), "not recorded"),
        (Minutes(()), "none"),
        (Minutes((), 2), "not recorded"),
        (Minutes((10.0, 20.0, 30.0, 100.0)), "median 25 min · mean 40 min · 90th centile 1 h 40"),
        (Minutes(tuple(map(float, range(1, 11)))), "median 5 min · mean 5 min · 90th centile 9 min"),
    ],
)
def test_a_figure_in_words(told: Share | Minutes, words: str) -> None:
    assert told.words() == words


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (None, "not recorded"),
        (0, "under 18"),
        (17, "under 18"),
        (18, "18 to 24"),
        (24, "18 to 24"),
        (25, "25 to 44"),
        (64, "45 to 64"),
        (84, "65 to 84"),
        (85, "85 and over"),
        (110, "85 and over"),
    ],
)
def test_bands_of_age(age: int | None, band: str) -> None:
    assert age_band(age) == band


@pytest.mark.hazard("H-062")
def test_a_group_of_few_is_not_shown_nor_told_from_the_rest() -> None:
    those = [
        episode(S.DECLINED, language=name)
        for name, n in (("English", 40), ("Polish", 7), ("Twi", 4))
        for _ in range(n)
    ]
    told = by_group("declined", "language", those)
    # Of two that are shown, 40 and 7, the four would follow from the whole.
    assert told == {"English": Share(40, 40), "Polish": None, "Twi": None}
    exactly = by_group("declined", "language", [episode(S.DECLINED, language="Twi")] * 5)
    assert exactly == {"Twi": Share(5, 5)}
    both = by_group("declined", "language", [*those, episode(S.DECLINED, language="Urdu")])
    assert both == {"English": Share(40, 40), "Polish": Share(7, 7), "Twi": None, "Urdu": None}


def test_a_group_is_told_in_words_and_what_is_not_recorded_too() -> None:
    one = episode(age=30, language="BSL", ethnicity="White", deprivation=3)
    assert [group(one) for group in GROUPS.values()] == [
        "25 to 44",
        "BSL",
        "White",
        "fifth 2 of 5, 1 the most deprived",
    ]
    assert {group(episode()) for group in GROUPS.values()} == {"not recorded"}
    assert [GROUPS["deprivation"](episode(deprivation=tenth))[:7] for tenth in (1, 2, 9, 10)] == [
        "fifth 1",
        "fifth 1",
        "fifth 5",
        "fifth 5",
    ]


_EPISODES = st.lists(
    st.builds(
        episode,
        st.sampled_from(S),
        st.none() | st.floats(0, 5000),
        age=st.none() | st.integers(0, 120),
        language=st.sampled_from(("", "Polish", "BSL")),
        deprivation=st.none() | st.integers(1, 10),
        ae_care=st.none() | st.sampled_from(("needed and done", "not needed")),
        force_used=st.none() | st.sampled_from(YesNo),
    ),
    max_size=40,
)


@given(_EPISODES, st.sampled_from(sorted(RULES)))
def test_every_measure_counts_each_referral_once_at_most(those: list[Episode], key: str) -> None:
    told = RULES[key](those)
    assert told.n + told.missing <= len(those) or key.startswith("unknown")
    assert not isinstance(told, Share) or 0 <= told.part <= told.n
    assert told.words()


@pytest.mark.hazard("H-054")
@given(_EPISODES, st.sampled_from(sorted(RULES)), st.sampled_from(sorted(GROUPS)))
def test_no_group_of_few_is_ever_shown_and_never_one_alone_hidden(
    those: list[Episode], key: str, dimension: str
) -> None:
    told = by_group(key, dimension, those)
    assert all(one is None or one.n >= FEWEST for one in told.values())
    assert list(told.values()).count(None) != 1 or len(told) == 1
