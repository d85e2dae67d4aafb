"""The stylesheets: tokens that exist, and colours that can be read in light and dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS: Path = settings.BASE_DIR / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)", 1)

# Text on surface; WCAG 2.2 asks for 4.5.
TEXT_PAIRS = [
    *((text, surface) for text in ("ink", "ink-soft") for surface in ("paper", "surface", "sunk")),
    *(("accent", surface) for surface in ("paper", "surface", "sunk", "accent-soft")),
    *(("ink-soft", soft) for soft in ("accent-soft", "warn-soft")),
    *(("ink", soft) for soft in ("accent-soft", "warn-soft", "good-soft", "bad-soft", "mark")),
    *(("accent-strong", surface) for surface in ("paper", "surface", "accent-soft")),
    *((state, f"{state}-soft") for state in ("good", "warn", "bad")),
    *((state, surface) for state in ("good", "bad") for surface in ("paper", "surface")),
    ("good", "accent-soft"),
    ("accent", "warn-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
# The edges of fields and the ring of the focus; WCAG asks for 3.
EDGE_PAIRS = [
    (edge, surface)
    for edge in ("line-strong", "focus", "accent")
    for surface in ("paper", "surface", "sunk")
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT_PAIRS)
def test_text_can_be_read(scheme: str, text: str, surface: str) -> None:
    values = colours(LIGHT if scheme == "light" else DARK.split("@media", 1)[0])
    assert contrast(values[text], values[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "surface"), EDGE_PAIRS)
def test_edges_can_be_seen(scheme: str, edge: str, surface: str) -> None:
    values = colours(LIGHT if scheme == "light" else DARK.split("@media", 1)[0])
    assert contrast(values[edge], values[surface]) >= 3


def test_dark_and_print_name_only_known_tokens() -> None:
    known = set(re.findall(r"^\s+--([\w-]+):", LIGHT, re.MULTILINE))
    assert set(re.findall(r"^\s+--([\w-]+):", DARK, re.MULTILINE)) <= known


@pytest.mark.parametrize("name", ["base.css", "components.css", "print.css"])
def test_other_stylesheets_use_tokens_that_exist_and_no_raw_colour(name: str) -> None:
    text = (CSS / name).read_text()
    own = re.findall(r"--([\w-]+):", text)
    known = {*re.findall(r"--([\w-]+):", TOKENS), *own}
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= known
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", text)


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_stylesheets_ask_for_nothing_else(path: Path) -> None:
    text = path.read_text()
    assert "@import" not in text
    assert "@font-face" not in text
    assert "url(" not in text
    assert text.count("{") == text.count("}")
