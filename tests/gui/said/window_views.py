"""How each window beside the desk is brought about, in states in which it says something else."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from console.live.alarms_here import AlarmsHere
from console.look.own_window import OwnWindow
from console.running.remembered import Remembered
from console.views.alarms.page import AlarmsPage
from console.views.find.page import FindPage
from console.views.find.record import RecordPage
from console.views.inbox.page import InboxPage
from console.views.lead.window import LeadWindow
from console.views.lists.care import CarePage
from console.views.lists.fixes import FixesPage
from console.views.lists.insisted import InsistedPage
from console.views.lists.measures import MeasuresPage
from console.views.lists.tool_page import ToolPage
from console.views.person.page import PersonPage
from console.views.room.handover_page import ShiftHandoverPage
from console.views.room.log_page import ShiftLogPage
from console.views.room.messages_page import MessagesPage
from console.views.room.review_page import ReviewPage
from console.views.room.voices_page import VoicesPage
from console.views.wall.window import WallWindow
from console.views.window.failure import FailureWindow
from console.views.window.sign_in import SignIn
from console.views.window.waiting import WaitingPage
from db.errors import NotAllowed, Unavailable
from tests.gui.said.fill import FILL
from tests.gui.said.happens import NIGHT, REFUSED
from tests.gui.said.opening import Opening
from tests.gui.said.reference import id_of
from tests.gui.said.still import Still
from tests.unit.board_records import NOW

Does = Callable[[Any], object]
Sits = Callable[[], Still]
_SENDS = ("Return", *FILL, "Ctrl+Return", "Return")


def _window(still: Still, make: Callable[[Still], OwnWindow], does: Does = lambda _: None) -> QWidget:
    page = make(still)
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    still.front(page)
    still.settle()
    does(page)
    return page


def _of(kind: Callable[..., OwnWindow], does: Does = lambda _: None) -> Callable[[Still], QWidget]:
    return partial(_window, make=lambda still: kind(still.desk), does=does)


def _alarms_here(still: Still) -> AlarmsHere:
    here = AlarmsHere(still.desk, still.window)
    here.read_all()
    here.book.read()
    here.tick(NOW)
    return here


def _with_alarms(kind: Callable[..., OwnWindow], does: Does = lambda _: None) -> Callable[[Still], QWidget]:
    return partial(_window, make=lambda still: kind(still.desk, here=_alarms_here(still)), does=does)


def lists(_sits: Sits) -> Iterator[Opening]:
    for kind in (CarePage, FixesPage, InsistedPage, MeasuresPage, ToolPage):
        yield Opening(kind.__name__, _of(kind), ("Down", "Down", "Up", *NIGHT[:2]))
    yield Opening("put off", _of(CarePage, lambda page: page.put_off()), _SENDS)
    yield Opening("set", _of(CarePage, lambda page: page.set_schedule()), _SENDS)


def room(_sits: Sits) -> Iterator[Opening]:
    yield Opening("log", _of(ShiftLogPage), (":Lift mended", "Ctrl+Return", REFUSED, ":x", "Ctrl+Return", *NIGHT))
    yield Opening("its lines", _of(ShiftLogPage), ("F3", "Down", "Down", "Return"), press=False)
    corrects = _of(ShiftLogPage, lambda page: (page.table.setCurrentCell(0, 0), page.correct()))
    yield Opening("corrected", corrects, (":x", "Ctrl+Return"))
    yield Opening("handing over", _of(ShiftHandoverPage), ("F3", "Down", "Down", *NIGHT))
    taken = _of(ShiftHandoverPage, lambda page: page.which.setCurrentIndex(1))
    yield Opening("handed over", taken, ("F3", "Down"))
    yield Opening("taken", _of(ShiftHandoverPage, lambda page: page.take_or_offer()), _SENDS)
    yield Opening("signed", _of(ShiftHandoverPage, lambda page: page.sign()), _SENDS)
    yield Opening("feedback", _of(VoicesPage), ("F3", "Down", "Down", *NIGHT))
    for name in ("add", "sort", "make", "make_new", "change"):
        yield Opening(f"feedback: {name}", _of(VoicesPage, lambda page, name=name: getattr(page, name)()), _SENDS)
    yield Opening("to review", _of(ReviewPage), ("Down", "Down", "Return", *NIGHT))
    yield Opening("signed off", _of(ReviewPage, lambda page: page.sign()), _SENDS)


def talk(_sits: Sits) -> Iterator[Opening]:
    yield Opening("messages", _of(MessagesPage), ("F3", "Down", "Return", *NIGHT))
    about = _of(MessagesPage, lambda page: page.begin(id_of("no_van")))
    yield Opening("about", about, (":hello", "Ctrl+Return", REFUSED, ":again", "Ctrl+Return"))
    yield Opening("to all", _of(MessagesPage, lambda page: page.begin(None)), (":hello", "Return", "Tab", "Down"))


def alarms(_sits: Sits) -> Iterator[Opening]:
    yield Opening("alarms", _with_alarms(AlarmsPage), ("Down", "Down", "Up", "Return", *NIGHT))
    yield Opening("to rest", _with_alarms(AlarmsPage, lambda page: page.rest()), _SENDS)
    was = _with_alarms(AlarmsPage, lambda page: page.period.setCurrentIndex(2))
    yield Opening("that were", was, ("Down",))
    seen = _with_alarms(AlarmsPage, lambda page: page.search.setText("0044"))
    yield Opening("looked through", seen, press=False)


def inbox(_sits: Sits) -> Iterator[Opening]:
    yield Opening("inbox", _with_alarms(InboxPage), ("Down", "Down", "Return", *NIGHT))
    yield Opening("looked through", _with_alarms(InboxPage, lambda page: page.search.setText("call")), press=False)


def find(_sits: Sits) -> Iterator[Opening]:
    yield Opening("nothing yet", _of(FindPage), (":x", "Return"))
    yield Opening(
        "found", _of(FindPage, lambda page: page.look_for("ola")), ("Down", "Down", "Return", *NIGHT[-2:])
    )
    yield Opening("nobody", _of(FindPage, lambda page: page.look_for("nobody")), press=False)
    yield Opening("an old record", _of(RecordPage, lambda page: page.read(id_of("no_van"))), NIGHT[-2:])


def person(_sits: Sits) -> Iterator[Opening]:
    yield Opening("asked about", _of(PersonPage, lambda page: page.look_at(None)), ("Down", "Return"))
    looks = _of(PersonPage, lambda page: page.look_at(id_of("no_van")))
    yield Opening("somebody", looks, ("Down", "Tab", "Down", *NIGHT[-2:]))
    for name in ("ask", "correct", "answer", "give"):
        yield Opening(
            name,
            lambda still, name=name: _person(still, name),
            (*_SENDS, REFUSED, "Return"),
        )


def _person(still: Still, does: str) -> QWidget:
    page = _of(PersonPage, lambda page: page.look_at(id_of("no_van")))(still)
    still.settle()
    assert isinstance(page, PersonPage)
    for table in (page.things, page.events):
        table.setCurrentCell(0, 0)
    getattr(page, does)()
    return page


def wall(_sits: Sits) -> Iterator[Opening]:
    def make(still: Still) -> OwnWindow:
        return WallWindow(still.desk, geography=still.geography, eta_of=still.etas.of)

    yield Opening("the wall", partial(_window, make=make), NIGHT)
    yield Opening("as a table", partial(_window, make=make, does=lambda window: window.page.turn()), ("Down",))


def lead(_sits: Sits) -> Iterator[Opening]:
    yield Opening("lead", _of(LeadWindow), ("Right", "Right", "Down", "Return"), in_a_row=True)
    for name, does in (
        ("every measure", lambda page: page.figures.turn()),
        ("any days", lambda page: page.ask_days()),
        ("what is usual", lambda page: page.ask_usual()),
        ("what was asked", lambda page: page.what_if.turn()),
        ("a report", lambda page: page.reporting.ask()),
        ("referrals", lambda page: page.open_measure("received")),
        ("weeks", lambda page: page.show_weeks("wait")),
        ("defined", lambda page: page.define("response")),
        ("names hidden", lambda page: page.set_private(True)),
    ):
        yield Opening(
            name,
            _of(LeadWindow, does),
            ("Down", "Return"),
            press=name in {"every measure", "referrals"},
            in_a_row=True,
        )


def _sign_in(still: Still, refused: bool = False) -> QWidget:
    page = SignIn(None)
    still.show(page, 700, 600)
    if refused:
        page.say_refused(Unavailable("No answer came.", "Try again."))
    return page


def _failed(still: Still) -> QWidget:
    window = FailureWindow(Unavailable("The record does not answer.", "Ask the owner."))
    still.front(window)
    return window


def _remembered(still: Still) -> QWidget:
    page = _sign_in(still)
    assert isinstance(page, SignIn)
    page.offer(Remembered("db.trust.example:5432/cru", "a.shah", "secret"))
    page.focus_first_empty()
    return page


def _waiting(still: Still, steps: tuple[str, ...], fails: bool = False) -> QWidget:
    page = WaitingPage("Preparing the record")
    still.show(page, 700, 600)
    for step in steps:
        page.say(step)
    if fails:
        page.fail(Unavailable("The disk is full.", "Make room."))
    return page


def _steps(still: Still) -> None:
    page = next(one for one in still.window.findChildren(WaitingPage))
    for step in ("Starting the server: 40 %", "Upgrading"):
        page.say(step)


def window(_sits: Sits) -> Iterator[Opening]:
    yield Opening("remembered", _remembered, ("Return",))
    refused = (
        ":x",
        ("refused", lambda still: still.window.findChild(SignIn).say_refused(NotAllowed("No.", "Ask."))),
    )
    yield Opening("remembered and refused", _remembered, refused, press=False)
    tries = ("trying", lambda still: still.window.findChild(SignIn).say_trying("db.trust.example"))
    yield Opening("tried", _sign_in, (tries,), press=False)
    yield Opening("waiting", partial(_waiting, steps=("Starting the server",)), (("more", _steps), "Escape"))
    yield Opening("failed waiting", partial(_waiting, steps=("Starting", "Upgrading"), fails=True), ("Return",))
    yield Opening("sign in", _sign_in, ("Return", ":a.shah", "Return", ":secret", "Return"))
    yield Opening("refused", partial(_sign_in, refused=True))
    yield Opening("failed", _failed)


WINDOWS = {
    "lists": lists,
    "room": room,
    "talk": talk,
    "alarms": alarms,
    "inbox": inbox,
    "find": find,
    "person": person,
    "wall": wall,
    "lead": lead,
    "window": window,
}
