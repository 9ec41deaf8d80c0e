"""What is said of a place where people are taken: open now or not, and how many places are free by whose word."""

from datetime import datetime

from console.look.palette import Tone
from db.domain.care import Destination
from db.domain.clocks import local_time
from db.domain.opening import open_words
from db.domain.texts import told


def place_details(place: Destination | None, now: datetime) -> tuple[tuple[str, Tone], ...]:
    """The second line of a row of the list; empty for a place of which nothing is known."""
    if place is None:
        return ()
    hours = open_words(place.hours, now)
    shut = hours.startswith("closed")
    return ((hours, "warn" if shut else "dim"), (places_words(place, now), _tone(place)))


def _tone(place: Destination) -> Tone:
    return "warn" if place.places is not None and not place.places.free else "dim"


def places_words(place: Destination, now: datetime) -> str:
    """``2 places free, said R. Moss 03:10``; or that nobody said."""
    said = place.places
    if said is None:
        return "places free: not known"
    free = f"{said.free} place{'' if said.free == 1 else 's'} free" if said.free else "no places free"
    return f"{free}, said {told(said.said_by)} {local_time(said.said_at, now)}"
