"""Draws a chart as SVG: the same chart in the same language is the same text, to the letter.

Matplotlib is loaded with the first chart: it takes a second and some 60 MB, and most processes draw none.
"""

from __future__ import annotations

import base64
import io
import re
import threading
import warnings
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from overview.charts.lying import lying
from overview.charts.marks import INK_SOFT
from overview.charts.numbers import Numbers
from overview.charts.sheets import GAP, SHEETS, Margins, Sheet, plot
from overview.charts.upright import upright
from overview.charts.words import write
from overview.figures import Chart, ChartKind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Matplotlib is not made for threads, whatever the figure: its settings and its fonts are the process's.
_one_at_a_time = threading.RLock()

_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_STYLE_SHEET = re.compile(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\s*")
# Within a tag: in words "<" and ">" are written otherwise.
_STYLE = re.compile(r'(<[^<>]*?) style="([^"]*)"')


def svg(chart: Chart, width: str) -> str:
    """Return the chart as an SVG document, "narrow", "wide" or for "print" (340, 860, 680 pixels).

    It has no title: what shows it says it. Raises KeyError for another width, ValueError for a number below 0.
    """
    sheet = SHEETS[width]
    with _one_at_a_time, warnings.catch_warnings():
        # A letter that the font lacks is measured as a box, and drawn by the reader's own font.
        warnings.filterwarnings("ignore", message="Glyph ")
        return _written(_drawn(chart, sheet))


def data_uri(chart: Chart, width: str = "print") -> str:
    """Return the drawn chart as an address that holds it, for pages that are printed."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(chart, width).encode()).decode()


def _drawn(chart: Chart, sheet: Sheet) -> Figure:
    if not chart.labels or not chart.series or Numbers.of(chart, len(chart.labels)).are_unknown:
        return _nothing(chart, sheet)
    return (
        lying(chart, sheet)
        if chart.are_places and chart.kind is not ChartKind.LINES
        else upright(chart, sheet)
    )


def _nothing(chart: Chart, sheet: Sheet) -> Figure:
    only_unit = Chart(chart.title, chart.kind, (), (), chart.unit)
    figure, _axes = plot(only_unit, sheet, Margins(GAP, 0), sheet.letters * 3)
    write(figure, (GAP, sheet.letters * 2), _("There are no numbers to draw."), sheet.letters, INK_SOFT)
    return figure


def _written(figure: Figure) -> str:
    """Return the picture without what only programs for drawing read, in the reader's own letters."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    # Words stay words; names within the picture follow from it and not from chance.
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "chart"
    matplotlib.rcParams["hatch.linewidth"] = 0.9
    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(out, metadata=_NO_METADATA)
    text = out.getvalue()
    # Before it stands a document type, which names another site.
    return _without_styles(text[text.index("<svg") :])


def _without_styles(text: str) -> str:
    """Write styles as attributes: the picture needs no exception in the Content-Security-Policy."""
    text = _STYLE_SHEET.sub("", text, count=1)
    text = _STYLE.sub(lambda found: found[1] + _as_attributes(found[2]), text)
    everywhere = f'font-family="{_FONTS}" stroke-linejoin="round" stroke-linecap="butt"'
    return _SIZE.sub(rf'width="\1" height="\2" {everywhere}', text, count=1)


def _as_attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(
        f' {name.strip()}="{value.strip()}"' for name, value in pairs if name.strip() != "font-family"
    )
