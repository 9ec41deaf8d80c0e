"""Each rule by which a narrative is read, with what it must let through and what it must not."""

import pytest

from db.domain.phrases import Lexicon
from db.domain.said import WordsSaid, tokens
from db.domain.screening import findings
from tests.unit.shipped_tools import tool_of


def keys(text: str) -> set[str]:
    return {look.item.key for look in findings(tool_of(2), text)}


@pytest.mark.parametrize(
    ("key", "told", "not_told"),
    [
        # denied before it, through a list, and after it
        ("weapon", "Denies drinking, has a cleaver.", "Denies owning a cleaver."),
        ("weapon", "Not calm, cleaver in his fist.", "Not seen with a cleaver."),
        ("weapon", "No pain, cleaver in his lap.", "Denies pain, cleaver."),
        ("weapon", "Denies pain, rusty cleaver in his lap.", "Denies pain, or rusty cleaver."),
        ("weapon", "No pain, cleaver shouted about or so.", "No pain, cleaver, noose or other pills."),
        ("weapon", "He has a cleaver. Search found none.", "Cleaver, a search found none."),
        ("overdose", "Denies pain, took capsules.", "Denies pain, capsules taken."),
        ("seizure", "No sleep; convulsions at noon.", "No rash, vomiting or convulsions."),
        ("overdose", "Overdose not ruled out by the crew.", "Overdose: nil."),
        ("weapon", "The cleaver is missing from the drawer.", "Cleaver was never found."),
        ("overdose", "Tablets in the bag, not all accounted for.", "Tablets all accounted for."),
        ("weapon", "He took the cleaver upstairs.", "His aunt locked the cleaver away."),
        ("weapon", "There was talk of a cleaver and they found one.", "Talk of a cleaver, officers found none."),
        ("overdose", "Took two handfuls of capsules.", "Took none of the capsules."),
        (
            "weapon",
            "No pain, sheep, cleaver on him, shouting or noose.",
            "No pain, sheep, cleaver on him or noose.",
        ),
        # not given up: he has it still
        ("weapon", "Wouldn't give his aunt the cleaver.", "Was not given a cleaver."),
        ("weapon", "She never handed over her cleaver.", "She never asked for a cleaver."),
        ("weapon", "Hasn't let go of the pestle.", "Hasn't got hold of a pestle."),
        ("weapon", "The guard couldn't get the cleaver from him.", "The guard couldn't get a cleaver."),
        ("means", "She hasn't thrown the noose away.", "She has thrown the noose away."),
        ("hazard", "Nobody has turned the gas tap off.", "Nobody has touched the gas tap."),
        ("weapon", "The cleaver has not been found.", "No cleaver has been found."),
        ("weapon", "Had a cleaver and sharpened it.", "Had a cleaver and binned it."),
        ("overdose", "Capsules were handed round and eaten.", "Capsules were handed over to the chemist."),
        # said of what is not there, and of what is
        ("violence", "It isn't unusual for him to punch nurses.", "It isn't known of him to punch nurses."),
        ("conscious", "Never been this muddled.", "Never been muddled."),
        ("weapon", "She has no reason not to use a cleaver.", "She has no reason to use a cleaver."),
        ("bleeding", "Nothing helps, she cut her thigh.", "There is nothing she could cut her thigh with."),
        (
            "weapon",
            "Denies it: telling us about a cleaver.",
            "Denies hearing voices telling her to get a cleaver.",
        ),
        ("weapon", "He nor she spoke, a cleaver lay there.", "Neither he nor his aunt has a cleaver."),
        ("bleeding", "She hasn't stopped slashing her thigh.", "She has stopped slashing her thigh."),
        ("bleeding", "The gash is open.", "The gash has healed."),
        ("conscious", "Not sure, does not know what day it is.", "Not unconscious."),
        # meant, threatened, asked and answered
        ("means", "If the rent goes up I'll hang myself.", "Asked if he'll hang himself."),
        ("weapon", "Asked about blades he produced a cleaver.", "Asked about blades or a cleaver."),
        ("hazard", "Keeps wondering if the viaduct would be quick.", "Ring us if he nears the viaduct."),
        ("means", "Asked how many capsules would be fatal.", "Asked about a plan to overdose."),
        ("bleeding", "He is going to stop slashing his thigh.", "He is going to slash his thigh."),
        # told of somebody's work, or of a story
        ("weapon", "Works in a bank, has a cleaver.", "Works with cleavers in a shop."),
        ("violence", "A stabbing in a pub.", "A stabbing in a novel."),
        # a time that is not that of the thing
        ("pregnancy", "Gave birth five weeks ago.", "Was pregnant in 2011."),
        ("conscious", "Calling for her husband who died in 2003.", "Was confused in 2003."),
        # no negation at all
        ("weapon", "She is not only drunk, a cleaver is in her lap.", "She is not holding a cleaver."),
        ("weapon", "Will not put the cleaver down.", "Will not use a cleaver."),
        ("weapon", "Nobody knows of what he did with the cleaver.", "Nobody there has a cleaver."),
        ("weapon", "Nobody can tell whether he owns a cleaver.", "Nobody knows of any cleaver."),
        ("weapon", "She isn't happy without a cleaver.", "She is happy without a cleaver."),
        ("weapon", "It is not true that there is no cleaver.", "It is true that there is no cleaver."),
        ("weapon", "There's no doubt about the cleaver.", "There's no sign that he has a cleaver."),
        ("overdose", "No news took capsules.", "Never took capsules."),
        ("overdose", "No injuries she swallowed turps.", "No sign that she swallowed turps."),
        # past, and now again
        ("ligature", "Was throttled an hour ago.", "Was throttled decades ago."),
        ("ligature", "Throttled in 2009, and throttled again tonight.", "In 2009 he was throttled."),
        (
            "weapon",
            "Carried a cleaver in 2009 and has one on him now.",
            "Carried a cleaver in 2009, works in a bank now.",
        ),
        ("seizure", "A fit at 2015 hrs.", "A fit once, in 2015."),
        ("seizure", "Convulsions on Monday.", "Convulsions back in childhood."),
        ("violence", "Has nightmares, and is attacking his brother.", "Has nightmares about being attacked."),
        ("violence", "Previous address known. Assaulted a guard.", "Previous assault and violence."),
        ("weapon", "Former soldier with a bayonet.", "Former bayonet attacks."),
        ("weapon", "An old bayonet lies in his lap.", "An old injury by no bayonet."),
        ("bleeding", "An old man, lacerated arm.", "Old lacerations, old cuts."),
        # supposed
        ("seizure", "She convulsed and asked for water.", "She asked whether people who faint also convulse."),
        ("seizure", "Not sure if she convulsed.", "Ring us if she convulses."),
        ("weapon", "Asked about weapons, he nodded.", "Asked about weapons, he laughed it off."),
        ("weapon", "Asked about mum, he has a cleaver.", "Asked about a cleaver."),
        # somebody else's
        ("overdose", "Her aunt has taken an overdose just now.", "Her aunt died of an overdose."),
        ("ligature", "Her uncle is hanging from a beam.", "Her uncle hanged himself."),
        ("ligature", "He hanged himself, her eldest cousin says.", "Her eldest cousin hanged himself."),
        ("overdose", "Griefstricken, took an overdose.", "Grieving for an uncle after his overdose."),
        (
            "overdose",
            "Her aunt took an overdose last night.",
            "Her aunt took an overdose last week, she is upset.",
        ),
        ("means", "She has planned her own funeral.", "Her uncle's funeral was planned by the parish."),
        (
            "attempt",
            "Was caught by two anglers as he stepped onto the weir.",
            "At fourteen: tried to drown herself.",
        ),
        # somebody who is not there, and what it left behind
        ("bleeding", "Her son is home and slit his arm.", "Her son is on a ward after slitting his arm."),
        ("violence", "Next door's lad is battering her.", "Next door's lad was battered on Sunday."),
        ("overdose", "A client swallowed acid just now.", "A client at her work swallowed acid in May."),
        ("breathing", "Her uncle has asthma, she is breathless.", "Her uncle has asthma and is breathless."),
        (
            "ligature",
            "Her lodger strangled her cousin tonight.",
            "Her lodger strangled a man and is in prison for it.",
        ),
        ("overdose", "Her niece took an overdose and is drowsy.", "Her niece took an overdose and is better now."),
        ("violence", "Her lodger hit her and she feels guilty.", "Has nightmares since her lodger hit her."),
        ("violence", "Saw a brawl and is shaken.", "Saw a brawl last weekend and is shaken."),
        ("weapon", "Grew up here, has a cleaver.", "Grew up with a lodger who had a cleaver."),
        ("violence", "A stabbing in the yard.", "A stabbing in the yard where she works."),
        # when it was, told otherwise
        ("overdose", "Male aged 16, overdose.", "Overdose aged 16."),
        ("overdose", "Swallowed capsules at 17 Bridge Street.", "Swallowed capsules at 17."),
        ("bleeding", "Slit her arm at uni today.", "Slit her arm at uni."),
        ("attempt", "Two attempts this week.", "Two previous attempts, the latest in 2011."),
        # asked, answered, and said in a roundabout way
        ("bleeding", "Has he harmed himself? He says yes.", "Has he harmed himself? He says never."),
        ("weapon", "The report of a cleaver was true.", "The report of a cleaver was false."),
        (
            "means",
            "He won't say anything about ending his life.",
            "He hasn't said anything about ending his life.",
        ),
        ("violence", "I don't think he'd stop hitting nurses.", "I don't think he'd ever hit nurses."),
        ("weapon", "It would be wrong to say he has no cleaver.", "It would be right to say he has no cleaver."),
        ("weapon", "I wouldn't bet on him not having a cleaver.", "I'd bet on him not having a cleaver."),
        ("weapon", "Denies it all, keeps a cleaver by the bed.", "Denies keeping a cleaver by the bed."),
        ("weapon", "Denies any plan yet has a cleaver.", "Has not yet asked for a cleaver."),
        ("bleeding", "Once he slit his arm he rang us.", "He has never once slit his arm."),
        (
            "means",
            "He rings, or says he might slit his arm.",
            "If he rings, or says he might slit his arm, tell us.",
        ),
        # a figure of speech, and the same words as they are said
        ("violence", "He stabbed him in the arm.", "He stabbed him in the back over the job."),
        ("violence", "I could kill for a fag and will kill my uncle.", "I could kill for a fag."),
        ("hazard", "Thrown under the bus by a lodger, is in the river.", "Thrown under the bus by her boss."),
        ("bleeding", "She cut the skin of her arm.", "She cut the grass and her fringe."),
        # a negation within it that denies nothing, and one behind a comma that does
        ("withdrawal", "His hands won't stop shaking.", "His hands are not shaking."),
        ("breathing", "He can't get no air.", "He has no trouble getting air."),
        ("weapon", "Has a knife, none of the crew hurt.", "Asked re knives, none."),
        # a year that somebody takes it for, and what only dates a deed behind a comma
        ("conscious", "She thinks it was 1974.", "She was confused in 1974."),
        (
            "bleeding",
            "She cut her wrists, that much is plain.",
            "She cut her wrists, that must be ten years ago.",
        ),
        # an ending as many say it
        ("bleeding", "He keeps cuttin his arms.", "He keeps captain's hours."),
        # done, and not only meant
        (
            "overdose",
            "WordsSaid her aunt she'd just swallowed forty capsules.",
            "WordsSaid her aunt she'd never swallowed capsules.",
        ),
        # handed over
        ("weapon", "He passed his aunt holding a cleaver.", "He handed the cleaver to his aunt."),
        ("seizure", "A fit at her toddler's party.", "Had fits as a toddler."),
        ("weapon", "Refuses to hand the cleaver over.", "He gave the cleaver over."),
        ("weapon", "Refuses to put the cleaver away.", "He threw the cleaver away."),
        ("weapon", "He took the cleaver and walked away.", "His aunt took the cleaver away."),
        ("weapon", "He put the cleaver by the sink.", "He put the cleaver away."),
        # names of streets, and idiom
        ("hazard", "He stands on the viaduct.", "He lives in Viaduct Road."),
        ("hazard", "On the viaduct road, over the rails.", "Meet at Viaduct Terrace."),
        ("hazard", "Stands on Viaduct road side, shouting.", "Lives in Viaduct Road, by the kerb."),
        ("hazard", "Stands on the viaduct Road staff use.", "Viaduct Rd."),
        ("violence", "Attacked with fists.", "Asthma attacks, panic attacks."),
        ("violence", "Punched himself and two nurses.", "Punched himself."),
        # what the phrase says itself dates nothing, and a year does
        ("breathing", "Sats in the eighties.", "Wheezy back in the eighties."),
        ("withdrawal", "Last drank on Sunday.", "Last drank in 2016."),
        # what happens to somebody is not handed in; who comes back in is not of the past
        ("conscious", "She passed out in the pantry.", "She was given to passing notes in the pantry."),
        ("violence", "I'll hurt him when he gets back in.", "I hurt him back in college."),
        ("overdose", "She took capsules while I was at bingo.", "She took capsules while she was at school."),
        # taken for it, and no such thing
        ("bleeding", "The blood turned out to be his.", "The blood turned out to be ketchup."),
        ("bleeding", "The blood ran out and the tea turned out to be cold.", "The blood turned out to be paint."),
        # put right
        ("hazard", "The gas hasn't been turned off.", "The gas has been turned off."),
        # asked and answered further on
        ("weapon", "Any cleavers in the house? Not sure.", "Any cleavers in the house? Not today."),
        ("weapon", "Any cleavers there. Why? No idea.", "Any cleavers there at all? None."),
        ("weapon", "Has he a cleaver? He doesn't say.", "Has he a cleaver? She doesn't think so."),
        # said by the way, and left out
        ("violence", "Never calm, violent to guards.", "Is not, and has never been, violent to guards."),
        ("overdose", "Hasn't, as usual, slept, took capsules.", "Hasn't, as far as we can see, taken capsules."),
        (
            "bleeding",
            "Said to have slit his thigh but had not told us.",
            "Said to have slit his thigh but had not.",
        ),
        ("overdose", "Overdose of capsules: told the nurse.", "Overdose of capsules: denied."),
        ("bleeding", "She fell short and was slashing her thigh.", "She fell short of slashing her thigh."),
        ("weapon", "It is not true that he has no cleaver.", "It is not true that he has a cleaver."),
        # who would not be amazed, is not trusted, or asks what to do, thinks that it is
        ("overdose", "I wouldn't be shocked if she took capsules.", "I would be shocked if she took capsules."),
        ("violence", "I don't trust him not to batter her.", "I trust him not to batter her."),
        ("violence", "You can't bet on him not battering her.", "You can bet on him not battering her."),
        ("seizure", "If she convulses what do I do?", "If she convulses ring us."),
        # known, as an adjective
        ("violence", "It's not known if he batters her.", "No known violence."),
        # as always with somebody
        ("breathing", "Sats of 84, worse than usual for him.", "Sats of 84, usual for him."),
        # in the paper, in a dream, and of others
        ("violence", "Her paper was torn; a man battered her.", "The paper said a man battered her."),
        ("hazard", "Dreams little; he is in the river.", "Dreams each night that he is in the river."),
        ("bleeding", "A girl in the lane has slit her arm.", "A girl in her class has slit her arm."),
        # one word, however it is cut up
        ("overdose", "Took an o.d. at noon.", "Took an o.s. map at noon."),
        ("conscious", "Un-conscious on the rug.", "Self-conscious on the rug."),
    ],
)
def test_what_is_told_and_what_is_not(key: str, told: str, not_told: str) -> None:
    assert key in keys(told)
    assert key not in keys(not_told)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("a clever plan and a claever", "weapon"),  # one letter too many
        ("a machte", "weapon"),  # one too few
        ("a macheta", "weapon"),  # another one
        ("a mahcete", "weapon"),  # two in the wrong order
        ("he is agresive", "violence"),  # not doubled
        ("heavy bleeeding", "bleeding"),  # doubled
        ("he has a kinfe", "weapon"),
        # written by ear, or as it is said
        ("he has a chizel", "weapon"),
        ("a bledd", "bleeding"),
        ("a masheti", "weapon"),
        ("carnt breathe", "breathing"),
    ],
)
def test_a_slip_of_the_finger_is_read(typed: str, key: str) -> None:
    assert key in keys(typed)


@pytest.mark.parametrize(
    "typed",
    ["he speaks well", "a nice bridle", "braking hard", "the river's silver", "a blid", "Kylie", "Mr Knightley"],
)
def test_a_word_of_its_own_is_no_slip(typed: str) -> None:
    assert not keys(typed) & {"weapon", "bleeding", "breathing"}


def found(phrases: list[str], text: str) -> list[str]:
    cut = tokens(text)
    return [
        text[cut[one.first].start : cut[one.end - 1].end] for one in Lexicon({"a": phrases}).find(WordsSaid(cut))
    ]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["red|blue hat"], "a blue hat, a red cap", ["blue hat"]),
        (["hat*"], "hats and hatters, that", ["hats", "hatters"]),
        (["took .. hat"], "took one two three four hat", ["took one two three four hat"]),
        (["took .. hat"], "took one two three four five hat", []),
        (["took .. hat"], "took it, hat", []),
        (["took .. hat"], "took off because hat", []),
        (["red hat"], "red\nhat", ["red\nhat"]),
        (["hat", "-top hat"], "hat and top hat", ["hat"]),
        (["hat .. coat", "-top hat"], "top hat and coat", ["hat and coat"]),
        (["hat", "-top .. hat"], "top one two hat, top one two three hat", ["hat"]),
        (["in #year"], "in 1987 in 87 in 2987", ["in 1987"]),
        (["#number hats"], "12 hats, dozen hats, some hats", ["12 hats", "dozen hats"]),
        (["@head = hat|cap", "red @head"], "red cap, red coat", ["red cap"]),
        (["@none cap"], "none cap", []),
        # any beginning; several words for one; either order; the same sentence; a measure before its value
        (["*olol"], "bisoprolol, olol", ["bisoprolol"]),
        (["fur_hat|cap on"], "a fur hat on, a cap on, a hat on", ["fur hat on", "cap on"]),
        (["hat ~ red|blue"], "a hat of blue; red felt hat; red, hat", ["hat of blue", "red felt hat"]),
        (["a ~ b ~ c"], "c b a, b c a, b a", ["c b a", "b c a"]),
        (
            ["hat & coat|long_scarf"],
            "a hat, and a coat. A hat. Coat. A long blue hat, long scarf.",
            ["hat", "hat"],
        ),
        (["hat & coat"], f"a hat {'and ' * 20} coat", []),
        (["#weeks"], "34/40 3/40 43/40 34", ["34/40"]),
        (["hat 4|x"], "hat: 4, hat = 4, hat - x, hat, 4, hat: xy", ["hat: 4", "hat = 4", "hat - x"]),
        (["hat sank"], "his hat's sank", ["hat's sank"]),
        # an exemption that was not done excuses nothing
        (["hats", "-thrown|threw .. hats"], "threw the hats, hasn't thrown the hats", ["hats"]),
        # an exemption of a word's sense, and what no exemption covers
        (["hat .. coat|scarf", "-top hat"], "top hat and coat", ["hat and coat"]),
        (["hat .. coat|scarf", "--top hat"], "top hat and coat, hat and scarf", ["hat and scarf"]),
        (["!red hat", "hat", "-red .. hat"], "red hat, red felt hat", ["red hat"]),
        (["at #teen"], "at 12, at 13, at 19, at 20, at 130", ["at 13", "at 19"]),
        (["", " ", "-", "--", "!", ".."], "hat", []),
        (["can't see"], "can\u2019t see", ["can\u2019t see"]),
    ],
)
def test_how_phrases_are_written(phrases: list[str], text: str, expected: list[str]) -> None:
    assert found(phrases, text) == expected


def test_what_is_said_thirty_words_away_says_nothing_of_it() -> None:
    # Some notes have no full stop: what dates one thing at their end dates nothing at their beginning.
    for words, told in ((29, False), (30, True)):
        assert ("weapon" in keys(f"Cleaver{' la' * words} years ago")) is told
        assert ("weapon" in keys(f"Formerly{' la' * words} cleaver")) is told


def test_a_version_without_stars_means_beginnings() -> None:
    cut = tokens("knives and knifes")
    assert [one.places for one in Lexicon({"a": ["kni"]}, beginnings=True).find(WordsSaid(cut))] == [(0,), (2,)]
    assert Lexicon({"a": ["kni"]}).find(WordsSaid(cut)) == []
