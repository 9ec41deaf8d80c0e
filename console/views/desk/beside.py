"""Windows of their own beside the live desk, for a shift lead: a past day, and lists of what was doubted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar, cast
from uuid import UUID

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.talk import unseen
from console.look.own_window import OwnWindow
from console.look.screens import bring_into_view, open_at
from console.map.marks import MapConfig
from console.views.desk.privacy import Privacy
from console.views.room.window import RoomWindow
from db.domain.board import nobody_knows
from db.domain.clocks import local
from db.domain.roles import may_dispatch, may_lead

if TYPE_CHECKING:
    # Each is loaded when it is opened: they are seldom looked at, and the board is there sooner without them.
    from console.live.alarms_here import AlarmsHere
    from console.views.detail.pane import DetailPane
    from console.views.find.page import FindPage
    from console.views.inbox.page import InboxPage
    from console.views.lead.window import LeadWindow
    from console.views.replay import ReplayWindow
    from db.domain.situation import EtaOf

Page = TypeVar("Page", bound=OwnWindow)
OPENERS: Final = {
    "CarePage": "open_care",
    "AlarmsPage": "open_alarms",
    "InboxPage": "open_inbox",
    "FindPage": "open_find",
    "MessagesPage": "open_messages",
    "ShiftLogPage": "open_log",
    "ShiftHandoverPage": "open_room",
    "WallWindow": "open_wall",
    "VoicesPage": "open_voices",
    "ReviewPage": "open_review",
    "MeasuresPage": "open_measures",
    "RotaWindow": "open_rota",
    "LeadWindow": "open_lead",
}
"""What opens the windows that are remembered, by their names. An old record is not: somebody asks for each."""
ShowOnDesk = Callable[[UUID | None, UUID | None], object]
"""Shows a referral, or a van, where everybody works."""


class Beside:
    """Opens each of them once, and brings it to the front when it is asked for again."""

    def __init__(
        self, desk: Desk, geography: Geography, config: MapConfig, privacy: Privacy, show_on_desk: ShowOnDesk
    ) -> None:
        """Open nothing yet.

        Args:
            desk: of the signed-in.
            geography: for the replay's map.
            config: likewise.
            privacy: the desk's switch, which these follow.
            show_on_desk: go to a referral or a van where everybody works.
        """
        self._desk, self._geography, self._config, self._privacy = desk, geography, config, privacy
        self._show_on_desk = show_on_desk
        self.may_lead = may_lead(desk.me.role)
        self.may_dispatch = may_dispatch(desk.me.role)
        self.eta_of: EtaOf = nobody_knows
        self.alarms: AlarmsHere | None = None
        self.detail: DetailPane | None = None
        self.replay: ReplayWindow | None = None
        self.lists: dict[object, OwnWindow] = {}
        self._left_at: datetime | None = None
        self._places: dict[str, QByteArray] = {}

    def open_replay(self) -> None:
        """A past day; where it was left, if it was open before. The live desk goes on."""
        if not self.may_lead:
            return
        if self.replay is None:
            from console.views.replay import ReplayWindow

            self.replay = ReplayWindow(self._desk, self._geography, self._config)
            self.replay.closed.connect(self._forget_replay)
            for panel in (self.replay.board, self.replay.known):
                self._privacy.cover(panel)
            day = local(self._left_at or self._desk.clock.now()).date()
            self.replay.open_day(day, self._left_at)
        _to_the_front(self.replay)

    def _forget_replay(self) -> None:
        if self.replay is not None:
            self._left_at = self.replay.player.moment
        self.replay = None

    def replay_at(self, moment: datetime, referral_id: UUID | None = None) -> None:
        """The replay at a moment, on a referral."""
        self._left_at = moment
        self.open_replay()
        if self.replay is not None:
            self.replay.open_day(local(moment).date(), moment, referral_id)

    def open_lead(self) -> None:
        """Figures and charts of a night, a day, or any days."""
        if self.may_lead:
            from console.views.lead.window import LeadWindow

            self._open_list(LeadWindow, self._connect_lead)

    def _connect_lead(self, page: "LeadWindow") -> None:
        self._privacy.cover(page)
        page.record_wanted.connect(lambda referral_id: self._show_on_desk(referral_id, None))
        page.replay_wanted.connect(self.replay_at)
        opens = {"review": self.open_review, "voices": self.open_voices, "room": self.open_room}
        page.way_wanted.connect(lambda way: {**opens, "wall": self.open_wall}[way]())

    def open_rota(self) -> None:
        """The week of the rota. The live desk goes on."""
        if self.may_lead:
            from console.views.rota.window import RotaWindow

            self._open_list(RotaWindow)

    def open_fleet(self) -> None:
        """The vans of the service, and who works here."""
        if self.may_lead:
            from console.views.rota.fleet import FleetWindow

            self._open_list(FleetWindow)

    def open_fixes(self) -> None:
        """The positions that were not taken at their word."""
        if self.may_lead:
            from console.views.lists.fixes import FixesPage

            self._open_list(FixesPage)

    def open_insisted(self) -> None:
        """The steps that were recorded although something known spoke against them."""
        if self.may_lead:
            from console.views.lists.insisted import InsistedPage

            self._open_list(InsistedPage)

    def open_care(self) -> None:
        """What is to be done for people who wait, or who are no longer with us: for the room."""
        if self.may_dispatch:
            from console.views.lists.care import CarePage

            self._open_list(CarePage, self._privacy.cover)

    def open_alarms(self) -> None:
        """Every alarm, who answers it, and those that were."""
        if self.may_dispatch and self.alarms is not None:
            from console.views.alarms.page import AlarmsPage

            self._open_list(AlarmsPage, self._of_room, partial(AlarmsPage, here=self.alarms))

    def open_inbox(self) -> None:
        """Everything that needs a hand, in one list."""
        if self.may_dispatch and self.alarms is not None:
            from console.views.inbox.page import InboxPage

            self._open_list(InboxPage, self._connect_inbox, partial(InboxPage, here=self.alarms))

    def _connect_inbox(self, page: "InboxPage") -> None:
        from console.views.desk.seeing_to import see_to

        self._of_room(page)
        opens = (self.open_room, self.open_messages, self.open_person)
        page.do_wanted.connect(lambda item: see_to(item, self.detail, self._show_on_desk, *opens))

    def open_find(self, words: str = "") -> None:
        """Look something up over years; what was typed already is looked for at once."""
        if self.may_dispatch:
            from console.views.find.page import FindPage

            self._open_list(FindPage, self._connect_find).look_for(words)

    def _connect_find(self, page: "FindPage") -> None:
        self._of_room(page)
        page.person_wanted.connect(self.open_person)
        page.replay_wanted.connect(self.replay_at)

    def open_person(self, referral_id: UUID | None = None) -> None:
        """All that is kept of the person of a referral; without one, what is asked about records."""
        if self.may_dispatch:
            from console.views.person.page import PersonPage

            self._open_list(PersonPage, self._of_room).look_at(referral_id)

    def open_record(self, referral_id: UUID) -> None:
        """A referral that has left the board, to read."""
        if self.may_dispatch:
            from console.views.find.record import RecordPage

            self._open_list(RecordPage, self._privacy.cover).read(referral_id)

    def open_messages(self, referral_id: UUID | None = None) -> None:
        """What those at a desk tell each other; a new one begins about a referral."""
        if self.may_dispatch:
            from console.views.room.messages_page import MessagesPage

            page = self._open_list(MessagesPage, self._of_room)
            if unseen(self._desk):
                page.to_lines()
            else:
                page.begin(referral_id)

    def open_log(self) -> None:
        """What happened in the room, written by whoever works there."""
        if self.may_dispatch:
            from console.views.room.log_page import ShiftLogPage

            self._open_list(ShiftLogPage, self._of_room)

    def open_room(self) -> None:
        """What one shift lead hands to the next."""
        if self.may_dispatch:
            from console.views.room.handover_page import ShiftHandoverPage

            self._open_list(ShiftHandoverPage, self._of_room)

    def open_wall(self) -> None:
        """What a big screen shows."""
        from console.views.wall.window import WallWindow

        self._open_list(WallWindow, None, partial(WallWindow, geography=self._geography, eta_of=self.eta_of))

    def open_voices(self) -> None:
        """What people said afterwards, and what became of it."""
        if self.may_dispatch:
            from console.views.room.voices_page import VoicesPage

            self._open_list(VoicesPage, self._of_room)

    def open_review(self) -> None:
        """What a shift lead looks at afterwards."""
        if self.may_lead:
            from console.views.room.review_page import ReviewPage

            def made(page: ReviewPage) -> None:
                self._of_room(page)
                page.replay_wanted.connect(self.replay_at)

            self._open_list(ReviewPage, made)

    def _of_room(self, page: RoomWindow) -> None:
        self._privacy.cover(page)
        page.wanted.connect(self._show_on_desk)

    def open_measures(self) -> None:
        """What is measured, each figure beside its balance."""
        if self.may_lead:
            from console.views.lists.measures import MeasuresPage

            self._open_list(MeasuresPage)

    def open_settings(self) -> None:
        """The numbers that the program goes by."""
        if self.may_lead:
            from console.views.rota.settings import SettingsWindow

            self._open_list(SettingsWindow)

    def open_tools(self) -> None:
        """The versions of the screening tool, with what is under review."""
        if self.may_lead:
            from console.views.lists.tool_page import ToolPage

            self._open_list(ToolPage)

    def _open_list(
        self,
        kind: Callable[..., Page],
        made: Callable[[Page], None] | None = None,
        make: Callable[[Desk], Page] | None = None,
    ) -> Page:
        if kind not in self.lists:
            page = (make or kind)(self._desk)
            self.lists[kind] = page
            if made is not None:
                made(page)
            self._place(page)
            page.closed.connect(lambda: self._gone(kind))
        page = cast("Page", self.lists[kind])
        _to_the_front(page)
        return page

    # --- where they stand ---

    def _place(self, page: OwnWindow) -> None:
        place = self._places.get(type(page).__name__)
        if place is not None and page.restoreGeometry(place):
            # It may have stood on a screen that is gone by now.
            bring_into_view(page)

    def _gone(self, kind: object) -> None:
        page = self.lists.pop(kind, None)
        if page is not None:
            self._places[type(page).__name__] = page.saveGeometry()

    def take_places(self, places: Mapping[str, QByteArray], opened: Iterable[str]) -> None:
        """Take where windows stood, by the names of :data:`OPENERS`, and open those that were open."""
        self._places = dict(places)
        for name in opened:
            getattr(self, OPENERS[name])()

    def places(self) -> tuple[dict[str, QByteArray], list[str]]:
        """Where windows stand or stood, and which are open."""
        seen = {type(one).__name__: one for one in self.lists.values() if one.isVisible()}
        here = self._places | {name: one.saveGeometry() for name, one in seen.items()}
        return {name: place for name, place in here.items() if name in OPENERS}, [*(OPENERS.keys() & seen.keys())]

    def forget_places(self) -> None:
        """Let windows open where they open at first; those that are open go there."""
        self._places = {}
        for page in self.lists.values():
            open_at(page, page.first_size())
            bring_into_view(page)

    def unsaved(self) -> list[str]:
        """What the windows are called in which something is typed that the record does not have."""
        return [window.called for window in self.lists.values() if window.holds_typed()]

    def close(self) -> None:
        """Close what is open, and what was put away."""
        for window in (self.replay, *self.lists.values()):
            if window is not None and window.holds_typed():
                window.end()
            elif window is not None:
                window.close()


def _to_the_front(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
