"""Correcting and adding to an entry: a day long by its author, then addenda only (design, 4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sectorlog.entries.writing import link
from sectorlog.models import Addendum, LogEntry, Promise
from sectorlog.taking_turns import take_turn

if TYPE_CHECKING:
    from officers.models import User

LINKS = {"groups": "group_links", "parties": "party_links", "challenges": "challenge_links"}
ABOUT_ONE = {"groups": "group", "parties": "party", "challenges": "challenge"}


class ChangedMeanwhile(Exception):
    """The entry is not any more what the page showed that the correction was typed into."""


class Settled(Exception):
    """The day in which an entry is corrected is over: the database refuses."""


class AddedBefore(Exception):
    """An addendum or a promise of this UUID is there: `by_same` tells whether it is the same person's."""

    def __init__(self, *, by_same: bool) -> None:
        super().__init__()
        self.by_same = by_same


def fingerprint(entry: LogEntry) -> str:
    """Return a digest of all that a correction may change, to tell whether it is still what somebody looked at."""
    said = [
        entry.text,
        entry.values,
        entry.outcome,
        entry.place.wkt if entry.place else None,
        entry.place_precision,
        entry.place_text,
        entry.happened_at,
        entry.effort_id,
        entry.flagged_for_id,
        entry.follow_up_on,
        *(sorted(one.pk for one in getattr(entry, name).all()) for name in LINKS),
    ]
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def correct(
    entry: LogEntry, changes: Mapping[str, Any], about: Mapping[str, Iterable[Any]], *, as_of: str
) -> None:
    """Change what the entry says and what it is about; the database keeps the earlier wording.

    Raises ChangedMeanwhile where it is not what had the fingerprint `as_of`, Settled after 24 hours.
    """
    take_turn([entry.sector_id])
    locked = LogEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if fingerprint(locked) != as_of:
        raise ChangedMeanwhile
    for name, value in changes.items():
        setattr(locked, name, value)
    relinked = {
        name: set(ones) for name, ones in about.items() if set(ones) != set(getattr(locked, name).all())
    }
    try:
        with transaction.atomic():
            if relinked:
                _keep_wording(locked)
            locked.save(update_fields=list(changes))
            for name, ones in relinked.items():
                _relink(locked, name, ones)
    except IntegrityError as error:
        if refused_by(error) == "entry_is_settled":
            raise Settled from error
        raise


def _keep_wording(entry: LogEntry) -> None:
    """Let the database keep what the entry says, and what it is about, before that changes.

    Where the entry itself changes too, the database keeps that wording once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sectorlog_keep_wording(entry) FROM sectorlog_logentry entry WHERE id = %s", [entry.pk]
        )


def refused_by(error: IntegrityError) -> str:
    """Return the name of what refused in the database: a constraint's or a trigger's."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _relink(entry: LogEntry, name: str, wanted: set[Any]) -> None:
    present = set(getattr(entry, name).all())
    gone = {f"{ABOUT_ONE[name]}__in": present - wanted}
    if present - wanted:
        getattr(entry, LINKS[name]).filter(**gone).delete()
    link(entry, **{name: wanted - present})


@transaction.atomic
def add_to(entry: LogEntry, addition: Addendum | Promise) -> None:
    """Save an addendum or a promise of an entry, once however often it is sent. Raises AddedBefore."""
    addition.entry = entry
    if isinstance(addition, Promise):
        addition.sector = entry.sector
    try:
        with transaction.atomic():
            addition.save(force_insert=True)
    except IntegrityError as error:
        before = type(addition).objects.filter(uuid=addition.uuid).first()
        if before is None:
            raise
        author = getattr(addition, "author_id", None)
        by_same = before.entry_id == entry.pk and getattr(before, "author_id", None) == author
        raise AddedBefore(by_same=by_same) from error


def close(entry: LogEntry, *, by: User) -> bool:
    """Note that somebody came back to it. Return False where that is done already, or nothing was to be done."""
    open_one = LogEntry.objects.filter(pk=entry.pk).with_follow_up()
    return bool(open_one.update(follow_up_done_at=timezone.now(), follow_up_done_by=by))


def tell_back(promise: Promise, told: str, *, by: User) -> bool:
    """Note that the citizen was told, and what. Return False where somebody noted it before."""
    rows = Promise.objects.filter(pk=promise.pk).open()
    return bool(rows.update(told_back_at=timezone.now(), told_back_by=by, told_back=told))
