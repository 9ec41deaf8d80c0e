"""What is typed short in a narrative, as it is read: "hosp", "gf", "nite", "hes", "2/7".

Only what stands for one word, and for the same one wherever it is typed. What crews write of a patient's body
("sob", "loc", "hr") stands in a version of the screening tool, since it is clinical.
"""

import re

_SHORT = """
week wk | weeks wks | month mth mnth | months mths mnths | year yr | years yrs | hours hrs | minute min
minutes mins | seconds secs | night nite | tonight tonite tonit 2nite | tonight's tonights tonites
today 2day | tomorrow tomoz tomo tmrw tmr tmw 2moro tomorow | yesterday yest yday ystday yesterdy | morning morn
afternoon arvo aft | evening evenin | before b4 b/f | because bcos coz cos becos bcoz | with w/ wiv | through thru
though tho | although altho | could cud | would wud | should shud | what wot | something summat sth sthg smth
nothing nowt | anything owt | people ppl | someone some1 sum1 | anyone any1 | everyone every1 | nobody no1 noone
boyfriend bf | girlfriend gf | husband hubby hubs husb | wife missus | brother bro | sister sis | daughter dtr
road rd | motorway m'way mway | ambulance amb | hospital hosp | bottle btl bott | bottles btls botts | packet pkt
packets pkts | taken tkn takn | blood bld | again agn | have hv hav | about abt | from frm | back bk | around arnd
he's hes | she's shes | they're theyre | they've theyve | i've ive | you're youre | there's theres
going goin | just jst | possibly poss | probably prob | and n | near nr | says sez | think thnk
"""
_WHOLE = {
    short: entry.split()[0]
    for line in _SHORT.strip().splitlines()
    for entry in line.split(" | ")
    for short in entry.split()[1:]
}
_STRETCH = re.compile(r"(\d{1,2})/(7|52|12)")
_UNITS = {"7": "days", "52": "weeks", "12": "months"}
_MOST = {"7": 13, "52": 51, "12": 11}
"""More is a date or "24/7"; so may less be, and costs nothing then."""


def whole(word: str) -> str:
    """The word that is meant; itself where it is whole."""
    if word in _WHOLE:
        return _WHOLE[word]
    return f"{whole(word[:-2])}'s" if word.endswith("'s") else word


def stretch(word: str) -> tuple[str, str] | None:
    """A time that is typed as a fraction, its number and its unit: "3/7" is three days, "2/52" two weeks."""
    found = _STRETCH.fullmatch(word)
    if found is None or int(found[1]) > _MOST[found[2]]:
        return None
    return found[1], _UNITS[found[2]]
