"""Instants to the minute, as forms have them: the same ones all through a test, though a minute passes meanwhile."""

import datetime
import functools

from django.utils import timezone


@functools.cache
def this_minute() -> datetime.datetime:
    """Return the minute in which a test first asked; each test begins anew (`conftest.py`)."""
    return timezone.now().replace(second=0, microsecond=0)


def in_days(days: float) -> datetime.datetime:
    return (this_minute() + datetime.timedelta(days=days)).replace(second=0, microsecond=0)
