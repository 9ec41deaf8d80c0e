"""What a dispatcher does through the commands, for tests that need a job in hand."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.records import Location, Van
from db.domain.roles import Role
from db.engine import transaction


def details(**changed: object) -> do.Details:
    """A crew on scene in Northampton."""
    given = {"source": "ems_crew", "priority": "P1", "location": Location("Abington Street", "NN1 4LP")} | changed
    return do.Details(**given)  # type: ignore[arg-type] # names and types are the caller's


async def take(engine: AsyncEngine, **changed: object) -> do.TakeReferral:
    """A new referral. ``changed`` are fields of ``Details``."""
    command = do.TakeReferral(details=details(**changed))
    await do.execute(engine, command)
    return command


async def screen(engine: AsyncEngine, referral_id: UUID) -> None:
    """A screening that lets it through."""
    await do.execute(engine, await answered(engine, referral_id))


async def answered(engine: AsyncEngine, referral_id: UUID, said: str = "no", **but: str) -> do.CompleteScreening:
    """Every question of the tool in force, outside of its branches, with one answer; ``but`` are others by key."""
    async with transaction(engine) as connection:
        tool = (await queries.reference_data(connection)).current_tool
    answers = {item.key: said for item in tool.items if not item.branch}
    assert but.keys() <= answers.keys()
    return do.CompleteScreening(referral_id=referral_id, tool_version=tool.version, answers=answers | but)


async def accepted(engine: AsyncEngine) -> UUID:
    """A referral that waits for a van."""
    taken = await take(engine)
    await screen(engine, taken.referral_id)
    await do.execute(engine, do.Accept(referral_id=taken.referral_id))
    return taken.referral_id


async def vans(engine: AsyncEngine) -> list[Van]:
    """All vans, by callsign."""
    async with transaction(engine) as connection:
        found = (await queries.snapshot(connection, Role.DISPATCHER))["van"]
    return sorted((van for van in found if isinstance(van, Van)), key=lambda van: van.callsign)


async def on_duty(engine: AsyncEngine, place: int = 0) -> UUID:
    """The van at a place in the list, with a crew for the next 12 hours."""
    van = (await vans(engine))[place]
    async with transaction(engine) as connection:
        staff = tuple((await queries.reference_data(connection)).staff)
        now = (await queries.clock(connection)).now
    end = now + timedelta(hours=12)
    await do.execute(
        engine, do.GoOnDuty(van_id=van.id, staff_ids=staff[2 * place : 2 * place + 2], planned_end=end)
    )
    return van.id


async def allocated(engine: AsyncEngine) -> do.Allocate:
    """A van on its way to a referral."""
    command = do.Allocate(referral_id=await accepted(engine), van_id=await on_duty(engine))
    await do.execute(engine, command)
    return command
