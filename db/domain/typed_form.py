"""A form as it is kept while it is typed, and what was heard in it so far. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from db.domain.about import Said
from db.domain.danger import read
from db.domain.intake import Draft
from db.domain.reference import NOT_MEASURED, ScreeningTool
from db.domain.screening import DANGER_SCALE, Answer
from db.domain.typed_times import NO_TIME, TypedTime


def heard(typed: Draft, tool: ScreeningTool) -> tuple[str, ...]:
    """The danger that was heard so far, the gravest first: it counts before anything else is known."""
    found = ["scale A, immediate danger"] if typed.triage_scale == DANGER_SCALE else []
    # What a branch asks of the person's needs is no danger.
    weighs = [item for item in tool.items if item.branch in {"", NOT_MEASURED}]
    found += [item.text for item in weighs if typed.answers.get(item.key) == Answer.YES]
    unasked = {item.key: item.text for item in weighs if item.key not in typed.answers}
    texts = (typed.narrative, typed.access_note)
    keys = dict.fromkeys(one.key for text in texts if text.strip() for one in read(tool, text))
    return (*found, *(unasked[key] for key in keys if key in unasked))


# --- as it is kept ---


def as_kept(draft: Draft) -> dict[str, Any]:
    """A draft as JSON: what is as in a blank one is left out."""
    blank = Draft()
    values = ((one.name, getattr(draft, one.name), getattr(blank, one.name)) for one in fields(draft))
    return {name: _kept(value) for name, value, nothing in values if value != nothing}


def as_typed(kept: Mapping[str, Any]) -> Draft:
    """The draft again. What another version of the program wrote otherwise is left out."""
    draft = Draft()
    for one in fields(Draft):
        if one.name in kept:
            draft = _with(draft, one.name, kept[one.name])
    return draft


def said_kept(said: Mapping[str, TypedTime | str]) -> dict[str, Any]:
    """Answers to a sheet's questions as JSON, by their names; what is blank is left out."""
    return {name: _kept(value) for name, value in said.items() if value not in {"", NO_TIME}}


def said_typed(kept: Mapping[str, Any]) -> dict[str, TypedTime | str]:
    """The answers again; what cannot be read is left out."""
    said: dict[str, TypedTime | str] = {}
    for name, value in kept.items():
        with suppress(TypeError, ValueError, KeyError):
            said[name] = value if isinstance(value, str) else _time(value)
    return said


def _kept(value: Any) -> Any:  # noqa: ANN401 - a field of any type
    if isinstance(value, TypedTime):
        return {"text": value.text, "at": value.at.isoformat() if value.at else None}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [[one.topic, one.code, one.words, one.said_by] if isinstance(one, Said) else one for one in value]
    return value


def _with(draft: Draft, name: str, kept: Any) -> Draft:  # noqa: ANN401 - as above
    try:
        return replace(draft, **{name: _again(getattr(draft, name), name, kept)})
    except (TypeError, ValueError, KeyError, AttributeError):
        return draft


def _again(blank: Any, name: str, kept: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(blank, TypedTime):
        return _time(kept)
    if name == "born_on":
        return date.fromisoformat(kept)
    if name in {"lat", "lon"}:
        return float(kept)
    if name == "about":
        return tuple(Said(*map(_text, one)) for one in kept)
    if isinstance(blank, tuple):
        return tuple(map(_text, kept))
    if isinstance(blank, Mapping):
        return {_text(key): _text(value) for key, value in kept.items()}
    if type(kept) is not type(blank):
        raise TypeError(name)
    return kept


def _time(kept: Any) -> TypedTime:  # noqa: ANN401 - as above
    return TypedTime(_text(kept["text"]), datetime.fromisoformat(kept["at"]) if kept["at"] else None)


def _text(kept: Any) -> str:  # noqa: ANN401 - as above
    if not isinstance(kept, str):
        raise TypeError("not a text")
    return kept
