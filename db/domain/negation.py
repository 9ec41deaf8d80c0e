"""Whether a word in a narrative was denied. When in doubt it was not: a needless second look costs little."""

import re
from collections.abc import Collection
from dataclasses import dataclass

Span = tuple[int, int]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DENIES = _words("denies denied denying deny neither excluded") | {"ruled out"}
_NEGATORS = (
    _DENIES
    | _words("no not nor nil never without none nobody cannot")
    | _words("isn't wasn't aren't weren't hasn't haven't hadn't doesn't don't didn't")
)
_VERBS = _words("is are was be been being has have had having take taken taking use used using") | _words(
    "know known feel feeling"
)
_FILLERS = (
    _words("a an the any of to or nor re one other further about regarding for c/o h/o now yet longer really")
    | _words("obvious apparent visible actual current recent previous known obviously apparently currently")
    | _words("actively visibly evidence sign signs history report reports mention suggestion suspicion")
    | _words("concern concerns risk sight thoughts plan plans intent intention alcohol drugs drug pain")
    | _words("injury injuries harm self-harm suicidal ideation dizziness nausea vomiting")
)
_TOKEN = re.compile(r"c/o|h/o|ruled out|[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|[^\w\s]|\n", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"\s*(?:[:?=–-]\s*)?(?:(?:was|is|were|are|has been|have been)\s+)?"
    r"(?:denied|ruled out|excluded|no|nil|none)(?=\s*(?:$|[.;,!)\n]|by\b|and\b))",
    re.IGNORECASE,
)
_ENDS_BEFORE = 12


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    is_watched: bool


class Narrative:
    """A narrative cut into tokens once.

    Args:
        text: as it was typed.
        watched: the spans of all words that are looked for: they may follow each other in a list.
    """

    def __init__(self, text: str, watched: Collection[Span]) -> None:
        self._text = plain(text)
        self._tokens = [
            _Token(match[0].lower(), match.start(), _is_inside(match.start(), watched))
            for match in _TOKEN.finditer(self._text)
        ]

    def denies(self, span: Span) -> bool:
        """Whether the word at this span was denied: before it, or right after it."""
        if _DENIED_AFTER.match(self._text, span[1]):
            return True
        before = [token for token in self._tokens if token.start < span[0]]
        after = [token for token in self._tokens if token.start >= span[1]]
        return _denied_before(before, closed_by_or=_reaches_or(after))


def plain(text: str) -> str:
    """The text with one kind of apostrophe, of the same length."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _is_inside(at: int, spans: Collection[Span]) -> bool:
    return any(start <= at < end for start, end in spans)


def _reaches_or(after: list[_Token]) -> bool:
    for token in after[:_ENDS_BEFORE]:
        if token.text in {"or", "nor", "/"}:
            return True
        if not (token.is_watched or token.text == "," or token.text in _FILLERS):
            return False
    return False


def _denied_before(before: list[_Token], *, closed_by_or: bool) -> bool:
    """Walk back to a negation over what may stand between: fillers, watched words and the joints of a list."""
    between: list[str] = []
    for place, token in reversed(list(enumerate(before))):
        if token.text in _NEGATORS and not token.is_watched:
            listed = bool({",", "and"} & set(between))
            closed = closed_by_or or bool({"or", "/"} & set(between))
            # "not violent, drunk" denies one thing only.
            carries = token.text in _DENIES or closed or not listed
            return carries and not _is_doubled(before[:place], token.text)
        follows_denial = token.text == ":" and place > 0 and before[place - 1].text in _DENIES
        if not (follows_denial or _may_stand_between(token, between)):
            return False
        between.append(token.text)
    return False


def _may_stand_between(token: _Token, after: list[str]) -> bool:
    if token.text in {",", "and"}:
        # "denies chest pain, has a knife": the verb begins something new.
        return not _VERBS & set(after)
    return token.is_watched or token.text == "/" or token.text in _FILLERS | _VERBS


def _is_doubled(before: list[_Token], negation: str) -> bool:
    # "does not deny", "cannot be ruled out": two negations are none.
    if negation not in _DENIES:
        return False
    for token in reversed(before[-3:]):
        if not token.text[0].isalpha():
            return False
        if token.text in _NEGATORS - _DENIES:
            return True
    return False
