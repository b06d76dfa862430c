"""What tells series apart: a colour that the colour-blind see, and a hatch or a form that grey paper shows.

The colours are those of Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

from typing import Any

INK = "#12294b"
INK_SOFT = "#45556e"
GRID = "#c9d0da"
SHEET = "#ffffff"

_BLUE, _ORANGE, _SKY, _VERMILLION = "#0072b2", "#e69f00", "#56b4e9", "#d55e00"
_GREEN, _YELLOW, _PURPLE, _BLACK = "#009e73", "#f0e442", "#cc79a7", "#000000"

# Bars: neighbours differ in lightness too. Seven hatches and eight colours meet again after 56 series only.
# Hatches are of straight lines: one of dots is a hundred thousand letters of SVG.
_BARS = (_BLUE, _ORANGE, _SKY, _VERMILLION, _YELLOW, _GREEN, _PURPLE, _BLACK)
_DARK = (_BLUE, _BLACK)
_HATCHES = ("", "///", "\\\\\\", "---", "xxx", "|||", "+++")

# Lines: the strong colours first. A pale one has a dark edge on both sides.
_LINES = (_BLUE, _VERMILLION, _BLACK, _GREEN, _PURPLE, _ORANGE, _SKY)
_PALE = (_PURPLE, _ORANGE, _SKY)
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))


def of_bar(number: int) -> dict[str, Any]:
    """Return how the bars of the series at this place look, as Matplotlib's patches take it."""
    colour = _BARS[number % len(_BARS)]
    return {
        "facecolor": colour,
        "edgecolor": INK,
        "linewidth": 0.6,
        "hatch": _HATCHES[number % len(_HATCHES)],
        "hatchcolor": SHEET if colour in _DARK else INK,
    }


def of_line(number: int) -> dict[str, Any]:
    """Return how the line of the series at this place looks, as Matplotlib's lines take it."""
    from matplotlib.patheffects import withStroke

    colour = _LINES[number % len(_LINES)]
    return {
        "color": colour,
        "linewidth": 2.2,
        "linestyle": _DASHES[number % len(_DASHES)],
        "marker": _MARKERS[number % len(_MARKERS)],
        "markersize": 6,
        "markeredgecolor": INK,
        "markeredgewidth": 0.7,
        "path_effects": [withStroke(linewidth=3.6, foreground=INK)] if colour in _PALE else [],
    }
