"""When a step was taken for which a time is typed: told by the step, not by the moment of typing."""

from dataclasses import replace
from datetime import datetime

from console.live.desk import Desk
from console.views.detail.orders import times_of
from console.views.sheets import Order
from db import commands
from db.domain.clocks import local_time
from db.domain.command_reading import CommandMeaning, World, clock_words
from db.domain.resolving import resolve
from db.domain.time_order import KnownTime, belongs, time_of_link


def taken_at(desk: Desk, order: Order, reading: CommandMeaning, world: World) -> tuple[Order, str]:
    """The order at the time that was typed, and why it cannot have been then; without a time, as it is.

    Args:
        desk: what is known of the referral.
        order: to take a step now.
        reading: with the time as it was read without the step.
        world: for the moment.
    """
    command, at = order.command, reading.at
    if at is None or not isinstance(command, commands.Step | commands.MoveHandover):
        return order, ""
    found = _known(desk, command, at)
    if found is None:
        return _at(order, at, world.now), ""
    this, times = found
    # It corrects none: it is told here for the first time.
    to = replace(belongs(this, times, world.now), instead_of=None)
    meant = resolve(clock_words(at, reading.verb, world), to)
    return _at(order, meant.at or at, world.now), meant.refusal


def _known(
    desk: Desk, command: "commands.Step | commands.MoveHandover", at: datetime
) -> tuple[KnownTime, list[KnownTime]] | None:
    store = desk.store
    if isinstance(command, commands.Step):
        job = store.assignment(command.assignment_id)
        if job is None:
            return None
        this = KnownTime("assignment", job.id, str(command.to).replace(" ", "_"), at)
        return this, times_of(desk, job.referral_id)
    link = store.handover(command.handover_id)
    return (
        (time_of_link(link, str(command.to), at), times_of(desk, link.referral_id)) if link is not None else None
    )


def _at(order: Order, at: datetime, now: datetime) -> Order:
    command = order.command
    if not isinstance(command, commands.Step | commands.MoveHandover):
        return order
    return Order(replace(command, at=at), f"{order.label} at {local_time(at, now)}")
