"""Which story belongs to which referral, also to those that a person typed in."""

from uuid import UUID

from db.domain.records import Referral
from db.exercise.referrals import Arrival, Story, World
from db.geo.earth import Point


class Stories:
    """Looks stories up; improvises one for a referral the world did not send.

    Args:
        world: where stories come from.
    """

    _known: dict[UUID, Story]

    def __init__(self, world: World) -> None:
        self._world = world
        self._known = {}

    def add(self, arrival: Arrival) -> None:
        """Remember an arrival's story."""
        self._known[arrival.id] = arrival.story

    def of(self, referral: Referral) -> Story:
        """How this referral will go."""
        story = self._known.get(referral.id)
        if story is None:
            story = self._known[referral.id] = self._world.improvise(referral.reference, referral.source)
        return story

    def scene(self, referral: Referral) -> Point:
        """Where a crew finds the person, (lat, lon); drawn where the record has no coordinates."""
        where = referral.location
        if where.lat is not None and where.lon is not None:
            return where.lat, where.lon
        place = self._world.somewhere(referral.reference)
        return place.lat, place.lon
