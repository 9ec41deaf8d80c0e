"""How a gateway is set up: what the command line means, and what the server under it is told."""

import argparse
import io
import ipaddress
import logging
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from db.errors import Invalid
from db.gateway import cli, connections, server
from db.gateway.limits import Limits
from db.gateway.sanity import Area
from db.gateway.server import Gateway, GatewayConfig
from tests.unit.offline_gateway import NOWHERE, Offline, device, offline


def config(folder: Path, **changed: object) -> GatewayConfig:
    return GatewayConfig(database=NOWHERE, queue_dir=folder, **changed)  # type: ignore[arg-type] # by their names


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.add_gateway_parser(parser.add_subparsers())
    return parser.parse_args(["gateway", *words])


def test_what_is_assumed_where_nothing_is_said(tmp_path: Path) -> None:
    args = parsed()
    assert (args.host, args.port, args.max_queue, args.url) == ("127.0.0.1", 5055, 500_000, "")
    assert (args.cert, args.key, args.queue_dir, args.handler) == (None, None, None, cli._run)
    made = config(tmp_path)
    assert (made.host, made.port, made.max_queue, made.forward_token) == ("127.0.0.1", 5055, 500_000, "")
    assert (made.cert, made.key, made.limits, made.area) == (None, None, Limits(), Area())
    assert cli.default_queue_dir().name == "gateway"


def test_what_is_said_is_heard() -> None:
    words = ["--host", "::1", "--port", "7", "--cert", "c", "--key", "k", "--queue-dir", "q", "--max-queue", "9"]
    args = parsed(*words, "--url", "u")
    assert (args.host, args.port, args.cert, args.key) == ("::1", 7, Path("c"), Path("k"))
    assert (args.queue_dir, args.max_queue, args.url) == (Path("q"), 9, "u")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - that is the point
        ("::", False),
        ("192.168.1.5", False),
        ("trust.example", False),
    ],
)
def test_who_can_listen_in(host: str, own: bool) -> None:
    assert cli._is_loopback(host) is own
    assert cli._can_be_overheard(None, host) is not own
    assert not cli._can_be_overheard(Path("c"), host)


def test_a_database_is_given_or_asked_for() -> None:
    assert cli._database("postgresql://a@b/c").database == "c"
    with pytest.raises(Invalid, match="No database is given"):
        cli._database("")


async def test_what_the_server_is_told(tmp_path: Path) -> None:
    async with offline(tmp_path, device()) as made:
        told = server._served(parts_of(made), None, config(tmp_path))
    assert (told.server_header, told.access_log, told.log_config) == (False, False, None)
    assert (told.timeout_graceful_shutdown, told.timeout_keep_alive, told.proxy_headers) == (3, 30, False)
    assert (connections.HEADERS_WITHIN, connections.HANDSHAKE_WITHIN, connections.MOST) == (10, 10, 4000)
    assert (told.lifespan, told.ws, told.ssl_context_factory) == ("off", "none", None)


def parts_of(made: Offline) -> server.Parts:
    return server.Parts(
        made.book, made.intake, made.queue, made.counters, made.link, made.limits, lambda: made.now, lambda: None
    )


def test_a_gateway_that_was_not_started_has_no_port(tmp_path: Path) -> None:
    gateway = Gateway(config(tmp_path))
    assert gateway.queued == 0
    with pytest.raises(RuntimeError, match="not started"):
        _ = gateway.port
    with pytest.raises(RuntimeError, match="not started"):
        _ = gateway.url


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_where_devices_send_to(tmp_path: Path, host: str, shown: str) -> None:
    try:
        bound = server._bind(config(tmp_path, host=host, port=0))
    except Invalid:
        assert ipaddress.ip_address(host).version == 6, "this machine has no such address"
        return
    with bound:
        for cert, scheme in ((None, "http"), (tmp_path / "cert.pem", "https")):
            gateway = Gateway(config(tmp_path, host=host, cert=cert))
            gateway._socket = bound
            assert gateway.port == bound.getsockname()[1]
            assert gateway.url == f"{scheme}://{shown}:{gateway.port}"
        assert bound.proto == socket.IPPROTO_TCP
        # It listens: somebody gets through.
        socket.create_connection((host, bound.getsockname()[1]), 5).close()


@pytest.mark.parametrize("changed", [{"cert": Path("c")}, {"key": Path("k")}])
def test_a_certificate_and_its_key_belong_together(tmp_path: Path, changed: dict[str, Path]) -> None:
    assert server._tls(config(tmp_path)) is None
    with pytest.raises(Invalid, match="both a certificate and its key"):
        server._tls(config(tmp_path, **changed))
    with pytest.raises(Invalid, match="cannot be used"):
        server._tls(config(tmp_path, cert=tmp_path / "none", key=tmp_path / "none"))


@pytest.mark.parametrize("changed", [{"host": "no such host"}, {"port": 70_000}])
def test_where_nobody_can_listen(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="cannot listen on"):
        server._bind(config(tmp_path, **changed))


def test_the_clock_is_the_computers_in_utc() -> None:
    assert abs(server.utc_now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_only_warnings_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(logging, "basicConfig", lambda **given: told.append(given))
    cli._log_to_stderr()
    assert [given["level"] for given in told] == [logging.WARNING]


def test_what_it_says_is_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts it reads through a pipe where it listens, and waits for that line."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, "utf-8"))
    cli._say("Listening")
    assert pipe.getvalue() == b"Listening\n"


@pytest.mark.parametrize("system", ["posix", "nt"])
def test_one_program_listens_on_a_port_and_another_may_soon_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(server, "os", SimpleNamespace(name=system))
    with server._bind(config(tmp_path, port=0)) as listening:
        assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        assert listening.proto == socket.IPPROTO_TCP
        # On Windows that option lets two listen at once; elsewhere it frees the port of one that has just ended.
        assert bool(listening.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) is (system == "posix")
        with pytest.raises(Invalid, match="cannot listen"):
            server._bind(config(tmp_path, port=listening.getsockname()[1]))
