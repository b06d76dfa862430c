"""A sector has fewer officers than it is to have (handbook, The sectors: manning).

Officers who are away are counted, as in `officers.manning`: they belong to the sector.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from officers.rota import Kind
from overview.gaps import GapKind
from overview.gaps.acts import attach
from overview.gaps.lack import Lack, Look
from overview.gaps.reading import midnights, required_at
from overview.gaps.window import day_of
from sectors.models.manning import LEAST_OFFICERS

APPOINTED = frozenset({Kind.RESPONSIBLE, Kind.ATTACHED, Kind.STAND_IN})


def lacks(look: Look) -> Iterator[Lack]:
    """Yield when too few are appointed, piece by piece between the instants at which a number changes."""
    facts, opening = look.facts, look.window.begins
    rows = [row for row in facts.rota.rows if row.kind in APPOINTED]
    changes = {edge for row in rows for edge in (row.begins, row.ends) if edge} | midnights(facts)
    inner = sorted(change for change in changes if change > opening)
    act = attach(look.user, facts.sector)
    for begins, ends in zip((opening, *inner), (*inner, None), strict=True):
        there = len({row.officer_id for row in rows if row.holds_at(begins)})
        required = required_at(facts, day_of(begins), LEAST_OFFICERS)
        if there < required:
            say = partial(_sentence, there, required)
            yield Lack(GapKind.TOO_FEW, (there, required), begins, ends, say, act)


def _sentence(there: int, required: int, when: str) -> str:
    words = {"there": there, "required": required, "when": when}
    if not there:
        return _("No officer is appointed %(when)s; %(required)d are required.") % words
    return _("Only %(there)d of %(required)d required officers %(when)s.") % words
