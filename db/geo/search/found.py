"""One answer to what somebody typed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One answer.

    Attributes:
        kind: `postcode`, `postcode part`, `street`, `place`, `site`, `grid reference`, `coordinates`,
            `what3words` or `pin`.
        title: what to show first.
        detail: where that is; tells places of the same name apart.
        lat: degrees north; None when the place is known by text only.
        lon: degrees east; None likewise.
        postcode: the full postcode, where the answer is one.
        warning: one sentence when something about it needs a second look.
        score: likelihood, higher is likelier; comparable within one answer only.
        sure: it is what was said beyond doubt. Only a first answer can be; without it, a person has to choose.
    """

    kind: str
    title: str
    detail: str
    lat: float | None
    lon: float | None
    postcode: str | None
    warning: str | None
    score: float
    sure: bool = False
