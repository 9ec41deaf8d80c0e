"""A record in use before it kept a list of the messages that wait: the list is made, and kept from then."""

from db import migrate
from tests.cluster import Cluster
from tests.db.upgrades import LeftBy, cloned

SEND = "INSERT INTO cru.message (to_login, words) VALUES ($1, 'ring me') RETURNING id"
SEE = "INSERT INTO cru.message_seen (message_id) VALUES ($1)"
WAITING = "SELECT message_id FROM cru.message_waiting"


async def test_messages_that_waited_before_wait_still(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0050")) as psql:
        await psql.lead.fetchval(SEND, "")
        seen, waits = [await psql.lead.fetchval(SEND, "a.shah") for _ in range(2)]
        await psql.shah.execute(SEE, seen)
        assert await migrate.upgrade(psql.record.owner_url) == {}
        assert await psql.shah.fetch(WAITING) == [(waits,)]
        more = await psql.lead.fetchval(SEND, "b.okafor")
        await psql.lead.fetchval(SEND, "")
        await psql.shah.execute(SEE, waits)
        assert await psql.shah.fetch(WAITING) == [(more,)]


async def test_what_was_worked_out_as_less_than_nothing_is_worked_out_again(
    cluster: Cluster, left_by: LeftBy
) -> None:
    async with cloned(cluster, left_by("0050")) as psql:
        await psql.referral("closed")
        await psql.owner.execute("SELECT cru.settle_measures()")
        await psql.owner.execute("UPDATE cru.referral_fact SET response = -20")
        await migrate.upgrade(psql.record.owner_url)
        await psql.owner.execute("SELECT cru.settle_measures()")
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.referral_fact WHERE response < 0") == 0
