"""A crew is named by its service and its callsign, and each is said once."""

import pytest

from db.domain.party import bare_callsign, called, once


@pytest.mark.parametrize(
    ("service", "typed", "said", "bare"),
    [
        ("EMAS", "N1420", "EMAS N1420", "N1420"),
        ("EMAS", " emas  N1420 ", "EMAS N1420", "N1420"),
        ("EMAS", "EMAS-7731", "EMAS 7731", "7731"),
        ("EMAS", "EMAS: bariatric 2", "EMAS bariatric 2", "bariatric 2"),
        ("EMAS", "EMAS", "EMAS", ""),
        ("EMAS", "", "EMAS", ""),
        # Another word that only begins alike is no service.
        ("EMAS", "EMASCO 3", "EMAS EMASCO 3", "EMASCO 3"),
        ("EMAS", "WMAS 4402", "EMAS WMAS 4402", "WMAS 4402"),
        ("Northants Police", "two officers", "Northants Police two officers", "two officers"),
        ("Northants Police", "police car 12", "Northants Police car 12", "car 12"),
        ("Northants Police", "Northants police, car 12", "Northants Police car 12", "car 12"),
        ("", "N1420", "N1420", "N1420"),
    ],
)
def test_a_service_that_is_said_in_the_callsign_is_not_said_twice(
    service: str, typed: str, said: str, bare: str
) -> None:
    assert called(service, typed) == said
    assert bare_callsign(service, typed) == bare


def test_nor_is_what_an_older_program_wrote_twice() -> None:
    assert once("EMAS emas N1420") == once("EMAS N1420") == "EMAS N1420"
    # Another word that only begins alike, or stands further on, is meant.
    for name in ("EMAS EMASCO 3", "Car 1 car 1", "CRU", ""):
        assert once(name) == name
