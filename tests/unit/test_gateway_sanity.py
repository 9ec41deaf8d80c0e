"""Which fixes are shown, and what is said of the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.gateway.fix import Fix
from db.gateway.limits import Buckets, Limits
from db.gateway.sanity import Area, Memory, Sighting, Verdict, judge
from db.geo.earth import moved as earth_moved

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AREA = Area()
NORTHAMPTON, CORBY, CARLISLE = (52.2405, -0.9027), (52.4877, -0.7013), (54.8925, -2.9329)


def fix(
    place: tuple[float, float], seconds: float = 0, *, valid: bool = True, accuracy: float | None = None
) -> Fix:
    at = NOW + timedelta(seconds=seconds)
    return Fix("one", at, place[0], place[1], accuracy_m=accuracy, valid=valid)


def weigh(*fixes: Fix, now: datetime = NOW) -> list[Verdict]:
    """The verdicts on a row of fixes of one van."""
    memory, verdicts = Memory(), []
    for one in fixes:
        verdict, memory = judge(one, memory, now, AREA)
        verdicts.append(verdict)
    return verdicts


AS_UTC = "it seems to send local time as UTC."


@pytest.mark.hazard("H-039")
@pytest.mark.parametrize(
    ("bad", "kind", "said"),
    [
        (fix(NORTHAMPTON, 600), "future", "The device's clock is 10 min ahead."),
        (
            fix(NORTHAMPTON, 3600),
            "future",
            f"The device's clock is 60 min ahead; {AS_UTC}",
        ),
        (fix(NORTHAMPTON, -40 * 86400), "ancient", "The fix is 40 d old: the device's clock is not set."),
        (fix(NORTHAMPTON, valid=False), "invalid", "The device says that it does not know where it is."),
        (fix((0.0, 0.0)), "zero", "The place is 0, 0: the device has no fix yet."),
        (fix((-0.9027, 52.2405)), "swapped", "Latitude and longitude are swapped."),
        (fix((91.0, 0.0)), "nowhere", "This is not a place on earth."),
        (fix((1e300, -1e300)), "nowhere", "This is not a place on earth."),
        (fix((52.24, 180.5)), "nowhere", "This is not a place on earth."),
        (fix((52.24, -180.5)), "nowhere", "This is not a place on earth."),
        (fix((-90.5, 0.0)), "nowhere", "This is not a place on earth."),
        (fix((90.0, 180.0)), "abroad", "The place is far outside Britain."),
        (fix((-90.0, -180.0)), "abroad", "The place is far outside Britain."),
        (fix((0.009, -0.009)), "zero", "The place is 0, 0: the device has no fix yet."),
        (fix((0.01, 0.0)), "abroad", "The place is far outside Britain."),
        (fix((0.0, 0.01)), "abroad", "The place is far outside Britain."),
        (fix((0.0, 0.5)), "abroad", "The place is far outside Britain."),
        # Swapped, it would be in Britain and far from here.
        (fix((-2.9329, 54.8925)), "abroad", "The place is far outside Britain."),
        (fix(NORTHAMPTON, 14 * 3600 + 120), "future", f"The device's clock is 14 h 02 ahead; {AS_UTC}"),
        (fix(NORTHAMPTON, 14 * 3600 - 120), "future", f"The device's clock is 13 h 58 ahead; {AS_UTC}"),
        (fix(NORTHAMPTON, 14 * 3600 + 121), "future", "The device's clock is 14 h 02 ahead."),
        (fix(NORTHAMPTON, 15 * 3600), "future", "The device's clock is 15 h 00 ahead."),
        (fix(NORTHAMPTON, -31 * 86400 - 1), "ancient", "The fix is 31 d old: the device's clock is not set."),
        (fix((40.4, -3.7)), "abroad", "The place is far outside Britain."),
    ],
)
def test_what_is_refused_and_why(bad: Fix, kind: str, said: str) -> None:
    assert weigh(bad) == [Verdict(said, kind=kind)]


@pytest.mark.parametrize(("seconds", "refused"), [(119, False), (120, False), (121, True)])
def test_two_minutes_ahead_is_the_limit(seconds: float, refused: bool) -> None:
    assert bool(weigh(fix(NORTHAMPTON, seconds))[0].refused) is refused


def test_a_month_old_is_the_limit_and_greenwich_is_a_place() -> None:
    assert weigh(fix(NORTHAMPTON, -31 * 86400))[0].kind == "sane"
    assert weigh(fix((51.48, 0.0)))[0].kind == "sane"


@pytest.mark.parametrize(("km", "doubted"), [(119.99, False), (120.01, True)])
def test_how_far_the_services_area_reaches(km: float, doubted: bool) -> None:
    middle = (52.28, -0.88)
    for north in (km, -km):
        assert bool(weigh(fix(earth_moved(middle, north * 1000, 0)))[0].doubt) is doubted


@pytest.mark.parametrize(("metres", "doubted"), [(5000, False), (5001, True)])
def test_how_poor_a_fix_may_be(metres: float, doubted: bool) -> None:
    assert bool(weigh(fix(NORTHAMPTON, accuracy=metres))[0].doubt) is doubted


def test_a_move_to_a_doubtful_place_keeps_that_doubt() -> None:
    verdicts = weigh(fix(NORTHAMPTON, -60), *(fix(CARLISLE, -40 + 10 * i) for i in range(3)))
    assert verdicts[-1] == Verdict(doubt="The place is far outside the service's area.", kind="doubtful")


def test_a_fix_from_the_future_freezes_nothing() -> None:
    verdicts = weigh(fix(NORTHAMPTON, -10), fix(CORBY, 86400 * 365), fix(NORTHAMPTON, -5))
    assert [verdict.kind for verdict in verdicts] == ["sane", "future", "sane"]


def test_a_memory_from_the_future_freezes_nothing() -> None:
    ahead = Memory(Sighting(NOW + timedelta(days=1), *CORBY))
    verdict, memory = judge(fix(NORTHAMPTON), ahead, NOW, AREA)
    assert verdict.kind == "sane"
    assert memory.last is not None
    assert memory.last.fixed_at == NOW


def test_doubtful_ones_are_shown_with_the_doubt() -> None:
    assert weigh(fix(NORTHAMPTON, accuracy=8000)) == [
        Verdict(doubt="The fix is only good to 8 km.", kind="doubtful")
    ]
    assert weigh(fix(CARLISLE)) == [Verdict(doubt="The place is far outside the service's area.", kind="doubtful")]


def test_a_late_fix_is_for_replay() -> None:
    late = weigh(fix(NORTHAMPTON), fix(CORBY, -1800))[1]
    assert late == Verdict(doubt="It came in after a fix 30 min newer, for replay only.", kind="late")
    assert weigh(fix(NORTHAMPTON), fix(CORBY, -1800), fix(NORTHAMPTON, 5))[2].kind == "sane"


@pytest.mark.hazard("H-039")
def test_a_jump_is_refused_until_three_agree() -> None:
    verdicts = weigh(fix(NORTHAMPTON, -60), *(fix(CORBY, -40 + 10 * i) for i in range(4)))
    assert [verdict.kind for verdict in verdicts] == ["sane", "jumped", "jumped", "doubtful", "sane"]
    assert verdicts[1].refused == "It jumped 31 km in 20 s."
    assert "3 fixes in a row" in verdicts[3].doubt


def test_a_spike_does_not_count_towards_a_move() -> None:
    row = [fix(NORTHAMPTON, -60), fix(CORBY, -50), fix(NORTHAMPTON, -40), fix(CORBY, -30), fix(CARLISLE, -20)]
    row += [fix(CORBY, -10), fix(NORTHAMPTON, 0)]
    kinds = [verdict.kind for verdict in weigh(*row)]
    assert kinds == ["sane", "jumped", "sane", "jumped", "jumped", "jumped", "sane"]


def test_a_van_at_motorway_speed_does_not_jump() -> None:
    south = [fix((52.6 - i * 0.01, -1.0), -600 + i * 30) for i in range(20)]
    assert {verdict.kind for verdict in weigh(*south)} == {"sane"}


def test_poor_accuracy_is_not_a_jump() -> None:
    assert weigh(fix(NORTHAMPTON, -10), fix((52.27, -0.9027), 0, accuracy=4000))[1].kind == "sane"


def test_the_same_moment_at_another_place_is_a_jump() -> None:
    assert weigh(fix(NORTHAMPTON), fix(CORBY))[1].kind == "jumped"
    assert weigh(fix(NORTHAMPTON), fix(NORTHAMPTON))[1].kind == "sane"


coordinates = st.floats(-1e9, 1e9) | st.floats(-90, 90) | st.sampled_from([52.24, -0.9, 0.0, 180.0])
moments = st.floats(-1e6, 1e6)


def moved(metres_north: float, seconds: float, *, accuracy: float | None = None, device: str = "one") -> Fix:
    """A fix that far north of Northampton."""
    made = fix(earth_moved(NORTHAMPTON, metres_north, 0), seconds, accuracy=accuracy)
    return replace(made, device_id=device)


@pytest.mark.parametrize(
    ("away", "accuracies", "kind"),
    [
        # A van that stands drifts; 300 m and what its fixes doubt of themselves are no move.
        (290, (None, None), "sane"),
        (299.5, (None, None), "sane"),
        (300.5, (None, None), "jumped"),
        (310, (None, None), "jumped"),
        (590, (None, 300), "sane"),
        (590, (300, None), "sane"),
        (890, (300, 300), "sane"),
        (910, (300, 300), "jumped"),
    ],
)
def test_drift_is_no_jump_and_a_jump_is_no_drift(
    away: float, accuracies: tuple[float | None, float | None], kind: str
) -> None:
    before, after = moved(0, 0, accuracy=accuracies[0]), moved(away, 0, accuracy=accuracies[1])
    assert weigh(before, after)[1].kind == kind


@pytest.mark.parametrize(("seconds", "kind"), [(240, "jumped"), (283.6, "jumped"), (283.7, "sane"), (288, "sane")])
def test_no_van_is_faster_than_250_km_an_hour(seconds: float, kind: str) -> None:
    assert weigh(moved(0, -seconds), moved(20_000, 0))[1].kind == kind


@pytest.mark.hazard("H-065")
@pytest.mark.parametrize(
    ("devices", "last"), [(("two", "two", "two"), "doubtful"), (("two", "three", "two"), "jumped")]
)
def test_only_one_device_outvotes_what_was_known(devices: tuple[str, ...], last: str) -> None:
    # Two trackers that disagree about a van prove nothing by taking turns.
    row = [moved(30_000, -40 + 10 * n, device=device) for n, device in enumerate(devices)]
    assert [verdict.kind for verdict in weigh(moved(0, -60), *row)][-1] == last


def test_one_moment_sent_three_times_is_one_witness() -> None:
    kinds = [verdict.kind for verdict in weigh(moved(0, -60), *(moved(30_000, -40) for _ in range(4)))]
    assert kinds[1:] == ["jumped"] * 4


def test_the_witnesses_of_a_move_must_agree_with_each_other() -> None:
    row = (moved(30_000, -40), moved(60_000, -30), moved(30_000, -20), moved(60_000, -10))
    assert [verdict.kind for verdict in weigh(moved(0, -60), *row)][1:] == ["jumped"] * 4


@given(st.lists(st.tuples(coordinates, coordinates, moments, st.booleans()), max_size=8))
def test_judging_never_fails_and_what_is_shown_is_in_britain(row: list[tuple[float, float, float, bool]]) -> None:
    fixes = [fix((lat, lon), seconds, valid=valid) for lat, lon, seconds, valid in row]
    for one, verdict in zip(fixes, weigh(*fixes), strict=True):
        if not verdict.refused:
            assert 49 <= one.lat <= 61.5
            assert -11 <= one.lon <= 3
            assert one.valid
            assert one.fixed_at <= NOW + timedelta(minutes=2)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200).map(sorted))
def test_a_bucket_never_gives_more_than_its_rate(moments: list[float]) -> None:
    buckets = Buckets(rate=2, burst=5)
    given_out = [now for now in moments if not buckets.take("one", now)]
    for i, start in enumerate(given_out):
        for j in range(i, len(given_out)):
            assert j - i + 1 <= 5 + 2 * (given_out[j] - start) + 1e-6


def test_a_bucket_says_how_long_to_wait() -> None:
    buckets = Buckets(rate=2, burst=1)
    assert buckets.take("one", 0) == 0
    assert buckets.take("one", 0) == 0.5
    assert buckets.take("two", 0) == 0
    assert buckets.take("one", 0.5) == 0


def test_a_bucket_that_is_partly_full_makes_the_wait_shorter() -> None:
    buckets = Buckets(rate=2, burst=1)
    buckets.take("one", 0)
    assert buckets.take("one", 0.125) == pytest.approx(0.375)
    # What was asked for in vain cost nothing.
    assert buckets.take("one", 0.25) == pytest.approx(0.25)


def test_how_much_the_gateway_puts_up_with() -> None:
    assert Limits() == Limits(20, 1200, 1, 60, 65_536)


def test_the_bucket_least_lately_used_is_forgotten() -> None:
    buckets = Buckets(rate=0.001, burst=1, most=2)
    for name in ("one", "two", "one", "three"):
        buckets.take(name, 0)
    # "two" was forgotten, and begins with a full bucket; "one" was not.
    assert buckets.take("one", 0) > 0
    assert buckets.take("two", 0) == 0
