"""A hand-over that was made and not accepted, or not made at all (handbook, How to perform the task, 10).

Made and not accepted: from the day after it on. Not made: from the day on which the successor takes over, to come
or not longer ago than `TAKEN_OVER_WITHIN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officers.continuity import Tenure
from overview.gaps import GapKind
from overview.gaps.acts import hand_over, remind_of
from overview.gaps.lack import Lack, Look
from overview.gaps.reading import TAKEN_OVER_WITHIN, Made
from overview.gaps.window import DAY, OPENS, day_of
from sectors.instants import instant_of


def lacks(look: Look) -> Iterator[Lack]:
    yield from _not_accepted(look)
    yield from _not_made(look)


def _not_accepted(look: Look) -> Iterator[Lack]:
    """Yield the latest hand-over to each officer of the sector, where it still waits for them after its day."""
    working = {row.officer_id for row in look.facts.rota.rows}
    latest = {made.taker_id: made for made in look.facts.handovers}
    for made in latest.values():
        if not made.is_accepted and made.taker_id in working and made.on < look.window.today:
            say, act = partial(_waits, made), remind_of(made.uuid)
            begins = instant_of(made.on + DAY, OPENS)
            yield Lack(GapKind.HAND_OVER, made.uuid, begins, None, say, act, (made.taker_id,))


def _not_made(look: Look) -> Iterator[Lack]:
    """Yield whoever takes over from another officer, or did a short while ago, without a hand-over."""
    for giver, taker in pairwise(look.facts.tenures):
        is_recent = taker.begins > look.window.begins - TAKEN_OVER_WITHIN
        if giver.officer_id != taker.officer_id and is_recent and not _is_made(look, giver, taker):
            say = partial(_missing, giver.officer, taker, is_past=day_of(taker.begins) < look.window.today)
            act = hand_over(look.user, look.facts.sector)
            officers = giver.officer_id, taker.officer_id
            yield Lack(GapKind.HAND_OVER, officers, taker.begins, taker.ends, say, act, officers)


def _is_made(look: Look, giver: Tenure, taker: Tenure) -> bool:
    return any(
        made.taker_id == taker.officer_id and made.made_at >= giver.begins for made in look.facts.handovers
    )


def _waits(made: Made, _when: str) -> str:
    return _("%(officer)s has not accepted the hand-over of %(day)s.") % {
        "officer": made.taker,
        "day": date_format(made.on, "MONTH_DAY_FORMAT"),
    }


def _missing(giver: str, taker: Tenure, _when: str, *, is_past: bool) -> str:
    words = {
        "giver": giver,
        "taker": taker.officer,
        "day": date_format(day_of(taker.begins), "MONTH_DAY_FORMAT"),
    }
    if is_past:
        return _("%(taker)s took over from %(giver)s on %(day)s without a hand-over.") % words
    return _("%(taker)s takes over from %(giver)s on %(day)s; the hand-over is not prepared.") % words
