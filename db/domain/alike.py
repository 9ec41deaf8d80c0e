"""Whether what is being typed may be about a referral that is there: weighed and said why, never decided. Pure.

One home for what each likeness is worth. The record finds the candidates (``cru.alike``); a person says what they
are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.domain import nhs_number, phone
from db.domain.clocks import in_words, local, local_time
from db.domain.intake import Draft
from db.domain.likely_names import are_same_words, how_alike

SHOWN: Final = 40
"""From so many points on it is told while somebody types."""
LIKELY: Final = 60
"""From so many points on, an open one is told before the draft is saved as another."""
_LATELY: Final = timedelta(hours=6)
_AT_ONCE: Final = timedelta(hours=1)
_INCIDENT: Final = timedelta(days=2)
_NEAR, _BESIDE = 60.0, 250.0
"""Metres: the same building, the same street."""
_NEARLY: Final = 0.85
_ANOTHER: Final = 0.5
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """What there is to compare of a draft; empty or None for what is not said."""

    number: str = ""
    name: str = ""
    born: date | None = None
    phone: str = ""
    incident: str = ""
    postcode: str = ""
    place: str = ""
    lat: float | None = None
    lon: float | None = None

    @property
    def says_anything(self) -> bool:
        """Whether there is something by which anybody could be found."""
        return self != Typed(name=self.name)


def typed_of(draft: Draft, now: datetime) -> Typed:
    """What a draft says of who and where; ``now`` is the record's time, UTC."""
    where, who = draft.location, draft.patient(local(now).date())
    return Typed(
        number=who.nhs_number if who.nhs_number and nhs_number.is_valid(who.nhs_number) else "",
        name=who.name or "",
        born=who.born,
        phone=phone.as_dialled(draft.call_back),
        incident=draft.ems_incident.strip(),
        postcode=where.postcode,
        place=where.text,
        lat=where.lat,
        lon=where.lon,
    )


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """A referral that has something in common with what is typed.

    Attributes:
        name: of its patient; empty where nobody knows it.
        metres: how far it is from the typed place; None where one of them is not on the map.
        number, birth, phone, incident, home, postcode: whether it is the same; None where one does not say.
        flags: the kinds of those that count there now, of the same home or of the very same person.
    """

    referral_id: UUID
    reference: str
    received_at: datetime
    is_open: bool
    name: str = ""
    metres: float | None = None
    same_name_and_birth: bool = False
    number: bool | None = None
    birth: bool | None = None
    phone: bool | None = None
    incident: bool | None = None
    home: bool | None = None
    postcode: bool | None = None
    flags: tuple[str, ...] = ()

    @property
    def may_be_linked(self) -> bool:
        """Whether the record takes a word that it is the same person: by the number, or by name and birth."""
        return bool(self.number) or self.same_name_and_birth


@dataclass(frozen=True, slots=True)
class Alike:
    """A candidate, how much speaks for it, and what, the weightiest first."""

    one: MaybeSame
    points: int
    why: tuple[str, ...]

    @property
    def stops(self) -> bool:
        """Whether it is told before another referral is made of it: it is open, and likely the same."""
        return self.one.is_open and self.points >= LIKELY


@dataclass(frozen=True, slots=True)
class Likely:
    """Those worth telling, the likeliest first, and the kinds of flags of this home or person.

    Attributes:
        past_left_out: what is past was not looked through.
    """

    alike: tuple[Alike, ...] = ()
    flags: tuple[str, ...] = ()
    past_left_out: bool = False


NOBODY: Final = Likely()
PAST_LEFT_OUT: Final = "Earlier referrals are not looked through now: too many were opened within an hour."


def weighed(typed: Typed, candidates: Sequence[MaybeSame], now: datetime) -> Likely:
    """What is worth telling: the likeliest first, open before ended, newer before older."""
    found = (_weighed(typed, one, now) for one in candidates)
    shown = [one for one in found if one.points >= SHOWN]
    shown.sort(key=lambda it: (-it.points, not it.one.is_open, now - it.one.received_at))
    flags = sorted({kind for one in candidates for kind in one.flags})
    return Likely(tuple(shown[:_MOST]), tuple(flags))


def _weighed(typed: Typed, one: MaybeSame, now: datetime) -> Alike:
    parts = sorted((*_who(typed, one), *_call(one, now), *_where(one, now)), key=lambda part: -part[0])
    points = sum(worth for worth, _ in parts)
    return Alike(one, max(0, min(100, points)), tuple(words for _, words in parts if words))


def _who(typed: Typed, one: MaybeSame) -> Iterator[tuple[int, str]]:
    if one.number is not None:
        yield (100, "same NHS number") if one.number else (-60, "another NHS number")
    if one.same_name_and_birth:
        yield 75, "same name and date of birth"
        return
    alike = how_alike(typed.name, one.name) if typed.name and one.name else None
    if one.birth and alike is not None and alike >= _NEARLY:
        yield 60, "same date of birth, name nearly the same"
        return
    if one.birth:
        yield 15, "same date of birth"
    elif one.birth is False:
        yield -30, "another date of birth"
    if alike is not None and alike >= _NEARLY:
        yield 20, "same name" if are_same_words(typed.name, one.name) else "name nearly the same"
    elif alike is not None and alike < _ANOTHER:
        yield -25, "another name"


def _call(one: MaybeSame, now: datetime) -> Iterator[tuple[int, str]]:
    ago = now - one.received_at
    if one.incident and ago <= _INCIDENT:
        yield 70, "same EMAS incident"
    if one.phone:
        # A surgery rings about many people: of one number alone only what is going on now is worth a look.
        yield 45 if _is_now(one, now) else 30, "same telephone"


def _where(one: MaybeSame, now: datetime) -> Iterator[tuple[int, str]]:
    now_too = _is_now(one, now)
    if one.home:
        yield 45 if now_too else 25, "same address"
    elif not now_too:
        return
    elif one.metres is not None and one.metres <= _NEAR:
        yield 30, "same place"
    elif one.metres is not None and one.metres <= _BESIDE:
        yield 15, f"{round(one.metres, -1):.0f} m away"
    elif one.postcode:
        yield 15, "same postcode"
    else:
        return
    if now_too and now - one.received_at <= _AT_ONCE:
        yield 20, ""


def _is_now(one: MaybeSame, now: datetime) -> bool:
    return one.is_open or now - one.received_at <= _LATELY


def sentence(alike: Alike, now: datetime) -> str:
    """Such as ``This may be CRU-20261122-0042, open, received 02:41, 12 min ago: same telephone.``."""
    one, ago = alike.one, now - alike.one.received_at
    when = f"{local(one.received_at):%d %b %Y}"
    if ago < timedelta(hours=12):
        said = f"{in_words(ago)} ago" if ago >= timedelta(minutes=1) else "just now"
        when = f"{local_time(one.received_at, now)}, {said}"
    state = "open" if one.is_open else "ended"
    return f"This may be {one.reference}, {state}, received {when}: {', '.join(alike.why)}."
