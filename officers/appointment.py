"""Appointing an officer to a sector, and ending or withdrawing that (handbook, Sector responsible officers).

Everything here works on one sector at a time and locks it, so that two heads act one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from officers import ending
from officers.models import Assignment, AssignmentQuerySet
from sectors.models import Sector


def lock_sector(sector: Sector) -> None:
    """Make others who appoint in this sector wait until the transaction is over."""
    Sector.objects.select_for_update(no_key=True).get(pk=sector.pk)


def in_the_way(wanted: Assignment) -> AssignmentQuerySet:
    """Return the appointments that cannot stand beside `wanted`, in the order of time.

    Those are the responsible officer's, when it is for a responsible officer, and the same officer's.
    """
    others = Assignment.objects.valid().filter(sector=wanted.sector_id, period__overlap=wanted.period)
    same_officer = others.filter(officer=wanted.officer_id)
    if wanted.role == Assignment.Role.RESPONSIBLE:
        same_officer |= others.filter(role=Assignment.Role.RESPONSIBLE)
    return same_officer.exclude(pk=wanted.pk).select_related("officer", "sector").order_by("period")


@transaction.atomic
def appoint(wanted: Assignment, *, instead_of: Sequence[Assignment] = ()) -> None:
    """Save the appointment; those that it takes the place of end at the instant at which it begins.

    Raises IntegrityError when another appointment is in the way.
    """
    lock_sector(wanted.sector)
    for predecessor in instead_of:
        predecessor.period = DateTimeTZRange(predecessor.period.lower, wanted.period.lower)
        predecessor.save(update_fields=["period"])
    wanted.save()


@transaction.atomic
def end_now(assignment: Assignment) -> None:
    """End an appointment that has begun, at this instant. Raises TermRefused when it is not in force."""
    lock_sector(assignment.sector)
    ending.end_now(assignment)


@transaction.atomic
def withdraw(assignment: Assignment) -> None:
    """Withdraw an appointment that has not begun; its row stays. Raises TermRefused when it has."""
    lock_sector(assignment.sector)
    ending.withdraw(assignment)
