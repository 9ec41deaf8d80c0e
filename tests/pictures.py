"""Pictures of every view and state, on every screen, for a person to look at: ``python -m tests.pictures OUT``.

Set ``CRU_MAP_PACK`` to draw them on a real map. Everything runs on a server of its own that is thrown away.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

import asyncpg
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import URL

from console.live.geography import Geography
from console.live.session import Session, open_session
from console.live.store import LinkState
from console.look import style
from console.map.marks import MapConfig
from console.map.scheme import prepare_engine
from console.start import loop
from console.timeline.view import TimelineView
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from console.views.desk.shortcuts import Shortcuts
from console.views.lead.ranges import RangeChoice, RangeKind
from console.views.lead.window import LeadWindow
from console.views.window.sign_in import SignIn
from console.views.window.window import ConsoleWindow
from db import commands
from db.domain.records import Location
from db.domain.states import ReferralState
from db.errors import NotAllowed
from db.exercise.database import prepare
from db.exercise.settings import PracticeHost, Prepared, ShiftPlan, start_at
from tests.bench.test_bench_timeline import own_past
from tests.cluster import Cluster
from tests.gui.months import months

SETTLE = 1.2
SCREENS = (
    (1280, 720, "dark", 100),
    (1280, 720, "contrast", 150),
    (1366, 768, "dark", 100),
    (1366, 768, "light", 125),
    (1706, 960, "dark", 100),
    (1920, 1080, "contrast", 125),
    (2560, 1440, "dark", 100),
    (2560, 1440, "light", 150),
    (3840, 2160, "dark", 150),
)
"""Logical pixels, theme, size of the text."""


class Album:
    """Takes pictures of one window and keeps them in a folder."""

    def __init__(self, out: Path) -> None:
        self._out = out
        out.mkdir(parents=True, exist_ok=True)

    async def take(self, widget: QWidget, name: str, wait: float = SETTLE) -> None:
        await asyncio.sleep(wait)
        widget.grab().save(str(self._out / f"{name}.png"))
        sys.stdout.write(f"{name}\n")


class Stage:
    """A console window on one record."""

    def __init__(self, session: Session, folder: Path, pack: Path | None, owner: URL) -> None:
        self.session, self.owner = session, owner
        self.desk = session.desk
        self.geography = Geography(pack, folder / "cache", self.desk.clock)
        config = MapConfig(pack=pack, cache_dir=folder / "cache")
        self.page = DeskPage(self.desk, self.geography, config)
        self.window = ConsoleWindow(LayoutMemory(folder / "layout"))
        self.window.resize(1920, 1080)
        self.shortcuts = Shortcuts(self.page, "dark", 100)
        self.window.show_page(self.page)
        self.window.show()
        self.window.activateWindow()
        self.geography.start()

    def press(self, *keys: str) -> None:
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, key)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def choose(self, state: ReferralState) -> None:
        rows = [row for row in self.desk.store.referrals() if row.state is state]
        rows.sort(key=lambda row: (row.priority, row.reference))
        if rows:
            self.page.select_referral(rows[0].id)

    async def close(self) -> None:
        gone = asyncio.Event()
        self.page.shutdown()
        self.window.destroyed.connect(gone.set)
        self.window.leave()
        self.window.deleteLater()
        await gone.wait()
        await self.session.close()


async def live(session: Session) -> None:
    while session.desk.store.link.state is not LinkState.LIVE:
        await asyncio.sleep(0.02)


async def practice(cluster: Cluster, folder: Path, pack: Path | None, name: str, hour: int) -> Prepared:
    where = PracticeHost(cluster.address.superuser_url("postgres"), name)
    day = start_at(date(2026, 11, 22), time(hour, 42))
    return await prepare(where, ShiftPlan(start=day, cache_dir=folder / "cache", seed=4, map_pack=pack))


async def busy_pictures(stage: Stage, album: Album, app: QApplication) -> None:
    """The night shift, in every theme and size, with each sheet."""
    await album.take(stage.window, "01_board", 6.0)
    for number, state in enumerate((ReferralState.RECEIVED, ReferralState.ACCEPTED, ReferralState.ATTENDING)):
        stage.choose(state)
        await album.take(stage.window, f"0{number + 2}_{state}", 2.5)
    for number, (theme, size) in enumerate((("light", 100), ("contrast", 100), ("dark", 150), ("light", 150))):
        style.apply(app, theme, size)
        await album.take(stage.window, f"1{number}_{theme}_{size}", 2.0)
    style.apply(app, "dark", 100)
    stage.choose(ReferralState.ACCEPTED)
    stage.page.detail.open_allocate()
    await album.take(stage.window, "20_allocate", 2.0)
    stage.press("Escape")
    stage.page.keys.toggle()
    await album.take(stage.window, "21_keys")
    stage.page.keys.toggle()


async def size_pictures(stage: Stage, album: Album, app: QApplication) -> None:
    """The night on every screen: bare, with a sheet and with the form."""
    for width, height, theme, text in SCREENS:
        style.apply(app, theme, text)
        stage.window.resize(width, height)
        stage.choose(ReferralState.ACCEPTED)
        name = f"7_{width}x{height}_{theme}_{text}"
        await album.take(stage.window, name, 2.0)
        stage.page.detail.open_allocate()
        await album.take(stage.window, f"{name}_allocate", 1.0)
        stage.page.detail.sheets.close()
        stage.page.new_referral()
        await album.take(stage.window, f"{name}_form", 1.0)
        stage.page.forms.form.park()
    style.apply(app, "dark", 100)
    stage.window.resize(1920, 1080)


LOOKS = (
    (1366, 768, "dark", 100),
    (1366, 768, "contrast", 150),
    (1920, 1080, "light", 100),
    (2560, 1440, "dark", 100),
    (2560, 1440, "light", 150),
)


async def timeline_pictures(stage: Stage, album: Album, app: QApplication) -> None:
    """The lanes of referrals and vans, looked back at and as a table, with a past to foresee from."""
    stage.desk.foresight.take(own_past(60), stage.desk.clock.now())
    panel = stage.page.timelines
    view = panel.findChild(TimelineView)
    assert view is not None
    for width, height, theme, text in LOOKS:
        style.apply(app, theme, text)
        stage.window.resize(width, height)
        stage.choose(ReferralState.ATTENDING)
        stage.page.dock["timelines"].reveal()
        name = f"8_{width}x{height}_{theme}_{text}"
        await album.take(stage.window, f"{name}_referrals", 2.0)
        panel.switch()
        await album.take(panel, f"{name}_vans")
        panel.switch()
        view.show_moment(stage.desk.clock.now() - timedelta(hours=2))
        await album.take(panel, f"{name}_back")
        view.show_table()
        await album.take(panel, f"{name}_table")
        view.show_drawn()
        view.follow_now()
    style.apply(app, "dark", 100)
    stage.window.resize(1920, 1080)


async def form_pictures(stage: Stage, album: Album) -> None:
    """A call taken, and one that the screening stops."""
    stage.page.new_referral()
    await album.take(stage.window, "30_form_empty")
    stage.type("Berrywood")
    await album.take(stage.window, "31_form_places")
    stage.press("Return", "Alt+2", "1", "Alt+4")
    stage.type("Swallowed tablets an hour ago. Denies chest pain. No knife seen.")
    stage.press("Alt+5")
    for item in stage.desk.store.reference.current_tool.items:
        stage.press("Y" if item.key == "overdose" else "N")
    await album.take(stage.window, "32_form_blocked")
    stage.press("Escape")
    await album.take(stage.window, "33_form_put_aside")


async def lead_pictures(stage: Stage, album: Album, app: QApplication) -> None:
    """The lead's page over months, in each theme and on each screen."""
    plain = stage.owner.set(drivername="postgresql").render_as_string(hide_password=False)
    owner = await asyncpg.connect(plain)
    try:
        await months(owner)
    finally:
        await owner.close()
    stage.page.beside.open_lead()
    lead = stage.page.beside.lists[LeadWindow]
    if not isinstance(lead, LeadWindow):
        return
    for kind in (RangeKind.TONIGHT, RangeKind.WEEK, RangeKind.MONTH):
        lead.show_range(RangeChoice(kind))
        await album.take(lead, f"80_lead_{kind.name.lower()}", 3.0)
    for width, height, theme, text in SCREENS:
        style.apply(app, theme, text)
        lead.resize(width, height)
        await album.take(lead, f"81_lead_{width}x{height}_{theme}_{text}")
    style.apply(app, "dark", 100)
    lead.resize(1920, 1040)
    lead.figures.turn()
    await album.take(lead, "82_lead_every_measure")
    lead.figures.turn()
    lead.open_measure("response")
    await album.take(lead, "83_lead_referrals", 2.0)
    lead.close()


async def many(stage: Stage, album: Album) -> None:
    """Fifty referrals at once."""
    for number in range(50):
        where = Location(f"{number} Example Road", "NN1 4LP", 52.1 + number / 150, -1.2 + (number * 7 % 50) / 70)
        sources = ("ems_crew", "ems_desk", "hub", "police", "professional")
        details = commands.Details(
            source=sources[number % 5],
            priority=f"P{1 + number % 3}",
            location=where,
            ems_callsign=f"A{1100 + number}",
        )
        at = stage.desk.clock.now() - timedelta(minutes=number * 1.7)
        await commands.execute(stage.session.engine, commands.TakeReferral(details=details, received_at=at))
    await album.take(stage.window, "40_fifty", 3.0)


async def lost(stage: Stage, album: Album, cluster: Cluster) -> None:
    """The link goes, something is asked for, and the link comes back."""
    stage.choose(ReferralState.RECEIVED)
    await asyncio.to_thread(cluster.crash)
    await asyncio.sleep(5)
    shown = stage.desk.store.referrals()[0]
    stage.desk.actions.submit(commands.AddNote(referral_id=shown.id, words="Called back."), "Add a note")
    await album.take(stage.window, "50_link_lost", 2.0)
    await asyncio.to_thread(cluster.start)
    await album.take(stage.window, "51_link_back", 6.0)


async def whole(app: QApplication, out: Path) -> int:
    """Every picture."""
    given = os.environ.get("CRU_MAP_PACK")
    pack = Path(given) if given else None
    album, cluster = Album(out), await asyncio.to_thread(Cluster)
    folder = cluster.root / "pictures"
    folder.mkdir()
    style.apply(app, "dark", 100)
    try:
        await sign_in_pictures(album, folder)
        await on_stage(cluster, folder, pack, "quiet", 5, empty_pictures(album))
        await on_stage(cluster, folder, pack, "night", 21, night(album, app, cluster))
        await on_stage(cluster, folder, None, "schematic", 21, schematic(album))
    finally:
        await asyncio.to_thread(cluster.remove)
    return 0


async def sign_in_pictures(album: Album, folder: Path) -> None:
    window = ConsoleWindow(LayoutMemory(folder / "layout"))
    window.resize(1920, 1080)
    page = SignIn(None)
    window.show_page(page)
    window.show()
    await album.take(window, "00_sign_in")
    page.say_refused(NotAllowed("The user name or password is not right.", "Type them again, or ask the owner."))
    await album.take(window, "00_sign_in_refused")
    window.leave()
    window.deleteLater()


Play = Callable[[Stage], Awaitable[None]]


async def on_stage(cluster: Cluster, folder: Path, pack: Path | None, name: str, hour: int, play: Play) -> None:
    prepared = await practice(cluster, folder, pack, name, hour)
    session = await open_session(prepared.lead)
    await live(session)
    stage = Stage(session, folder, pack, prepared.owner)
    try:
        await play(stage)
    finally:
        await stage.close()


def empty_pictures(album: Album) -> Play:
    async def play(stage: Stage) -> None:
        for row in stage.desk.store.referrals():
            if row.is_open and row.state in {ReferralState.RECEIVED, ReferralState.ACCEPTED}:
                end = commands.Cancel(referral_id=row.id, reason="duplicate")
                await commands.execute(stage.session.engine, end)
        await album.take(stage.window, "60_quiet", 5.0)

    return play


def night(album: Album, app: QApplication, cluster: Cluster) -> Play:
    async def play(stage: Stage) -> None:
        await busy_pictures(stage, album, app)
        await size_pictures(stage, album, app)
        await timeline_pictures(stage, album, app)
        await form_pictures(stage, album)
        stage.page.beside.open_replay()
        replay = stage.page.beside.replay
        if replay is not None:
            await album.take(replay, "45_replay", 5.0)
            replay.close()
        await lead_pictures(stage, album, app)
        await many(stage, album)
        await lost(stage, album, cluster)

    return play


def schematic(album: Album) -> Play:
    async def play(stage: Stage) -> None:
        stage.choose(ReferralState.ATTENDING)
        await album.take(stage.window, "61_schematic", 8.0)

    return play


def main() -> int:
    """Take the pictures. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    prepare_engine()
    app = QApplication(sys.argv[:1])
    return loop.run(app, lambda: whole(app, out))


if __name__ == "__main__":
    sys.exit(main())
