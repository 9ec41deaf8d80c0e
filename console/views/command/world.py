"""What the command line may name now, read from the mirror; worked out anew only when something changed."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject

from console.live.desk import Desk
from console.live.store import Delta
from db.domain.command_names import Nameable, NameIndex
from db.domain.command_reading import World, phrases_of
from db.domain.names import number_today
from db.domain.records import Referral
from db.domain.reference import Choice, ReferenceData
from db.domain.towns import whereabouts

_NAMED = ("van", "referral")


class Worlds(QObject):
    """Keeps the names for a desk, since a key is pressed more often than a referral comes."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: World | None = None
        self._day = ""
        desk.store.changed.connect(self._look)
        desk.store.reference_changed.connect(self._forget)

    def now(self, selected: UUID | None, *, private: bool = False) -> World:
        """What may be named now; ``private`` leaves out where a referral is."""
        now = self._desk.clock.now()
        day = f"{now:%Y%m%d%H}{private}"
        if self._known is None or day != self._day:
            self._known, self._day = self._made(private=private), day
        return replace(self._known, now=now, selected=selected)

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in _NAMED):
            self._forget()

    def _forget(self) -> None:
        self._known = None

    def _made(self, *, private: bool) -> World:
        store, now = self._desk.store, self._desk.clock.now()
        reference = store.reference
        return World(
            NameIndex(Nameable(van.id, van.callsign) for van in store.vans()),
            NameIndex(_named(one, number_today(one.reference, now), private=private) for one in store.referrals()),
            now,
            phrases_of(reference.command_words),
            reference.reasons,
            _places(reference),
            longest_hold=reference.rules.longest_hold,
        )


def _named(referral: Referral, name: str, *, private: bool) -> Nameable:
    crew = (referral.ems_callsign,) if referral.ems_callsign else ()
    town = "" if private else whereabouts(referral.location).town
    return Nameable(referral.id, name, referral.reference, crew, town)


def _places(reference: ReferenceData) -> tuple[Choice, ...]:
    """By their names, and by their kinds: ``ed`` where there is one only."""
    named = [Choice(one.code, one.code) for one in reference.destinations]
    kinds = [Choice(one.code, one.label) for one in reference.destinations if one.label]
    return (*named, *kinds)
