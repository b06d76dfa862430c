"""Four numbers of a head's week, each with a word that says whether it is much."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from officers.rota import Basis, Rotas
from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.gathering import Gathered
from overview.figures.periods import first_of, moved
from overview.keeping import Kept, quarter_of_an_hour
from overview.models import Measure, MonthCount
from overview.scope import Scope
from sectorlog.models import GroupInSector

# Today and the seven days after it.
DAYS = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A number as people read it, what it counts, a word of comparison, and where one looks closer."""

    value: str
    label: str
    word: str
    url: str
    is_bad: bool = False


def numbers(asked: Asked, gathered: Gathered) -> list[Number]:
    """Return the numbers of the sectors now; `gathered` says what is past its time there.

    One query, and two more where who answers and the counts are not at hand.
    """
    scope, now, late = asked.scope, asked.now, gathered.urgent_counts
    return [
        _there(scope, now),
        _overdue(scope, late[ItemKind.MESSAGE], gathered.answer_due, now),
        _neglected(asked, late[ItemKind.GROUP]),
        _contacts(scope, now),
    ]


def _there(scope: Scope, now: datetime.datetime) -> Number:
    keys = tuple(sector.pk for sector in scope.sectors)
    # An absence begins and ends by the clock alone, as a gap does.
    quarter = quarter_of_an_hour(now)
    answering = _answering.get((scope.state, keys, quarter), lambda: _count(keys, now))
    alone = answering[Basis.DISTRICT]
    return Number(
        gettext("%(number)s of %(all)s") % {"number": answering[Basis.RESPONSIBLE], "all": len(keys)},
        gettext("sectors have their own officer there now"),
        " ".join(_instead(answering[Basis.COVER] + answering[Basis.STAND_IN], alone)),
        reverse("overview:day") + scope.query,
        is_bad=bool(alone),
    )


_answering: Kept[Counter[Basis]] = Kept(most=50)


def _count(keys: Sequence[int], now: datetime.datetime) -> Counter[Basis]:
    rotas = Rotas.read(now, keys)
    return Counter(rotas.of(key).decide(now).basis for key in keys)


def _instead(covered: int, alone: int) -> Iterator[str]:
    if covered:
        yield ngettext("%(number)d is covered.", "%(number)d are covered.", covered) % {"number": covered}
    if alone:
        yield ngettext("%(number)d has nobody.", "%(number)d have nobody.", alone) % {"number": alone}
    if not covered and not alone:
        yield gettext("Nobody is away.")


def _overdue(scope: Scope, number: int, due: datetime.datetime | None, now: datetime.datetime) -> Number:
    """Return how many messages are overdue; `due`: by when the first that waits is to be answered."""
    word = gettext("Everybody has been answered in time.")
    if number and due and due <= now:
        word = gettext("The oldest should have been answered on %(day)s.") % {"day": _day(due)}
    return Number(
        str(number),
        ngettext("message is overdue", "messages are overdue", number),
        word,
        _attention(scope, ItemKind.MESSAGE),
        is_bad=bool(number),
    )


def _neglected(asked: Asked, number: int) -> Number:
    agreed = GroupInSector.objects.filter(asked.within_in_force(), group__retired_at=None).count()
    every = ngettext("%(number)d has an agreed interval.", "%(number)d have an agreed interval.", agreed) % {
        "number": agreed
    }
    return Number(
        str(number),
        ngettext("target group is neglected", "target groups are neglected", number),
        every,
        _attention(asked.scope, ItemKind.GROUP),
        is_bad=bool(number),
    )


def _contacts(scope: Scope, now: datetime.datetime) -> Number:
    month = first_of(timezone.localdate(now))
    before = moved(month, -1)
    keys = tuple(sector.pk for sector in (*scope.sectors, *scope.earlier))
    sums = _sums.get((scope.state, keys, month), lambda: _counted(keys, (month, before)))
    number = sums.get(month, 0)
    return Number(
        str(number),
        ngettext("contact with target groups this month", "contacts with target groups this month", number),
        gettext("In all of %(month)s: %(number)d.")
        % {"month": date_format(before, "F"), "number": sums.get(before, 0)},
        _figures(scope, "contacts"),
    )


_sums: Kept[dict[datetime.date, int]] = Kept(most=50)


def _counted(keys: Sequence[int], months: Sequence[datetime.date]) -> dict[datetime.date, int]:
    counted = MonthCount.objects.filter(sector__in=keys, measure=Measure.CONTACTS, month__in=months)
    return dict(counted.order_by().values_list("month").annotate(Sum("value")))


def _attention(scope: Scope, kind: ItemKind) -> str:
    return reverse("overview:attention", query={"kind": kind.value} | _where(scope))


def _figures(scope: Scope, slug: str) -> str:
    return reverse("overview:figures", query={"figure": slug} | _where(scope))


def _where(scope: Scope) -> dict[str, str]:
    return {"where": scope.where} if scope.where else {}


def _day(instant: datetime.datetime) -> str:
    return date_format(timezone.localdate(instant), "MONTH_DAY_FORMAT")
