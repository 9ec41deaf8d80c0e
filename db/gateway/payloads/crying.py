"""Which words of what a device sent are a cry for help: in any field, however deep, or in what nobody can read."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from db.gateway.fix import BadPayload
from db.gateway.payloads.objects import glued, is_whole, json_objects
from db.gateway.payloads.reading import DEEPEST, LONGEST_TEXT, number

_PANIC = frozenset({"sos", "panic", "emergency", "duress", "help"})
_PANIC |= {"mayday", "mandown", "hijack", "assault", "attack", "accident", "distress"}
# Two words that mean it only beside each other.
_PANIC_PAIRS = frozenset({("man", "down"), ("code", "red"), ("lone", "worker")})
_PANIC_PAIRS |= {("e", "call")}
# What has happened, by itself: a crash is one, and that of a program, or a fall in pressure, is none.
_HAPPENED = frozenset({"fall", "fallen", "fell", "crash", "crashed", "collision", "rollover", "airbag"})
_BESIDE_IT = frozenset({"vehicle", "car", "van", "person", "worker", "staff", "user", "hard", "severe"})
_BESIDE_IT |= {"detected", "detection", "down"}
# What says behind it that it is over: "SOS off" beside what else is wrong is no press.
_ENDS = frozenset(
    {"off", "cancel", "cancelled", "canceled", "end", "ended", "clear", "cleared", "stop", "stopped"}
)
_ENDS |= {"reset", "released", "release", "resolved", "closed", "inactive", "deactivated", "over", "finished"}
_SEVERAL = re.compile(r"[,;|\n]")
_BETWEEN_WORDS = re.compile(r"[^a-z]+")
# A button's name that is glued to what may stand beside it: sosalarm, panicbtn.
_GLUED_WORDS = re.compile(
    r"\b(sos|panic|duress|mayday|emergency)(?=(?:alarm|alert|button|btn|call|event|key|mode|on|press|pressed|signal)\b)"
)
_SPELT = re.compile(r"\bs[\s.\-_*]o[\s.\-_*]s\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What makes call the field of the button: with the kind of alarm in it, or by the button's own name with a yes.
_ALARM_FIELDS = frozenset({"alarm", "alarms"})
BUTTONS = _PANIC | _HAPPENED
"""A field of such a name that says yes, and an address that ends in one, is the button."""
_BUTTON_FIELDS = BUTTONS | {"man_down"}
# What says which event it is, and beside it whether it is on.
_KIND_FIELDS = frozenset({"name", "type", "kind", "key", "code"})
_VALUE_FIELDS = ("value", "val", "state", "status", "active", "pressed", "on")
_LONGEST_KIND = 24
_CRYING_FIELDS = _ALARM_FIELDS | _BUTTON_FIELDS | {"event"}
# What may stand beside the button's name in a field that says yes or no (``sosFlag``), or in the name of an event
# (``SOS_MODE_START``); anything more is about something else (``sosNumber``, ``emergency exit``).
_ABOUT_A_BUTTON = frozenset({"status", "flag", "state", "active", "pressed", "press", "on", "is", "triggered"})
_ABOUT_A_BUTTON |= {"trigger", "event", "button", "alarm", "alert", "key", "mode", "start", "started", "raised"}
_ABOUT_A_BUTTON |= {"activated", "call", "signal", "me", "request", "btn"}
# How somebody writes it.
_ASKING = frozenset(
    {"please", "need", "needed", "needs", "send", "get", "i", "we", "us", "now", "urgent", "urgently"}
)
_ASKING |= {"immediate", "immediately", "is", "quick", "quickly", "asap", "some"}
_TELLING_FIELDS = frozenset({"type", "kind", "eventtype", "alarmtype", "alarmname", "alarmkind", "alert"})
_TELLING_FIELDS |= {
    "alerttype",
    "alertname",
    "messagetype",
    "msgtype",
    "reason",
    "trigger",
    "description",
    "title",
}
_TELLING_FIELDS |= {"button", "action", "status", "state", "message", "msg", "text", "comment", "alerts"}
_OVER = frozenset({"false", "0", "no", "off", "cancel", "cancelled", "canceled", "end", "ended", "clear"})
_OVER |= {"cleared", "stop", "stopped", "reset", "test", "released", "resolved", "closed", "inactive", "none"}
_SAYS_WHETHER = (*_VALUE_FIELDS, "event", "action", "click")
_LONGEST_FIELD = 40
_YES = frozenset({"true", "1", "yes", "on", "1.0", "y", "t", "active", "pressed", "triggered", "raised"})
_CRIED = re.compile(
    r"\W*(?:(?:please|i|we|need|send|get|urgent|urgently)\W+)*"
    r"(?:s\W?o\W?s|panic|emergency|duress|help|mayday|man\s?down|code\s?red)\b",
    re.IGNORECASE,
)
_OF_BUTTONS = BUTTONS | _ABOUT_A_BUTTON | _ASKING | _BESIDE_IT | {word for pair in _PANIC_PAIRS for word in pair}
# The value in which a body was cut off, and the name of its field: as JSON, in a list of it, as an element of XML.
_CUT_VALUE = re.compile(
    r"""(?:["']?([\w.-]{1,40})\\?["']?\s*[:=]\s*(?:\[[^][{}]*)?\\?["']|<([\w.-]{1,40})\b[^<>]*>)([^"'<>\\]{1,40})\Z"""
)
_CUT_YES = re.compile(r"""["']([\w.-]{1,40})\\?["']\s*:\s*\\?["']?(?:t|tr|tru|y|ye|o)\Z""", re.IGNORECASE)
_LONGEST_END = 500
_FEWEST_LETTERS = 2
"""So many show what a cut word was; of the kind of an alarm, which is sent for nothing else, one does."""
_MOST_PRESSES = 100
"""So many presses are none any more, but a telephone's number."""
# A text that goes on behind it: "SOS! lat:52.24 lon:-0.90".
_CALLED = re.compile(r"\W*(?:sos|mayday)\s*[!:.,;-]", re.IGNORECASE)
_SEEMS_PANIC = re.compile(
    rb"\b(?:(?:alarms?|event)\W{1,6}"
    rb"(?:(?:sos|panic|emergency|duress|help|mayday|(?:man|fall)[\s_-]?down|hijack)|(?:true|1|yes|on)\b)"
    rb"|(?:sos|panic|emergency|duress|mayday|man_?down)\W{1,6}(?:true|1|yes|on)\b)"
    rb"|\btype\W{1,4}(?:sos|panic|duress|mayday)\b(?![\w\s-]{0,3}(?:end|off|test|cancel|stop|clear))"
    # An element of XML, and a column of a tracker's line, that is nothing but the cry.
    rb"|<(?:\w*type|alarm\w*|alert\w*|event|reason)\b[^<>]*>\s*(?:sos|panic|duress|mayday|help me)\b[\w\s!]{0,16}<"
    rb"|[,;|]\s*(?:sos|panic|duress|mayday|help ?me)\s*!*\s*(?:[,;|\r\n]|\Z)"
)


def is_panic(value: object) -> bool:
    """Whether an ``alarm`` is the panic button, alone or among others, in whatever it is wrapped."""
    if value is None or value == "":
        return False
    if isinstance(value, list):
        return any(is_panic(one) for one in value if not isinstance(one, list))
    if isinstance(value, dict):
        # {"type": "sos", "active": false} tells of a button that was let go.
        let_go = any(value.get(name) is False for name in ("active", "pressed", "on", "state", "value"))
        return not let_go and any(_kind_is_panic(one, DEEPEST) for one in value.values())
    said = str(value) if isinstance(value, str | int) else ""
    return said.strip().lower() in _YES or _names_panic(said)


def is_about_it(name: str) -> bool:
    """Whether a field of that name may cry."""
    return len(name) <= _LONGEST_FIELD and _role(name) != ""


def _is_pressed(value: object) -> bool:
    """Whether a number says that a button is down, or how often it was pressed."""
    if isinstance(value, list):
        return any(_is_pressed(one) for one in value if not isinstance(one, list))
    read = number(value)
    return read is not None and read.is_integer() and 0 < read < _MOST_PRESSES


def _kind_is_panic(kind: object, depth: int) -> bool:
    """Whether what describes an alarm calls it that of the button: ``{"kind": {"code": "SOS"}}``."""
    if isinstance(kind, dict) and depth:
        return any(_kind_is_panic(one, depth - 1) for one in kind.values())
    return isinstance(kind, str) and _names_panic(kind)


def _plain_words(said: str) -> list[str]:
    """The words of a text in lower case, also wide, glued and spelt ones: ``panicbutton``, ``S.O.S.``."""
    wide = said if said.isascii() else _seen(said)
    # Escaped once more than it was taken apart.
    wide = unquote(wide) if "%" in wide else wide
    apart = _GLUED_WORDS.sub(r"\1 ", _CAMEL.sub(" ", wide).lower())
    return _BETWEEN_WORDS.split(_SPELT.sub(" sos ", apart))


def _seen(said: str) -> str:
    """A text as it is read: wide letters plain, without signs that nobody sees, the picture of it in letters."""
    plain = unicodedata.normalize("NFKC", said.replace("\N{SQUARED SOS}", " sos "))
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def _names_panic(said: str) -> bool:
    # Several may stand beside each other, and that one is over says nothing of another.
    return any(_is_named_panic([word for word in _plain_words(one) if word]) for one in _SEVERAL.split(said))


def _is_named_panic(words: list[str]) -> bool:
    if _PANIC.isdisjoint(words) and _PANIC_PAIRS.isdisjoint(pairwise(words)) and not _has_happened(words):
        return False
    return words[-1] not in _ENDS or not _OF_BUTTONS.union(_ENDS).issuperset(words)


def _has_happened(words: list[str]) -> bool:
    return not _HAPPENED.isdisjoint(words) and (_HAPPENED | _BESIDE_IT | _ABOUT_A_BUTTON).issuperset(words)


def cries(sent: Mapping[str, Any], but: frozenset[str] = frozenset()) -> bool:
    """Whether what was sent asks for help, by whatever name and however deep it says so.

    Args:
        sent: the fields of a query, or an object of a body.
        but: fields that are not looked into, since they say it for themselves.
    """
    return _cries(sent, but, DEEPEST)


def _cries(sent: Mapping[str, Any], but: frozenset[str], depth: int) -> bool:
    for name, value in sent.items():
        if name in but:
            continue
        role = _role(name) if len(name) <= _LONGEST_FIELD else ""
        if role and _plays(role, value, sent):
            return True
        if isinstance(value, str) and value.startswith(("{", "[")):
            # JSON inside a text; a list in it is looked into like one beside it.
            read = glued(value[:LONGEST_TEXT])
            value = [item for one in read for item in (one if isinstance(one, list) else [one])]
        # Nearly all are plain values, and this is done for every fix.
        deeper = isinstance(value, (dict, list)) and depth
        if deeper and any(_cries(one, but, depth - 1) for one in _objects_in(value)):
            return True
    return False


@lru_cache(maxsize=1024)
def _role(name: str) -> str:
    """What a field has to do with the button: its own name, that it says whether, which, or nothing."""
    # Of ``attributes.alarm`` and ``alarms[]`` the last word says what it is.
    field = name.lower().rpartition(".")[2].removesuffix("[]")
    if field in _CRYING_FIELDS:
        return field
    words = _words(name)
    about = _BUTTON_FIELDS | _ALARM_FIELDS
    beside = _BESIDE_IT if words & _HAPPENED else frozenset[str]()
    if words & about and words <= about | _ABOUT_A_BUTTON | beside:
        return "flag" if words & _BUTTON_FIELDS else "alarm flag"
    if field.replace("_", "").replace("-", "") in _TELLING_FIELDS:
        return "telling"
    return "kind" if name in _KIND_FIELDS else ""


def _plays(role: str, value: object, sent: Mapping[str, Any]) -> bool:
    if role in _CRYING_FIELDS:
        return _is_cry(role, value)
    if role.endswith("flag") and isinstance(value, bool | str | int | float):
        # A number in a field of any alarm says which alarm it is.
        said = str(value).strip().lower()
        is_yes = said in _YES and (role == "flag" or not said.startswith("1"))
        is_yes = is_yes or (role == "flag" and _is_pressed(value))
        return is_yes or _tells_of_button(value)
    if _is_kind_of_cry(value, sent):
        return True
    return role == "telling" and _tells_of_button(value) and not _is_over(sent)


def _words(said: str) -> set[str]:
    return {word for word in _plain_words(said) if word}


def _tells_of_button(value: object) -> bool:
    """``SOS_MODE_START`` and ``Panic button``: the button and nothing else."""
    if isinstance(value, list):
        return any(_tells_of_button(one) for one in value if isinstance(one, str))
    if not isinstance(value, str) or not _names_panic(value[:_LONGEST_FIELD]):
        return False
    if _CALLED.match(value):
        return True
    return len(value) <= _LONGEST_KIND and _words(value) <= _OF_BUTTONS


def _is_over(sent: Mapping[str, Any]) -> bool:
    told = [value for name, value in sent.items() if name.lower() in _SAYS_WHETHER]
    return not _OVER.isdisjoint(str(value).strip().lower() for value in told if isinstance(value, str | int))


def _is_kind_of_cry(kind: object, sent: Mapping[str, Any]) -> bool:
    """``{"name": "panicButton", "value": true}``: nothing but the button's name, and no value that says no."""
    if not isinstance(kind, str) or len(kind) > _LONGEST_KIND or not _names_panic(kind):
        return False
    values = [sent[name] for name in _VALUE_FIELDS if name in sent]
    return any(is_panic(one) or _is_pressed(one) for one in values)


def _objects_in(value: dict[str, Any] | list[Any]) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else [one for one in value if isinstance(one, dict)]


def _is_cry(field: str, value: object) -> bool:
    # An event has a number or a yes of other things; the kind of an alarm and a button have not.
    if field == "event":
        return _names_panic(value) if isinstance(value, str) else isinstance(value, dict) and is_panic(value)
    if field in _BUTTON_FIELDS and isinstance(value, dict):
        # {"sos": {"state": "active"}}, and not {"sos": {"enabled": true}}.
        said = [told for name, told in value.items() if name.lower() in _SAYS_WHETHER]
        is_yes = not _YES.isdisjoint(str(told).strip().lower() for told in said)
        return is_panic(value) or is_yes or any(map(_is_pressed, said))
    return is_panic(value) or (field in _BUTTON_FIELDS and _is_pressed(value))


def body_cries(body: bytes) -> bool:
    """Whether a body asks for help, as JSON or as whatever it is; what is broken in it cries by its looks."""
    try:
        return any(cries(one) for one in json_objects(body)) or seems_panic(body)
    except BadPayload:
        return seems_panic(body)


def broken_cries(body: bytes) -> bool:
    """Whether a body that should be JSON asks for help in a part of it that nobody can read."""
    return body.lstrip().startswith((b"{", b"[")) and not is_whole(body) and seems_panic(body)


def seems_panic(body: bytes) -> bool:
    """Whether a body of which nothing else can be read speaks of the panic button, or begins with a cry."""
    text = body.decode("utf-8-sig", "replace")
    cried = not body.lstrip().startswith((b"{", b"[", b"<")) and _CRIED.match(text)
    return bool(cried) or bool(_SEEMS_PANIC.search(body.lower())) or _is_cut_cry(text.rstrip())


def _is_cut_cry(text: str) -> bool:
    """Whether a text ends in the middle of what would have been a cry: ``{"alarm": "so``."""
    end = text[-_LONGEST_END:]
    yes = _CUT_YES.search(end)
    if yes is not None and _role(yes[1]) in _BUTTON_FIELDS | {"flag"}:
        return True
    cut = _CUT_VALUE.search(end)
    role = "" if cut is None else _role(cut[1] or cut[2])
    if cut is None or role in {"", "kind"}:
        return False
    begun = "".join(_plain_words(_SEVERAL.split(cut[3])[-1]))
    fewest = 1 if role in _ALARM_FIELDS else _FEWEST_LETTERS
    whole = (*BUTTONS, *map("".join, _PANIC_PAIRS))
    return len(begun) >= fewest and any(word.startswith(begun) for word in whole)
