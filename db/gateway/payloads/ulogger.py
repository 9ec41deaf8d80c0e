"""µlogger (Android): a fixed path, a login that answers with a cookie, and JSON that it waits for."""

from collections.abc import Mapping
from dataclasses import replace

from db.gateway.fix import Payload

PATH = "/client/index.php"
COOKIE = "ulogger"
_NO_ERROR = {"error": False}


def token_of(params: Mapping[str, str], cookies: str) -> str:
    """The password of its login, else the cookie that it was given for it."""
    if params.get("pass"):
        return params["pass"]
    pairs = (one.strip().partition("=") for one in cookies.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def place_of(payload: Payload) -> Payload | None:
    """What it sends as one of the other forms says it; None for what carries no place."""
    params = dict(payload.params)
    if params.get("action") != "addpos":
        return None
    # Metres a second, which the other forms have under another name.
    if "speed" in params:
        params["spd"] = params.pop("speed")
    return replace(payload, params={name: value for name, value in params.items() if name not in {"user", "pass"}})


def answer_to(params: Mapping[str, str]) -> dict[str, object]:
    """What it reads before it goes on: a track has a number, and all its tracks are one here."""
    return {**_NO_ERROR, "trackid": 1} if params.get("action") == "addtrack" else dict(_NO_ERROR)
