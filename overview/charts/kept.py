"""Drawn charts, kept in the process: to draw one takes longer than all the rest of a request.

A chart's key is a digest of all that is drawn, so nothing is ever told from a picture of yesterday.
"""

from __future__ import annotations

import hashlib

import orjson
from django.utils.translation import get_language

from overview.charts.drawing import svg
from overview.figures import Chart
from overview.keeping import Kept

# Some 30 kB each.
CHARTS_KEPT = 200
# Changed with the way charts are drawn: browsers then ask for them anew.
EDITION = 2

_kept: Kept[str] = Kept(CHARTS_KEPT)


def digest_of(chart: Chart, width: str) -> str:
    """Return what changes whenever the picture does: with the numbers, the words, the width or the language."""
    drawn = orjson.dumps([EDITION, get_language(), width, chart], default=str)
    return hashlib.sha256(drawn).hexdigest()[:32]


def drawn(chart: Chart, width: str) -> str:
    """Return the chart's SVG, drawn now or before. Raises as `overview.charts.drawing.svg`."""
    return _kept.get(digest_of(chart, width), lambda: svg(chart, width))
