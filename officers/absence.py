"""An officer is away and comes back, and others cover meanwhile (handbook, The sectors: during holidays).

Each act is one transaction. It locks the sectors and the officers concerned, so that two heads act one after the
other and nobody is counted on who goes away at the same moment. What cannot be done raises AbsenceRefused.
Who could cover, and what stays open: `officers.cover`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers import ending
from officers.cover_notices import tell_arranged, tell_withdrawn
from officers.fields import end_text
from officers.models import Absence, Assignment, Cover, Officer
from sectors.instants import CLOCK_SKEW, instant_text
from sectors.models import Sector

FURTHEST = datetime.timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class PlannedCover:
    """Who is to cover which sector, and when; not stored yet."""

    sector: Sector
    officer: Officer
    period: DateTimeTZRange


class AbsenceRefused(ValueError):
    """What was asked cannot be; the text is a sentence that says what to do, `cover` the plan that it is about."""

    def __init__(self, sentence: str, cover: PlannedCover | None = None) -> None:
        super().__init__(sentence)
        self.cover = cover


def enter_absence(officer: Officer, period: DateTimeTZRange, covers: Sequence[PlannedCover] = ()) -> Absence:
    """Save that the officer is away, and who covers meanwhile. Raises AbsenceRefused, and saves nothing then."""
    now = timezone.now()
    absence = Absence(officer=officer, period=_coming(period, now))
    with _acting(absence, covers):
        absence.save()
        for planned in covers:
            _save_cover(absence, planned, now)
    return absence


def end_absence(absence: Absence, at: datetime.datetime) -> None:
    """Let the absence that has begun end at `at`: back early, which shortens the covers, or away for longer.

    Covers that would have begun later are withdrawn. Raises AbsenceRefused.
    """
    with _acting(absence, list(absence.covers.valid())):
        absence.refresh_from_db(fields=["period", "withdrawn_at"])
        now = timezone.now()
        if absence.withdrawn_at or now < absence.period.lower:
            raise AbsenceRefused(_("This absence has not begun. Withdraw it instead."))
        if now not in absence.period:
            raise AbsenceRefused(_("This absence is over. Enter a new one."))
        ends = _from_now_on(at, now)
        for cover in absence.covers.valid():
            _cut(cover, ends)
        absence.period = DateTimeTZRange(absence.period.lower, ends)
        absence.save(update_fields=["period"])


def withdraw_absence(absence: Absence) -> None:
    """Withdraw an absence that has not begun, and its covers with it. Raises AbsenceRefused when it has."""
    with _acting(absence, list(absence.covers.valid())):
        absence.refresh_from_db(fields=["period", "withdrawn_at"])
        if absence.withdrawn_at:
            raise AbsenceRefused(_("This absence is withdrawn already."))
        if absence.period.lower <= timezone.now():
            raise AbsenceRefused(_("This absence has begun. End it instead."))
        for cover in absence.covers.valid():
            _withdraw(cover)
        ending.withdraw(absence)


def add_cover(absence: Absence, planned: PlannedCover, *, instead_of: Sequence[Cover] = ()) -> Cover:
    """Save who covers a sector during the absence; covers that this takes the place of end when it begins.

    Raises AbsenceRefused.
    """
    with _acting(absence, [planned, *instead_of]):
        absence.refresh_from_db(fields=["period", "withdrawn_at"])
        now = timezone.now()
        begins = _coming(planned.period, now).lower
        for former in instead_of:
            former.refresh_from_db(fields=["period", "withdrawn_at"])
            _cut(former, begins)
        return _save_cover(absence, planned, now)


def end_cover(cover: Cover, at: datetime.datetime) -> None:
    """Let a cover that has begun end earlier than planned. Raises AbsenceRefused."""
    with _acting(cover.absence, [cover]):
        cover.refresh_from_db(fields=["period", "withdrawn_at"])
        now = timezone.now()
        if cover.withdrawn_at or now < cover.period.lower:
            raise AbsenceRefused(_("This cover has not begun. Withdraw it instead."))
        ends = _from_now_on(at, now)
        if cover.period.upper is not None and ends >= cover.period.upper:
            raise AbsenceRefused(_("This cover ends earlier anyway. To make it longer, add another cover."))
        _cut(cover, ends)


def withdraw_cover(cover: Cover) -> None:
    """Withdraw a cover that has not begun; its row stays. Raises AbsenceRefused when it has begun."""
    with _acting(cover.absence, [cover]):
        cover.refresh_from_db(fields=["period", "withdrawn_at"])
        if cover.withdrawn_at:
            raise AbsenceRefused(_("This cover is withdrawn already."))
        if cover.period.lower <= timezone.now():
            raise AbsenceRefused(_("This cover has begun. End it instead."))
        _withdraw(cover)


_SENTENCES = {
    "absence_once_at_a_time": gettext_lazy(
        "This officer is away in this period already. Change that absence."
    ),
    "cover_one_per_sector": gettext_lazy(
        "Somebody covers this sector in this period already. End that first."
    ),
    "cover_within_absence": gettext_lazy("A cover lies within the absence. Choose other dates."),
    "cover_by_another": gettext_lazy("Nobody covers for themselves. Choose somebody else."),
    "cover_by_somebody_present": gettext_lazy("Who is away does not cover. Choose somebody else."),
    "absence_past_stays": gettext_lazy("What held in the past does not change. Look at the absence again."),
    "cover_past_stays": gettext_lazy("What held in the past does not change. Look at the absence again."),
}


@contextmanager
def _acting(absence: Absence, covers: Sequence[PlannedCover | Cover]) -> Iterator[None]:
    """Run an act in one transaction under the locks of its sectors and officers, in one order for everybody."""
    own = Assignment.objects.overlapping(absence.period).filter(officer=absence.officer)
    try:
        with transaction.atomic():
            _lock(
                Sector.objects.all(),
                [*own.values_list("sector", flat=True), *(cover.sector.pk for cover in covers)],
            )
            _lock(Officer.objects.all(), [absence.officer.pk, *(cover.officer.pk for cover in covers)])
            yield
    except ending.TermRefused as begun:
        raise AbsenceRefused(_("This has begun meanwhile. Look at the absence again.")) from begun
    except IntegrityError as error:
        sentence = _SENTENCES.get(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's own
        if sentence is None:
            raise
        raise AbsenceRefused(str(sentence)) from error


def _lock(rows: QuerySet, keys: Iterable[int]) -> None:
    list(rows.order_by("pk").select_for_update(no_key=True).filter(pk__in=set(keys)).values_list("pk"))


def _coming(period: DateTimeTZRange, now: datetime.datetime) -> DateTimeTZRange:
    """Return the period in UTC, its beginning now at the earliest. Raises AbsenceRefused for an impossible one."""
    if period.lower is None:
        raise AbsenceRefused(_("Say when it begins."))
    begins, ends = _from_now_on(period.lower, now), period.upper
    if ends is None:
        return DateTimeTZRange(begins, None)
    # In the hour that comes twice, two times of one place compare as its clock shows them: so it is done in UTC.
    if ends.astimezone(datetime.UTC) <= begins:
        raise AbsenceRefused(_("It ends before it begins. Choose a later end."))
    return DateTimeTZRange(begins, _from_now_on(ends, now))


def _from_now_on(instant: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """Return the instant in UTC, now at the earliest. Raises AbsenceRefused for the past and the far future."""
    instant = instant.astimezone(datetime.UTC)
    if instant < now - CLOCK_SKEW:
        raise AbsenceRefused(
            _("This lies in the past, and what held in the past does not change. Choose now or later.")
        )
    if instant > now + FURTHEST:
        raise AbsenceRefused(_("This lies more than two years ahead. Check the year."))
    return max(instant, now)


def _cut(cover: Cover, ends: datetime.datetime) -> None:
    """Let nothing of the cover hold from `ends` on."""
    if cover.period.lower >= ends:
        _withdraw(cover)
    elif cover.period.upper is None or cover.period.upper > ends:
        cover.period = DateTimeTZRange(cover.period.lower, ends)
        cover.save(update_fields=["period"])


def _withdraw(cover: Cover) -> None:
    ending.withdraw(cover)
    tell_withdrawn(cover)


def _save_cover(absence: Absence, planned: PlannedCover, now: datetime.datetime) -> Cover:
    try:
        period = _coming(planned.period, now)
        _check_period(absence, period)
        _check_person(absence, planned.officer, period)
        _check_sector(absence, planned.sector, period)
        with transaction.atomic():
            cover = Cover.objects.create(
                absence=absence, sector=planned.sector, officer=planned.officer, period=period
            )
    except AbsenceRefused as refusal:
        raise AbsenceRefused(str(refusal), planned) from refusal
    tell_arranged(cover)
    return cover


def _check_period(absence: Absence, period: DateTimeTZRange) -> None:
    """Refuse what reaches beyond the absence."""
    away = absence.period
    if absence.withdrawn_at:
        raise AbsenceRefused(_("This absence is withdrawn. Enter it anew."))
    if period.lower < away.lower or (away.upper and (period.upper is None or period.upper > away.upper)):
        raise AbsenceRefused(
            _("A cover lies within the absence: from %(begins)s, %(ends)s. Choose other dates.")
            % {"begins": instant_text(away.lower), "ends": end_text(away.upper)}
        )


def _check_person(absence: Absence, officer: Officer, period: DateTimeTZRange) -> None:
    """Refuse the absent officer, one whose account is switched off, and one who is away themselves."""
    name = {"name": officer.name}
    if officer == absence.officer:
        raise AbsenceRefused(_("%(name)s cannot cover for themselves. Choose somebody else.") % name)
    if officer.user is not None and not officer.user.is_active:
        raise AbsenceRefused(_("The account of %(name)s is switched off. Choose somebody else.") % name)
    away = Absence.objects.overlapping(period).filter(officer=officer).order_by("period").first()
    if away:
        raise AbsenceRefused(
            _("%(name)s is away themselves from %(begins)s, %(ends)s. Choose somebody else, or other dates.")
            % {**name, "begins": instant_text(away.period.lower), "ends": end_text(away.period.upper)}
        )


def _check_sector(absence: Absence, sector: Sector, period: DateTimeTZRange) -> None:
    """Refuse a sector that the absent officer does not answer for, or that somebody covers already."""
    own = Assignment.objects.overlapping(period).filter(
        officer=absence.officer, sector=sector, role=Assignment.Role.RESPONSIBLE
    )
    if not own.exists():
        raise AbsenceRefused(
            _("%(name)s is not responsible for %(sector)s in this period. Choose one of their sectors.")
            % {"name": absence.officer.name, "sector": sector}
        )
    present = Cover.objects.overlapping(period).filter(sector=sector).select_related("officer").first()
    if present:
        raise AbsenceRefused(
            _("%(name)s covers %(sector)s from %(begins)s, %(ends)s. End that first, or choose other dates.")
            % {
                "name": present.officer.name,
                "sector": sector,
                "begins": instant_text(present.period.lower),
                "ends": end_text(present.period.upper),
            }
        )
