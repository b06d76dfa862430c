"""The responsible officer is away and nobody answers: nobody covers, or who covers is away too.

Where a stand-in answers there is no gap (`officers.cover.uncovered` says the same). The sentences name the days on
which nobody answers; the absence may be longer.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from officers.rota import Kind, Row
from overview.gaps import GapKind
from overview.gaps.acts import arrange_cover
from overview.gaps.lack import Lack, Look
from overview.gaps.reading import Away


def lacks(look: Look) -> Iterator[Lack]:
    """Yield when nobody answers although somebody is responsible."""
    for begins, ends, decision in look.stretches:
        if decision.responsible is not None and decision.is_gap:
            yield from _within(look, begins, ends, decision.responsible)


def _within(
    look: Look, begins: datetime.datetime, ends: datetime.datetime | None, absent: Row
) -> Iterator[Lack]:
    """Yield the stretch in parts: within it a cover may begin or end whose officer is away all the time."""
    covers = [row for row in look.facts.rota.rows if row.kind is Kind.COVER]
    changes = {change for row in covers for change in (row.begins, row.ends) if change is not None}
    inner = sorted(change for change in changes if begins < change and (ends is None or change < ends))
    for opens, closes in zip((begins, *inner), (*inner, ends), strict=True):
        cover = next((row for row in covers if row.holds_at(opens)), None)
        yield _lack(look, opens, closes, absent, cover)


def _lack(
    look: Look, begins: datetime.datetime, ends: datetime.datetime | None, absent: Row, cover: Row | None
) -> Lack:
    act = arrange_cover(
        look.user, look.facts.sector, _absence(look, absent, begins), is_another=cover is not None
    )
    if cover is None:
        say = partial(_uncovered, absent.officer.name)
        return Lack(GapKind.UNCOVERED, absent.officer_id, begins, ends, say, act, (absent.officer_id,))
    both = absent.officer_id, cover.officer_id
    say = partial(_cover_away, absent.officer.name, cover.officer.name)
    return Lack(GapKind.COVER_AWAY, both, begins, ends, say, act, both)


def _absence(look: Look, absent: Row, at: datetime.datetime) -> Away | None:
    return next(
        (
            away
            for away in look.facts.aways
            if away.officer_id == absent.officer_id
            and away.begins <= at
            and (away.ends is None or at < away.ends)
        ),
        None,
    )


def _uncovered(absent: str, when: str) -> str:
    return _("Nobody covers for %(officer)s, who is away, %(when)s.") % {"officer": absent, "when": when}


def _cover_away(absent: str, cover: str, when: str) -> str:
    return _("Nobody covers for %(officer)s %(when)s: %(cover)s, who was to cover, is away too.") % {
        "officer": absent,
        "cover": cover,
        "when": when,
    }
