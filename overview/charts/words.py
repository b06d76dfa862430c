"""Words and numbers of a chart: in the language of the page, and short enough for their place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overview.charts.marks import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Its letters are among the widest: what fits in them fits in whatever the reader's machine has.
MEASURED_IN = "DejaVu Sans"
# Not allowed in XML, or of no width: names may come from anywhere.
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_MILLION = 1_000_000
_ENDS_WITH_YEAR = re.compile(r"^(.+) (\d{4})$")


def clean(text: object) -> str:
    """Return the text as one line that may stand in XML."""
    return _ODD.sub(" ", str(text)).strip()


def number_text(number: float) -> str:
    """Return a number as people write it, from a million on in millions: "1,250", "3.5", "1.2 million"."""
    if number >= _MILLION:
        return _("%(number)s million") % {"number": _plain(number / _MILLION)}
    return _plain(number)


def _plain(number: float) -> str:
    places = 0 if number >= 100 else 1 if number >= 1 else 2
    rounded = round(number, places)
    digits = 0 if rounded == int(rounded) else places
    return str(number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True))


@lru_cache(maxsize=4096)
def wide(text: str, letters: float) -> float:
    """Return how many pixels a text takes in letters of so many pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=MEASURED_IN, size=letters)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _fits(text: str, letters: float, room: float) -> bool:
    # No letter is narrower than a pixel: an endless text is not measured.
    return len(text) <= room and wide(text, letters) <= room


def shortened(text: str, letters: float, room: float) -> str:
    """Return the text, cut at its end and with "…" if it is wider than the room in pixels."""
    if _fits(text, letters, room):
        return text
    fits, too_many = 0, min(len(text), int(room))
    while too_many - fits > 1:
        half = (fits + too_many) // 2
        if wide(f"{text[:half].rstrip()}…", letters) <= room:
            fits = half
        else:
            too_many = half
    return f"{text[:fits].rstrip()}…"


def wrapped(text: str, letters: float, room: float, most: int) -> tuple[str, ...]:
    """Return the text in at most so many lines that fit in the room in pixels, broken between words.

    A word alone that is wider, and what is left for the last line, are cut as `shortened` cuts.
    """
    if _fits(text, letters, room):
        return (text,)
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        fitting = 1
        while fitting < len(words) and _fits(" ".join(words[: fitting + 1]), letters, room):
            fitting += 1
        lines.append(shortened(" ".join(words[:fitting]), letters, room))
        words = words[fitting:]
    if words:
        lines.append(shortened(" ".join(words), letters, room))
    return tuple(lines)


def two_lines(labels: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return labels and the years at their ends: "Mar 2026" as "Mar" and "2026", others with nothing beneath."""
    found = [_ENDS_WITH_YEAR.match(label) for label in labels]
    return [(one[1], one[2]) if one else (label, "") for one, label in zip(found, labels, strict=True)]


def write(
    on: Figure | Axes, at: tuple[float, float], text: str, letters: float, color: str = INK, ha: str = "left"
) -> None:
    """Write a line, its middle at this height: on a figure in pixels, on a plot in its own numbers."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import IdentityTransform

    # "$" in a name is no formula.
    options: dict[str, Any] = {"parse_math": False, "va": "center_baseline", "family": MEASURED_IN}
    if isinstance(on, Figure):
        options["transform"] = IdentityTransform()
    if text:
        on.text(*at, text, fontsize=letters, color=color, ha=ha, **options)
