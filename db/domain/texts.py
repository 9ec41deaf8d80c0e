"""Stored text made fit to stand beside other text: on one line, in its own direction, found however it is typed.

People paste what they have: addresses over five lines, names in Hebrew or Arabic, characters that nobody sees and
that turn round what follows them. None of it may move a postcode, a time or a callsign to another place on the
screen. So a text that is shown passes through here first: :func:`told` where one line is shown, :func:`paragraphs`
where it may be several. Both give the same when they are asked twice, and plain English comes back as it was.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

FSI: Final = "\N{FIRST STRONG ISOLATE}"
LRI: Final = "\N{LEFT-TO-RIGHT ISOLATE}"
PDI: Final = "\N{POP DIRECTIONAL ISOLATE}"
_OURS: Final = frozenset({FSI, LRI, PDI})
_OPENING: Final = frozenset({FSI, LRI})
_UNMARKED: Final = dict.fromkeys(map(ord, _OURS))
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
# Signs of Arabic and Syriac that Unicode counts as formatting, and that are seen all the same.
_SEEN: Final = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x8E2)))
# Letters that are drawn as nothing: the fillers of Hangul and the empty cell of Braille.
_HOLLOW: Final = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800)))
_LEFTWARD: Final = frozenset({"R", "AL", "AN"})
_MOST_MARKS: Final = 3
"""Marks on one letter. Hebrew and Vietnamese need no more; a flood of them paints over the rows around it."""
_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_BLANKS = re.compile(r"[^\S\n]+")
_APOSTROPHES = dict.fromkeys(
    (0x27, 0x60, 0xB4, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2C8, 0x5F3, 0x2018, 0x2019, 0x201B, 0x2032, 0xFF07)
)
"""Whatever stands for one, by its code point."""
# Letters that have no accent to take off, as people type them who have no such key.
_PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
        "ŋ": "n",
    }
)
_NO_LETTERS = re.compile(r"[^\w\n]+|_+")
_ONLY_LETTERS: Final = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) != "\n"}


def _is_tame(text: str) -> bool:
    return text.isascii() and text.isprintable()


def told(text: str, break_as: str = " ") -> str:
    """A text for one line among others: blanks and breaks are one blank, nothing hidden, its direction its own.

    Args:
        text: as it is stored.
        break_as: what stands for a line break.
    """
    return text if _is_tame(text) and "  " not in text else _told(text, break_as)


@lru_cache(maxsize=4096)
def _told(text: str, break_as: str) -> str:
    lines = _BREAKS.split(_without_hidden(text, _OURS).strip())
    kept = [line.rstrip(" ,;") if break_as == ", " else line for line in lines]
    return _isolated(_BLANKS.sub(" ", break_as.join(kept)))


def one_line(text: str, break_as: str = " ") -> str:
    """As :func:`told`, in no direction of its own: to be worked with, not to be shown."""
    return told(text, break_as).translate(_UNMARKED)


def paragraphs(text: str) -> str:
    """A text that may have several lines: nothing hidden in it, and each line in its own direction."""
    return text if _is_tame(text) else _paragraphs(text)


@lru_cache(maxsize=4096)
def _paragraphs(text: str) -> str:
    return "\n".join(map(_isolated, _without_hidden(text, _OURS).split("\n")))


def _isolated(line: str) -> str:
    """The line between marks that keep its direction to itself; one that could turn nothing round needs none."""
    if _is_settled(line):
        return line
    plain = line.translate(_UNMARKED)
    kinds = set(map(unicodedata.bidirectional, plain))
    if not kinds & _LEFTWARD:
        return plain
    # English about somebody whose name is not: the sentence runs on as it would without the name.
    return f"{LRI if 'L' in kinds else FSI}{plain}{PDI}"


def _is_settled(line: str) -> bool:
    """Whether all that runs leftward stands between marks of ours, and each mark has its other half."""
    depth = 0
    for char in line:
        depth += (char in _OPENING) - (char == PDI)
        if depth < 0 or (depth == 0 and unicodedata.bidirectional(char) in _LEFTWARD):
            return False
    return depth == 0


def bare(text: str) -> str:
    """The text without what nobody sees: controls, marks of direction, hidden blanks, floods of accents.

    What joins letters and emoji stays between them. Breaks are all written as one line feed, a tab as a blank.
    """
    if _is_tame(text):
        return text
    return _without_hidden(text)


def _without_hidden(text: str, keep: frozenset[str] = frozenset()) -> str:
    made: list[str] = []
    marks, text = 0, text.replace("\r\n", "\n")
    for at, char in enumerate(text):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if char in _JOINERS or char in keep:
            if char in keep or _joins(text, at):
                made.append(char)
        elif marks <= _MOST_MARKS:
            made.append(_seen(char, kind))
    return "".join(made)


def _seen(char: str, kind: str) -> str:
    if char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        return "\n"
    if char == "\t" or kind == "Zs" or char in _HOLLOW:
        return " "
    hidden = kind in {"Cc", "Cs"} or (kind == "Cf" and char not in _SEEN)
    return "" if hidden else char


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between two characters that it can join, and not among others of its kind."""
    beside = text[at - 1 : at] + text[at + 1 : at + 2]
    return at > 0 and len(beside) == 2 and not beside.isascii() and not _JOINERS & set(beside)


def letters(text: str) -> str:
    """The text in small letters without accents and apostrophes: ``Zoë O’Brien`` as ``zoe obrien``."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).translate(_PLAIN_LETTERS)


def folded(text: str) -> str:
    """What a text is found by: its letters and digits alone, so that ``nn14lp`` finds ``NN1 4LP``.

    Blanks go too, since nobody knows whether a name has one. A search looks for each of :func:`needles` in it.
    """
    return folded_fields((text,)).replace("\n", "")


def folded_fields(texts: Iterable[str]) -> str:
    """Several texts, each folded and on a line of its own, so that no word is found across two of them."""
    joined = letters("\n".join(texts))
    # Ten thousand rows are folded when a board opens, and nearly all of them are plain.
    return joined.translate(_ONLY_LETTERS) if joined.isascii() else _NO_LETTERS.sub("", joined)


def needles(typed: str) -> tuple[str, ...]:
    """The words of a search, folded; all of them must be found, in any order."""
    return tuple(word for word in map(folded, typed.split()) if word)


def all_of(words: Sequence[str]) -> str:
    """Words in a row: ``CRU1, CRU2 and CRU5``."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def one_of(words: Sequence[str]) -> str:
    """Words to choose from: ``CRU1, CRU2 or CRU5``."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
