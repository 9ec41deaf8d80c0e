"""Fixes a second that the gateway takes with one core, with the record there and away."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest

from tests.bench.table import row
from tests.cluster import Cluster, Record, run
from tests.db.gateways import HOME, GatewayProcess, Vans, ago, token_of
from tests.db.servers import wait_until

pytestmark = pytest.mark.bench
DEVICES = 50
EACH = 120
CONNECTIONS = 50
P99 = 0.05
LEAST_SHARE = 0.6
"""Of what the same web server does with nothing behind it."""
BARE = """
import socket, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def take(request):
    return PlainTextResponse("")
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
config = uvicorn.Config(Starlette(routes=[Route("/", take)]), log_config=None, access_log=False, lifespan="off")
uvicorn.Server(config).run(sockets=[listener])
"""


def requests_of(device: str) -> list[bytes]:
    """Fixes of one van, a second apart, as Traccar Client 8 sends them."""
    made = []
    for i in range(EACH):
        place = {"lat": HOME[0], "lon": round(HOME[1] + i / 10_000, 4), "speed": 20, "bearing": 90, "accuracy": 8}
        at = {"timestamp": int(ago(600 - i).timestamp()), "id": device, "token": token_of(device)}
        made.append(f"GET /?{urlencode({**at, **place})} HTTP/1.1\r\nHost: gateway\r\n\r\n".encode())
    return made


async def speak(url: str, requests: list[bytes]) -> int:
    """One device on one connection; how many answers were 200."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    good = 0
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        good += head.startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()
    return good


async def speak_all(url: str, all_of: list[list[bytes]]) -> int:
    return sum(await asyncio.gather(*(speak(url, requests) for requests in all_of)))


def rate(url: str, process: "subprocess.Popen[str]") -> float:
    """Answers a second of one core when every device sends as fast as it can.

    By the seconds that the process itself was busy: whoever sends, and others on this computer, cost the clock's.
    """
    all_of = [requests_of(f"d{i}") for i in range(DEVICES)]
    before = busy(process)
    assert run(speak_all(url, all_of)) == DEVICES * EACH
    return DEVICES * EACH / (busy(process) - before)


def busy(process: "subprocess.Popen[str]") -> float:
    """The seconds of a core that a process has used."""
    used = psutil.Process(process.pid).cpu_times()
    return float(used.user + used.system)


def pin(process: subprocess.Popen[str]) -> None:
    """One core for the process."""
    if hasattr(psutil.Process, "cpu_affinity"):
        psutil.Process(process.pid).cpu_affinity([0])


@contextmanager
def bare() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The same web server and framework with nothing behind them."""
    process = subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE, text=True)
    try:
        pin(process)
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_bench_gateway(own_cluster: Cluster, own_record: Record, tmp_path: Path) -> None:
    vans = Vans(own_record)
    for i in range(DEVICES):
        vans.add(f"d{i}")
    # By turns, since what else this computer does comes and goes.
    pairs = [(of_bare(), of_gateway(own_record, tmp_path / f"there {n}")) for n in range(3)]
    baseline, there = sorted(pairs, key=lambda pair: pair[1] / pair[0])[1]
    against = f"{baseline:.0f}/s bare starlette"
    row("gateway, fixes accepted with one core", f"{there:.0f}/s", f"{LEAST_SHARE * baseline:.0f}/s", against)
    with GatewayProcess(own_record, tmp_path / "steady") as process:
        slowest = run(steadily(str(process.http.base_url)))
        row("gateway, a fix at 200 a second, p99", f"{slowest * 1000:.0f} ms", f"{P99 * 1000:.0f} ms", "-")
    with GatewayProcess(own_record, tmp_path / "away") as process:
        pin(process.process)
        own_cluster.stop()
        away = rate(str(process.http.base_url), process.process)
        row("gateway, the same with the record away", f"{away:.0f}/s", "-", against)
        before = vans_stored(process)
        own_cluster.start()
        wait_until(lambda: vans_stored(process) > before, 30)
        began, some = time.perf_counter(), vans_stored(process)
        wait_until(lambda: process.http.get("/health").json()["queue"] == 0, 60)
        drained = (DEVICES * EACH - some) / (time.perf_counter() - began)
        row("gateway, queue carried to the record", f"{drained:.0f}/s", "-", "-")
    assert there >= LEAST_SHARE * baseline
    assert slowest <= P99


def of_bare() -> float:
    with bare() as (url, process):
        return rate(url, process)


def of_gateway(record: Record, queue: Path) -> float:
    with GatewayProcess(record, queue) as process:
        pin(process.process)
        return rate(str(process.http.base_url), process.process)


async def steadily(url: str, a_second: int = 200, seconds: float = 6.0) -> float:
    """The time in which 99 of 100 fixes are answered that come at a steady pace, each from when it was due."""
    where = urlsplit(url)
    lines = [await asyncio.open_connection(where.hostname, where.port) for _ in range(DEVICES)]
    fixes = [requests_of(f"d{i}") for i in range(DEVICES)]
    loop, took = asyncio.get_running_loop(), []
    begun = loop.time() + 0.5

    async def one_line(i: int) -> None:
        reader, writer = lines[i]
        every = DEVICES / a_second
        for n in range(int(seconds / every)):
            due = begun + n * every + i / a_second
            await asyncio.sleep(max(0.0, due - loop.time()))
            writer.write(fixes[i][n])
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            took.append(loop.time() - due)

    await asyncio.gather(*(one_line(i) for i in range(DEVICES)))
    for _, writer in lines:
        writer.close()
    return sorted(took)[int(len(took) * 0.99)]


def vans_stored(process: GatewayProcess) -> int:
    """How many fixes this gateway has stored."""
    return int(process.http.get("/counters").json()["stored"])
