"""What was accepted reaches the record, whatever dies in between."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from db.errors import Invalid, NotAllowed
from db.gateway.journal import FILE, Journal, QueueEntry, UnsettledBatch
from db.gateway.queue import NUMBER
from db.gateway.server import Gateway, GatewayConfig
from tests.cluster import Cluster, Record, run
from tests.db.gateways import HOME, GatewayProcess, Vans, ago, gateway_on, token_of
from tests.db.servers import wait_until

LAT, LON = HOME


@pytest.fixture
def vans(own_record: Record) -> Vans:
    return Vans(own_record)


def drive(http: httpx.Client, device: str, times: list[datetime], answers: list[int]) -> None:
    """Send fixes one after another, as a device does."""
    for i, at in enumerate(times):
        params = {"id": device, "timestamp": int(at.timestamp()), "lat": LAT, "lon": round(LON + i / 10_000, 4)}
        answers.append(http.get("/", params={**params, "token": token_of(device)}).status_code)


def drive_all(http: httpx.Client, devices: list[str], times: list[datetime]) -> list[int]:
    """Every device at once; the statuses."""
    answers: list[int] = []
    threads = [threading.Thread(target=drive, args=(http, device, times, answers)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


@pytest.mark.hazard("H-072")
def test_a_thousand_fixes_while_the_record_is_away(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    devices = ["one", "two", "three", "four"]
    owners = {vans.add(device): device for device in devices}
    times = [ago(500 - 2 * i) for i in range(250)]
    with gateway_on(own_record, tmp_path / "queue") as running:
        own_cluster.stop()
        answers = drive_all(running.http, devices, times)
        assert (len(answers), set(answers)) == (1000, {200})
        health = running.http.get("/health").json()
        assert (health["status"], health["queue"]) == ("database away", 1000)
        assert datetime.fromisoformat(health["database_away_since"]) <= datetime.now(UTC)
        own_cluster.start()
        wait_until(lambda: running.gateway.queued == 0, 30)
        assert running.http.get("/health").json()["status"] == "ok"
    stored = vans.fixes()
    for van in owners:
        assert [fix["fixed_at"] for fix in stored if fix["van_id"] == van] == times
    assert len(stored) == 1000


def test_a_gateway_that_is_killed_loses_nothing(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    vans.add("one")
    times = [ago(300 - i) for i in range(200)]
    with GatewayProcess(own_record, tmp_path / "queue") as process:
        own_cluster.stop()
        answers: list[int] = []
        drive(process.http, "one", times, answers)
        assert set(answers) == {200}
        process.kill()
    with GatewayProcess(own_record, tmp_path / "queue") as process:
        # The list of devices is on the disk too.
        drive(process.http, "one", [ago(5)], answers)
        assert answers[-1] == 200
        own_cluster.start()
        wait_until(lambda: process.http.get("/health").json()["queue"] == 0, 30)
        assert process.stop() == 0
    assert [fix["fixed_at"] for fix in vans.fixes()][:-1] == times


@pytest.mark.hazard("H-072")
def test_kills_and_crashes_while_it_stores_neither_lose_nor_double(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    devices = [f"d{i}" for i in range(4)]
    for device in devices:
        vans.add(device)
    sent: list[datetime] = []
    for round_ in range(3):
        times = [ago(1000 - 100 * round_ - i) for i in range(60)]
        sent += times
        with GatewayProcess(own_record, tmp_path / "queue") as process:
            assert set(drive_all(process.http, devices, times)) == {200}
            process.kill()
        own_cluster.crash()
        own_cluster.start()
    with gateway_on(own_record, tmp_path / "queue") as running:
        wait_until(lambda: running.gateway.queued == 0, 30)
    keys = [(fix["van_id"], fix["fixed_at"]) for fix in vans.fixes()]
    assert len(keys) == len(set(keys)) == len(sent) * len(devices)


def test_links_cut_under_a_commit_neither_lose_nor_double(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    devices = [f"d{i}" for i in range(4)]
    for device in devices:
        vans.add(device)
    times = [ago(1000 - i) for i in range(250)]
    with gateway_on(own_record, tmp_path / "queue") as running:
        answers: list[int] = []
        senders = [threading.Thread(target=drive, args=(running.http, one, times, answers)) for one in devices]
        for sender in senders:
            sender.start()
        cuts = 0
        while any(sender.is_alive() for sender in senders):
            cuts += own_cluster.kill_backend("cru-gateway")
        own_cluster.crash()
        own_cluster.start()
        wait_until(lambda: running.gateway.queued == 0, 30)
    assert cuts
    assert set(answers) == {200}
    stored = [(fix["van_id"], fix["fixed_at"]) for fix in vans.fixes()]
    assert len(stored) == len(set(stored)) == 1000
    for van in {van for van, _ in stored}:
        assert [at for owner, at in stored if owner == van] == times


@pytest.mark.parametrize("committed", [True, False])
def test_a_batch_whose_end_is_not_known_is_asked_for(
    own_record: Record, vans: Vans, tmp_path: Path, committed: bool
) -> None:
    van = vans.add("one")
    body = f'{{"van_id":"{van}","fixed_at":"{ago(5).isoformat()}","lat":{LAT},"lon":{LON}}}'
    finish = "COMMIT" if committed else "ROLLBACK"
    number, cluster = run(_store_one(own_record, body, finish))
    journal = Journal(tmp_path / "queue")
    journal.append([QueueEntry("fix", body)])
    batch = journal.head(500)
    assert batch is not None
    journal.mark(UnsettledBatch("fix", batch.first, batch.last, number, cluster))
    journal.close()
    with gateway_on(own_record, tmp_path / "queue") as running:
        wait_until(lambda: running.gateway.queued == 0)
    assert vans.count() == 1


async def _store_one(record: Record, body: str, finish: str) -> tuple[str, str]:
    connection = await asyncpg.connect(**record.kwargs("g.gateway"))
    try:
        await connection.execute("BEGIN")
        number, cluster = await connection.fetchrow(NUMBER.text)
        await connection.execute(f"SELECT cru.record_fixes('[{body}]'::jsonb)")
        await connection.execute(finish)
    finally:
        await connection.close()
    return number, cluster


def test_a_fix_that_the_record_never_takes_holds_up_nothing(
    own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    van = vans.add("one")
    good = f'{{"van_id":"{van}","fixed_at":"{ago(5).isoformat()}","lat":{LAT},"lon":{LON}}}'
    strange, bad = good.replace(str(van), "not a van"), good.replace("}", ',"source":"\\u0000"}')
    journal = Journal(tmp_path / "queue")
    journal.append([QueueEntry("fix", body) for body in [good] * 70 + [bad, strange] + [good] * 70])
    journal.close()
    with gateway_on(own_record, tmp_path / "queue") as running:
        wait_until(lambda: running.gateway.queued == 0)
        assert running.gateway.counters.rejected == 1
    # One that names no van is kept as refused; one that no record can hold is put aside.
    assert vans.count() == 141
    assert [row["refused"] for row in vans.fixes() if row["refused"]] == ["not a van of the record"]
    with sqlite3.connect(tmp_path / "queue" / FILE) as kept:
        assert kept.execute("SELECT count(*) FROM rejected").fetchone() == (1,)
    kept.close()


@pytest.mark.hazard("H-040")
def test_a_full_queue_says_so_and_still_takes_an_alarm(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    van = vans.add("one")
    with gateway_on(own_record, tmp_path / "queue", max_queue=3) as running:
        own_cluster.stop()
        statuses = [running.osmand("one", ago(50 - i), LAT, LON) for i in range(5)]
        assert [answer.status_code for answer in statuses] == [200, 200, 200, 503, 503]
        assert int(statuses[-1].headers["Retry-After"]) > 0
        assert running.http.get("/health").status_code == 503
        alarm = running.osmand("one", ago(40), LAT, LON, alarm="sos")
        assert alarm.status_code == 200
        own_cluster.start()
        wait_until(lambda: running.gateway.queued == 0, 30)
        # What was turned away may come again.
        assert running.osmand("one", ago(46), LAT, LON).status_code == 200
        wait_until(lambda: vans.count() == 5)
    assert vans.emergency(van) is not None


@pytest.mark.hazard("H-040")
def test_an_alarm_overtakes_the_fixes_that_wait(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    van = vans.add("one")
    with gateway_on(own_record, tmp_path / "queue") as running:
        own_cluster.stop()
        for i in range(20):
            assert running.osmand("one", ago(50 - i), LAT, LON).is_success
        assert running.osmand("one", ago(20), LAT, LON, alarm="sos").is_success
    journal = Journal(tmp_path / "queue")
    first = journal.head(500)
    journal.close()
    assert first is not None
    assert (first.kind, first.bodies[0].partition(" ")[0]) == ("alarm", str(van))


def test_a_frozen_record_is_waited_for(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path
) -> None:
    vans.add("one")
    times = [ago(100 - i) for i in range(50)]
    with gateway_on(own_record, tmp_path / "queue") as running:
        own_cluster.freeze()
        answers: list[int] = []
        drive(running.http, "one", times, answers)
        assert set(answers) == {200}
        wait_until(lambda: running.http.get("/health").json()["status"] == "database away", 20)
        own_cluster.thaw()
        wait_until(lambda: running.gateway.queued == 0, 30)
    assert [fix["fixed_at"] for fix in vans.fixes()] == times


def test_going_away_and_coming_back_are_each_said_once(
    own_cluster: Cluster, own_record: Record, vans: Vans, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    vans.add("one")
    with gateway_on(own_record, tmp_path / "queue") as running:
        own_cluster.stop()
        for i in range(5):
            assert running.osmand("one", ago(50 - i), LAT, LON).is_success
        wait_until(lambda: running.http.get("/health").json()["status"] == "database away")
        own_cluster.start()
        wait_until(lambda: running.http.get("/health").json()["status"] == "ok", 30)
    said = [one.getMessage() for one in caplog.records if one.name.startswith("db.gateway")]
    assert len(said) == 2
    assert said[0].startswith("the record is away; fixes wait on the disk: ")
    assert said[1] == "the record is back"


def test_nobody_is_turned_away_for_good_while_no_list_was_ever_read(
    own_cluster: Cluster, own_record: Record, tmp_path: Path
) -> None:
    own_cluster.stop()
    with gateway_on(own_record, tmp_path / "queue") as running:
        answer = running.osmand("one", ago(1), LAT, LON)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_one_gateway_a_queue(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(Invalid, match="in use"):
        Journal(tmp_path)
    journal.close()
    Journal(tmp_path).close()


def test_a_stranger_to_the_record_cannot_run_a_gateway(record: Record, tmp_path: Path) -> None:
    for login in ("w.wall", "a.shah"):
        gateway = Gateway(GatewayConfig(database=record.url(login), queue_dir=tmp_path / str(uuid4()), port=0))
        with pytest.raises(NotAllowed, match="may not"):
            run(gateway.start())
