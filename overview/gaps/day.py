"""Who answers in each sector on one day, within the agreed hours."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from officers.rota import Answer, Basis, Rota, Rotas
from overview.gaps import DAYS_AHEAD
from overview.gaps.window import CLOSES, DAY, OPENS, last_touched
from sectors.instants import instant_of
from sectors.models import Sector

# Of the running week and the next.
NEAR_WEEKS = 2
WEEK = 7


class DayRefused(Exception):
    """A day that cannot be shown, with the sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """Who answers for a part of the day: `begins` and `ends` are None where it is the day's own beginning or end.

    `until` is the last day on which a cover or a stand-in answers; None where no end is known.
    """

    answer: Answer
    begins: datetime.datetime | None
    ends: datetime.datetime | None
    is_vacant: bool

    @property
    def until(self) -> datetime.date | None:
        ends = self.answer.cover_until
        return None if ends is None else last_touched(ends)

    @property
    def how(self) -> str:
        return way_of(self.answer)


@dataclass(frozen=True, slots=True)
class SectorDay:
    sector: Sector
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class NearDay:
    """A day of this week or the next; without a link when it is over."""

    day: datetime.date
    is_over: bool
    is_today: bool
    is_chosen: bool


def way_of(answer: Answer) -> str:
    """Return in which way the officer answers, in a word or two."""
    match answer.basis:
        case Basis.RESPONSIBLE:
            return _("responsible")
        case Basis.COVER:
            return pgettext("officer", "covers")
        case Basis.STAND_IN:
            return pgettext("officer", "stands in")
    return _("nobody")


def day_asked(text: str, today: datetime.date) -> datetime.date:
    """Return the day that is written there, today if nothing is. Raises DayRefused."""
    if not text.strip():
        return today
    try:
        day = forms.DateField().clean(text)
    except ValidationError:
        raise DayRefused(_("This is no date. Choose a day, or write it like 2027-05-31.")) from None
    last = today + DAYS_AHEAD * DAY
    if day < today:
        raise DayRefused(
            _(
                "This day is over. Choose today or a later day; who was responsible then is told by “Back then”."
            )
        )
    if day > last:
        words = {"last": date_format(last, "DATE_FORMAT")}
        raise DayRefused(
            _("This day is too far ahead to be known. Choose a day up to and including %(last)s.") % words
        )
    return day


def who_answers(sectors: Collection[Sector], day: datetime.date) -> list[SectorDay]:
    """Return who answers in each sector on the day, today from now on. One query."""
    begins = max(timezone.now(), instant_of(day, OPENS))
    rotas = Rotas.read(begins, [sector.pk for sector in sectors])
    ends = max(begins, instant_of(day, CLOSES))
    return [SectorDay(sector, tuple(_parts(rotas.of(sector.pk), begins, ends))) for sector in sectors]


def near_days(today: datetime.date, chosen: datetime.date | None) -> list[list[NearDay]]:
    """Return this week and the next, from Monday to Sunday."""
    monday = today - today.weekday() * DAY
    days = [monday + number * DAY for number in range(NEAR_WEEKS * WEEK)]
    near = [NearDay(day, day < today, day == today, day == chosen) for day in days]
    return [near[:WEEK], near[WEEK:]]


def officers_in(days: Sequence[SectorDay]) -> list[int]:
    """Return the primary keys of those who answer, each once."""
    parts = (part for one in days for part in one.parts)
    return list(dict.fromkeys(part.answer.officer_id for part in parts if part.answer.officer_id))


def _parts(rota: Rota, begins: datetime.datetime, ends: datetime.datetime) -> Iterator[Part]:
    """Yield who answers one after the other; the same officer in the same way is named once."""
    named: list[tuple[datetime.datetime, Answer, bool]] = []
    for opens, _closes, decision in rota.stretches(begins, ends):
        answer, is_vacant = rota.answer_at(opens), decision.responsible is None
        if not named or _who(*named[-1][1:]) != _who(answer, is_vacant):
            named.append((opens, answer, is_vacant))
    for place, (opens, answer, is_vacant) in enumerate(named):
        closes = named[place + 1][0] if place + 1 < len(named) else None
        yield Part(answer, opens if place else None, closes, is_vacant)


def _who(answer: Answer, is_vacant: bool) -> tuple[object, ...]:
    return answer.basis, answer.officer_id, is_vacant
