"""Who covers is told so, by names, dates and a link: when it is arranged, and when it is withdrawn."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from notifications.sending import notify
from officers.models import Cover


def tell_arranged(cover: Cover) -> None:
    """Write to the covering officer that they answer for the sector, and from when to when."""
    notify("officers.cover_arranged", **_addressee(cover), context=_context(cover))


def tell_withdrawn(cover: Cover) -> None:
    """Write to the covering officer that they are not needed after all."""
    notify("officers.cover_withdrawn", **_addressee(cover), context=_context(cover))


def _addressee(cover: Cover) -> dict[str, Any]:
    officer = cover.officer
    return {"to_user": officer.user} if officer.user else {"to_address": officer.email}


def _context(cover: Cover) -> dict[str, Any]:
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = cover.sector.get_absolute_url()
    return {
        "sector": str(cover.sector),
        "absent": cover.absence.officer.name,
        "begins": cover.period.lower,
        "ends": cover.period.upper,
        "path": path,
    }
