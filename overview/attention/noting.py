"""What a page says about things that wait is noted in the read log."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from overview.attention import Item


def note(request: HttpRequest, items: Iterable[Item], *, verb: str = ReadEntry.Verb.LISTED) -> None:
    """Note the items that a page names. Numbers of referrals and silent logs have no subject: they are of nobody."""
    named = [item for item in items if item.subject]
    if not named:
        nothing_personal(request)
    for subject in dict.fromkeys(item.subject for item in named):
        ones = [item for item in named if item.subject == subject]
        places = {item.sector.pk for item in ones if item.sector is not None}
        shown(request, [item.key for item in ones], verb=verb, subject=subject, sectors=places)
