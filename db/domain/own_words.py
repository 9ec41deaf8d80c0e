"""Words of the questions themselves, where the program writes a screening down as a note.

Nobody said them: read for danger, a question that was answered *no* or was never asked would cry wolf. Only these
are left out, letter for letter; the same words from a person, or beside a *yes*, are read as any other.
"""

import re
from collections.abc import Iterable
from typing import Final

TOGETHER: Final = "Answered no together after reading aloud"
"""How the line begins that names the questions which were answered *no* at once."""
NOT_ASKED: Final = "Not asked"
"""How the line begins that names the questions which nobody put."""
ALL_BUT: Final = "all but "
"""Before those that are left over, where that is shorter."""
_LINE: Final = re.compile(rf"^(?:{TOGETHER}|{NOT_ASKED}): .*$", re.MULTILINE)


def unsaid(text: str, questions: Iterable[str]) -> str:
    """The text with such words as blanks, so that each other letter stays where it is.

    Args:
        text: of a note, or any other.
        questions: as they are written down.
    """
    asked = sorted(filter(None, set(questions)), key=len, reverse=True)
    if not asked:
        return text
    one = "|".join(map(re.escape, asked))
    denied = re.compile(rf"(?:(?<=^)|(?<=[.;] ))(?:{one})(?=: no(?:[.;\n]|$))", re.MULTILINE)
    listed = re.compile(rf"(?:(?<=: )|(?<=; )|(?<={ALL_BUT}))(?:{one})(?=[.;]|$)")
    return _LINE.sub(lambda line: listed.sub(_blank, line[0]), denied.sub(_blank, text))


def _blank(words: re.Match[str]) -> str:
    return " " * len(words[0])
