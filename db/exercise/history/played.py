"""The month before the shift, as it would have gone: everything that is done in it, in order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from db.domain.records import Van
from db.domain.reference import ReferenceData
from db.exercise.history.clockwork import Clockwork
from db.exercise.history.deeds import Deed, Deeds
from db.exercise.history.fleet import PastFleet
from db.exercise.history.month import Month, arrivals
from db.exercise.history.past_room import PastRoom
from db.exercise.history.room_told import tell_room
from db.exercise.history.rota import by_van, duties, newcomers, plan
from db.exercise.history.said_since import improve
from db.exercise.record import Login
from db.exercise.referrals import ReferralGenerator
from db.exercise.scenario import Scenario, Waypoints, seeded_random
from db.geo.earth import Point
from db.geo.roads.travel import TravelTimes

_SHIFTS_CHANGE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Service:
    """Who and what there is.

    Attributes:
        vans: by callsign.
        reference: configured data.
        waypoints: where vans wait, and destinations.
        times: how vans get about.
    """

    vans: Sequence[Van]
    reference: ReferenceData
    waypoints: Waypoints
    times: TravelTimes


@dataclass(frozen=True, slots=True)
class Played:
    """A month: what is done, in the order in which the record hears of it, and where each van is in the end."""

    deeds: Sequence[Deed]
    places: Mapping[UUID, Point]


def played(month: Month, scenario: Scenario, generator: ReferralGenerator, service: Service) -> Played:
    """Let a month go by."""
    clockwork, deeds = Clockwork(month.until), Deeds(month.seed, month.until)
    new = newcomers(month.seed)
    for number, one in enumerate(new):
        deeds.add(month.begins + timedelta(seconds=number), Login.LEAD, one)
    staff = sorted((one for one in service.reference.staff.values() if one.active), key=lambda one: one.name)
    vans = dict(enumerate(service.vans))
    shifts = duties(month, (*staff, *new), len(vans))
    plan(deeds, month, shifts, vans)
    improve(deeds, month)
    tell_room(deeds, month)
    desk = PastRoom(month.seed, service.reference, service.times, service.waypoints, clockwork, deeds)
    desk.fleet = PastFleet(
        {place: (van, service.waypoints.standby[van.id]) for place, van in vans.items()},
        by_van(shifts),
        clockwork,
        deeds,
        seeded_random(month.seed, "history vans"),
        desk.send,
        desk.is_calm,
    )
    for arrival in arrivals(month, scenario, generator):
        desk.expect(arrival)
    clockwork.run()
    desk.fleet.end(month.until - _SHIFTS_CHANGE)
    return Played(deeds.in_order(), desk.fleet.places(month.until))
