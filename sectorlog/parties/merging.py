"""Two parties that turn out to be one: what hangs on the one goes over to the other, all of it or nothing.

The merged one stays as a pointer: an address that was noted somewhere leads on to the party that stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from sectorlog.models import ContactPerson, EntryParty, Party
from sectorlog.taking_turns import take_turn

# What is chosen field by field. The place goes with the address.
FIELDS = ("name", "kind", "address", "interval_days", "flagged_for", "note")
# Both notes can be kept, one below the other.
BOTH = "both"
LONGEST_NOTE = 4000


class MergeRefused(Exception):
    """One of the two is no party of its own any more, or they are not of one sector; nothing has changed."""


@transaction.atomic
def merge(stays: Party, goes: Party, kept: Mapping[str, str]) -> Party:
    """Merge `goes` into `stays`. `kept` says by field which is kept: "stays", "goes", for the note "both" as well.

    Raises MergeRefused. Of two merges at once the second finds what the first has made: both rows are locked, in
    the order of their keys, and whoever links an entry with one of them meanwhile waits.
    """
    take_turn([stays.sector_id])
    stays, goes = _locked(stays, goes)
    _keep(stays, goes, kept)
    stays.groups.add(*goes.groups.all())
    stays.challenges.add(*goes.challenges.all())
    goes.groups.clear()
    goes.challenges.clear()
    ContactPerson.objects.filter(party=goes).update(party=stays)
    # An entry that names both names the one that stays already; the database deletes no link of a settled entry.
    named = EntryParty.objects.filter(party=stays).values("entry")
    EntryParty.objects.filter(party=goes).exclude(entry__in=named).update(party=stays)
    Party.objects.filter(merged_into=goes).update(merged_into=stays)
    goes.merged_into = stays
    goes.save(update_fields=["merged_into"])
    return stays


def _locked(stays: Party, goes: Party) -> tuple[Party, Party]:
    locked = Party.objects.select_for_update(of=("self",)).filter(pk__in=[stays.pk, goes.pk]).order_by("pk")
    by_key = {party.pk: party for party in locked}
    if len(by_key) != 2 or any(party.merged_into_id for party in by_key.values()):
        raise MergeRefused(_("One of the two has been merged already. Look at what is there now."))
    stays, goes = by_key[stays.pk], by_key[goes.pk]
    if stays.sector_id != goes.sector_id:
        raise MergeRefused(_("Only parties of the same sector can be one."))
    return stays, goes


def _keep(stays: Party, goes: Party, kept: Mapping[str, str]) -> None:
    for name in FIELDS:
        if kept.get(name) == "goes":
            setattr(stays, name, getattr(goes, name))
    if kept.get("address") == "goes" or (stays.place is None and stays.address == goes.address):
        stays.place = goes.place
    if kept.get("note") == BOTH:
        stays.note = f"{stays.note}\n\n{goes.note}".strip()[:LONGEST_NOTE]
    # Who is there in one of the two has not gone.
    if goes.gone_at is None:
        stays.gone_at = None
    stays.save()


def what_stays(party: Party) -> Party:
    """Return the party that a merged one points to, itself if it was not merged."""
    while party.merged_into is not None:
        party = party.merged_into
    return party
