"""Replacing a sector's responsible officer on a date: one act that ends, begins, hands over and tells (design, S3).

What will happen is planned first, so that a page can say it in sentences; doing it checks everything anew.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notifications.sending import notify
from officers import ending
from officers.appointment import appoint, in_the_way, lock_sector
from officers.fields import end_text
from officers.models import Absence, Assignment, Cover, Leadership, Officer, User
from sectors.instants import CLOCK_SKEW, LONGEST_AHEAD, instant_text
from sectors.models import Sector

# How long after the change the officer who leaves may still introduce the successor.
HAND_OVER_AFTER = datetime.timedelta(days=60)


class ReplacementRefused(ValueError):
    """What was asked cannot be; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who follows whom in which sector and when. `instead_of` are the appointments that end at that instant."""

    sector: Sector
    successor: Officer
    at: datetime.datetime
    predecessor: Assignment | None
    instead_of: tuple[Assignment, ...]
    away: Absence | None
    covers: tuple[Cover, ...]


def plan(sector: Sector, successor: Officer, at: datetime.datetime | None) -> Replacement:
    """Return what replacing the responsible officer at `at` (None: now) would do. Raises ReplacementRefused."""
    at = _coming(at)
    _check_successor(sector, successor)
    wanted = _wanted(sector, successor, at)
    instead_of = tuple(in_the_way(wanted).select_related("officer__user", "sector"))
    for other in instead_of:
        _check_other(wanted, other)
    predecessor = next((one for one in instead_of if one.role == Assignment.Role.RESPONSIBLE), None)
    away = Absence.objects.active_at(at).filter(officer=successor).first()
    return Replacement(sector, successor, at, predecessor, instead_of, away, _lapsing(predecessor, at))


@transaction.atomic
def replace(
    sector: Sector,
    successor: Officer,
    at: datetime.datetime | None,
    hand_over_on: datetime.date | None,
    keep_as_attached: bool,
    *,
    by: User | None = None,
) -> Assignment:
    """Let `successor` be responsible for the sector from `at` on (None: now) and return the new appointment.

    The present officer's appointment ends then, with the day of the hand-over; they stay on as an attached officer if
    `keep_as_attached`. Their covers in the sector end too. Both officers and the head of the district are told, but
    for the account `by` that does it. A vacant sector gets its officer in the same way.
    Raises ReplacementRefused, and then nothing has changed.
    """
    lock_sector(sector)
    planned = plan(sector, successor, at)
    check_hand_over(planned, hand_over_on)
    _end_covers(planned)
    if planned.predecessor is not None:
        planned.predecessor.hand_over_on = hand_over_on
        planned.predecessor.save(update_fields=["hand_over_on"])
    made = _wanted(sector, successor, planned.at)
    appoint(made, instead_of=planned.instead_of)
    if planned.predecessor is not None and keep_as_attached:
        _keep(planned.predecessor, planned.at)
    _tell(planned, hand_over_on, by)
    return made


def check_hand_over(planned: Replacement, day: datetime.date | None) -> None:
    """Raise ReplacementRefused for a day on which the officer who leaves cannot introduce the successor."""
    if day is None:
        return
    if planned.predecessor is None:
        raise ReplacementRefused(
            _("Nobody leaves this sector, so nobody hands it over. Leave the day of the hand-over empty.")
        )
    if day < timezone.localdate():
        raise ReplacementRefused(_("The day of the hand-over has passed. Choose today or later."))
    if day > timezone.localdate(planned.at) + HAND_OVER_AFTER:
        raise ReplacementRefused(
            _("The hand-over lies more than two months after the change. Choose an earlier day.")
        )


def _coming(at: datetime.datetime | None) -> datetime.datetime:
    now = timezone.now()
    if at is not None and at < now - CLOCK_SKEW:
        raise ReplacementRefused(
            _("This lies in the past, and what held in the past does not change. Choose now or later.")
        )
    if at is not None and at > now + LONGEST_AHEAD:
        raise ReplacementRefused(_("This lies more than five years ahead. Check the year."))
    return max(at, now) if at is not None else now


def _check_successor(sector: Sector, successor: Officer) -> None:
    name = {"officer": successor}
    if successor.station_id != sector.station_id:
        raise ReplacementRefused(
            _("%(officer)s belongs to another station than this sector. Choose an officer of its own.") % name
        )
    if successor.user is not None and not successor.user.is_active:
        raise ReplacementRefused(
            _("The account of %(officer)s is switched off. Choose somebody else.") % name
        )


def _check_other(wanted: Assignment, other: Assignment) -> None:
    """Refuse what cannot end at the change: the successor's own responsibility, and what begins then or later."""
    facts = {
        "officer": other.officer,
        "sector": other.sector,
        "begins": instant_text(other.period.lower),
        "ends": end_text(other.period.upper),
    }
    if other.officer_id == wanted.officer_id and other.role == Assignment.Role.RESPONSIBLE:
        raise ReplacementRefused(
            _(
                "%(officer)s is the responsible officer of %(sector)s already, from %(begins)s %(ends)s. "
                "Choose somebody else."
            )
            % facts
        )
    if other.period.lower >= wanted.period.lower:
        raise ReplacementRefused(
            _(
                "%(officer)s is to begin in %(sector)s on %(begins)s. Withdraw that appointment first, "
                "or choose a later instant."
            )
            % facts
        )


def _wanted(sector: Sector, successor: Officer, at: datetime.datetime) -> Assignment:
    return Assignment(
        sector=sector, officer=successor, role=Assignment.Role.RESPONSIBLE, period=DateTimeTZRange(at, None)
    )


def _lapsing(predecessor: Assignment | None, at: datetime.datetime) -> tuple[Cover, ...]:
    """Return who would go on covering the sector for an officer who is not responsible for it any more."""
    if predecessor is None:
        return ()
    covers = Cover.objects.from_instant(at).filter(
        sector=predecessor.sector_id, absence__officer=predecessor.officer_id
    )
    return tuple(covers.select_related("officer").order_by("period"))


def _end_covers(planned: Replacement) -> None:
    for cover in planned.covers:
        if cover.period.lower >= planned.at:
            ending.withdraw(cover)
        else:
            cover.period = DateTimeTZRange(cover.period.lower, planned.at)
            cover.save(update_fields=["period"])


def _keep(predecessor: Assignment, at: datetime.datetime) -> None:
    """Let the officer who was responsible go on as an attached one."""
    Assignment.objects.create(
        sector=predecessor.sector,
        officer=predecessor.officer,
        role=Assignment.Role.ATTACHED,
        period=DateTimeTZRange(at, None),
    )


def _tell(planned: Replacement, hand_over_on: datetime.date | None, by: User | None) -> None:
    """Write to those concerned: the names of sector and people, and the dates."""
    predecessor = planned.predecessor.officer.name if planned.predecessor else ""
    with translation.override(settings.LANGUAGE_CODE):
        path = planned.sector.get_absolute_url()
    context = {
        "sector": str(planned.sector),
        "successor": planned.successor.name,
        "predecessor": predecessor,
        "at": planned.at,
        "hand_over_on": hand_over_on,
        "path": path,
    }
    for account, address in concerned(planned):
        if account is None or account != by:
            notify("officers.replacement_announced", to_user=account, to_address=address, context=context)


def concerned(planned: Replacement) -> list[tuple[User | None, str]]:
    """Return both officers and the head of the district, each once, as an account or else as an address."""
    officers = [planned.successor, *([planned.predecessor.officer] if planned.predecessor else [])]
    heads = Leadership.objects.active_at(timezone.now()).filter(district=planned.sector.district_id)
    accounts = [officer.user for officer in officers] + [head.user for head in heads.select_related("user")]
    told = {account.pk: account for account in accounts if account is not None and account.is_active}
    addresses = dict.fromkeys(officer.email for officer in officers if officer.user is None)
    return [*((account, "") for account in told.values()), *((None, address) for address in addresses)]
