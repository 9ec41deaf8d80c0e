"""Every form of payload, over real HTTP, into the real record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import Record
from tests.db.gateways import HOME, Running, Vans, ago, gateway_on, token_of
from tests.db.servers import wait_until

LAT, LON = HOME


@pytest.fixture
def vans(record: Record) -> Vans:
    return Vans(record)


@pytest.fixture
def running(record: Record, vans: Vans, tmp_path: Path) -> Iterator[Running]:
    vans.add("one")
    vans.add("two")
    with gateway_on(record, tmp_path / "queue") as made:
        yield made


def only(vans: Vans) -> dict[str, Any]:
    """The one fix that was stored."""
    wait_until(lambda: vans.count() > 0)
    (fix,) = vans.fixes()
    return fix


def test_osmand_query(running: Running, vans: Vans) -> None:
    at = ago(5)
    answer = running.osmand(
        "one", at, LAT, LON, speed=10, bearing=90, accuracy=12, batt=80, hdop=1.1, charge="true"
    )
    assert (answer.status_code, answer.text) == (200, "")
    fix = only(vans)
    assert (fix["fixed_at"], fix["lat"], fix["lon"], fix["accuracy"], fix["heading"]) == (at, LAT, LON, 12, 90)
    assert fix["speed"] == pytest.approx(18.52)
    assert fix["refused"] == ""
    assert fix["attributes"] == {"batt": 80, "hdop": 1.1, "charge": True, "device": "one"}
