"""How people tell which language somebody speaks, and what they need to be reached and talked with.

Written as the phrases of a screening tool are (:mod:`db.domain.entries`). The codes of ways to get about are those
of the shipped reference set; a service that has another set is offered what it has of them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from db.domain import about
from db.domain.languages import ENGLISH, Languages, is_spoken

ONLY: Final = "only"
"""Said of a language with it, an interpreter is needed, too."""
_NO: Final = "no|little|limited|poor|broken|basic|minimal|hardly_any|barely_any|not_much|few_words_of|bit_of"
_CANNOT: Final = "cannot|can't|cant|couldn't|doesn't|doesnt|does_not|don't|dont|didn't|not|unable_to|never"
_INTERPRETER: Final = "interpreter*|interpretor*|translator*|interpreting|interp|interps|terp"
_NEEDS: Final = "need|needs|needed|needing|require|requires|requiring|request|requests|requested|want|wants"
_AID: Final = "frame|stick|sticks|crutch|crutches|rollator|zimmer|aid"
_TALKS: Final = (
    "speaks|speak|speaking|spoke|understands|understand|talks|talk|talking|communicates|communicate|shouting"
)

INTERPRETER: Final = (
    f"{_NEEDS} .. {_INTERPRETER}",
    f"{_INTERPRETER} .. needed|required|requested|wanted|please|pls|necessary|essential|req",
    f"via|through|using|use|uses|by .. {_INTERPRETER}",
    "interprets|interpreting|translates|translating|interpreted|translated",
    "interpret|translate for him|her|them|me|mum|dad|us",
    "language line|barrier",
    f"{_NO} .. english",
    "speaks|speak|understands some|bit english",
    "english .. limited|poor|basic|broken|minimal",
    "english .. not|isn't|isnt .. good|great|fluent|strong",
    "barely|hardly|scarcely .. english",
    "non english speaking|speaker",
    f"{_CANNOT} speak|understand|read|follow|talk english",
    f"{_CANNOT} speak|understand|read|follow much|any|good|enough|a_lot_of|a_word_of english",
    "english .. not|isn't|isnt .. first|main|native|own language",
    "english as .. second|additional|foreign language",
    "-english breakfast|lesson|lessons|teacher|homework|exam|exams|literature|degree|heritage|setter|bulldog",
)
COMMUNICATION: Final = (
    "deaf|deafened|deafblind|deafness",
    "hard of hearing",
    "hoh",
    "hearing impaired|impairment|loss|aid|aids",
    "impaired|poor|reduced|partial hearing",
    "hearing|eyesight|sight|vision is|was|very poor|bad|failing|going|limited",
    "cannot|can't|cant|doesn't|unable_to hear .. phone|telephone|doorbell|bell|knocker|speech|intercom",
    "lip reads|read|reader|reading",
    "lipreads|lipread|lipreader|lipreading",
    "-deaf ears|to",
    "-deaf|blind club|school|college|association|charity|society|community",
    "--blinds",
    "-tone deaf",
    "blind|partially_sighted|sightless",
    "sight|visually|vision impaired|impairment|loss",
    "poor|failing|low|impaired eyesight|vision",
    "lost .. sight|eyesight|hearing|voice|speech",
    "guide dog",
    "white cane|stick",
    "-blind drunk|spot|rage|panic|fury|date|eye|faith|trust|alley|corner|side|bend|hope|optimism|luck|cord|cords",
    "-blind with|to",
    "-colour|color|venetian|roller|window|snow|love|double blind",
    "-lost sight of",
    "-the|kitchen|bedroom|window|bathroom|her|his blind .. down|up|closed|drawn|shut",
    "non verbal|speaking",
    "nonverbal|nonspeaking",
    "selectively|elective|selective mute|mutism",
    "no .. speech",
    "stammer*",
    "stutter*",
    "speech impediment|impairment|difficulties",
    "aphasia|aphasic|dysphasia|dysphasic|dysarthria",
    "learning disability|disabilities|disabled",
    "easy read",
    "autistic|autism|asperger's|aspergers|asd",
    f"{_CANNOT} read|write or|and|nor read|write",
    "illiterate",
)
MOBILITY: Final[Mapping[str, tuple[str, ...]]] = {
    "wheelchair": (
        f"uses|use|using|in|into|has|got|{_NEEDS}|on .. wheelchair|powerchair",
        "wheelchair user|users|dependent|bound|access|accessible|adapted",
        "powerchair",
        "electric|power wheelchair|chair",
        "-pushing|pushes|pushed|push|threw|throws|stole|steals|bought|selling .. wheelchair",
        "-electric chair",
    ),
    "transfers": (
        "transfers|transfer|transferring from|to|out_of|into .. wheelchair|chair|seat|car",
        "wheelchair .. transfers|transfer",
        "transfers independently",
        "wheelchair & can|able_to transfer|stand",
    ),
    "slowly": (
        "walks|walking|walk slowly|unsteadily",
        "walks|walking|walk with difficulty",
        f"walks|walking|walk|mobilises|mobilising|mobilizes|gets_about .. with|on|using .. {_AID}",
        "uses|using|use|has|on .. walking stick|frame|aid",
        f"{_NEEDS} .. {_AID} .. walk|move|stand|mobilise",
        "zimmer*",
        "rollator",
        "on crutches",
        "unsteady on .. feet|legs",
        "poor|reduced|limited|restricted|impaired mobility",
        "mobility .. poor|limited|reduced|restricted|bad",
        "-hit|hits|hitting|threat*|attack*|struck|brandish*|swing*|swung|threw .. walking|crutch|crutches|frame",
    ),
    "steps": (
        f"{_CANNOT}|struggles_to manage|climb|do|use .. steps|stairs|step|stair",
        f"{_CANNOT}|struggles_to get|go|walk up|down .. steps|stairs",
        "struggles|difficulty|trouble with .. steps|stairs",
        "no|without steps|stairs .. please|access|possible",
        "step free",
        f"{_NEEDS} .. ramp|stairlift|step_free|level_access",
        "-due_to|because_of|through & fire|smoke|flood",
    ),
    "home": (
        "housebound|bedbound|bedridden",
        "house|bed bound",
        f"{_CANNOT} leave .. house|home|flat|bed|bungalow",
        "-police|crew|crews|officers|we|staff|neighbour|neighbours .. leave .. house|home|flat",
    ),
    "bariatric": ("bariatric",),
}
"""By the code of the way to get about."""
ENGLISH_SPOKEN: Final = (
    f"{_TALKS} english",
    "good|fluent|excellent|perfect|decent english",
    "english .. good|fluent|excellent|well|fine",
)
_NATIONALS: Final = (
    "friend|friends|neighbour|neighbours|boyfriend|girlfriend|husband|wife|partner|mum|mother|dad|father|carer|nurse"
    "|man|woman|lady|lad|guy|girl|boy|family|people|shop|church|food|school|passport|national|nationals|origin"
    "|descent|police|embassy|landlord|boss|workers|driver|gang|community|shepherd|windows|toast|dressing|takeaway"
)


def key(topic: str, code: str = "") -> str:
    """By what a phrase is known: the topic, and the code where there is one."""
    return f"{topic} {code}".strip()


def written(known: Languages, ways: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every phrase that is looked for, by its :func:`key`; which language it is says the word that was found.

    Args:
        known: the languages that a service has.
        ways: the codes of its ways to get about.
    """
    own, names = set(ways), _names(known)
    spoken = "|".join(name for code, found in names.items() if is_spoken(code) for name in found)
    return (
        (key(about.INTERPRETER), INTERPRETER),
        (key(about.COMMUNICATION), COMMUNICATION),
        *((key(about.MOBILITY, code), phrases) for code, phrases in MOBILITY.items() if code in own),
        *((key(about.LANGUAGE, code), _way(found)) for code, found in names.items() if not is_spoken(code)),
        (key(about.LANGUAGE, ENGLISH), ENGLISH_SPOKEN),
        *_spoken(spoken),
    )


def _names(known: Languages) -> dict[str, tuple[str, ...]]:
    """The names of each language but English, as words of a phrase."""
    names: dict[str, list[str]] = {}
    for name, code in known.by_name.items():
        # A label of several ways ("Pictures or symbols") is no name, and a code is what nobody says.
        if code not in {name, ENGLISH} and all(word.isalpha() for word in name.split()):
            names.setdefault(code, []).append("_".join(name.split()))
    return {code: tuple(found) for code, found in names.items()}


def _spoken(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not name:
        return ()
    said = (
        f"{_TALKS} {name}",
        *(f"{_TALKS} {how} {name}" for how in ("fluent|mostly|mainly|just|native|in|both", "mixture of")),
        f"{name} speaker|speakers|speaking|{_INTERPRETER}",
        f"{_INTERPRETER} .. for|in {name}",
        f"{name} is|as .. first|native|main|own|preferred|home language",
        f"first|native|main|own|preferred|home|their|her|his language .. {name}",
        f"mother|native|first tongue .. {name}",
        f"language {name}",
        f"{name} .. mother|native tongue",
        f"{name} & {_INTERPRETER}|language_line",
        f"-{name} {_NATIONALS}",
        *(f"-{little} .. {name}" for little in ("some|little|learning|learns|basic|schoolboy", "bit|words of")),
    )
    alone = (
        *(f"{_TALKS} {how} {name}" for how in ("only", "nothing but", "no language but")),
        f"only|just {_TALKS}|knows|has {name}",
        f"{name} only",
        f"{name} & no|zero|little|limited|poor|broken english",
        f"{name} & {_CANNOT} speak|understand english",
        f"-{name} {_NATIONALS} .. only",
    )
    return (key(about.LANGUAGE), said), (key(about.LANGUAGE, ONLY), alone)


def _way(names: tuple[str, ...]) -> tuple[str, ...]:
    name = "|".join(names)
    # "Pictures" and "writing" are much else; what has a name of its own says by it that somebody talks so.
    own = () if any(one in {"pictures", "symbols", "writing"} for one in names) else (name,)
    return (
        f"uses|use|using|needs|knows|prefers|signs|communicates {name}",
        f"communicates|talks|answers|communicate|communicating|communication .. {name}",
        *own,
        f"-teaches|teacher|learning|learns|course|lesson|lessons .. {name}",
    )
