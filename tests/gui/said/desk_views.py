"""How each panel of the desk is brought about, in states in which it says something else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from console.views.board.panel import BoardPanel
from console.views.detail import DetailPane
from console.views.detail.orders import direct
from console.views.form.sheet import FormSheet
from console.views.status.bar import StatusBar
from console.views.vans.panel import VansPanel
from db import commands
from db.domain.fleet import VanAction
from db.domain.next_steps import NextStep
from db.domain.roles import Role
from tests.gui.said.fill import FILL
from tests.gui.said.happens import NIGHT, REFUSED, rest
from tests.gui.said.opening import Opening
from tests.gui.said.reference import id_of
from tests.gui.said.rows import NAMES, VANS
from tests.gui.said.still import Still
from tests.gui.said.tables import ID

Sits = Callable[[], Still]


# --- board ---


def _board(still: Still, referral: str = "", private: bool = False) -> QWidget:
    panel = BoardPanel(still.desk, still.etas)
    if referral:
        panel.select(id_of(referral))
    panel.set_private(private)
    still.show(panel)
    panel.focus_list()
    return panel


def _filter(still: Still, typed: str) -> QWidget:
    panel = _board(still)
    panel.focus_filter()
    still.settle()
    still.press(f":{typed}")
    return panel


def board(_sits: Sits) -> Iterator[Opening]:
    yield Opening("the board", _board, ("Down", "Down", "Up", "End", "Left", "Right", "Home", "PgDown"))
    yield Opening("one is chosen", partial(_board, referral="on_way"), NIGHT)
    yield Opening("looked through", partial(_filter, typed="cor"), ("Down", "Return", "Escape", "Escape"))
    yield Opening("nothing found", partial(_filter, typed="qqq"), ("Escape", "Escape"))
    yield Opening("names hidden", partial(_board, referral="no_van", private=True), press=False)


# --- vans ---


def _vans(still: Still, van: str = "", does: VanAction | None = None) -> QWidget:
    panel = VansPanel(still.desk)
    still.show(panel)
    if van:
        panel.select(id_of(van))
    panel.focus_list()
    still.settle()
    if does is not None:
        panel.act(does)
    return panel


def vans(_sits: Sits) -> Iterator[Opening]:
    yield Opening("the vans", _vans, ("Down", "Down", "Up", "End"))
    for van in VANS:
        yield Opening(van, partial(_vans, van=van), NIGHT if van == "CRU1" else ())
    for van, does in (
        ("CRU6", VanAction.ON_DUTY),
        ("CRU 10", VanAction.MEAL),
        ("CRU1", VanAction.OUT),
        ("CRU3", VanAction.WELL_OTHERWISE),
        ("CRU2", VanAction.MEAL),
        ("CRU4", VanAction.BACK),
    ):
        opens = partial(_vans, van=van, does=does)
        yield Opening(f"{van}: {does}", opens, ("Return", *FILL, "Ctrl+Return", "Return"))
    yield Opening(
        "refused", partial(_vans, van="CRU6", does=VanAction.ON_DUTY), (REFUSED, *FILL, "Ctrl+Return", "Return")
    )
    yield Opening(
        "an emergency",
        partial(_vans, van="CRU1", does=VanAction.EMERGENCY),
        ("Down", "!", REFUSED, "!", "!"),
        press=False,
    )


# --- the referral ---


def _pane(still: Still, referral: str, role: Role = Role.SHIFT_LEAD) -> DetailPane:
    if role is not Role.SHIFT_LEAD:
        still.become(role)
    pane = DetailPane(still.desk, still.geography, still.etas)
    pane.show_referral(id_of(referral))
    still.show(pane)
    pane.focus_pane()
    still.settle()
    return pane


def _step(still: Still, referral: str, label: str) -> QWidget:
    pane = _pane(still, referral)
    pane.do(next(step for step in pane.next.steps if step.label == label))
    still.settle()
    return pane.sheets.current or pane


def _allocate(still: Still) -> QWidget:
    pane = _pane(still, "no_van")
    pane.open_allocate()
    return pane.sheets.current or pane


def detail(_sits: Sits) -> Iterator[Opening]:
    for name in NAMES:
        press = name not in {"declined", "error", "arrived", "overdue"}
        yield Opening(name, partial(_pane, referral=name), press=press)
    yield Opening("on the way", partial(_pane, referral="on_way"), NIGHT, press=False)
    yield Opening(
        "a note", partial(_pane, referral="on_way"), ("/", ":A word", "Ctrl+Return", "Escape"), press=False
    )
    yield Opening(
        "a note refused",
        partial(_pane, referral="on_way"),
        (REFUSED, "/", ":A word", "Ctrl+Return", "Escape", "Return", "Return"),
        press=False,
    )
    yield Opening(
        "as a dispatcher",
        partial(_pane, referral="on_way", role=Role.DISPATCHER),
        ("Return", "Return"),
        press=False,
    )
    yield Opening("as a viewer", partial(_pane, referral="on_way", role=Role.VIEWER), press=False)


def _steps(sits: Sits, referral: str) -> list[NextStep]:
    still = sits()
    pane = _pane(still, referral)
    row = still.desk.store.referral(id_of(referral))
    assert row is not None
    return [step for step in pane.next.steps if direct(row, step) is None]


def sheets(sits: Sits) -> Iterator[Opening]:
    """A sheet for each step that a referral offers: found by looking, not by a list of their names."""
    seen = set()
    for referral in NAMES:
        for step in _steps(sits, referral):
            if step.act not in seen:
                seen.add(step.act)
                opens = partial(_step, referral=referral, label=step.label)
                yield Opening(
                    f"{step.label} ({referral})", opens, ("Return", *FILL, "Return", "Ctrl+Return"), in_a_row=True
                )
    yield Opening("allocate", _allocate, ("Down", "Down", "Up", REFUSED, "Return", "Escape"))
    for referral in ("on_way", "closed", "received"):
        opens = partial(_pane, referral=referral)
        yield Opening(f"more ({referral})", opens, (".", "Down", "Down", "Escape", ".", "2"), press=False)


# --- the form ---


def _form(still: Still, does: Callable[[Any], object] = lambda sheet: sheet.new(), section: int = 1) -> QWidget:
    sheet = FormSheet(still.desk, still.geography, still.window)
    # What is made in a widget that is shown already stays hidden.
    still.front(still.window)
    sheet.place(QRect(0, 0, 880, 900))
    does(sheet)
    still.settle()
    if section > 1:
        sheet.form.go_to(section)
    return sheet


CALL = (
    *("1", "Alt+2 ; :Berrywood", "Return", ":NN5 6UD ; Tab", "Alt+3 ; :Ana Example ; Tab", ":4.3.1987 ; Tab"),
    *(":9434765919 ; Tab", "Alt+4"),
    *(":Swallowed tablets an hour ago. Denies chest pain. No knife seen. Speaks Polish. 34 years old.", "Alt+5"),
    *("Y", "N ; N ; N", "? ; Backspace", "N ; N", "Alt+6", "1 ; Tab", "2 ; Tab ; :Likes quiet", "Alt+7 ; :Notes"),
    *(("hands rest", rest), "Ctrl+Return", "Ctrl+Return", "Escape"),
)


def _sheet(still: Still) -> FormSheet:
    return next(one for one in still.window.findChildren(FormSheet))


def _taken(still: Still) -> None:
    call = still.desk.store.call_of(id_of("calling"))
    assert call is not None
    still.desk.store.put({"intake_call": [replace(call, taken_by="l.lead", version=5)]})


def _lost_call(still: Still) -> None:
    call = still.desk.store.call_of(id_of("calling"))
    assert call is not None
    still.desk.store.put({"intake_call": [replace(call, taken_by="a.shah", version=6)]})


class _Disk:
    """What is typed stands here, where anybody may see it."""

    def __init__(self, still: Still) -> None:
        self._still, self.before_close = still, None

    def takes(self, _key: object) -> bool:
        return True

    def keep(self, key: object, said: object) -> None:
        self._still.sent.append(f"kept {self._still.told(key)} {ID.sub('id', self._still.told(said))}")

    def drop(self, key: object) -> None:
        self._still.sent.append(f"dropped {self._still.told(key)}")


def _form_on_disk(still: Still) -> QWidget:
    """A disk with a draft of an earlier console, one of a referral that is there, and one that nobody can read."""
    sheet = _form(still)
    assert isinstance(sheet, FormSheet)
    sheet.form.page.place.line.setText("Typed before")
    found = [sheet.form.current.written(), {"nobody": "reads it"}]
    disk: Any = _Disk(still)
    sheet.take_typed(disk, found)
    return sheet


_LOOKS = ("it is looked at", lambda still: _sheet(still).form.typed.look())


def form(_sits: Sits) -> Iterator[Opening]:
    yield Opening("a call", _form, CALL, in_a_row=True)
    for typed, then in (
        (":berry", ("Down", "Return", "Escape")),
        (":berry", ("Down ; Down ; Down", "Up", "Tab")),
        (":nn5 6ud", ("Return", ":, flat 3", "Tab")),
        (":nn5 6ud", ("Tab", ("from the map", lambda still: _sheet(still).place_picked(52.3, -0.7)))),
        (":nobody knows", ("Return", ("from the map", lambda still: _sheet(still).place_picked(52.3, -0.7)))),
    ):
        name = f"the place {typed[1:]}, {then[0]}"
        yield Opening(name, _form, ("1", "Alt+2", typed, *then), press=False)
    calls = partial(_form, does=lambda sheet: sheet.form.calls.go_on(id_of("calling")))
    yield Opening(
        "a call taken over", calls, (("it is theirs", _taken), ":x", ("another has it", _lost_call)), press=False
    )
    keyed = ("1", "Alt+2", ":berry", "Down ; Return", ("hands rest", rest))
    hung = ("hung up", lambda still: _sheet(still).form.ends.hung_up())
    ended = ("no referral", lambda still: _sheet(still).form.ends.no_referral())
    for name, then in (
        ("hung up", (*keyed, hung)),
        ("no referral", (*keyed, ended)),
        ("nothing typed", (hung, ended)),
    ):
        yield Opening(f"a call left: {name}", _form, then, press=False)
    yield Opening(
        "put aside", _form, (*keyed, "Escape", ("taken up", lambda still: _sheet(still).take_up())), press=False
    )
    yield Opening("kept on the disk", _form_on_disk, (":x", _LOOKS, "Escape", _LOOKS), press=False)
    for at in range(2, 8):
        yield Opening(
            f"part {at}", partial(_form, section=at), ("Tab ; 1 ; :x",), press=at in {2, 5}, in_a_row=True
        )
    for name in ("on_way", "no_van"):
        edits = partial(_form, does=lambda sheet, name=name: sheet.edit(id_of(name)))
        yield Opening(
            f"edited {name}",
            edits,
            (*(NIGHT[:6] if name == "on_way" else ()), ":x", "Ctrl+Return", "Escape"),
            press=name == "on_way",
            in_a_row=True,
        )
    screens = partial(_form, does=lambda sheet: sheet.screen_referral(id_of("received")))
    yield Opening(
        "screened", screens, ("N", "Y", "?", "Down", "N", REFUSED, "Ctrl+Return", "Escape"), in_a_row=True
    )
    declines = partial(_form, does=lambda sheet: (sheet.new(), sheet.form.footer.open_reasons()))
    yield Opening("declined", declines, ("1", "Tab ; :x", "Return"), in_a_row=True)


# --- status ---


def _status(still: Still, does: Callable[[StatusBar], object] = lambda _bar: None, width: int = 1380) -> QWidget:
    bar = StatusBar(still.desk)
    still.show(bar, width, 90)
    does(bar)
    return bar


def _with_waiting(still: Still) -> QWidget:
    """The link is lost, and two acts wait for it."""
    dict(NIGHT)["the link is lost"](still)
    for name in ("no_van", "on_way"):
        still.desk.actions.submit(commands.AddNote(referral_id=id_of(name), words="Rang her"), f"Note on {name}")
    bar = _status(still, lambda bar: bar.open_pending())
    assert isinstance(bar, StatusBar)
    assert bar.waiting is not None
    return bar.waiting


def _opened_again(still: Still) -> None:
    bar = still.window.findChild(StatusBar)
    assert isinstance(bar, StatusBar)
    bar.open_pending()


def _meanwhile(bar: StatusBar) -> None:
    bar.meanwhile.tell([(id_of(name), f"{at:04}") for at, name in enumerate(("no_van", "on_way", "held"), 1)])


def status(_sits: Sits) -> Iterator[Opening]:
    yield Opening("the bar", _status, NIGHT)
    yield Opening("narrow", partial(_status, width=700), NIGHT)
    yield Opening("waiting", partial(_status, does=lambda bar: bar.open_pending()), ("Escape",))
    waits = ("Tab", "Tab", "Return", ("it is back", dict(NIGHT)["it is back"]), "Escape")
    yield Opening("two wait", _with_waiting, waits)
    yield Opening("two wait, opened again", _with_waiting, (("opened again", _opened_again),), press=False)
    yield Opening("link back", partial(_status, does=_meanwhile))
    yield Opening("link back, nothing changed", partial(_status, does=lambda bar: bar.meanwhile.tell([])))


PANELS = {
    "board": board,
    "vans": vans,
    "detail": detail,
    "sheets": sheets,
    "form": form,
    "status": status,
}
