"""Where the labels of the map stand: never on each other, the chosen one always, the same place while it fits."""

import json
import random
from itertools import combinations
from typing import Any

import pytest

from console.map.marks import MapConfig
from tests.gui.map_tools import ENGINE_NOISE, HERE, Hand
from tests.gui.test_map_view import Open, hand, open_map, referral, van
from tests.sampled import some

__all__ = ["hand", "open_map"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)
Box = list[float]
AREA = [0, 0, 640, 440]


def item(key: str, x: float, y: float, width: float = 90, **more: Any) -> dict[str, Any]:
    return {"key": key, "x": x, "y": y, "reach": 12, "width": width, "height": 24} | more


def place(
    hand: Hand, items: list[dict[str, Any]], solid: list[Box], last: dict[str, int] | None = None
) -> dict[str, Any]:
    """By key, what the page makes of these labels: its side and its box."""
    script = (
        "(() => {const solid = new CRU.Boxes(48); for (const box of %s) solid.add(box);"
        "return [...CRU.place(%s, solid, new CRU.Boxes(), new Map(Object.entries(%s)), %s)];})()"
    )
    told = (json.dumps(each) for each in (solid, items, last or {}, AREA))
    return dict(hand.ask(script % tuple(told)))


def meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


@pytest.mark.parametrize(
    ("where", "solid", "last", "side"),
    [
        ((300, 200), [], {}, 0),
        ((600, 200), [], {}, 1),
        ((300, 200), [[312, 190, 330, 210]], {}, 1),
        ((300, 200), [[312, 190, 330, 210], [270, 190, 288, 210]], {}, 2),
        ((300, 200), [], {"a": 3}, 3),
        ((300, 430), [], {"a": 3}, 2),
    ],
    ids=["right first", "not over the edge", "left", "above", "where it was", "not where it no longer fits"],
)
def test_a_label_stands_where_there_is_room(
    hand: Hand, where: tuple[float, float], solid: list[Box], last: dict[str, int], side: int
) -> None:
    assert place(hand, [item("a", *where)], solid, last)["a"]["side"] == side


def test_what_finds_no_room_is_not_written_but_the_chosen_one_is(hand: Hand) -> None:
    everywhere = [[0, 0, 640, 440]]
    assert place(hand, [item("a", 300, 200)], everywhere) == {}
    assert "a" in place(hand, [item("a", 300, 200, must=True)], everywhere)


def test_no_two_labels_meet_whatever_stands_where(hand: Hand) -> None:
    chance = random.Random(8)
    for _ in range(60):
        spots = [(chance.uniform(5, 635), chance.uniform(5, 435)) for _ in range(chance.randint(2, 60))]
        items = [item(str(at), *spot, chance.uniform(40, 170), rings=3) for at, spot in enumerate(spots)]
        items[0]["must"] = True
        symbols = [[x - 11, y - 11, x + 11, y + 11] for x, y in spots]
        last = {str(at): chance.randrange(8) for at in range(len(items)) if chance.random() < 0.4}
        found = place(hand, items, symbols, last)
        boxes = [spot["box"] for spot in found.values()]
        assert "0" in found
        assert not [pair for pair in combinations(boxes, 2) if meet(*pair)]
        again = place(hand, items, symbols, {key: spot["side"] for key, spot in found.items()})
        assert {key: again.get(key, {}).get("side") for key in found} == {
            key: spot["side"] for key, spot in found.items()
        }


def test_labels_on_the_map_leave_each_other_and_the_town_of_the_chosen_alone(hand: Hand) -> None:
    chance = random.Random(3)
    near = [(HERE[0] + chance.uniform(-0.004, 0.004), HERE[1] + chance.uniform(-0.008, 0.008)) for _ in range(14)]
    hand.view.set_vans([van(f"v{at}", *spot) for at, spot in enumerate(near[:7])])
    hand.view.set_referrals([referral(f"r{at}", *spot, selected=at == 3) for at, spot in enumerate(near[7:])])
    hand.until(lambda look: (look["vans"], look["referrals"]) == (7, 7))
    script = "CRU.parts().marks.spots.filter(({part}) => part === 'label').map(({id, box}) => [id, box])"
    # They are placed with the next frame.
    hand.qtbot.waitUntil(lambda: bool(hand.ask(script)), timeout=8000)
    labels = hand.ask(script)
    assert "r3" in dict(labels)
    assert not [pair for pair in combinations([box for _, box in labels], 2) if meet(*pair)]


@pytest.mark.parametrize("size", [(620, 440), (1100, 520), (400, 900)])
def test_fit_all_fills_the_panel(open_map: Open, size: tuple[int, int]) -> None:
    hand = open_map(MapConfig())
    hand.view.resize(*size)
    hand.qtbot.waitUntil(
        lambda: hand.ask("(({x, y}) => [x, y])(CRU.parts().map.getSize())") == list(size), timeout=8000
    )
    hand.view.fit_all()
    script = (
        "(() => {const {map, control} = CRU.parts(), s = map.getSize();"
        "const at = (ll) => map.latLngToContainerPoint(ll);"
        "const a = at(control.home.getNorthWest()), b = at(control.home.getSouthEast());"
        # Between what is written at the top and at the foot: nobody must stand under that.
        "const feet = control.frame().map(([, top]) => top).filter((top) => top > 99);"
        "const free = Math.min(...feet) - 44;"
        "return [(b.x - a.x) / s.x, (b.y - a.y) / free];})()"
    )
    hand.qtbot.waitUntil(lambda: 0.85 <= max(hand.ask(script)) <= 1, timeout=8000)


_UNDER = (
    "(() => {const {map, marks, control} = CRU.parts(), boxes = control.frame();"
    "const at = ({lat, lon}) => map.latLngToContainerPoint([lat, lon]);"
    "return [boxes.length, [...marks.referrals.values()].map(at).filter(({x, y}) => y > 100 &&"
    "boxes.some(([l, t, r, b]) => x > l - 8 && x < r + 8 && y > t - 8 && y < b + 8))];})()"
)
"""How many boxes lie over the map, and where somebody stands under one of them."""


@pytest.mark.parametrize("fitted", ["", "before", "after"], ids=["as it opens", "fit of nobody", "fit all"])
@pytest.mark.parametrize("size", some([(620, 440), (500, 700)], 2))
def test_nobody_stands_under_what_is_written_at_the_foot(
    open_map: Open, size: tuple[int, int], fitted: str
) -> None:
    hand = open_map(MapConfig(), size)
    west, south, east, north = map(float, hand.ask("CRU.parts().control.home.toBBoxString()").split(","))
    spots = [(south, west + part * (east - west)) for part in (0.1, 0.3, 0.6)]
    if fitted == "before":
        hand.view.fit_all()
        hand.qtbot.waitUntil(lambda: "fit" in hand.ask("String(CRU.parts().control.again)"), timeout=8000)
    hand.view.set_referrals([referral(f"r{at}", *spot) for at, spot in enumerate([*spots, (north, east)])])
    hand.until(lambda look: look["referrals"] == 4)
    if fitted == "after":
        before = hand.ask("CRU.parts().map.getBounds().toBBoxString()")
        hand.view.fit_all()
        hand.qtbot.waitUntil(
            lambda: hand.ask("CRU.parts().map.getBounds().toBBoxString()") != before, timeout=8000
        )
    boxes, hidden = hand.ask(_UNDER)
    assert boxes >= 3
    assert hidden == []


@pytest.mark.parametrize("hand_in_it", [False, True], ids=["as it opened", "moved"])
def test_another_size_of_the_panel_opens_the_area_anew_unless_somebody_moved_it(
    open_map: Open, hand_in_it: bool
) -> None:
    hand = open_map(MapConfig(), (900, 700))
    if hand_in_it:
        hand.view.centre_on(*HERE, 12)
        hand.qtbot.waitUntil(lambda: hand.ask("CRU.parts().control.again === null"), timeout=8000)
    before = hand.look()["zoom"]
    hand.view.resize(420, 360)
    hand.qtbot.waitUntil(lambda: hand.ask("CRU.parts().map.getSize().x") == 420, timeout=8000)
    assert (hand.look()["zoom"] == before) is hand_in_it
    inside = hand.ask("CRU.parts().map.getBounds().contains(CRU.parts().control.home)")
    assert inside is not hand_in_it


_IN_SIGHT = (
    "(() => {const {map, marks} = CRU.parts(), seen = map.getBounds();"
    "return [...marks.referrals.values()].every(({lat, lon}) => seen.contains([lat, lon]));})()"
)


def test_everybody_is_shown_anew_in_another_size_of_the_panel(open_map: Open) -> None:
    hand = open_map(MapConfig(), (1100, 700))
    west, south, east, north = map(float, hand.ask("CRU.parts().control.home.toBBoxString()").split(","))
    spots = [(south, west + part * (east - west)) for part in (0.1, 0.3, 0.6)]
    hand.view.set_referrals([referral(f"r{at}", *spot) for at, spot in enumerate([*spots, (north, east)])])
    hand.view.fit_all()
    hand.until(lambda look: look["referrals"] == 4 and look["settled"])
    for width, height in ((620, 440), (1400, 900), (500, 700)):
        hand.view.resize(width, height)
        hand.qtbot.waitUntil(lambda width=width: hand.ask("CRU.parts().map.getSize().x") == width, timeout=8000)
        assert hand.ask(_UNDER)[1] == [], (width, height)
        assert hand.ask(_IN_SIGHT), (width, height)


def test_the_map_grows_with_the_text(hand: Hand) -> None:
    hand.view.set_text_scale(1.5)
    hand.qtbot.waitUntil(lambda: hand.ask("[devicePixelRatio, innerWidth]") == [1.5, 600], timeout=8000)
    hand.until(lambda look: look["settled"])
    hand.qtbot.waitUntil(lambda: hand.ask("CRU.parts().base._drawnAt") == 1.5, timeout=8000)


def test_a_new_theme_between_two_zooms_draws_whole_tiles(hand: Hand) -> None:
    hand.view.centre_on(*HERE, 13.4)
    hand.until(lambda look: look["zoom"] == 13.4 and look["settled"])
    hand.view.set_theme("light")
    look = hand.until(lambda look: look["theme"] == "light" and look["settled"] and look["names"] > 0)
    assert look["zoom"] == 13.4
    assert hand.ask("CRU.parts().base._tileZoom") == 13


def test_what_was_drawn_once_and_is_said_no_more_is_let_go(hand: Hand) -> None:
    """A label that tells minutes is another picture each minute, all shift long."""
    drawn = (
        "(() => {for (let at = 0; at < %d; at++) {"
        "CRU.pill(`due in ${at} min`, {}); CRU.pill('CRU1', {}); CRU.drawn();} return CRU.pictureCount();})()"
    )
    few, many = hand.ask(drawn % 1000), hand.ask(drawn % 3000)
    # What the page itself draws meanwhile counts too.
    assert many <= few + 5 <= 120
    # However many there are in one drawing, as when all labels of a busy board change each second.
    busy = (
        "(() => {for (let at = 0; at < 40; at++) { for (let of = 0; of < 50; of++)"
        "CRU.pill(`${of} in ${at} min`, {}); CRU.drawn();} return CRU.pictureCount();})()"
    )
    assert hand.ask(busy) <= 170
    # What is drawn each time stays the picture that it was.
    kept = (
        "(() => {const one = CRU.pill('CRU1', {}); for (let at = 0; at < 900; at++) {"
        "CRU.pill('CRU1', {}); CRU.drawn();} return CRU.pill('CRU1', {}) === one && one.canvas.width > 0;})()"
    )
    assert hand.ask(kept)


def test_a_canvas_that_measures_texts_draws_too(hand: Hand) -> None:
    """What is in no document and draws nothing has no frames: the engine keeps each text that it ever measured."""
    watch = (
        "(() => {const own = CanvasRenderingContext2D.prototype; window.measured = new Set();"
        "const then = (name, does) => {const was = own[name];"
        "own[name] = function (...given) {does(this); return was.apply(this, given);};};"
        "then('measureText', (ctx) => measured.add(ctx));"
        "for (const name of ['fillText', 'clearRect', 'fillRect', 'stroke', 'fill', 'drawImage'])"
        "then(name, (ctx) => measured.delete(ctx)); return true;})()"
    )
    assert hand.ask(watch)
    write = "(() => {for (let at = 0; at < 9; at++) CRU.pill(`back at ${at}`, {}); return measured.size;})()"
    hand.ask(write)
    assert hand.ask("[...measured].filter((ctx) => !ctx.canvas.isConnected).length") == 0


_CORNERS: list[tuple[int, int]] = [(1300, 820), (960, 560), (620, 440), (430, 330), (330, 300)]
"""The map panel from a large screen to 1280x720 with large text."""


def test_nothing_at_the_edge_of_the_map_lies_over_anything_else_there(open_map: Open) -> None:
    hand = open_map(MapConfig(), _CORNERS[0])
    hand.view.set_exercise(True)
    hand.view.set_banner("link lost · positions as of 03:12:44 BST")
    hand.until(lambda look: look["exercise"] and look["notice"] and "link lost" in look["line"])
    for width, height in _CORNERS:
        hand.view.resize(width, height)
        for text in (1.0, 1.25, 1.5):
            hand.view.set_text_scale(text)
            wanted = round(width / text)
            hand.qtbot.waitUntil(
                lambda wanted=wanted: abs(hand.ask("CRU.parts().map.getSize().x") - wanted) <= 1, timeout=8000
            )
            boxes = hand.ask("CRU.parts().control.frame()")
            assert len(boxes) == 5, "the line, the mark, what map this is, the sources and the zoom"
            assert not [pair for pair in combinations(boxes, 2) if meet(*pair)], (width, height, text)
            inside = [box for box in boxes if box[0] >= 0 and box[2] <= wanted + 1]
            assert len(inside) == 5, (width, height, text)
