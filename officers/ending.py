"""Ending and withdrawing what is dated. What has begun ends; only what has not begun can be withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.models import Term


class TermRefused(ValueError):  # what happened to the person, not a fault of the program
    """What has begun cannot be withdrawn, what is over or has not begun cannot end."""


@transaction.atomic
def end_now(term: Term) -> None:
    """End a term that has begun, at this instant. Raises TermRefused when it is not in force."""
    _lock(term)
    now = timezone.now()
    if term.withdrawn_at or now not in term.period or now == term.period.lower:
        raise TermRefused
    term.period = DateTimeTZRange(term.period.lower, now)
    term.save(update_fields=["period"])


@transaction.atomic
def withdraw(term: Term) -> None:
    """Withdraw a term that has not begun; its row stays. Raises TermRefused when it has."""
    _lock(term)
    now = timezone.now()
    if term.withdrawn_at or term.period.lower <= now:
        raise TermRefused
    term.withdrawn_at = now
    term.save(update_fields=["withdrawn_at"])


def _lock(term: Term) -> None:
    """Read the row anew and keep others from it until the transaction is over."""
    term.refresh_from_db(from_queryset=type(term)._default_manager.select_for_update(of=("self",)))
