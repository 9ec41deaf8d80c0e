"""A sign-in that is remembered: where owner, computer and person allow it, and only once it was right."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from console.live.store import LinkState
from console.running import keystore, remembered, tasks
from console.running.remembered import Remembered
from console.start.app import Console
from console.start.remembering import Remembering
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from console.views.window.sign_in import ServerChoice, SignIn
from db.addresses import Address, as_typed, read_url
from db.errors import Invalid, NotAllowed, Unavailable
from tests.cluster import Record
from tests.gui.desks import Runs, eventually, qt_loop
from tests.gui.outboxes import store
from tests.keyrings import FileKeyring, LockedKeyring

__all__ = ["qt_loop", "store"]
SHAH = read_url("postgresql://a.shah:p%40ss@db1.trust.example/cru")
DB1 = "db1.trust.example:5432/cru"


class Door:
    """The sign-in page, and what remembers, for one run of the program."""

    def __init__(self, qt_loop: Runs, qtbot: QtBot, *, allowed: bool = True, url: Address | None = None) -> None:
        self.run, self.qtbot, self.url = qt_loop, qtbot, url
        self.remembering = Remembering(allowed=allowed)
        self.open()

    def open(self) -> None:
        self.page = SignIn(self.url)
        self.qtbot.addWidget(self.page)
        self.page.show()

        async def offered() -> None:
            self.remembering.offer(self.page)

        self.run(offered())
        self.rest()

    def rest(self) -> None:
        """Until the store has answered."""
        self.run(eventually(lambda: not tasks._running))

    @property
    def tick(self) -> QCheckBox:
        (box,) = self.page.findChildren(QCheckBox)
        return box

    def fields(self) -> tuple[str, str, str]:
        return self.page._server.text(), self.page._user.text(), self.page._password.text()

    def signed_in(self, *, remembers: bool | None, url: Address = SHAH) -> None:
        async def told() -> None:
            self.remembering.signed_in(ServerChoice(url, remembers))
            self.remembering.seated()

        self.run(told())
        self.rest()

    def refused(self, error: Exception) -> None:
        async def told() -> None:
            self.remembering.refused(error)  # type: ignore[arg-type] # a RecordError
            self.page.say_refused(error)  # type: ignore[arg-type] # as above

        self.run(told())
        self.rest()


def test_off_unless_it_is_ticked_and_then_filled_in_at_the_next_start(
    store: FileKeyring, qt_loop: Runs, qtbot: QtBot
) -> None:
    door = Door(qt_loop, qtbot)
    assert (door.tick.isVisible(), door.tick.isChecked()) == (True, False)
    assert door.fields() == ("", "", "")
    door.signed_in(remembers=door.tick.isChecked())
    assert store.said() == {}
    door.signed_in(remembers=True)
    assert "p@ss" in store.said()["CRU console/sign-in"]
    again = Door(qt_loop, qtbot)
    assert again.fields() == (DB1, "a.shah", "p@ss")
    assert again.tick.isChecked()
    with qtbot.waitSignal(again.page.chosen, timeout=2000) as told:
        QTest.keyClick(again.page._sign_in, Qt.Key.Key_Return)
    assert told.args[0].remembers is True
    assert as_typed(told.args[0].url) == DB1
    again.signed_in(remembers=False)  # the tick was taken away
    assert store.said() == {}


@pytest.mark.hazard("H-074")
def test_who_left_the_desk_is_not_filled_in_for_the_next(store: FileKeyring, qt_loop: Runs, qtbot: QtBot) -> None:
    """Or the lock would be got round by signing out."""
    remembered.remember(SHAH)
    door = Door(qt_loop, qtbot)
    assert door.fields()[2] == "p@ss"
    door.signed_in(remembers=True)
    door.open()
    assert door.fields() == ("", "", "")
    assert door.tick.isVisible()


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (NotAllowed("The user name or password is not right."), False),
        (Unavailable("The record cannot be reached."), True),
        (Invalid("The certificate of the record's server has expired."), True),
    ],
)
def test_a_refused_password_is_forgotten_and_a_lost_link_forgets_nobody(
    store: FileKeyring, qt_loop: Runs, qtbot: QtBot, error: Exception, kept: bool
) -> None:
    remembered.remember(SHAH)
    door = Door(qt_loop, qtbot)
    door.refused(error)
    assert bool(store.said()) is kept
    assert bool(door.fields()[2]) is kept
    assert door.tick.isChecked() is kept


def test_forgotten_by_a_button(store: FileKeyring, qt_loop: Runs, qtbot: QtBot) -> None:
    remembered.remember(SHAH)
    door = Door(qt_loop, qtbot)

    async def press() -> None:
        QTest.mouseClick(door.page._forget, Qt.MouseButton.LeftButton)

    qt_loop(press())
    door.rest()
    assert store.said() == {}
    assert door.fields() == (DB1, "a.shah", "")
    assert not door.page._forget.isVisible()


@pytest.mark.parametrize("field", ["_server", "_user"])
def test_a_password_goes_to_no_other_server_and_for_no_other_person(
    store: FileKeyring, qt_loop: Runs, qtbot: QtBot, field: str
) -> None:
    remembered.remember(SHAH)
    door = Door(qt_loop, qtbot)
    QTest.keyClicks(getattr(door.page, field), "x")
    assert door.fields()[2] == ""
    elsewhere = Door(qt_loop, qtbot, url=read_url("postgresql://a.shah@db2.trust.example/cru"))
    assert elsewhere.fields()[2] == ""
    here = Door(qt_loop, qtbot, url=read_url("postgresql://a.shah@db1.trust.example/cru"))
    assert here.fields()[2] == "p@ss"


@pytest.mark.hazard("H-074")
def test_not_where_the_owner_does_not_allow_it(store: FileKeyring, qt_loop: Runs, qtbot: QtBot) -> None:
    remembered.remember(SHAH)
    door = Door(qt_loop, qtbot, allowed=False)
    assert not door.tick.isVisible()
    assert door.fields() == ("", "", "")
    door.signed_in(remembers=True, url=read_url("postgresql://b.okafor:x@db1.trust.example/cru"))
    assert "okafor" not in store.said()["CRU console/sign-in"]
    assert Settings().remember_sign_in is False


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(LockedKeyring(tmp_path / "store"))
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("locked")
def test_not_where_this_computer_has_no_store_that_is_open(qt_loop: Runs, qtbot: QtBot) -> None:
    door = Door(qt_loop, qtbot)
    assert not door.tick.isVisible()
    with qtbot.waitSignal(door.page.chosen, timeout=2000) as told:
        door.page._server.setText("db1/cru")
        door.page._user.setText("a.shah")
        door.page._password.setText("x")
        QTest.keyClick(door.page._password, Qt.Key.Key_Return)
    assert told.args[0].remembers is None


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_never_for_a_server_that_nobody_checked(store: FileKeyring, mode: str) -> None:
    with pytest.raises(Invalid):
        remembered.remember(make_url(f"postgresql://a.shah:x@db1.trust.example/cru?sslmode={mode}"))
    assert store.said() == {}
    remembered.remember(make_url(f"postgresql://a.shah:x@localhost/cru?sslmode={mode}"))
    assert len(store.said()) == 1


def test_what_another_version_kept_is_nobody(store: FileKeyring) -> None:
    for said in ("not json", "[]", '{"server": "x"}', '{"server": "", "user": "", "password": "", "more": 1}'):
        keystore.remember(remembered.NAME, said)
        assert remembered.recall() is None
    assert "p@ss" not in repr(Remembered("db1/cru", "a.shah", "p@ss"))


# What the sound looks for on a machine that has no sound.
@pytest.mark.qt_log_ignore("Couldn't (load|resolve) ", "PulseAudioService", extend=True)
def test_whoever_is_remembered_signs_in_by_one_key(
    store: FileKeyring, record: Record, qapp: QApplication, tmp_path: Path, qt_loop: Runs
) -> None:
    url = record.url("a.shah")
    remembered.remember(url)
    console = Console(qapp, Settings(data_dir=tmp_path, remember_sign_in=True), LayoutMemory(tmp_path))

    def page() -> SignIn | None:
        found = console.window.centralWidget()
        return found if isinstance(found, SignIn) and found._password.text() else None

    def is_live() -> bool:
        found = console.window.centralWidget()
        return isinstance(found, DeskPage) and found.desk.store.link.state is LinkState.LIVE

    async def sign_in() -> None:
        living = asyncio.ensure_future(console.live(url._replace(password=None), None))
        await eventually(page)
        (form,) = (console.window.centralWidget(),)
        assert isinstance(form, SignIn)
        QTest.keyClick(form._sign_in, Qt.Key.Key_Return)
        await eventually(is_live)
        desk = console.window.centralWidget()
        assert isinstance(desk, DeskPage)
        assert desk.desk.me.login == "a.shah"
        await eventually(lambda: desk.desk.actions.outbox is not None)
        console.window.close()
        await living

    qt_loop(sign_in())
    assert set(store.said()) == {"CRU console/sign-in", "CRU console/key of what waits"}
