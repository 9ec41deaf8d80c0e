"""What is everyday, in phrases: animals, work with tools, drinking now and then, what others keep safe.

Written as the phrases of a screening tool are (:mod:`db.domain.entries`).
"""

from db.domain.cues import KIN, words

PET = "pet"
"""Whose body it is: "her dog had a seizure"."""
HANDIWORK = "handiwork"
"""What a blade or a tool is used for: "slicing bread", "digging the veg patch"."""
HABIT = "habit"
"""How often somebody drinks who does not say that they have today."""
KEPT_SAFE = "kept safe"
"""Who has it, so that the person has it no longer: "mum has taken the tablets out of the house"."""
HEALED = "healed"
DREADED = "dreaded"
"""What somebody has a horror of, and nothing that is there: "phobia of needles"."""
LEISURE = "leisure"
"""What takes people to where it is high, wet or busy: "walks the dog by the lake"."""

_KEEPERS = "|".join(
    sorted(KIN | words("family parents staff ward nurse nurses carer carers crew police officers we i they"))
)
_CUTTING = (
    "chop|chops|chopping|chopped|slice|slices|slicing|sliced|peel|peels|peeling|dice|dicing|cut|cuts|cutting|carve"
    "|carves|carving|carved|grating|buttering|trim|trims|trimming|trimmed"
)
_DIGGING = "dig|digging|digs|dug|weeding|planting|planted|raking"
_BUILDING = "put|puts|putting|built|builds|building|making|makes|fixing|fixed|mending|mends|repairing|painting"
_FOOD = (
    "bread|veg|vegetables|onion|onions|carrot|carrots|potato|potatoes|spuds|fruit|apple|apples|cake|cheese|meat|chicken"
    "|turkey|roast|ham|pizza|salad|sandwich|sandwiches|toast|pumpkin|pumpkins|lemon|tomatoes|peppers|dinner|tea"
)
_MADE = "hedge|hedges|roses|flowers|fabric|cloth|material|paper|coupons|wood|logs|tiles|carpet|wallpaper|card|lino"
_BUILT = "shelf|shelves|fence|shed|gate|table|chair|deck|decking|cupboard|wardrobe|bookcase|curtain|curtains|bike"
_AWAY = (
    "out_of_the_house|out_of_house|out_of_the_home|out_of_the_flat|out_of_reach|out_of_the_way|away|precaution"
    "|safekeeping|from_him|from_her|off_him|off_her|safe|for_now|back_to_the_chemist|to_the_chemist|to_the_pharmacy"
)

EVERYDAY: dict[str, tuple[str, ...]] = {
    PET: (
        "cat|dog|puppy|puppies|kitten|kittens|rabbit|hamster|budgie|parrot|goldfish|tortoise|pony|horse|ferret",
        "guinea pig|pigs",
        "-sick|poorly|scared as|like a dog|cat|horse",
    ),
    HANDIWORK: (
        f"{_CUTTING} .. {_FOOD}|{_MADE}",
        f"{_DIGGING} .. garden|veg|vegetable|allotment|border|patch|weeds|seeds",
        f"{_BUILDING} .. {_BUILT}",
        "diy",
        "sewing|sews|knitting|crochet|quilting|embroidery|dressmaking|woodwork|woodturning|carpentry|joinery",
        "gardening|allotment",
        "salon|barbers|barber's|hairdresser|hairdressers|hairdressing",
    ),
    HABIT: (
        "weekends|fridays|saturdays|sundays|fridays_and_saturdays only",
        "at weekends",
        "at the weekend only",
        "only at weekends|christmas|parties|weddings|birthdays",
        "socially",
        "now and then|again",
        "once in a while",
        "on|for special occasions",
        "once|twice|couple .. a week|month|year",
        "used to be|drink",
        "on a friday|saturday|sunday",
    ),
    KEPT_SAFE: (
        f"{_KEEPERS} .. locks|removed|confiscated|cleared|binned|hides",
        f"{_KEEPERS} .. have|has|had|is|are|been taken|took|moved|put|locked|hidden|got|collected & {_AWAY}",
        f"{_KEEPERS} .. keeps|holds|keeping|holding|took|moved|locked|hid & {_AWAY}",
        f"{_KEEPERS} has|have locked|cleared|removed|confiscated|binned",
    ),
    DREADED: ("phobia|phobic|squeamish of|about|around", "scared|afraid|frightened|terrified|fear of"),
    LEISURE: (
        "walk|walks|walking|walked the|her|his|my|their|our dog|dogs",
        "feeds|feeding|fed|fed_the|feed .. ducks|swans|birds",
        "dog walk|walks|walking",
        "fishing|angling|picnic|picnics|paddleboarding|kayaking|canoeing|rowing|parkrun|birdwatching|sunbathing",
        "cycles|jogs|runs|walks|commutes .. to|into work|school|college|town",
    ),
    HEALED: ("healed", "healing well|nicely|ok|fine", "scabbed|scarred over"),
}
