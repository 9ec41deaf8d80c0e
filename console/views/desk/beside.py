"""Windows of their own beside the live desk, for a shift lead: a past day, and positions that were refused."""

from typing import TYPE_CHECKING

from console.live.desk import Desk
from console.live.geography import Geography
from console.map.marks import MapConfig
from console.views.desk.privacy import Privacy
from console.views.replay import ReplayWindow
from console.views.vans.fixes_page import FixesPage
from db.domain.clocks import local
from db.domain.roles import may_lead

if TYPE_CHECKING:
    from datetime import datetime


class Beside:
    """Opens each of them once, and brings it to the front when it is asked for again."""

    def __init__(self, desk: Desk, geography: Geography, config: MapConfig, privacy: Privacy) -> None:
        self._desk, self._geography, self._config, self._privacy = desk, geography, config, privacy
        self.may_lead = may_lead(desk.me.role)
        self.replay: ReplayWindow | None = None
        self.fixes: FixesPage | None = None
        self._left_at: datetime | None = None

    def open_replay(self) -> None:
        """A past day; where it was left, if it was open before. The live desk goes on."""
        if not self.may_lead:
            return
        if self.replay is None:
            self.replay = ReplayWindow(self._desk, self._geography, self._config)
            self.replay.closed.connect(self._forget_replay)
            self._privacy.cover(self.replay.board)
            day = local(self._left_at or self._desk.clock.now()).date()
            self.replay.open_day(day, self._left_at)
        _to_the_front(self.replay)

    def _forget_replay(self) -> None:
        if self.replay is not None:
            self._left_at = self.replay.player.moment
        self.replay = None

    def open_fixes(self) -> None:
        """The positions that were not taken at their word."""
        if not self.may_lead:
            return
        if self.fixes is None:
            self.fixes = FixesPage(self._desk)
            self.fixes.closed.connect(self._forget_fixes)
        _to_the_front(self.fixes)

    def _forget_fixes(self) -> None:
        self.fixes = None

    def close(self) -> None:
        """Close what is open."""
        for window in (self.replay, self.fixes):
            if window is not None:
                window.close()


def _to_the_front(window: ReplayWindow | FixesPage) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
