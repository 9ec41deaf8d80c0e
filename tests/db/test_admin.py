"""The owner's tools, run as an owner runs them, by a superuser and by one who is none."""

import asyncio
import hashlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import URL

import main
from db import migrate
from db.admin import passwords
from tests.cluster import Cluster, Record, run
from tests.sampled import some

PASSWORD = "three words here"


@dataclass
class Owner:
    """Somebody with ``main.py admin`` and the URL of a record."""

    url: URL
    cluster: Cluster
    capture: pytest.CaptureFixture[str]
    folder: Path

    def does(self, *words: str, code: int = 0) -> str:
        """Run one verb; returns what it said (errors too)."""
        spelt = self.url.render_as_string(hide_password=False)
        found = main.main(["admin", *words, "--url", spelt])
        out, err = self.capture.readouterr()
        assert found == code, out + err
        assert "Traceback" not in err
        assert (code == 2) == bool(err)
        assert self.url.password not in out + err
        return out + err

    def password_file(self, password: str = PASSWORD) -> str:
        """A file with a password."""
        file = self.folder / "password"
        file.write_text(password + "\n")
        return str(file)

    def adds(self, login: str, role: str = "dispatcher", **changed: str) -> str:
        """Add a user with ``PASSWORD``."""
        name = changed.get("name", "A. Shah")
        return self.does(
            "add-user", login, "--name", name, "--role", role, "--password-file", self.password_file()
        )

    def tries(self, login: str, sql: str, password: str = PASSWORD) -> object:
        """One value, asked as a user."""
        host, port, database = self.url.host, self.url.port, self.url.database

        async def ask() -> object:
            connection = await asyncpg.connect(
                host=host, port=port, database=database, user=login, password=password
            )
            try:
                return await connection.fetchval(sql)
            finally:
                await connection.close()

        return run(ask())


@pytest.fixture(scope="module")
def own_server() -> Iterator[Cluster]:
    """A server whose roles are this module's own, with a record built by an owner who is no superuser."""
    made = Cluster()
    made.execute("CREATE ROLE hosted LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD 'secret of hosted'")
    made.execute("CREATE DATABASE built OWNER hosted")
    url = made.address.url("hosted", "built", "secret of hosted").render_as_string(hide_password=False)
    assert main.main(["admin", "upgrade", "--url", url]) == 0
    assert main.main(["admin", "load", "--url", url]) == 0
    yield made
    made.remove()


def owning(
    server: Cluster, template: str, capture: pytest.CaptureFixture[str], folder: Path, superuser: bool = False
) -> Iterator[Owner]:
    server.execute(
        f"CREATE DATABASE administered TEMPLATE {template} OWNER {'postgres' if superuser else 'hosted'}"
    )
    hosted = server.address.url("hosted", "administered", "secret of hosted")
    yield Owner(server.address.superuser_url("administered") if superuser else hosted, server, capture, folder)
    server.execute("DROP DATABASE administered WITH (FORCE)")
    server.execute('DROP ROLE IF EXISTS "a.shah", "b.okafor"')


@pytest.fixture(params=some(["hosted", "superuser"], 2))
def owner(
    request: pytest.FixtureRequest, own_server: Cluster, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Owner]:
    """An empty database, and its owner: the superuser, or a plain role as hosted servers give."""
    yield from owning(own_server, "template0", capsys, tmp_path, request.param == "superuser")


@pytest.fixture
def built(own_server: Cluster, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Owner]:
    """A filled record, and its owner, who is no superuser."""
    yield from owning(own_server, "built", capsys, tmp_path)


def test_from_nothing_to_a_dispatcher_at_work(owner: Owner) -> None:
    assert f"schema {migrate.newest()}" in owner.does("upgrade")
    assert f"schema {migrate.newest()}" in owner.does("upgrade")
    assert "rows added" in owner.does("load")
    assert "Nothing was missing" in owner.does("load")
    owner.adds("a.shah")
    taken = owner.tries(
        "a.shah",
        "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING reference",
    )
    assert re.fullmatch(r"CRU-\d{8}-0001", str(taken))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        owner.tries("a.shah", "UPDATE cru.van SET seats = 1 RETURNING seats")


def test_a_record_of_a_set_of_ones_own(built: Owner, tmp_path: Path) -> None:
    file = tmp_path / "set.toml"
    file.write_text('[[outcome]]\ncode = "tea"\nlabel = "A cup of tea"\nrank = 99\n')
    assert "1 rows added" in built.does("load", str(file))
    file.write_text("not toml")
    assert "cannot be read" in built.does("load", str(file), code=2)


def test_adding_again_keeps_the_password_and_changes_the_role_whole(built: Owner) -> None:
    built.adds("a.shah", "shift lead")
    assert built.tries("a.shah", "SELECT pg_has_role('cru_shift_lead', 'USAGE')")
    again = built.does("add-user", "a.shah", "--name", "Amina Shah", "--role", "viewer")
    assert "Amina Shah, viewer" in again
    for group in ("cru_shift_lead", "cru_dispatcher", "cru_gateway"):
        assert built.tries("a.shah", f"SELECT pg_has_role('{group}', 'USAGE')") is False
    assert built.tries("a.shah", "SELECT count(*) FROM cru.referral_wall") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        built.tries("a.shah", "SELECT count(*) FROM cru.referral")


def test_a_password_is_changed_or_made(built: Owner) -> None:
    built.adds("a.shah")
    built.does("set-password", "a.shah", "--password-file", built.password_file("another secret"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        built.tries("a.shah", "SELECT 1")
    assert built.tries("a.shah", "SELECT 1", "another secret") == 1
    said = built.does("set-password", "a.shah", "--generate")
    assert built.tries("a.shah", "SELECT 1", said.split()[-1]) == 1


@pytest.mark.parametrize(
    "password", ["'; DROP ROLE postgres; --", 'quote " and \\ back', "pässwörd mit ü", "kettle and zinc; " * 5]
)
def test_any_password_that_can_be_typed_works(built: Owner, password: str) -> None:
    file = built.password_file(password)
    built.does("add-user", "a.shah", "--name", "x'; --", "--role", "viewer", "--password-file", file)
    assert built.tries("a.shah", "SELECT 1", password) == 1


@pytest.mark.hazard("H-074")
def test_disabled_is_at_once_and_in_open_sessions_too(built: Owner) -> None:
    built.adds("a.shah")

    async def open_session() -> Any:
        return await asyncpg.connect(
            host=built.url.host,
            port=built.url.port,
            database=built.url.database,
            user="a.shah",
            password=PASSWORD,
        )

    async def still_works(session: Any) -> bool:
        try:
            await session.fetchval("SELECT count(*) FROM cru.referral")
        except (asyncpg.InsufficientPrivilegeError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            return False
        return True

    async def story() -> None:
        session = await open_session()
        assert await still_works(session)
        assert "disabled" in await asyncio.to_thread(built.does, "disable-user", "a.shah")
        assert not await still_works(session)
        session.terminate()

    run(story())
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        built.tries("a.shah", "SELECT 1")
    assert re.search(r"a\.shah +dispatcher +A\. Shah +disabled \d", built.does("list-users"))
    again = built.does("add-user", "a.shah", "--name", "A", "--role", "shift lead", code=2)
    assert "Enable it first" in again
    built.does("disable-user", "a.shah")
    built.does("enable-user", "a.shah")
    assert built.tries("a.shah", "SELECT count(*) FROM cru.referral") == 0
    assert built.tries("a.shah", "SELECT pg_has_role('cru_shift_lead', 'USAGE')") is False


def test_the_list_says_where_the_server_disagrees(built: Owner) -> None:
    built.adds("a.shah")
    built.adds("b.okafor", "shift lead", name="B. Okafor")
    lines = built.does("list-users").splitlines()
    assert [line.split()[0] for line in lines] == ["a.shah", "b.okafor"]
    assert "rights" not in "".join(lines)
    built.cluster.execute('GRANT cru_shift_lead TO "a.shah"; ALTER ROLE "b.okafor" NOLOGIN')
    lines = built.does("list-users").splitlines()
    assert "has the rights of cru_dispatcher, cru_shift_lead" in lines[0]
    assert "has no login" in lines[1]


def test_a_device_gets_a_token_and_the_record_its_digest(built: Owner) -> None:
    token = built.does("add-device", "phone-1", "--van", "cru1").split()[-1]
    kept = built.cluster.fetchval("SELECT token_digest FROM cru.device", database="administered")
    assert kept == hashlib.sha256(token.encode()).hexdigest()
    other = built.does("add-device", "phone-1", "--van", "CRU2").split()[-1]
    rows = built.cluster.fetchval(
        "SELECT string_agg(callsign || ' ' || token_digest, ',') FROM cru.device JOIN cru.van ON van.id = van_id",
        database="administered",
    )
    assert rows == f"CRU2 {hashlib.sha256(other.encode()).hexdigest()}"
    assert "The vans are CRU1, CRU2" in built.does("add-device", "phone-2", "--van", "CRU99", code=2)


def test_a_device_is_moved_renamed_and_switched_by_the_owner(built: Owner) -> None:
    built.does("add-device", "phone-1", "--van", "CRU1")
    assert "speaks for CRU2" in built.does("move-device", "phone-1", "--van", "cru2")
    assert "is phone-2 from now on" in built.does("rename-device", "phone-1", "phone-2")
    kept = "SELECT token_digest FROM cru.device WHERE device_id = 'phone-2'"
    token = built.does("renew-token", "phone-2").split()[-1]
    digest = built.cluster.fetchval(kept, database="administered")
    assert digest == hashlib.sha256(token.encode()).hexdigest()
    built.does("disable-device", "phone-2")
    assert "already" in built.does("disable-device", "phone-2", code=2)
    now, *before = built.does("list-devices").splitlines()
    assert now.split()[:2] == ["CRU2", "phone-2"]
    assert now.endswith("switched off")
    assert [line.split()[:2] for line in before] == [["phone-1", "CRU1"], ["phone-1", "CRU2"], ["phone-2", "CRU2"]]
    built.does("enable-device", "phone-2")
    lines = built.does("list-devices").splitlines()
    assert "not heard today" in lines[0]
    assert lines[-1].endswith("until now")


def test_a_version_of_the_tool_is_approved_by_name_and_then_asked(built: Owner) -> None:
    assert "There are: 1, 2, 3." in built.does("ask-tool", "9", code=2)
    asked = built.cluster.fetchval("SELECT cru.tool_in_force()", database="administered")
    assert asked == 2
    assert "not approved by anybody" in built.does("ask-tool", "3", code=2)
    named = ("--name", "Dr A. Lead", "--profession", "clinical lead")
    assert "approved by Dr A. Lead, clinical lead" in built.does("approve-tool", "3", *named)
    built.does("ask-tool", "3", "--from", "2099-12-01T07:00")
    assert built.cluster.fetchval("SELECT cru.tool_in_force()", database="administered") == 2
    later = "SELECT cru.tool_in_force('2099-12-01 07:00+00')"
    assert built.cluster.fetchval(later, database="administered") == 3


def test_the_check_finds_nothing_and_then_something(owner: Owner) -> None:
    said = owner.does("check", code=1)
    assert "problem  This database holds no referral record yet" in said
    assert "main.py admin upgrade" in said
    owner.does("upgrade")
    said = owner.does("check")
    assert {line[:8] for line in said.splitlines()} == {"ok      "}
    for words in (
        "PostgreSQL",
        "not encrypted and does not leave",
        "clock",
        "schema",
        "owns the record",
        "add users",
        "hold up the others",
        "No label uses a word",
    ):
        assert words in said
    owner.does("load")
    assert "problem" not in owner.does("check")
    owner.cluster.execute(
        "UPDATE cru.reason SET label = 'Patient refused to engage' WHERE code = 'by_caller'",
        database="administered",
    )
    said = owner.does("check", code=1)
    assert 'reason by_caller says "Patient refused to engage"' in said
    assert said.count("problem ") == 2  # "patient refuse*", and what was refused


LIMITS = (
    "SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) FROM pg_settings"
    " WHERE name ~ '^(idle_in_transaction|lock|statement)_'"
)


@pytest.mark.parametrize(
    ("role", "statement"), [("viewer", 30), ("dispatcher", 30), ("shift lead", 120), ("gateway", 30)]
)
def test_no_session_of_a_user_holds_up_the_others_for_long(built: Owner, role: str, statement: int) -> None:
    built.adds("a.shah", role)
    said = built.tries("a.shah", LIMITS)
    assert said == (
        f"idle_in_transaction_session_timeout 10000, lock_timeout 5000, statement_timeout {statement}000"
    )


def test_a_login_without_limits_is_told_and_limited_by_the_next_upgrade(built: Owner) -> None:
    built.adds("a.shah")
    # What the owner chose otherwise stays.
    built.cluster.execute('ALTER ROLE "a.shah" RESET ALL; ALTER ROLE "a.shah" SET lock_timeout = \'90ms\'')
    said = built.does("check", code=1)
    assert said.count("problem ") == 1
    assert "Sessions of a.shah may hold up the others" in said
    built.does("upgrade")
    assert "problem " not in built.does("check")
    assert built.tries("a.shah", "SHOW idle_in_transaction_session_timeout") == "10s"
    assert built.tries("a.shah", "SHOW lock_timeout") == "90ms"


def test_the_check_of_a_user(built: Owner) -> None:
    built.adds("a.shah")
    url = built.url.set(username="a.shah", password=PASSWORD)
    user = Owner(url, built.cluster, built.capture, built.folder)
    said = user.does("check")
    assert "Signed in as a.shah: A. Shah, dispatcher." in said
    assert "The rights are those of a dispatcher." in said
    built.cluster.execute('GRANT UPDATE ON cru.event TO "a.shah"', database="administered")
    assert "not those of a dispatcher (UPDATE event)" in user.does("check", code=1)
    built.cluster.execute('REVOKE UPDATE ON cru.event FROM "a.shah"', database="administered")
    for role in ("viewer", "shift lead", "gateway", "sealer"):
        built.adds("a.shah", role)
        assert f"rights are those of a {role}" in user.does("check")


@pytest.mark.parametrize(
    "verb", ["upgrade", "load", "add-user", "disable-user", "add-device", "ask-tool", "list-users"]
)
def test_a_dispatcher_administers_nothing(built: Owner, verb: str) -> None:
    built.adds("a.shah")
    built.adds("b.okafor", "viewer")
    url = built.url.set(username="a.shah", password=PASSWORD)
    more = {
        "add-user": ["b.okafor", "--name", "B", "--role", "shift lead", "--generate"],
        "disable-user": ["b.okafor"],
        "add-device": ["phone", "--van", "CRU1"],
        "ask-tool": ["2"],
    }.get(verb, [])
    user = Owner(url, built.cluster, built.capture, built.folder)
    if verb == "list-users":
        assert "a.shah" in user.does(verb)  # every user may see the names of the others
    else:
        assert "may not administer" in user.does(verb, *more, code=2)
    assert re.search(r"b\.okafor +viewer +A\. Shah\n", built.does("list-users"))


@pytest.mark.parametrize(
    "login", ["", "A.Shah", "1st", "a shah", 'a"shah', "a';--", "pg_read_all_data", "cru_dispatcher", "postgres"]
)
def test_what_cannot_be_a_login(built: Owner, login: str) -> None:
    said = built.does("add-user", login, "--name", "x", "--role", "viewer", "--generate", code=2)
    assert "cannot be a login" in said


def test_an_administrators_login_is_left_alone(built: Owner) -> None:
    built.cluster.execute("CREATE ROLE admin2 LOGIN CREATEROLE")
    said = built.does("add-user", "admin2", "--name", "x", "--role", "viewer", code=2)
    built.cluster.execute("DROP ROLE admin2")
    assert "administers the server" in said


def test_users_that_are_not_there(built: Owner) -> None:
    for verb in ("disable-user", "enable-user", "set-password"):
        more = ["--generate"] if verb == "set-password" else []
        assert "There is no user nobody" in built.does(verb, "nobody", *more, code=2)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "user name or password is not right"),
        ({"port": 1}, "cannot be reached"),
        ({"database": "nowhere"}, "no database of that name"),
    ],
)
def test_a_wrong_address_is_one_sentence(owner: Owner, change: dict[str, object], says: str) -> None:
    wrong = Owner(owner.url.set(**change), owner.cluster, owner.capture, owner.folder)  # type: ignore[arg-type]
    for verb in ("upgrade", "check", "list-users"):
        said = wrong.does(verb, code=2)
        assert says in said
        assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("short\n", "too short"),
        ("", "too short"),
        ("a tab\tin the middle\n", "cannot be typed"),
        ("Summer-2026-Summer\n", "tried first"),
        ("a.shah is a.shah\n", "tried first"),
    ],
)
def test_poor_passwords(built: Owner, typed: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    words = ("add-user", "a.shah", "--name", "A", "--role", "viewer")
    assert says in built.does(*words, "--password-file", "-", code=2)
    assert "no terminal" in built.does(*words, code=2)
    assert "cannot be read" in built.does(*words, "--password-file", str(built.folder / "nothing"), code=2)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def types(*lines: str) -> None:
        left = list(lines)
        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", lambda _prompt: left.pop(0))

    return types


def test_a_password_is_asked_twice(typing: Callable[..., None]) -> None:
    typing(PASSWORD, PASSWORD)
    assert passwords.asked("a.shah") == PASSWORD
    typing(PASSWORD, "something else")
    with pytest.raises(Exception, match="differ"):
        passwords.asked("a.shah")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    # Not pytest's own folder: another run of pytest closes that to the server's account.
    folder = Path(tempfile.mkdtemp(prefix="cru-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.long
def test_without_an_address_the_record_of_this_computer_is_meant(
    capsys: pytest.CaptureFixture[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRU_DATABASE_URL", raising=False)
    for words in (["upgrade"], ["load"], ["check"]):
        assert main.main(["--data-dir", str(data_dir), "admin", *words]) == 0
    assert "owns the record" in capsys.readouterr().out
    assert not (data_dir / "record" / "pgdata" / "postmaster.pid").exists()


def test_the_environment_names_the_record(
    record: Record, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRU_DATABASE_URL", record.owner_url.render_as_string(hide_password=False))
    assert main.main(["admin", "list-users"]) == 0
    assert capsys.readouterr().out.count("\n") == 6
    monkeypatch.setenv("CRU_DATABASE_URL", "nonsense with a secret")
    assert main.main(["admin", "list-users"]) == 2
    assert "secret" not in capsys.readouterr().err
