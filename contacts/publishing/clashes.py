"""What is odd about hours in person: the officer is off duty, elsewhere or away. Told, never refused."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import ContactHours
from officers.models import Absence, Assignment, DutyHours, Officer

# For how many days ahead dates are compared: two of each month, for hours once a month.
DAYS_AHEAD = 62
MOST_DATES = 3


def next_days(hours: ContactHours, count: int = 6) -> list[datetime.date]:
    """Return the next dates on which somebody can be met, at most `count`, within a year."""
    today = timezone.localdate()
    first = max(today, hours.since or hours.on_date or today)
    return hours.days(first, 400)[:count]


def doubts(hours: ContactHours) -> list[str]:
    """Return in sentences what is odd about the hours for the sector's responsible officer. Four queries at most."""
    now = timezone.now()
    post = (
        Assignment.objects.active_at(now)
        .filter(sector=hours.sector, role=Assignment.Role.RESPONSIBLE)
        .select_related("officer")
        .first()
    )
    if post is None:
        return []
    days = hours.days(timezone.localdate(now), DAYS_AHEAD)
    officer = post.officer
    return [*_off_duty(hours, officer), *_elsewhere(hours, officer, days, now), *_away(hours, officer, days)]


def _off_duty(hours: ContactHours, officer: Officer) -> Iterator[str]:
    weekday = hours.weekday or (hours.on_date.isoweekday() if hours.on_date else None)
    known = {row.weekday: row for row in officer.duty_hours.all()}
    duty = known.get(weekday) if weekday else None
    begins, ends = (duty.begins, duty.ends) if duty else (DutyHours.BEGINS, DutyHours.ENDS)
    if known and duty is None and weekday:
        yield _("%(name)s is not on duty on this weekday.") % {"name": officer.name}
    elif hours.begins < begins or hours.ends > ends:
        yield _("Outside the hours of duty: %(name)s is on duty from %(begins)s to %(ends)s then.") % {
            "name": officer.name,
            "begins": f"{begins:%H:%M}",
            "ends": f"{ends:%H:%M}",
        }


def _elsewhere(
    hours: ContactHours, officer: Officer, days: list[datetime.date], now: datetime.datetime
) -> Iterator[str]:
    """Yield other hours of the officer at the same time, in this sector or another of theirs."""
    posts = Assignment.objects.active_at(now).filter(officer=officer, role=Assignment.Role.RESPONSIBLE)
    others = ContactHours.objects.from_day(timezone.localdate(now)).filter(sector__in=posts.values("sector"))
    overlapping = others.filter(begins__lt=hours.ends, ends__gt=hours.begins).exclude(pk=hours.pk)
    for other in overlapping.select_related("sector"):
        if common := [day for day in days if other.is_held_on(day)]:
            yield _("At the same time there are hours at %(place)s in %(sector)s: %(days)s.") % {
                "place": other.place,
                "sector": other.sector,
                "days": _dates(common),
            }


def _away(hours: ContactHours, officer: Officer, days: list[datetime.date]) -> Iterator[str]:
    if not days:
        return
    zone = timezone.get_default_timezone()
    spans = {
        day: (
            datetime.datetime.combine(day, hours.begins, tzinfo=zone),
            datetime.datetime.combine(day, hours.ends, tzinfo=zone),
        )
        for day in days
    }
    whole = (spans[days[0]][0], spans[days[-1]][1])
    absences = list(Absence.objects.overlapping(whole).filter(officer=officer))
    missed = [
        day
        for day, (begins, ends) in spans.items()
        if any(
            one.period.lower < ends and (one.period.upper is None or one.period.upper > begins)
            for one in absences
        )
    ]
    if missed:
        yield _("%(name)s is away then: %(days)s. Cancel those dates, or let somebody else be there.") % {
            "name": officer.name,
            "days": _dates(missed),
        }


def _dates(days: list[datetime.date]) -> str:
    """Return the first few of the dates in words."""
    named = [date_format(day, "DATE_FORMAT") for day in days[:MOST_DATES]]
    return ", ".join([*named, "…"] if len(days) > MOST_DATES else named)
