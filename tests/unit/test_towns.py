"""The town of a place, whatever was kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.domain.records import Location
from db.domain.texts import FSI, LRI, PDI
from db.domain.towns import know_towns, whereabouts

PLACES = [
    # picked from the suggestions
    ("Gold Street, Northampton", "", "Northampton", "", "Gold Street"),
    ("14 Sheep Street, Wellingborough", "NN8 1BL", "Wellingborough", "NN8 1BL", "14 Sheep Street"),
    ("Berrywood Hospital, hospital, Northampton", "", "Northampton", "", "Berrywood Hospital, hospital"),
    ("High Street, Thrapston, Kettering", "NN14 4JJ", "Thrapston", "NN14 4JJ", "High Street, Kettering"),
    ("Moulton, village near Northampton", "", "Northampton", "", "Moulton, village"),
    # the practice shift
    ("Upper flat, Northampton, Kingsley", "NN2 7AA", "Northampton", "NN2 7AA", "Upper flat, Kingsley"),
    ("Corby, south and west", "NN18 9ND", "Corby", "NN18 9ND", "south and west"),
    ("Hostel, reception, Brackley", "", "Brackley", "", "Hostel, reception"),
    # typed
    ("7 Kettering Road, Northampton", "", "Northampton", "", "7 Kettering Road"),
    ("7 Kettering Road Northampton", "", "Northampton", "", "7 Kettering Road"),
    ("7 northampton road, kettering", "", "Kettering", "", "7 northampton road"),
    ("7 Northampton Road", "NN15 7JY", "Kettering", "NN15 7JY", "7 Northampton Road"),
    ("7 Northampton Road", "", "", "", "7 Northampton Road"),
    ("RUSHDEN", "", "Rushden", "", ""),
    ("Rushden town centre", "", "Rushden", "", ""),
    ("by the clock, Daventry town centre", "", "Daventry", "", "by the clock"),
    ("Daventry Leisure Centre", "", "Daventry", "", "Daventry Leisure Centre"),
    ("lay-by near Towcester", "", "Towcester", "", "lay-by"),
    ("The Lodge (Oundle)", "", "Oundle", "", "The Lodge"),
    ("12 Church Way, Weston Favell", "NN3 3BX", "Northampton", "NN3 3BX", "12 Church Way, Weston Favell"),
    ("2 Green, Great Oakley, Corby, Northants, NN18 8JN", "", "Corby", "NN18 8JN", "2 Green, Great Oakley"),
    ("9 Bath Lane Northampton Northants England", "", "Northampton", "", "9 Bath Lane"),
    ("5 Adnitt Rd; Rushden; West Northamptonshire", "", "Rushden", "", "5 Adnitt Rd"),
    ("3 Hill Rise - Desborough", "", "Desborough", "", "3 Hill Rise"),
    # pasted over lines
    ("Flat 2\r\n40 Main Street\r\nRaunds\r\nNorthamptonshire\r\nNN9 6JG\r\nUnited Kingdom", "", "Raunds",
     "NN9 6JG", "Flat 2, 40 Main Street"),
    ("1 Mill Lane,\n\n   Higham   Ferrers,\n\tEngland", "NN10 8AA", "Higham Ferrers", "NN10 8AA", "1 Mill Lane"),
    # nothing but a postcode, in the text or beside it
    ("", "NN17 1QB", "Corby", "NN17 1QB", ""),
    ("nn13 6ab", "", "Brackley", "NN13 6AB", ""),
    ("NN13 6AB", "NN13 6AB", "Brackley", "NN13 6AB", ""),
    ("", "nn11", "Daventry", "nn11", ""),
    # elsewhere
    ("20 Broad Street, Oxford, OX1 3AZ", "", "Oxford", "OX1 3AZ", "20 Broad Street"),
    ("Church Lane, Middleton Cheney", "OX17 2NU", "Banbury", "OX17 2NU", "Church Lane, Middleton Cheney"),
    ("Abbey Road, London", "", "London", "", "Abbey Road"),
    ("M1 junction 15, northbound", "", "", "", "M1 junction 15, northbound"),
    ("Flat 3, 19 Wood Street", "", "", "", "Flat 3, 19 Wood Street"),
    ("Pilton", "", "Pilton", "", ""),
    ("", "AB10 1AA", "", "AB10 1AA", ""),
    ("", "", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "typed", "town", "postcode", "street"), PLACES)
def test_the_town_is_found(text: str, typed: str, town: str, postcode: str, street: str) -> None:
    found = whereabouts(Location(text, typed))
    assert (found.town, found.postcode, found.street) == (town, postcode, street)


def test_a_postcode_lies_where_the_map_says_and_not_in_its_post_town() -> None:
    around = {
        "NN14 1ZZ": "Newton, Geddington",
        "NN6 0ZZ": "Guilsborough",
        "PE8 5ZZ": "Oundle",
        "NN3 9ZZ": "Rectory Farm, Northampton",
        "NR27 8ZZ": "Roughton, Cromer",
    }
    for text, code, told_before, told_then in (
        ("", "NN14 1ZZ", "Kettering · NN14 1ZZ", "Geddington · NN14 1ZZ · Newton"),
        ("", "nn60zz", "Northampton · NN6 0ZZ", "Guilsborough · NN6 0ZZ"),
        ("PE8 5ZZ", "", "Peterborough · PE8 5ZZ", "Oundle · PE8 5ZZ"),
        ("", "NN3 9ZZ", "Northampton · NN3 9ZZ", "Northampton · NN3 9ZZ · Rectory Farm"),
        ("", "NR27 8ZZ", "NR27 8ZZ", "Cromer · NR27 8ZZ · Roughton"),
        # A street is told as it was typed, with the town of its postcode; what names a town itself stays.
        ("3 Mill Lane", "PE8 5ZZ", "Peterborough · PE8 5ZZ · 3 Mill Lane", "Oundle · PE8 5ZZ · 3 Mill Lane"),
        ("3 Mill Lane, Corby", "PE8 5ZZ", "Corby · PE8 5ZZ · 3 Mill Lane", "Corby · PE8 5ZZ · 3 Mill Lane"),
        # Of what it does not know, and of half a postcode, the post says.
        ("", "NN14 6ZZ", "Kettering · NN14 6ZZ", "Kettering · NN14 6ZZ"),
        ("", "nn14", "Kettering · nn14", "Kettering · nn14"),
    ):
        know_towns(())
        assert whereabouts(Location(text, code)).full == told_before
        know_towns((), lambda one: around.get(one, ""))
        assert whereabouts(Location(text, code)).full == told_then


def test_the_parts_are_told_town_first() -> None:
    found = whereabouts(Location("12 Studfall Avenue, Corby", "NN17 1LG"))
    assert found.short == "Corby · NN17 1LG"
    assert found.full == "Corby · NN17 1LG · 12 Studfall Avenue"
    assert whereabouts(Location("under the A45 bridge")).short == "under the A45 bridge"


def test_another_script_stays_by_itself() -> None:
    found = whereabouts(Location("רחוב 4\nNorthampton", "NN1 4LP"))
    assert found.full == f"Northampton · NN1 4LP · {FSI}רחוב 4{PDI}"


@given(st.text(), st.text(max_size=12))
def test_any_text_gives_one_line(text: str, postcode: str) -> None:
    found = whereabouts(Location(text, postcode))
    assert "\n" not in found.full
    assert "\u202e" not in found.full
    assert found.full.count(FSI) + found.full.count(LRI) == found.full.count(PDI)
