"""`main.py gateway`: starting, stopping, TLS, and what it says when it cannot."""

import signal
import socket
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from db.gateway.server import Gateway, GatewayConfig
from main import main
from tests.cluster import Record
from tests.db.gateways import HOME, GatewayProcess, Vans, gateway_on, token_of
from tests.db.servers import wait_until

LAT, LON = HOME


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    try:
        subprocess.run([*request, *names], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return cert, key


def test_a_fix_over_tls(record: Record, tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    vans = Vans(record)
    vans.add("one")
    params = {"id": "one", "lat": str(LAT), "lon": str(LON), "token": token_of("one")}
    with gateway_on(record, tmp_path / "queue", cert=cert, key=key) as running:
        assert running.gateway.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(cert))
        with httpx.Client(verify=trusted, trust_env=False) as http:
            assert http.get(running.gateway.url, params=params).status_code == 200
        with pytest.raises(httpx.HTTPError):
            httpx.get(running.gateway.url.replace("https", "http"), params=params, trust_env=False)
        with pytest.raises(httpx.ConnectError):
            httpx.get(running.gateway.url, params=params, trust_env=False)
        wait_until(lambda: vans.count() == 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_and_stores_what_it_took(record: Record, tmp_path: Path, number: int) -> None:
    vans = Vans(record)
    vans.add("one")
    with GatewayProcess(record, tmp_path / "queue") as process:
        params = {"id": "one", "lat": LAT, "lon": LON, "token": token_of("one"), "timestamp": 1_000_000_000}
        assert process.http.get("/", params=params).status_code == 200
        assert process.http.get("/", params={**params, "token": "a secret"}).status_code == 401
        process.process.send_signal(number)
        said, complaints = process.process.communicate(timeout=20)
        assert process.process.returncode == 0
    assert said == "Stopped.\n"
    (line,) = complaints.splitlines()
    assert "401" in line
    assert "secret" not in line
    assert vans.count() == 1


def test_it_warns_when_others_can_listen_in(record: Record, tmp_path: Path) -> None:
    with GatewayProcess(record, tmp_path / "queue", "--host", "0.0.0.0") as process:  # noqa: S104 - that is the point
        assert process.process.stdout is not None
        assert process.process.stdout.readline().startswith("Warning: positions and tokens travel unencrypted.")
        assert process.stop() == 0


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What it says when it will not start."""
    assert main(["gateway", "--port", "0", *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_why_it_does_not_start(
    record: Record,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    certificate: tuple[Path, Path],
) -> None:
    queue = ("--queue-dir", str(tmp_path / "queue"))
    monkeypatch.delenv("CRU_GATEWAY_DATABASE_URL", raising=False)
    assert "No database is given." in refused(capsys, *queue)
    assert "cannot be read" in refused(capsys, *queue, "--url", "::secret::")
    assert "PostgreSQL" in refused(capsys, *queue, "--url", "sqlite:///x")
    url = record.url("g.gateway").render_as_string(hide_password=False)
    wrong = make_url(url).set(password="wrong").render_as_string(hide_password=False)
    assert "user name or password" in refused(capsys, *queue, "--url", wrong)
    monkeypatch.setenv("CRU_GATEWAY_DATABASE_URL", url)
    cert, key = (str(path) for path in certificate)
    assert "both" in refused(capsys, *queue, "--cert", cert)
    assert "cannot be used" in refused(capsys, *queue, "--cert", key, "--key", cert)
    assert "cannot be used" in refused(capsys, *queue, "--cert", cert, "--key", str(tmp_path / "none"))
    assert "cannot listen" in refused(capsys, *queue, "--host", "no such host", "--max-queue", "1")
    assert "at least one" in refused(capsys, *queue, "--max-queue", "0")
    (tmp_path / "file").write_text("")
    assert "folder" in refused(capsys, "--queue-dir", str(tmp_path / "file"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "cannot listen" in refused(capsys, *queue, "--port", str(taken.getsockname()[1]))


def test_a_record_of_another_version(record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vans = Vans(record)
    vans.ask("DROP TABLE cru.device CASCADE")
    url = record.url("g.gateway").render_as_string(hide_password=False)
    assert "does not fit" in refused(capsys, "--queue-dir", str(tmp_path / "queue"), "--url", url)


def test_no_repr_tells_a_secret(record: Record, tmp_path: Path) -> None:
    with gateway_on(record, tmp_path / "queue", forward_token="hush") as running:
        assert "hush" not in repr(running.gateway._config)
        password = record.url("g.gateway").password
        assert password
        assert password not in repr(running.gateway._config)


async def test_a_gateway_may_be_started_again(record: Record, tmp_path: Path) -> None:
    gateway = Gateway(GatewayConfig(database=record.url("g.gateway"), queue_dir=tmp_path, port=0))
    await gateway.stop()
    for _ in range(2):
        await gateway.start()
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(f"{gateway.url}/health")).status_code == 200
        await gateway.stop()
    await gateway.stop()
