"""A challenge is noted of, closed with what came of it, and opened again where it came back.

All of it on a row that the view holds (`select_for_update`): two officers come one after the other.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from sectorlog.models import Challenge, ProgressNote

if TYPE_CHECKING:
    from officers.models import User

# The same words of the same person within this time were sent twice.
TWICE_WITHIN = datetime.timedelta(minutes=10)


def note(challenge: Challenge, text: str, *, by: User) -> ProgressNote:
    """Return the note that was added; the one that is there where it was sent twice."""
    since = timezone.now() - TWICE_WITHIN
    sent = challenge.notes.filter(author=by, text=text, at__gte=since).first()
    return sent or challenge.notes.create(text=text, author=by)


def opened_already(challenge: Challenge) -> Challenge | None:
    """Return the challenge that the same officer opened with the same words a moment ago: it was sent twice."""
    return Challenge.objects.filter(
        sector=challenge.sector,
        opened_by=challenge.opened_by,
        title=challenge.title,
        description=challenge.description,
        opened_at__gte=timezone.now() - TWICE_WITHIN,
    ).first()


def close(challenge: Challenge, result: str, *, by: User) -> None:
    challenge.closed_at, challenge.closed_by, challenge.result = timezone.now(), by, result
    challenge.save(update_fields=["closed_at", "closed_by", "result"])


def reopen(challenge: Challenge, why: str, *, by: User) -> None:
    """Open a closed challenge again. What had come of it stays in the time line, in the note that says why."""
    if challenge.closed_at is None:
        raise ValueError(f"Challenge {challenge.pk} is open.")
    day = formats.date_format(timezone.localtime(challenge.closed_at), "DATE_FORMAT")
    words = {"day": day, "result": challenge.result}
    told = _("Opened again. On %(day)s it was closed with this result: %(result)s") % words
    challenge.notes.create(text=f"{why}\n\n{told}", author=by)
    challenge.closed_at = challenge.closed_by = None
    challenge.result = ""
    challenge.save(update_fields=["closed_at", "closed_by", "result"])
