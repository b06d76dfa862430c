"""The ground that would change hands as the page's map draws it, over the outlines of the sectors concerned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.comparing.redrawing import Passing
from sectors import division
from sectors.admin.editor_page import move_label
from sectors.models import Sector

# More outlines than these are a net without meaning, and hundreds of kilobytes.
OUTLINES_SHOWN = 60


def features_of(passings: Iterable[Passing], sectors: Sequence[Sector]) -> dict[str, Any]:
    """Return the moved pieces with their words, and the outlines of today's sectors (degrees, EPSG:4326).

    Of many sectors only those that the pieces concern are outlined, the first `OUTLINES_SHOWN`.
    """
    listed = list(passings)
    ends = {end for one in listed for end in (one.move.from_sector, one.move.to_sector) if end}
    current = division.current()
    concerned = [current.by_slug.get(sector.slug) for sector in sectors if sector in ends]
    return {
        "moves": [_piece(one) for one in listed],
        "outlines": [current.outline(one) for one in concerned[:OUTLINES_SHOWN] if one is not None],
    }


def _piece(one: Passing) -> dict[str, Any]:
    facts = {"before": one.move.from_sector or _("no sector"), "after": one.move.to_sector or _("no sector")}
    addresses = one.move.addresses
    return {
        "label": move_label(one.move),
        "title": _("%(before)s → %(after)s") % facts,
        "words": ngettext("%(count)d address", "%(count)d addresses", addresses) % {"count": addresses},
        "geometry": one.move.geojson,
    }
