"""The parties of a hand-over pack: whom to visit first, in walking order, then the others by recency."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Prefetch, Value
from django.db.models.functions import Coalesce

from sectorlog.handover.gathering import Gathering
from sectorlog.models import ContactPerson, Party, RecordKind
from sectorlog.parties.last_contact import with_last_contact
from sectorlog.visits.due import Visit, visit_of
from sectorlog.visits.walking_order import metres_between, walking_order

MOST_PARTIES = 150
# As many visits as one first round holds, and as many points as a drawing of a telephone's width.
MOST_FIRST, MOST_POINTS = 12, 40

Places = list[tuple[int, tuple[float, float]]]


def parties_of(gathering: Gathering) -> tuple[dict[str, Any], Places]:
    """Return the parties, those to visit first in walking order, then by recency; and numbered places for the map."""
    held = gathering.held
    current = with_last_contact(Party.objects.current().filter(sector=gathering.sector)).exclude(
        uuid__in=held[RecordKind.PARTY]
    )
    speakers = ContactPerson.objects.filter(left_at=None).exclude(uuid__in=held[RecordKind.CONTACT])
    found = current.annotate(due=_due()).order_by(
        F("due").asc(nulls_last=True), F("last_contact").desc(nulls_last=True), "name"
    )
    rows = list(found.prefetch_related(Prefetch("contacts", speakers, to_attr="speakers"))[:MOST_PARTIES])
    visits = [visit_of(party, gathering.on) for party in rows]
    first = _walk([visit for visit in visits if visit.state in ("due", "soon")][:MOST_FIRST])
    chosen = {visit.party.pk for visit in first}
    others = sorted((v for v in visits if v.party.pk not in chosen), key=_recency, reverse=True)
    gathering.tell([*rows, *(speaker for party in rows for speaker in party.speakers)])
    told = [_party(number, visit) for number, visit in enumerate([*first, *others], start=1)]
    numbered = list(enumerate([*first, *others], start=1))
    places = [(number, (v.party.place.x, v.party.place.y)) for number, v in numbered if v.party.place]
    steps = _steps(first)
    for row, metres in zip(told, steps, strict=False):
        row["metres"] = metres
    return {
        "first": told[: len(first)],
        "others": told[len(first) :],
        "told": len(rows),
        "total": current.count() if len(rows) == MOST_PARTIES else len(rows),
    }, places[:MOST_POINTS]


def _due() -> ExpressionWrapper:
    interval = ExpressionWrapper(
        F("interval_days") * Value(datetime.timedelta(days=1)), output_field=DurationField()
    )
    return ExpressionWrapper(Coalesce("last_contact", "created_at") + interval, output_field=DateTimeField())


def _recency(visit: Visit) -> tuple[bool, Any, str]:
    return visit.last_contact is not None, visit.last_contact or visit.party.created_at, visit.party.name


def _walk(visits: list[Visit]) -> list[Visit]:
    """Return the visits in walking order from the one that is due the longest; those without a place come last."""
    placed = [(visit, visit.party.place) for visit in visits if visit.party.place]
    if len(placed) < 2:
        return visits
    positions = [(place.x, place.y) for _visit, place in placed]
    order = walking_order(positions[0], positions[1:])
    return [
        placed[0][0],
        *(placed[1 + index][0] for index in order),
        *(v for v in visits if not v.party.place),
    ]


def _steps(visits: list[Visit]) -> list[int | None]:
    """Return how many metres it is to each from the one before it, None where a place is not known."""
    places = [visit.party.place for visit in visits]
    pairs = zip([None, *places], places, strict=False)
    return [round(metres_between((a.x, a.y), (b.x, b.y))) if a and b else None for a, b in pairs]


def _party(number: int, visit: Visit) -> dict[str, Any]:
    party = visit.party
    speakers: list[ContactPerson] = party.speakers  # type: ignore[attr-defined]  # prefetched above
    return {
        "uuid": party.uuid,
        "number": number,
        "name": party.name,
        "kind": party.kind,
        "address": party.address,
        "note": party.note,
        "interval_days": party.interval_days,
        "last_contact_at": visit.last_contact,
        "due_on": visit.due_on,
        "state": visit.state,
        "days_over": max(0, visit.days_over),
        "is_placed": party.place is not None,
        "contacts": [
            {
                "uuid": one.uuid,
                "name": one.name,
                "role": one.role,
                "phone": one.phone,
                "email": one.email,
                "note": one.note,
            }
            for one in speakers
        ],
    }
