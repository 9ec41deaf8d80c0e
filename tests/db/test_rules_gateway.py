"""A gateway reads no digest of a token, and raises an emergency for the vans of its devices alone."""

import hashlib

from db.domain.tokens import digest_of
from db.gateway.devices import sealed
from tests.db.psql import Psql

ADD = "INSERT INTO cru.device (device_id, van_id, token_digest, active) VALUES ($1, $2, $3, $4)"
SALT = "5a" * 32
EMERGENCY = "SELECT emergency_at IS NOT NULL FROM cru.van WHERE id = $1"


async def test_a_gateway_reads_no_digest(psql: Psql) -> None:
    van = await psql.van("off duty")
    for number, token in enumerate(("first", "second")):
        # A digest in capitals is the same one.
        await psql.lead.execute(ADD, f"tab {number}", van, digest_of(token).upper(), number == 0)
    for salt in (SALT, "00" * 32):
        rows = await psql.gateway.fetch("SELECT * FROM cru.sealed_devices($1) ORDER BY device_id", salt)
        assert [(row["device_id"], row["van_id"], row["active"]) for row in rows] == [
            ("tab 0", van, True),
            ("tab 1", van, False),
        ]
        assert [f"{salt}:{row['seal']}" for row in rows] == [sealed(one, salt) for one in ("first", "second")]
        known = {digest_of(one) for one in ("first", "second")}
        assert not known & {str(value).lower() for row in rows for value in row}
    await psql.owner.execute("UPDATE cru.van SET active = false WHERE id = $1", van)
    off = await psql.gateway.fetchval("SELECT bool_or(active) FROM cru.sealed_devices($1)", SALT)
    assert off is False
    assert sealed("first", "") == hashlib.sha256(b"first").hexdigest()


async def test_an_emergency_is_of_a_van_with_a_device(psql: Psql) -> None:
    off, moved, bare = [await psql.van() for _ in range(3)]
    await psql.lead.execute(ADD, "off", off, "0f" * 32, False)
    await psql.lead.execute(ADD, "tab", moved, "1f" * 32, True)
    await psql.lead.execute("UPDATE cru.device SET van_id = $1 WHERE device_id = 'tab'", off)
    raised = "SELECT cru.raise_emergency($1, cru.clock_now())"
    for van in (off, moved):
        # The first switched off, the other away since a moment: a press that waited is raised.
        await psql.gateway.execute(raised, van)
        assert await psql.owner.fetchval(EMERGENCY, van)
    await psql.refused(psql.gateway, raised, bare, code="22023", says="No device")
    await psql.set(psql.lead, "van", moved, emergency_at=None)
    await psql.owner.execute(
        "UPDATE cru.device_stay SET from_at = from_at - interval '3 days',"
        " until_at = until_at - interval '25 hours'"
        " WHERE van_id = $1",
        moved,
    )
    await psql.refused(psql.gateway, raised, moved, code="22023", says="No device")
    # Pressed while the device was there; but for a week alone.
    pressed = "SELECT cru.raise_emergency($1, cru.clock_now() - interval '26 hours')"
    await psql.gateway.execute(pressed, moved)
    await psql.owner.execute(
        "UPDATE cru.device_stay SET from_at = from_at - interval '9 days', until_at = until_at - interval '9 days'"
        " WHERE van_id = $1",
        moved,
    )
    long_ago = "SELECT cru.raise_emergency($1, cru.clock_now() - interval '30 days')"
    await psql.refused(psql.gateway, long_ago, moved, code="22023", says="No device")
