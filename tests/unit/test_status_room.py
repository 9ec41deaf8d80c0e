"""What a line gives up for room: shorter words first, in the order told, and nothing more than it must."""

from hypothesis import given
from hypothesis import strategies as st

from console.views.status.room import Shorter, fitted

GAP = 2
WHOLE = {
    "place": "Rutland and Kesteven",
    "count": "9 of 12 beds",
    "who": "N. Abara",
    "siren": "no crew, 31 min",
}
STEPS = (
    Shorter("who"),
    Shorter("place", "Rutland"),
    Shorter("count", "9 of 12"),
    Shorter("count"),
    Shorter("place"),
)


def width(_name: str, words: str) -> int:
    return len(words)


def length(said: dict[str, str]) -> int:
    return sum(map(len, said.values())) + GAP * (len(said) - 1)


def test_all_of_it_where_there_is_room() -> None:
    assert fitted(200, WHOLE, STEPS, width, GAP) == WHOLE


def test_each_step_is_taken_only_when_it_must_be() -> None:
    seen = [fitted(room, WHOLE, STEPS, width, GAP) for room in range(80, 10, -1)]
    kinds = [said for at, said in enumerate(seen) if at == 0 or said != seen[at - 1]]
    assert [sorted(said) for said in kinds] == [
        ["count", "place", "siren", "who"],
        ["count", "place", "siren"],
        ["count", "place", "siren"],
        ["count", "place", "siren"],
        ["place", "siren"],
        ["siren"],
    ]
    assert kinds[2]["place"] == "Rutland"
    assert kinds[3]["count"] == "9 of 12"


@given(st.integers(0, 120), st.sets(st.sampled_from(sorted(WHOLE))))
def test_it_fits_or_nothing_is_left_to_give_up(room: int, names: set[str]) -> None:
    whole = {name: WHOLE[name] for name in names}
    said = fitted(room, whole, STEPS, width, GAP)
    assert said.keys() <= whole.keys()
    assert said.get("siren") == whole.get("siren")
    assert length(said) <= room or said.keys() <= {"siren"}
