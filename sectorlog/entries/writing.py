"""Writing an entry: with all that hangs on it or not at all, and once, however often it is sent."""

from __future__ import annotations

import datetime
import uuid as uuids
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from sectorlog.models import (
    Challenge,
    EntryChallenge,
    EntryGroup,
    EntryParty,
    LogEntry,
    Party,
    Promise,
    TargetGroup,
)
from sectorlog.taking_turns import take_turn

if TYPE_CHECKING:
    from officers.models import User

# A telephone that was without a network for longer has a wrong clock.
LONGEST_QUEUE = datetime.timedelta(days=30)


class WrittenBefore(Exception):
    """An entry of this UUID is there: `entry`. It was sent twice, or the UUID is somebody else's."""

    def __init__(self, entry: LogEntry) -> None:
        super().__init__(str(entry.uuid))
        self.entry = entry


def written_before(uuid: uuids.UUID) -> LogEntry | None:
    return LogEntry.objects.select_related("sector").filter(uuid=uuid).first()


@transaction.atomic
def write(
    entry: LogEntry,
    *,
    groups: Iterable[TargetGroup] = (),
    parties: Iterable[Party] = (),
    challenges: Iterable[Challenge] = (),
    promise: Promise | None = None,
) -> LogEntry:
    """Save the entry, what it is about, and a promise that was made. Raises WrittenBefore.

    Of two that arrive at the same instant the second waits for the first, and the database lets one in.
    """
    take_turn([entry.sector_id])
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        if (before := written_before(entry.uuid)) is None:
            raise
        raise WrittenBefore(before) from error
    link(entry, groups=groups, parties=parties, challenges=challenges)
    if promise is not None:
        promise.entry, promise.sector = entry, entry.sector
        promise.save(force_insert=True)
    return entry


def link(
    entry: LogEntry,
    *,
    groups: Iterable[TargetGroup] = (),
    parties: Iterable[Party] = (),
    challenges: Iterable[Challenge] = (),
) -> None:
    """Say what the entry is about; of a party that was merged meanwhile, that it is about the one that stays."""
    EntryGroup.objects.bulk_create(EntryGroup(entry=entry, group=group) for group in set(groups))
    # The one that stays may be named already.
    EntryParty.objects.bulk_create(
        (EntryParty(entry=entry, party_id=party) for party in _remaining(parties)), ignore_conflicts=True
    )
    EntryChallenge.objects.bulk_create(
        EntryChallenge(entry=entry, challenge=challenge) for challenge in set(challenges)
    )


def _remaining(parties: Iterable[Party]) -> set[int]:
    """Return the primary keys of what these parties are by now. Until the transaction ends none of them is merged.

    A page, or a telephone's queue, names parties as they were when it was opened.
    """
    asked = {party.pk for party in parties}
    seen, remaining = set[int](), set[int]()
    while asked:
        locked = Party.objects.select_for_update(no_key=True).filter(pk__in=asked).order_by("pk")
        found = dict(locked.values_list("pk", "merged_into"))
        seen |= asked
        remaining |= {pk for pk, into in found.items() if into is None}
        asked = {into for into in found.values() if into is not None} - seen
    return remaining


def draft_owner(user: User) -> str:
    """Return a token that says on a telephone whose drafts are there, and nothing about the account."""
    return salted_hmac("sectorlog.drafts", str(user.pk)).hexdigest()[:20]
