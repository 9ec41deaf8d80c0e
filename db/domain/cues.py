"""The program's grammar: words that say of other words that they are denied, past, supposed, wished or another's.

What is dangerous stands in a version of the screening tool; this does not, since it is English, and not clinical.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENIERS = _words("denies denied denying deny denys denie neither excluded ruled-out negative disputes refutes")
"""Negations that go on through a list: "denies overdose, chest pain"."""
REFUSERS = _words("refuses refused refusing declines declined unwilling")
_NOT = _words(
    "not isn't wasn't aren't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't"
    " cannot ain't isnt wasnt arent werent hasnt havent hadnt doesnt dont didnt wont wouldnt cant couldnt aint"
    " mustn't shouldn't"
)
PLAIN_NOT = _NOT | {"no", "nil", "without", "zero"}
"""After these no finite verb is denied: in "no reply took pills" something new begins with "took"."""
NEGATORS = DENIERS | REFUSERS | PLAIN_NOT | _words("nor never none nobody nothing nowhere w/o unlikely non")

NUMBERS = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred dozen dozens several"
)
CLAUSE_ENDS = _words(
    "but however although though except whereas then so because since after before until unless while when"
    " despite where who which once if whether apart than"
)
GAP_ENDS = CLAUSE_ENDS - _words("who which where")
JOINTS = _words(", and & + or nor /")
CLOSING = _words("or nor /")
PRONOUNS = _words("he she they i we it he's she's they're he'd she'd i've i'm there")
TAKES_CLAUSE = _words(
    "that suggest suggests suggestion sign signs evidence denies denied denying deny indication proof think"
    " thinks reports report claim claims believe believes day way chance"
)
AUXILIARIES = _words("is are was were be been being has have had having did does do will would can could")
FINITE = _words("took drank fell threw is was has had went")
PARTS = _words("but and then while because since after before until when who which where although though yet so")

VERBS = AUXILIARIES | _words(
    "take taken took taking use used using know known feel feeling carry carrying carried hold holding held"
    " own owned own keep bring brought try tried trying attempt attempted want wanted wanting threaten"
    " threatened find found see seen saw show shown mention mentioned got get stand standing sit sitting go"
    " going gone going get getting need needed needing mean meant drink drinking drunk touch touched"
)
FILLERS = _words(
    "a an the any of to or nor re one other further about regarding for c/o h/o now yet longer really at in"
    " on near with under from by as over into onto out her his their my its him them himself herself"
    " themselves myself me you your this that these those some more else even ever actually at all also either"
    " both such like obvious apparent visible actual current recent previous known obviously apparently"
    " currently actively visibly new fresh serious severe other particular immediate physical external"
    " significant evident active evidence sign signs history report reports mention suggestion suspicion"
    " indication trace marks mark concern concerns risk sight thoughts thought plan plans intent intention"
    " intentions idea ideas wish desire urge urges alcohol drugs drug pain injury injuries harm self suicidal"
    " ideation dizziness nausea vomiting cuts bruises anything anyone anybody way point time means access"
)
REASONS = _words("reason reasons evidence indication indications sign signs grounds cause")
"""Who sees no reason to think so has denied it."""
POLARITY = _words("any anything anyone anybody ever either whatsoever")
"""Words that English uses under a negation only, so that it surely reaches them."""
CLOSED = _words(
    "well good right calm happy coping alert awake okay ok fine settled better great answering answer"
    " answered engaging engage talking speaking responding response reply replying eating eaten eat sleeping"
    " slept sleep change improvement improved family phone food key working opening open available home fit"
    " wearing suicidal"
)
"""What a negation is done with: behind it begins something new."""
STOPPERS = _words(
    "let letting drop dropped dropping stop stops stopped stopping cease ceased surrender surrendered part"
    " parted hide hiding hidden secret only just merely simply solely doubt doubts wonder surprise denying"
    " first settle settled regret regrets true forget forgotten leave left leaving goes gone eased easing"
)
"""Under a negation these say the opposite: who does not stop goes on, who does not let go of it has it."""
UNSURE = _words(
    "sure certain clear know knows knew knowing known say says said saying tell tells told telling remember"
    " remembers recall promise guarantee confirm confirmed confirms idea prove swear explain count disclose"
    " reveal think thinks believe believes exclude rule understand swearing positive convinced"
)
"""Who cannot say, does not know or does not think has not denied."""
UNCERTAIN = _words("unsure unclear unknown uncertain doubtful impossible hardly scarcely barely rarely")
MOVES = _words(
    "give given giving gives hand handed handing put get got getting take prise wrestle let come coming came"
    " move moved climb back"
)
AWAY = _words("down off away back out go up over")
HANDED = _words("gave given handed surrendered passed")
"""Who did so with it *to* somebody has it no longer."""
THROWN = _words("threw thrown throw locked lock flushed gave handed returned took taken take put")
DENIED_AFTER = _words("denied no nil none negative excluded ruled-out")
MADE_SAFE = (
    ("accounted", "for"),
    ("locked", "away"),
    ("locked", "up"),
    ("taken", "away"),
    ("thrown", "away"),
    ("handed", "in"),
    ("all", "there"),
    ("all", "present"),
    ("untouched",),
    ("unopened",),
    ("intact",),
    ("counted",),
)
FOUND_NONE = (
    ("found", "none"),
    ("saw", "none"),
    ("seen", "none"),
    ("none", "found"),
    ("none", "seen"),
    ("found", "nothing"),
)
NEVER_FOUND = _words(
    "found seen used taken present involved needed required noted reported mentioned missing there"
)
ABBREVIATED = _words("pt approx dr mr mrs ms st hx c ca mins min hrs e.g i.e")
STREETS = _words(
    "street st road rd avenue ave lane close drive terrace court way crescent gardens grove place walk house"
    " cottage cottages farm estate inn hotel arms view hill green square park mews rise row yard wharf"
)
COMPLETED = _words("hanged drowned shot killed stabbed hung")
KIN = _words(
    "granddad grandma nanna twin stepson stepdaughter godfather godmother fiance fiancee landlord mother mum"
    " mam mom dad father brother sister nan gran nana granny grandad grandfather grandmother uncle aunt auntie"
    " cousin friend mate husband wife partner boyfriend girlfriend son daughter colleague neighbour teacher"
    " stepfather stepmother stepdad stepmum nephew niece ex child"
)

PRESENT = _words("has have is are he's she's they're now holding holds carries carrying tonight")
"""With one of these a part of a sentence is no longer about the time that was named before it."""
ONLY_TIME = _words(", in back once of the only that was about")
"""Between a deed and its time these bring nothing new: "had a fit once, in 2006"."""
DATING = ONLY_TIME | NUMBERS | _words("that's this it must be been would all some nearly over getting on good a")
"""Behind a comma these only say when it was: "cut her wrists, that must be ten years ago"."""
EVENTS = FINITE | _words(
    "cut jumped grabbed ate held hit slit slashed swallowed stabbed punched hung smashed attacked collapsed"
    " threatening holding"
)
BEGINS = PRESENT | FINITE | PRONOUNS | _words("today will found")

PAST = "past"
LIVED = "lived"
FORMER = "former"
OF_FORMER = _words(
    "and or , & / of self harm attempts attempt attempted episode episodes serious multiple several medical"
    " admission admissions for by from with suicidal user addict heroin drug alcohol significant"
)
"""What may stand between "previous" and what it is said of."""
OLD = (
    "overdos",
    "attempt",
    "wound",
    "injur",
    "cut",
    "burn",
    "fractur",
    "assault",
    "ligature",
    "seizure",
    "self",
    "scar",
    "lacer",
)
"""What is over when it is old; an old knife is a knife."""
NOW = "now"
AGAIN = "again"
SUPPOSED = "supposed"
WILL = "will"
LOSS = "loss"
INTENT = "intent"
AFFIRMED = "affirmed"
AGO = "ago"
"""When somebody else's act is over, though it may still weigh on the person."""

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_AGES = "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_KIN = "|".join(sorted(KIN))
_DONE = (
    "had|taken|swallowed|necked|done|drunk|eaten|cut|tried|been|gone|jumped|put|tied|hung|slashed|stabbed|bought"
    "|injected|smoked|hidden|thrown|attacked|hit|punched|bitten|kicked|crashed|driven|climbed|set|fallen|banged"
)
"""What follows a short *had* and no *would*."""

# Written as the phrases of a screening tool are (:mod:`db.domain.phrases`), an exemption with its ``-`` too.
PHRASES: dict[str, tuple[str, ...]] = {
    PAST: (
        "years|yrs|decades|months|ages ago|back|earlier|before",
        "years|decades|months after|since .. overdose|attempt|fall|attack|assault|accident|injury|fire",
        "year|yr|decade|month ago|back|earlier",
        "#number|few|couple|several weeks ago|back|earlier",
        "long|long time ago",
        "some years|months",
        "year before last",
        "last year|summer|winter|spring|autumn|month|term|christmas|easter",
        "back in",
        "way back",
        "at new year",
        "#year",
        "-at|by|from|until|till|around|about|approx #year",
        "-#year hrs|hours|hr|today",
        "-it|its|it's|is .. #year",
        "-pin|code|room|flat|incident|log #year",
        "nineties|eighties|seventies|sixties|noughties",
        "as|been a child|teenager|teen|boy|girl|kid|baby|student|youngster|recruit",
        "as a toddler|infant|tot|schoolboy|schoolgirl|lad",
        "in|during childhood|adolescence|youth",
        "his|her|their|my teens|twenties|thirties|forties|childhood|youth|schooldays",
        "as .. young",
        "when .. were|was teenagers|children|kids|students|younger|teens|boys|girls",
        "when .. was a teenager|student|child|kid|boy|girl",
        "when|while he|she|they|i was|were small|young|#number|little|a|at|younger",
        "when|while at school|university|college",
        f"at {_AGES}",
        f"when {_AGES}",
        "at the age of",
        "when aged|age #number",
        f"in|last|since {_MONTHS}",
        "in|last spring|summer|autumn|winter",
        "in|from the|his|her|their past",
        "previously",
        "formerly",
        "historic*",
        "used to",
        "he|she|they|i once",
        "once before",
        "back then",
        "in those days",
        "did|served|serving time|sentence",
        "in a previous|former|earlier",
        "in his|her|their first|last|previous|old marriage|job|relationship|school|flat",
        "before the pandemic|lockdown",
    ),
    LIVED: (
        "flashback*",
        "flash back*",
        "nightmare*",
        "night terror*",
        "memory|memories",
        "remember*",
        "reliv*",
        "anniversar*",
        "ptsd",
        "traumatis*",
        "trauma of|from|after",
        "dream|dreams|dreamt|dreamed of|about|that|he|she|they",
        "remind* of",
        "haunted by",
        "survivor of",
        "survived",
        "history|hx of",
        "h/o",
        "hx",
        "pmh|pmhx",
        "past medical",
        "background of",
        "convicted|convictions of|for",
        "-can't|cannot|doesn't|does|not .. remember*",
        "-remember* .. how|what",
    ),
    FORMER: (
        "previous|prior|past|former|historic*|earlier|childhood|longstanding",
        "old",
        "ex",
        "-year|years old",
        "-her|his|my|their|the|an ex",
        "-the past",
    ),
    NOW: (
        "now",
        "tonight",
        "today",
        "currently",
        "still",
        "this morning|evening|afternoon|lunchtime|minute|time",
        "minutes|mins|min|hour|hours|hrs|hr|moments|seconds ago|back|earlier",
        "just now",
        "right now",
        "at present",
        "at the moment",
        "yesterday",
        "last night",
        "overnight",
        "days|day ago|back",
        "fresh",
        "ongoing",
        "on|since monday|tuesday|wednesday|thursday|friday|saturday|sunday|arrival",
        "has|have|is|are|he's|she's .. again",
        "up there",
        "on scene",
    ),
    AGAIN: (
        "again",
        "another",
        "this time",
        "one on|now|today|tonight",
        "same",
        "more",
        "has|have one|it",
        "is up",
    ),
    SUPPOSED: (
        "if",
        "in case|event",
        "should he|she|they",
        "asked|asks|asking|ask .. about|if|whether|what|how|why",
        "asked directly",
        "we|crew|they|nurse|who talked|spoke|talk .. about|through",
        "discuss*",
        "advice|advised|advise",
        "leaflet|sheet|poster|training|course|talk|guidance|info|information on|about|for",
        "screened|checked|assessed for",
        "read|reading|reads about|online|that|of",
        "watched|watching|saw|film|movie|programme|documentary|series with|about|of",
        "film|movie|documentary|novel|podcast",
        "heard|saw|seen|read .. on|in .. radio|news|tv|telly|paper|papers|facebook|internet",
        "like|wants|wanted|needs to know|understand|learn",
        "know* what to|happens",
        "know* to",
        "what to do",
        "what happens",
        "learn|learning more|about",
        "course|lesson|class|exam on|about|in",
        "explained",
        "went|gone|going through",
        "questions|question about",
        "-as if",
        "-even if",
        "-asked|asks for",
    ),
    WILL: ("will", "going to", "gonna", "he'll|she'll|they'll|i'll", "would"),
    LOSS: (
        "died|dies of|from|by|after|when|in|because|there",
        f"{_KIN} is|was|are dead",
        "to death",
        f"lost .. {_KIN}|baby",
        "death|suicide of",
        f"late|dead|deceased {_KIN}",
        "griev*",
        "grief",
        "bereave*",
        "mourn*",
        "funeral*",
        "-own|plan*|planned|paid|chosen .. funeral*",
        "-funeral* .. planned|chosen|paid",
        "inquest*",
        "passed away",
        "and|then|who died",
        "was|were found dead",
        "suicide .. news",
        f"{_KIN} .. drowned|hanged|murdered",
        f"{_KIN} .. killed|shot himself|herself",
        "was born",
        "was|were killed in|by|when",
        f"nursed .. {_KIN}",
        "when .. were|was small|young|little|teenagers|children|kids|students|younger|teens|boys|girls",
        "that|which killed|took him|her|them",
    ),
    AGO: (
        "last week|weekend|month|year|summer|winter|spring|autumn|christmas|easter",
        "weeks|week|months|month|fortnight|years|year ago|back|earlier",
        "the other week|month",
        "in hospital|itu|icu|intensive|prison",
        f"in|last {_MONTHS}",
    ),
    AFFIRMED: ("nodded|nods|nodding", "yes", "admit*", "confirmed that", "showed", "answer was yes"),
    INTENT: (
        "want|wants|wanted|wanting|wanna|like to|2",
        "going|gonna|about|ready|prepared|determined|able to",
        "will|would|wanna|gonna|might|shall",
        "-might|would|will have",
        "he'll|she'll|they'll|i'll|he'd|she'd",
        # "she'd had thirty" is done, and "she'd have thirty" is not.
        f"-he'd|she'd|they'd|i'd {_DONE}",
        f"-he'd|she'd|they'd|i'd just|already|only|also|then|deliberately {_DONE}",
        "threat*",
        "plan|plans|planning|planned to|on|of",
        "intend*|intent|intention* to|on|of",
        "thinking|thoughts|thought|thinks|ideas|idea|talk|talks|talking|speaks|speaking|fantasis* of|about|to",
        "consider*|contemplat*",
        "urge|urges|tempted|tempt* to",
        "feel|feels|feeling like",
        "wish*",
        "to be able to",
    ),
}
