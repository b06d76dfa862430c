"""Marking a party as visited: an entry with the visit's form, and once, however often it is sent.

Where nobody was there, the entry holds the party's UUID alone: it is no contact, and the visit stays due.
"""

from __future__ import annotations

import datetime
import uuid as uuids
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sectorlog.entries.writing import write
from sectorlog.models import FormVersion, LogEntry, Party
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

FORM = "visit"
# The key, among the answers, of the party that was looked for and not met.
NOBODY_MET = "nobody_met"
# A party's address is a door.
DOOR_METRES = 10
# For so many days a page tells that somebody tried.
TRIED_DAYS = 30


def visit_form(sector: Sector) -> FormVersion:
    """Return the version to write with: the heads' own visit form, if a single sentence is enough for it.

    Where theirs is withdrawn, or asks for more, it is that of the first set.
    """
    own = FormVersion.objects.for_sector(sector).filter(template__slug=FORM).first()
    if own is not None and not any(field.get("required") for field in own.fields):
        return own
    first = FormVersion.objects.filter(template__station=None, template__slug=FORM)
    return first.filter(published_at__isnull=False).latest("number")


def mark_visited(
    party: Party,
    *,
    by: User,
    uuid: uuids.UUID,
    text: str = "",
    outcome: str = "",
    card_left: bool = False,
    nobody_there: bool = False,
) -> LogEntry:
    """Write the entry of a visit that has just been made. Raises WrittenBefore (`sectorlog.entries.writing`)."""
    version, now = visit_form(party.sector), timezone.now()
    values: dict[str, Any] = {}
    if card_left and any((field["key"], field["kind"]) == ("card", "yes_no") for field in version.fields):
        values["card"] = "yes"
    if nobody_there:
        values[NOBODY_MET] = str(party.uuid)
        text = " ".join(filter(None, [_("Nobody there."), text]))
    entry = LogEntry(
        uuid=uuid,
        sector=party.sector,
        author=by,
        form_version=version,
        happened_at=now,
        written_at=now,
        text=text,
        values=values,
        outcome="" if nobody_there else outcome,
        place=party.place,
        place_precision=DOOR_METRES if party.place else None,
        # The party's door goes with the party: without a link, nothing would take it out of here.
        place_text="" if nobody_there else party.address,
    )
    if nobody_there:
        return write(entry)
    return write(entry, parties=[party], groups=party.groups.all())


def tried_in_vain(
    parties: Iterable[Party], sectors: Iterable[Sector], *, days: int = TRIED_DAYS
) -> dict[uuids.UUID, datetime.datetime]:
    """Return when somebody last stood before a closed door, by the party's UUID. Two queries for all of them."""
    listed = list(parties)
    stays = {str(party.uuid): party.uuid for party in listed}
    doubles = Party.objects.filter(merged_into__in=listed).values_list("uuid", "merged_into__uuid")
    stays |= {str(double): party for double, party in doubles}
    since = timezone.now() - datetime.timedelta(days=days)
    tries = (
        LogEntry.objects.filter(sector__in=list(sectors), happened_at__gte=since)
        .filter(values__nobody_met__in=list(stays))
        .order_by("happened_at")
    )
    return {stays[values[NOBODY_MET]]: at for values, at in tries.values_list("values", "happened_at")}
