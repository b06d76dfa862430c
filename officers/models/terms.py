"""What every dated row has in common: it holds for a period, it ends, it is never deleted.

A term that has begun keeps what it says; only its end can be set, to now or later. One that has not begun can be
withdrawn. A trigger on each table guards that (migration `dated_rows`).
"""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TermQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        """Leave out what was withdrawn before it began."""
        return self.filter(withdrawn_at=None)

    def active_at(self, instant: datetime.datetime) -> Self:
        return self.valid().filter(period__contains=instant)

    def from_instant(self, instant: datetime.datetime) -> Self:
        """Return what holds at `instant` or begins later."""
        return self.valid().filter(Q(period__endswith__gt=instant) | Q(period__upper_inf=True))

    def overlapping(self, period: Any) -> Self:
        return self.valid().filter(period__overlap=period)


class Term(models.Model):
    """A row that holds for the period `[begins, ends)`; without an end until further notice."""

    period = DateTimeRangeField(_("period"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inc=True, period__upper_inc=False),
                name="%(class)s_has_beginning",
                violation_error_message=_("Say when it begins, and let it end later than that."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__lte=F("period__startswith")),
                name="%(class)s_withdrawn_before_it_began",
                violation_error_message=_("What has begun is not withdrawn, it ends."),
            ),
        ]
