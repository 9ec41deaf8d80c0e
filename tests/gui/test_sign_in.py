"""The first page: addresses as people type them, and what the settings said about TLS."""

import pytest
from pytestqt.qtbot import QtBot

from console.views.window.sign_in import ServerChoice, SignIn
from db.addresses import connect_arguments, read_typed, read_url, server_of
from db.errors import Invalid
from db.tls import mode_of

TWO = {"host": ["db1", "db2"], "port": [5432, 5433]}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("db1", {"host": "db1", "port": 5432, "database": "cru"}),
        (" db1:5433/night ", {"host": "db1", "port": 5433, "database": "night"}),
        ("db1:5432,db2:5433/cru", TWO | {"database": "cru"}),
        ("db1,db2:5433", TWO | {"database": "cru"}),
        ("[::1]:5433/cru", {"host": "::1", "port": 5433, "database": "cru"}),
        ("postgresql://x:y@db1:5432,db2:5433/cru?sslmode=verify-ca", TWO | {"database": "cru"}),
        ("postgresql:///cru?host=/run/pg", {"host": "/run/pg", "port": 5432, "database": "cru"}),
    ],
)
def test_a_typed_server_is_read(typed: str, expected: dict[str, object]) -> None:
    signed = {"user": "a.shah", "password": "p@ss/word:1"}
    assert connect_arguments(read_typed(typed, " a.shah ", "p@ss/word:1")) == signed | expected


@pytest.mark.parametrize("typed", ["", "/cru", "db1:port/cru", "db1:1,db2:x/cru", "mysql://db1/cru"])
def test_what_is_no_server_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_typed(typed, "a.shah", "secret")


def test_a_server_needs_a_user() -> None:
    with pytest.raises(Invalid, match="user name is missing"):
        read_typed("db1/cru", "  ", "secret")


def test_what_the_settings_say_about_tls_is_kept_and_a_typed_word_wins() -> None:
    configured = read_url("postgresql://db1:5432,db2:5433/cru?sslmode=verify-full&target_session_attrs=read-write")
    url = read_typed("db3:5434/cru", "a.shah", "x", configured)
    kept = connect_arguments(url)
    assert (kept["host"], kept["port"], mode_of(url)) == ("db3", 5434, "verify-full")
    assert kept["target_session_attrs"] == "read-write"
    for word in ("ssl", "sslmode"):
        assert (
            mode_of(read_typed(f"postgresql://db3/cru?{word}=verify-ca", "a.shah", "x", configured)) == "verify-ca"
        )


@pytest.mark.parametrize(
    ("configured", "shown"),
    [
        ("postgresql://a.shah@db1/cru?sslmode=verify-ca", "db1:5432/cru"),
        ("postgresql://a.shah@db1:5432,db2:5433/cru?sslmode=verify-full", "db1:5432,db2:5433/cru"),
        ("postgresql://a.shah@[::1]:5433/cru", "[::1]:5433/cru"),
        ("postgresql://a.shah@/cru?host=/run/pg&port=5433", "postgresql:///cru?host=%2Frun%2Fpg&port=5433"),
    ],
)
def test_the_page_shows_the_configured_server_and_asks_only_for_the_password(
    configured: str, shown: str, qtbot: QtBot
) -> None:
    url = read_url(configured)
    page = SignIn(url)
    qtbot.addWidget(page)
    assert (page._server.text(), page._user.text()) == (shown, "a.shah")
    page._password.setText("secret")
    with qtbot.waitSignal(page.chosen, timeout=2000) as told:
        page._sign_in.click()
    (choice,) = told.args
    assert isinstance(choice, ServerChoice)
    assert connect_arguments(choice.url) == connect_arguments(url) | {"password": "secret"}


def test_a_server_that_cannot_be_read_is_told_on_the_page(qtbot: QtBot) -> None:
    page = SignIn(None)
    qtbot.addWidget(page)
    page._user.setText("a.shah")
    for typed, said in (
        ("db1:port/cru", "That is no server address."),
        ("db1/cru?sslmod=verify-full", 'The address says "sslmod"'),
        ("postgresql://db1/cru?sslmode=require", "sslmode=require sends the password to db1"),
    ):
        page._server.setText(typed)
        with qtbot.assertNotEmitted(page.chosen):
            page._sign_in.click()
        assert page._message.text().startswith(said)


def test_several_hosts_are_named_and_a_folder_is_not() -> None:
    assert server_of(read_url("postgresql://u:p@a,b:5433/cru")) == "a:5432,b:5433"
    assert server_of(read_url("postgresql://u:p@/cru?host=/run/pg")) == ""
