"""The exercise command reads what a person types."""

import argparse
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic

import pytest

from db.errors import Invalid
from db.exercise.cli import Surroundings, add_exercise_parser, options_from, run_headless, surroundings
from db.exercise.settings import start_at

AROUND = Surroundings(Path("data"), Path("pack"))


def parse(*words: str, window: bool = False) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", type=Path)
    add_exercise_parser(parser.add_subparsers(), with_window=(lambda _: 42) if window else None)
    return parser.parse_args(["exercise", *words])


def test_without_words_it_is_a_usual_evening() -> None:
    options = options_from(parse(), AROUND)
    assert options.plan.seed == 1
    assert options.plan.speed == 1.0
    assert options.plan.map_pack == Path("pack")
    assert options.owner_url is None
    assert not options.autopilot_dispatch
    assert options.window
    assert options.run_for is None


def test_every_word_counts() -> None:
    options = options_from(
        parse(
            *("--speed", "30", "--seed", "9", "--run-for", "12.5", "--start", "07:15", "--autopilot", "dispatch"),
            *("--no-window", "--join", "--intensity", "2", "--server", "postgresql://owner@db1/cru"),
        ),
        AROUND,
    )
    assert (options.plan.speed, options.plan.seed, options.plan.intensity) == (30.0, 9, 2.0)
    assert options.run_for == 12.5
    assert options.autopilot_dispatch
    assert options.join
    assert not options.window
    assert options.owner_url is not None
    assert options.owner_url.database == "cru"


@pytest.mark.parametrize(
    "words",
    [
        ("--speed", "0"),
        ("--speed", "61"),
        ("--speed", "fast"),
        ("--speed", "nan"),
        ("--run-for", "-1"),
        ("--start", "25:00"),
        ("--autopilot", "nobody"),
        ("--seed", "x"),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(*words)
    assert words[0] in capsys.readouterr().err


def test_an_address_that_is_none_is_a_sentence() -> None:
    with pytest.raises(Invalid, match="address"):
        options_from(parse("--server", "http://example"), AROUND)


def test_the_window_opens_unless_it_is_unwanted() -> None:
    given = parse(window=True)
    assert given.handler(given) == 42


def test_a_server_out_of_reach_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given = parse("--no-window", "--server", "postgresql://nobody@127.0.0.1:1/cru")
    monkeypatch.setattr(given, "data_dir", tmp_path)
    given.begun = monotonic()
    assert run_headless(given) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_the_environment_is_asked_after_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRU_DATA_DIR", "from-environment")
    monkeypatch.setenv("CRU_MAP_PACK", "a-pack")
    assert surroundings(argparse.Namespace(data_dir=None)) == Surroundings(
        Path("from-environment"), Path("a-pack")
    )
    assert surroundings(argparse.Namespace(data_dir=Path("typed"))).data_dir == Path("typed")


def test_the_start_is_local_on_the_nights_when_the_clocks_change() -> None:
    before = start_at(datetime(2026, 10, 24, tzinfo=UTC).date(), time(19, 30))
    after = start_at(datetime(2026, 10, 25, tzinfo=UTC).date(), time(19, 30))
    assert (after - before).total_seconds() == 25 * 3600
