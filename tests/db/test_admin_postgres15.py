"""The oldest server that serves: PostgreSQL 15, owned by a role that is no superuser, as hosted servers give."""

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

import main
from db import migrate
from db.engine import connect
from db.server.account import SystemUser, give, serving_account
from tests.certificates import Authority
from tests.cluster import run
from tests.db import test_story
from tests.template import load_known_at

BIN = Path("/usr/lib/postgresql/15/bin")
pytestmark = pytest.mark.skipif(not BIN.is_dir(), reason=f"no PostgreSQL 15 in {BIN}")
OWNER_PASSWORD, PASSWORD = "secret of the owner", "three words here"


class Fifteen:
    """A server of Debian's PostgreSQL 15 on loopback."""

    def __init__(self, folder: Path) -> None:
        self.account: SystemUser | None = serving_account()
        self.data = folder / "pgdata"
        self.data.mkdir(mode=0o700)
        give(self.data, self.account)
        secret = folder / "password"
        secret.write_text(OWNER_PASSWORD)
        give(secret, self.account)
        self.port = free_port()
        self._program("initdb", "-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(secret), "-E", "UTF8")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        # What the check asks of a server's log.
        options += " -c log_error_verbosity=terse -c log_min_error_statement=panic -c log_min_messages=log"
        self._program("pg_ctl", "start", "-w", "-s", "-l", str(self.data / "log"), "-o", options)

    def url(self, login: str, database: str, password: str = OWNER_PASSWORD) -> URL:
        return URL.create("postgresql", login, password, "127.0.0.1", self.port, database)

    def speak_tls(self, certificate: Path) -> None:
        """From now on, with this certificate and its key."""
        file = self.data / "server.pem"
        file.write_bytes(certificate.read_bytes())
        file.chmod(0o600)
        give(file, self.account)
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write("ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.pem'\n")
        self._program("pg_ctl", "restart", "-w", "-s", "-l", str(self.data / "log"))

    def stop(self) -> None:
        self._program("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def _program(self, name: str, *words: str) -> None:
        who = {"user": self.account.uid, "group": self.account.gid} if self.account else {}
        # pg_ctl's child keeps the pipe open: nothing is captured.
        subprocess.run([BIN / name, "-D", self.data, *words], check=True, cwd=self.data, stdout=sys.stderr, **who)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def fifteen() -> Iterator[Fifteen]:
    # Not pytest's own folder: another run of pytest closes that to other accounts.
    folder = Path(tempfile.mkdtemp(prefix="cru-test-"))
    folder.chmod(0o711)
    made = Fifteen(folder)
    yield made
    made.stop()
    shutil.rmtree(folder)


async def statements(url: URL, *sql: str) -> None:
    engine = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for one in sql:
            await connection.exec_driver_sql(one)
    await engine.dispose()


async def story(url: URL) -> None:
    engine = connect(url)
    await test_story.test_taken_to_closed(engine)
    await test_story.test_an_overdose_cannot_be_accepted(engine)
    await engine.dispose()


@pytest.mark.long
def test_from_nothing_to_the_seed_story(
    fifteen: Fifteen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(
        statements(
            fifteen.url("postgres", "postgres"),
            f"CREATE ROLE hosted LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD '{OWNER_PASSWORD}'",
            "CREATE DATABASE cru OWNER hosted",
        )
    )
    password = tmp_path / "password of a.shah"
    password.write_text(PASSWORD)
    url = fifteen.url("hosted", "cru").render_as_string(hide_password=False)
    user = ["add-user", "a.shah", "--name", "A. Shah", "--role", "dispatcher", "--password-file", str(password)]
    for words in (["upgrade"], ["load"], user, ["check"]):
        assert main.main(["admin", *words, "--url", url]) == 0
    assert "Connected to PostgreSQL 15" in capsys.readouterr().out
    run(story(fifteen.url("a.shah", "cru", PASSWORD)))
    assert main.main(["admin", "disable-user", "a.shah", "--url", url]) == 0
    # Its TLS binds the password's proof to the link, which the programs of Postgres do not see.
    authority = Authority(tmp_path)
    with capsys.disabled():
        fifteen.speak_tls(authority.server())
    query = {"sslmode": "verify-full", "sslrootcert": str(authority.file)}
    far = fifteen.url("hosted", "cru").set(host="localhost", query=query).render_as_string(hide_password=False)
    capsys.readouterr()
    assert main.main(["admin", "backup", str(tmp_path / "far.cru"), "--url", far]) == 0
    assert "without passwords" in capsys.readouterr().out


@pytest.mark.long
def test_an_old_record_is_mended(fifteen: Fifteen, capsys: pytest.CaptureFixture[str]) -> None:
    run(
        statements(
            fifteen.url("postgres", "postgres"),
            f"CREATE ROLE hosted LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD '{OWNER_PASSWORD}'",
            "CREATE DATABASE cru OWNER hosted",
        )
    )
    url = fifteen.url("hosted", "cru")
    run(migrate.upgrade(url, "0001"))
    run(load_known_at(url, "0001"))
    fix = '{"fixed_at": "0600-01-01T00:00:00Z", "lat": 52, "lon": -1, "speed": "Infinity"}'
    run(
        statements(
            url,
            "INSERT INTO cru.referral (source, priority, location_text, plan, sent_at)"
            " VALUES ('hub', 'P2', repeat('x', 5000), '[[]]', '1500-01-01')",
            f"SELECT cru.record_fixes(jsonb_build_array('{fix}'::jsonb || jsonb_build_object('van_id', id)))"  # noqa: S608
            " FROM cru.van",
        )
    )
    assert main.main(["admin", "upgrade", "--url", url.render_as_string(hide_password=False)]) == 0
    said = capsys.readouterr().out
    for column in ("referral.location_text, 1", "referral.plan, 1", "referral.sent_at, 1", "event.happened_at, 1"):
        assert f"Mended: {column}." in said
    assert "Mended: position.fixed_at" in said
    assert "Mended: position_fix.speed" in said
