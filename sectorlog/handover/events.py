"""The events to come of a hand-over pack: where the taker will be met, and who is to be present."""

from __future__ import annotations

from django.db.models import Q

from contacts.models import Event
from sectorlog.handover.gathering import Gathering, Rows

MOST_EVENTS = 20


def events_to_come(gathering: Gathering) -> Rows:
    """Return the published events that end after the day's noon: the sector's own, and the whole station's.

    Two queries. The public's words, and what staff alone is told: how many must be present, and who is.
    """
    sector = gathering.sector
    here = Q(sectors=sector) | Q(sectors=None, station=sector.station_id)
    events = list(
        Event.objects.published()
        .filter(here, cancelled_at=None)
        .ending_after(gathering.noon)
        .prefetch_related("presences__officer")[:MOST_EVENTS]
    )
    gathering.tell(events)
    return [
        {
            "name": {"en": event.title_en, "da": event.title_da},
            "begins_at": event.begins_at,
            "ends_at": event.ends_at,
            "place": event.place,
            "is_internal": event.is_internal,
            "required": event.required_presence,
            "present": sorted(presence.officer.name for presence in event.presences.all()),
        }
        for event in events
    ]
