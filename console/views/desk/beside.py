"""Windows of their own beside the live desk, for a shift lead: a past day, and lists of what was doubted."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from PySide6.QtWidgets import QWidget

from console.live.desk import Desk
from console.live.geography import Geography
from console.look.own_window import OwnWindow
from console.map.marks import MapConfig
from console.views.desk.privacy import Privacy
from db.domain.clocks import local
from db.domain.roles import may_dispatch, may_lead

if TYPE_CHECKING:
    # Each is loaded when it is opened: they are seldom looked at, and the board is there sooner without them.
    from console.views.lead.window import LeadWindow
    from console.views.replay import ReplayWindow

Page = TypeVar("Page", bound=OwnWindow)


class Beside:
    """Opens each of them once, and brings it to the front when it is asked for again."""

    def __init__(
        self,
        desk: Desk,
        geography: Geography,
        config: MapConfig,
        privacy: Privacy,
        show_referral: Callable[[UUID], None],
    ) -> None:
        """Open nothing yet.

        Args:
            desk: of the signed-in.
            geography: for the replay's map.
            config: likewise.
            privacy: the desk's switch, which these follow.
            show_referral: go to a referral on the live board.
        """
        self.show_referral = show_referral
        self._desk, self._geography, self._config, self._privacy = desk, geography, config, privacy
        self.may_lead = may_lead(desk.me.role)
        self.may_dispatch = may_dispatch(desk.me.role)
        self.replay: ReplayWindow | None = None
        self.lists: dict[object, OwnWindow] = {}
        self._left_at: datetime | None = None

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

    def replay_at(self, moment: datetime, referral_id: UUID) -> None:
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
        page.record_wanted.connect(self.show_referral)
        page.replay_wanted.connect(self.replay_at)

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

    def _open_list(self, kind: Callable[[Desk], Page], made: Callable[[Page], None] | None = None) -> None:
        if kind not in self.lists:
            page = kind(self._desk)
            self.lists[kind] = page
            if made is not None:
                made(page)
            page.closed.connect(lambda: self.lists.pop(kind, None))
        _to_the_front(self.lists[kind])

    def close(self) -> None:
        """Close what is open."""
        for window in (self.replay, *self.lists.values()):
            if window is not None:
                window.close()


def _to_the_front(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
