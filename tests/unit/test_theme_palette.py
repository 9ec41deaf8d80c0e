import re

import pytest

import resources
from console.look import palette
from console.look.palette import GRAPHIC_PAIRS, PALETTES, TEXT_PAIRS, Palette, contrast, luminance
from console.look.style import sheet

THEMES = pytest.mark.parametrize("colours", PALETTES.values(), ids=list(PALETTES))


def test_contrast_is_the_ratio_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#005eb8", "#005eb8") == 1.0


@pytest.mark.parametrize("bad", ["005eb8", "#05b", "blue", "#gggggg", ""])
def test_what_is_not_a_colour_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ, the kind of error is the promise
        luminance(bad)


@THEMES
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_every_text_can_be_read(colours: Palette, ink: str, ground: str) -> None:
    assert contrast(colours.role(ink), colours.role(ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(("mark", "ground"), GRAPHIC_PAIRS)
def test_every_mark_can_be_made_out(colours: Palette, mark: str, ground: str) -> None:
    assert contrast(colours.role(mark), colours.role(ground)) >= 3


@THEMES
def test_what_cannot_be_had_now_is_told_from_what_can(colours: Palette) -> None:
    """A button that does nothing, a row that nobody can choose: no frame of theirs is louder than a live one."""
    assert contrast(colours.text, colours.hint) >= 2
    assert contrast(colours.track, colours.panel) < contrast(colours.edge, colours.panel)


def rules(text: str) -> list[dict[str, str]]:
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bodies = re.findall(r"\{([^}]*)\}", bare)
    return [dict(re.findall(r"([\w-]+)\s*:\s*([^;]+);", body)) for body in bodies]


def test_the_stylesheet_pairs_only_colours_that_were_proved() -> None:
    template = resources.path("styles/console.qss").read_text(encoding="utf-8")
    drawn = {
        (rule["color"].strip().lstrip("@"), rule["background-color"].strip().lstrip("@"))
        for rule in rules(template)
        if "color" in rule and rule.get("background-color", "transparent") != "transparent"
    }
    assert len(drawn) > 5
    assert drawn <= set(TEXT_PAIRS)


def test_the_stylesheet_holds_no_colour_of_its_own() -> None:
    template = resources.path("styles/console.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", template) == []


@THEMES
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_the_sheet_is_complete_and_targets_are_large_enough(colours: Palette, scale: float) -> None:
    made = sheet(colours, scale)
    assert "@" not in made
    heights = [int(found) for found in re.findall(r"min-height: (\d+)px; padding", made)]
    assert heights
    assert min(heights) >= 24 * scale


@THEMES
def test_the_ring_shows_on_filled_buttons(colours: Palette) -> None:
    ring = re.search(r":default:focus \{\s*border: 2px solid (#\w{6})", sheet(colours, 1.0))
    assert ring is not None
    assert contrast(ring[1], colours.accent) >= 3
    assert contrast(ring[1], colours.danger) >= 3


def test_roles_and_tones_are_looked_up_by_name() -> None:
    dark = PALETTES["dark"]
    assert dark.role("panel") == dark.panel
    assert dark.tone("dim") == dark.text_dim
    assert dark.tone("late") == dark.late
    with pytest.raises(KeyError):
        dark.role("name")


def test_an_unknown_theme_is_dark() -> None:
    assert palette.theme("light") == "light"
    assert palette.theme("solarised") == "dark"
