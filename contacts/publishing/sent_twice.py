"""What was sent twice, by a double tap or after a lost answer, is saved once.

Each needs the transaction in which the new row is saved: the same account's forms come one after the other.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from contacts.models import ContactHours, Event, Notice, PartnerContact
from officers.models import User

if TYPE_CHECKING:
    from django.db.models import Model

# The same words of the same account within this time were sent twice.
TWICE_WITHIN = datetime.timedelta(minutes=10)
_TEXTS = ("title_en", "title_da", "text_en", "text_da")
_OF_NOTICE = ("station", "sector", "written_by", "kind", "said_en", "said_da", *_TEXTS)
_OF_EVENT = ("station", "written_by", "begins_at", "ends_at", "place", *_TEXTS)
_OF_HOURS = ("sector", "week", "weekday", "on_date", "begins", "ends", "since", "until", "place", "address")
_OF_PARTNER = ("station", "district", "kind", "organisation", "name", "role", "phone", "email", "note")


def draft_sent_already(item: Notice | Event) -> Any:
    """Return the draft that its author saved with the same words a moment ago; None where there is none."""
    _one_after_the_other(item.written_by_id)
    names = _OF_NOTICE if isinstance(item, Notice) else _OF_EVENT
    since = timezone.now() - TWICE_WITHIN
    return _like(item, names).filter(state=item.State.DRAFT, written_at__gte=since).first()


def hours_sent_already(hours: ContactHours, *, by: User) -> ContactHours | None:
    """Return the same hours of the sector: they cannot be held twice."""
    _one_after_the_other(by.pk)
    found: ContactHours | None = _like(hours, _OF_HOURS).first()
    return found


def partner_sent_already(partner: PartnerContact, *, by: User) -> PartnerContact | None:
    """Return the same entry: the directory holds nobody twice."""
    _one_after_the_other(by.pk)
    found: PartnerContact | None = _like(partner, _OF_PARTNER).first()
    return found


def _one_after_the_other(user_id: int) -> None:
    User.objects.select_for_update(no_key=True).filter(pk=user_id).first()


def _like(row: Model, names: tuple[str, ...]) -> Any:
    """Return the rows that say the same; a field without a value (None) is compared as such."""
    return type(row)._default_manager.filter(**{name: getattr(row, name) for name in names})
