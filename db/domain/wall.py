"""The wall: what somebody four metres away wants to know in three seconds, and nothing about anybody.

Pure; times are UTC. It is made of what a viewer's login may read: no name, no address, no narrative, no flag, no
call. A town is told by the first half of a postcode.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias
from uuid import UUID

from db.domain.board import BoardRow, Group, board_row, face, group, place
from db.domain.clocks import in_words, minutes_in_words, wall_time
from db.domain.fleet import VanFacts, fix_age
from db.domain.holding import PredictedRelease
from db.domain.reference import ReferenceData
from db.domain.situation import EtaOf, Facts, Phase, first_arrival, late_by, situation
from db.domain.states import DutyStatus
from db.domain.texts import told
from db.domain.towns import post_town

STALE_AFTER: Final = timedelta(seconds=10)
"""After so long without the record the wall says that it is old."""
Tone = Literal["late", "warn", "good", "plain", "calm"]
_NO_VAN: Final = "no van is free"
_NO_TOWN: Final = "Town not known"
"""The place may be known: of it a wall is told the first half of the postcode only."""
_TONES: Final[dict[str, Tone]] = {
    "late": "late",
    "will be late": "late",
    "due soon": "warn",
    "reached": "good",
    "calm": "calm",
    "ended": "plain",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A large figure, and what it is: ``2``, ``waiting, P1``, ``longest 31 min``."""

    figure: str
    caption: str
    below: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class WallRow:
    """One person who is waited for, without anything about them.

    Attributes:
        town: from the first half of the postcode.
        doing: the vans and their state.
        used: share of the allowed time, 0 to 1.
        left: ``29 min left``, ``late 5 min``.
        beside: what comes next: ``there 03:56 · in time``.
    """

    priority: str
    town: str
    doing: str
    used: float
    left: str
    beside: str
    tone: Tone

    def spoken(self) -> str:
        """The row as one sentence."""
        return ", ".join(part for part in (self.priority, self.town, self.doing, self.left, self.beside) if part)


@dataclass(frozen=True, slots=True)
class Wall:
    """All of it at one moment.

    Attributes:
        more: how many rows are not among ``rows``.
        room: how the room is, all of it: ``room calm``, ``3 late, or P1 without a van``.
    """

    tiles: tuple[Tile, ...]
    rows: tuple[WallRow, ...]
    more: int = 0
    room: str = ""


@dataclass(frozen=True, slots=True)
class FreeAt:
    """When the next waiting crew is likely to be free, and how sure that is: ``8 in 10 by 03:58``.

    Without a moment the words say why.
    """

    at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class CrewFree:
    """Whose crew waits with somebody (``EMAS``), and when it is likely to be free."""

    whose: str
    release: PredictedRelease


@dataclass(frozen=True, slots=True)
class NearestVan:
    """The free van that would be there first. Without a callsign none is free."""

    callsign: str = ""
    minutes: float = 0.0


NearestOf: TypeAlias = Callable[[UUID], NearestVan | None]
"""Of a referral that waits without a van; None where nobody can say, and the row tells only how many are free."""


def nobody_near(_referral_id: UUID) -> None:
    """For a wall that is not told where anybody is."""


def wall(
    referrals: Iterable[Facts],
    vans: Sequence[VanFacts],
    reference: ReferenceData,
    now: datetime,
    eta_of: EtaOf,
    *,
    free: FreeAt | None = None,
    crews: Mapping[UUID, CrewFree] = MappingProxyType({}),
    nearest: NearestOf = nobody_near,
    most: int = 6,
) -> Wall:
    """What the wall shows at a moment.

    Args:
        referrals: that are live.
        vans: in use.
        reference: priorities and rules.
        now: the record's time.
        eta_of: when the van of an assignment is expected on scene.
        free: when the next waiting crew is likely to be free.
        crews: when the crew that waits is likely to be free, by the referral.
        nearest: which free van would be first with whom nobody is sent to.
        most: how many rows there is room for.
    """
    known = [facts for facts in referrals if facts.referral.entered_in_error_at is None and facts.referral.is_open]
    rows = sorted((board_row(facts, reference, wall=True) for facts in known), key=lambda one: place(one, now))
    unsent = {facts.referral.id for facts in known if situation(facts, reference).needs_van}
    free_words = _free_words(vans)
    told_rows = [
        _near(_row(row, now, eta_of, crews.get(row.referral_id)), nearest(row.referral_id), free_words, row, now)
        if row.referral_id in unsent
        else _row(row, now, eta_of, crews.get(row.referral_id))
        for row in rows
    ]
    tiles = (*_waiting(known, reference, now), _vans(vans, now), _free(free, now))
    return Wall(tiles, tuple(told_rows[:most]), max(0, len(told_rows) - most), _room(told_rows, vans, reference))


def _room(rows: Sequence[WallRow], vans: Sequence[VanFacts], reference: ReferenceData) -> str:
    """Of everybody, also of whom there is no room for."""
    first = min(reference.priorities, key=reference.standing, default="")
    alarmed = [told(one.van.callsign) for one in vans if one.van.emergency_at is not None]
    late = sum(row.tone == "late" for row in rows)
    said = [f"EMERGENCY {', '.join(alarmed)}"] if alarmed else []
    if late:
        # Whoever else has no van may have hours left, and is not counted.
        said.append(f"{late} late, or {first} without a van")
    return " · ".join(said) or "room calm"


def _waiting(known: Sequence[Facts], reference: ReferenceData, now: datetime) -> Iterable[Tile]:
    """Who waits, of the first two priorities."""
    by_code: dict[str, list[datetime]] = {}
    late: set[str] = set()
    codes = sorted(reference.priorities, key=reference.standing)[:2]
    for facts in known:
        now_is = situation(facts, reference)
        held = facts.referral.hold_until is not None and facts.referral.hold_until > now
        if now_is.phase is not Phase.WAITING or held:
            continue
        code = codes[min(now_is.standing, len(codes) - 1)] if now_is.standing < len(codes) else ""
        by_code.setdefault(code, []).append(now_is.clock.started)
        if now_is.clock.share(now) >= 1:
            late.add(code)
    for place_of, code in enumerate(codes):
        since = by_code.get(code, [])
        longest = f"longest {in_words(now - min(since))}" if since else "nobody waits"
        grave: Tone = "late" if code in late or (since and place_of == 0) else "warn" if since else "calm"
        yield Tile(str(len(since)), f"waiting, {code}", longest, grave)


def _vans(vans: Sequence[VanFacts], now: datetime) -> Tile:
    on_duty = [one for one in vans if one.van.duty_status is not DutyStatus.OFF_DUTY]
    free = sum(one.is_free for one in on_duty)
    old = [told(one.van.callsign) for one in on_duty if fix_age(one.position, now) != "fresh"]
    alarmed = [told(one.van.callsign) for one in on_duty if one.van.emergency_at is not None]
    if alarmed:
        return Tile(f"{free}/{len(on_duty)}", "vans free", f"EMERGENCY {', '.join(alarmed)}", "late")
    below = _not_seen(old) if old else "all seen"
    tone: Tone = "warn" if not free else "good"
    return Tile(f"{free}/{len(on_duty)}", "vans free", below if on_duty else "nobody is on duty", tone)


def _not_seen(callsigns: Sequence[str]) -> str:
    # Three are counted and not named: what is read from four metres has few letters.
    return (
        f"not seen lately: {', '.join(callsigns)}" if len(callsigns) < 3 else f"{len(callsigns)} not seen lately"
    )


def _free(free: FreeAt | None, now: datetime) -> Tile:
    if free is None:
        return Tile("–", "next EMAS crew free", "nobody can say", "calm")
    if free.at is None:
        return Tile("–", "next EMAS crew free", free.words, "calm")
    return Tile(wall_time(max(free.at, now)), "next EMAS crew free", free.words, "plain")


def _row(row: BoardRow, now: datetime, eta_of: EtaOf, crew: CrewFree | None) -> WallRow:
    shown = face(row, now, eta_of)
    town = post_town(row.where.postcode) or row.where.postcode or _NO_TOWN
    held = group(row, now) is Group.HELD
    tone = "plain" if held else _TONES.get(shown.urgency, "plain")
    beside = shown.below.partition(" ")[0]
    # "left of 60" and "over 60" on the board; "with patient" and "since clear" stand before how long.
    left = {"left": f"{shown.right} left", "over": f"late {shown.right}"}.get(
        beside, f"{shown.below} {shown.right}"
    )
    if row.coming and shown.urgency == "will be late":
        left = f"{shown.right} left"
    # The vans with their state, where a row has more than the state to say; who takes a call is somebody's name.
    doing = shown.lines[-2] if len(shown.lines) > 1 and not row.is_call else shown.state
    return WallRow(row.priority, town, doing, min(1.0, shown.used), left, _beside(row, now, eta_of, crew), tone)


def _free_words(vans: Sequence[VanFacts]) -> str:
    """What can be said of who might go where nobody knows how far anybody is."""
    free = [told(one.van.callsign) for one in vans if one.is_free]
    if len(free) == 1:
        return f"{free[0]} is free"
    return f"{len(free)} vans are free" if free else _NO_VAN


def _near(shown: WallRow, van: NearestVan | None, free: str, row: BoardRow, now: datetime) -> WallRow:
    """The row of somebody to whom nobody is on the way: which free van is how far, or that there are some."""
    if group(row, now) is Group.HELD:
        return shown
    far = f"{told(van.callsign)} {minutes_in_words(van.minutes)} away" if van and van.callsign else _NO_VAN
    # Of the first priority a crew waits with the person: as grave as what is late.
    return replace(shown, beside=far if van else free, tone="late" if row.standing == 0 else shown.tone)


def _beside(row: BoardRow, now: datetime, eta_of: EtaOf, crew: CrewFree | None) -> str:
    if row.hold_until is not None and row.hold_until > now:
        return f"back {wall_time(row.hold_until)}"
    arrival = first_arrival(row.coming, eta_of)
    if arrival is None:
        return f"{crew.whose} free about {wall_time(max(crew.release.at, now))}" if crew else ""
    late = late_by(row.clock, arrival)
    there = f"there {wall_time(max(arrival, now))}"
    return f"{there} · late by {in_words(late)}" if late is not None else f"{there} · in time"
