"""Both themes keep every colour of letters at 7:1 on every ground that letters stand on."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tutor.tui.theme import GROUNDS, TEXT_ROLES, THEMES, contrast


def test_contrast_is_the_wcag_ratio() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21.0)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(Color.parse("#123456"), Color.parse("#123456")) == pytest.approx(1.0)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", [*GROUNDS, "highlight"])
def test_letters_stand_out_at_seven_to_one(theme: Theme, ground: str) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    roles = ["text"] if ground == "highlight" else TEXT_ROLES
    faint = {
        role: round(ratio, 2)
        for role in roles
        if (ratio := contrast(Color.parse(colours[role]), Color.parse(colours[ground]))) < 7.0
    }
    assert not faint


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_cursors_and_selections_can_be_read(theme: Theme) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    for name in ("block-cursor", "block-cursor-blurred", "input-cursor", "input-selection", "screen-selection"):
        letters, ground = (Color.parse(colours[f"{name}-{part}"]) for part in ("foreground", "background"))
        assert contrast(letters, ground) >= 7.0, name


def test_code_is_coloured_with_text_roles_alone() -> None:
    from tutor.tui.widgets.code_colours import CodeColours

    used = {word.removeprefix("$") for style in CodeColours.STYLES.values() for word in style.split() if word[0] == "$"}
    assert used <= set(TEXT_ROLES)
    assert not any("%" in style for style in CodeColours.STYLES.values())
