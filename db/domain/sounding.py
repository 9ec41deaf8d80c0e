"""How a word sounds, so that one written by ear is known: "nife", "suiside", "fone", "brige"."""

import re

_DOUBLED = re.compile(r"(.)\1+")
_AS_SAID = (
    (r"^[kgp]n", "n"),
    (r"^wr", "r"),
    (r"wh", "w"),
    (r"ph", "f"),
    (r"tch", "ch"),
    (r"dg(?=[eiy])|j", "g"),
    (r"sci|[tcs]i(?=on|ous|an|al)", "sh"),
    (r"^ps|s?c(?=[eiy])|z", "s"),
    (r"ck|c(?!h)|q", "k"),
    (r"x", "ks"),
    (r"mb$", "m"),
    (r"(?<=[aeiou])gh|(?<=[aeiou])[hw](?![aeiou])", ""),
    (r"(?<=[^aeiou])ed$", "d"),
    (r"[aeiouy]+$", ""),
    (r"(?<!^)y", "i"),
    (r"(?<=w)a(?![iy])", "o"),
)
# All at once: a version has some fifteen thousand words, and each is asked for when it is first read with.
_SPELT = re.compile("|".join(f"({spelt})" for spelt, _ in _AS_SAID))
_SOUNDS = ("", *(said for _, said in _AS_SAID))
_VOWELS = re.compile(r"[aeiou]+")


def sound(word: str) -> str:
    """The consonants of a word as they are said, its first vowel, and where the others stand.

    Two words that are written otherwise and said alike have the same: ``sound("nife") == sound("knife")``.
    """
    said = _SPELT.sub(_said, _DOUBLED.sub(r"\1", word))
    first = _VOWELS.search(said)
    if first is None:
        return said
    return f"{said[: first.start()]}{_vowel(first[0])}{_VOWELS.sub('.', said[first.end() :])}"


def _said(spelt: re.Match[str]) -> str:
    return _SOUNDS[spelt.lastindex or 0]


def _vowel(run: str) -> str:
    """The first vowel of a word, with those that are taken for one another: "breeth", "seizure" and "siezure"."""
    if run in {"ie", "ei"}:
        return "e"
    return "o" if run[0] == "u" else run[0]
