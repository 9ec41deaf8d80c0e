"""Whether a denial is taken back by what follows: somebody else says otherwise, or it lasted until just now."""

from collections.abc import Sequence
from typing import Final

from db.domain import cues

_ENDS: Final = frozenset(".;!\n")
_UNTIL_WITHIN, _TELLER_WITHIN, _TELLS_WITHIN = 8, 4, 2


def is_contradicted(follows: Sequence[str]) -> bool:
    """Such as "no gun, but his mum says there is one", "no fits until this morning".

    Args:
        follows: the words and signs behind what was denied.
    """
    end = next((at for at, word in enumerate(follows) if word in _ENDS), len(follows))
    for at, word in enumerate(follows[:end]):
        rest = follows[at + 1 : end]
        if word in cues.UNTIL and rest and rest[0] in cues.JUST_NOW:
            return at < _UNTIL_WITHIN
        if word in cues.CONTRAST:
            return _is_told_otherwise(rest)
    return False


def _is_told_otherwise(said: Sequence[str]) -> bool:
    """Whether somebody else says that it is so: "his brother says it's in the loft"."""
    teller = next((at for at, word in enumerate(said[:_TELLER_WITHIN]) if word in cues.TELLERS), None)
    if teller is None or cues.TELLS.isdisjoint(said[teller + 1 : teller + 1 + _TELLS_WITHIN]):
        return False
    return not cues.THAT_IT_IS.isdisjoint(said[teller + _TELLS_WITHIN :]) and cues.NEGATORS.isdisjoint(said)
