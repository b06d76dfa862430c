"""At night: what is past its review date, not extended and not on hold is erased, and the proof of it remains.

With a record goes what hangs on it: links, addenda, earlier wordings, files, promises, progress notes; with a party
its contact persons and the doubles that were merged into it; and what packs of hand-overs copied of it. Each record
for itself: what the database keeps, for a hold on a part of it or an extension, stays and is tried again the night
after.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import CASCADE, Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from sectorlog.handover.forgetting import NOTHING, forget, forget_after_holds
from sectorlog.models import (
    Attachment,
    ContactPerson,
    EntryChallenge,
    EntryParty,
    Erasure,
    Hold,
    Party,
    Promise,
    RecordKind,
    ReviewDecision,
)
from sectorlog.retention.reviewing import TABLES, sector_path
from sectorlog.taking_turns import take_turn

logger = logging.getLogger(__name__)

BATCH = 200
# What others are part of goes last.
ORDER = (
    RecordKind.HANDOVER,
    RecordKind.ENTRY,
    RecordKind.CHALLENGE,
    RecordKind.CONTACT,
    RecordKind.PARTY,
)
LINKS: dict[RecordKind, tuple[type[EntryParty] | type[EntryChallenge], str]] = {
    RecordKind.PARTY: (EntryParty, "party"),
    RecordKind.CHALLENGE: (EntryChallenge, "challenge"),
}


@dataclass(slots=True)
class Night:
    """How many records were erased, and how many the database or a fault kept."""

    erased: int = 0
    kept: int = 0


def erase_due(day: datetime.date | None = None) -> Night:
    """Erase what was to be reviewed before `day`, today by default. A second run finds nothing."""
    night = Night()
    for kind in ORDER:
        for keys in _batches(kind, day or timezone.localdate()):
            _erase_batch(kind, keys, night)
    with transaction.atomic():
        _let_erase()
        forget_after_holds()
    logger.info("Past their review date: %d records erased, %d kept", night.erased, night.kept)
    return night


def due(kind: RecordKind, day: datetime.date) -> QuerySet[Any]:
    """Return the rows of a kind that may go: past their day, and neither they nor what belongs to them on hold.

    A hold on a party holds its contact persons and the entries that name it; one on an entry holds what it names. An
    entry with a promise that nobody was told about stays until they are.
    """
    model, _sector = TABLES[kind]
    rows = model._default_manager.filter(review_on__lt=day).exclude(Exists(_holds(kind, OuterRef("uuid"))))
    if kind in LINKS:
        link, name = LINKS[kind]
        held = link._default_manager.filter(
            Exists(_holds(RecordKind.ENTRY, OuterRef("entry__uuid"))), **{name: OuterRef("pk")}
        )
        rows = rows.exclude(Exists(held))
    elif kind == RecordKind.ENTRY:
        of_held = EntryParty.objects.filter(
            Exists(_holds(RecordKind.PARTY, OuterRef("party__uuid"))), entry=OuterRef("pk")
        )
        promised = Promise.objects.open().filter(entry=OuterRef("pk"))
        rows = rows.exclude(Exists(of_held)).exclude(Exists(promised))
    elif kind == RecordKind.CONTACT:
        held = EntryParty.objects.filter(
            Exists(_holds(RecordKind.ENTRY, OuterRef("entry__uuid"))), party=OuterRef("party")
        )
        of_party = _holds(RecordKind.PARTY, OuterRef("party__uuid"))
        rows = rows.exclude(Exists(held)).exclude(Exists(of_party))
    return rows


def _holds(kind: RecordKind, record: Any) -> QuerySet[Hold]:
    return Hold.objects.in_force().filter(kind=kind, record=record)


def _batches(kind: RecordKind, day: datetime.date) -> Iterator[list[int]]:
    """Yield primary keys; each is seen once, whatever becomes of it."""
    last = 0
    while keys := list(
        due(kind, day).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield keys
        last = keys[-1]


def _erase_batch(kind: RecordKind, keys: list[int], night: Night) -> None:
    """Erase them all at once, or where one of them cannot go, one by one."""
    try:
        night.erased += _erase(kind, keys)
        return
    except DatabaseError:
        pass
    for key in keys:
        try:
            night.erased += _erase(kind, [key])
        except DatabaseError as error:
            night.kept += 1
            # What the database says may quote a row: only its kind is told.
            logger.warning("%s %d was not erased: %s", kind, key, type(error).__name__)


@transaction.atomic
def _erase(kind: RecordKind, keys: list[int], *, is_part: bool = False) -> int:
    """Erase these rows with what hangs on them; returns how many records.

    Raises DatabaseError where one must stay: it is on hold, or a part of another that would go without a proof.
    """
    _let_erase()
    model, _sector = TABLES[kind]
    # A pack made meanwhile would tell of what is being erased. What belongs to a party is of the party's sector.
    take_turn(model._default_manager.filter(pk__in=keys).values(in_sector=sector_path(kind)))
    erased = 0
    if kind == RecordKind.PARTY:
        keys, erased = _with_parts_of_parties(keys)
    rows = model._default_manager.filter(pk__in=keys, review_on__lte=timezone.localdate())
    found = list(
        rows.select_for_update(of=("self",), skip_locked=True)
        .annotate(in_sector=sector_path(kind))
        .values_list("pk", "uuid", "review_on", "in_sector")
    )
    if len(found) < len(keys) and (is_part or kind == RecordKind.PARTY):
        raise StillNeeded(kind)
    keys = [pk for pk, *_rest in found]
    if kind == RecordKind.ENTRY:
        _remove_files(keys)
    _prove(kind, found, _hanging_on(model, keys))
    with _letting_writers_go_first():
        model._default_manager.filter(pk__in=keys).delete()
    if kind == RecordKind.PARTY:
        _take_out_of_answers([str(row[1]) for row in found], [row[3] for row in found])
    if found and kind != RecordKind.HANDOVER:
        forget({str(row[1]) for row in found}, {row[3] for row in found})
    return erased + len(keys)


def _take_out_of_answers(parties: list[str], sectors: list[int]) -> None:
    """Put a neutral word for the parties' names in what entries answered, now and in earlier wordings.

    The database lets a settled entry forget while `sectorlog.erasing` is on, and finds it no more by that name.
    """
    named: dict[str, Any] = {"records": parties, "sectors": sectors, "word": NOTHING}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sectorlog_entryrevision revision SET was = jsonb_set(
                was, '{values}', sectorlog_without_names(was -> 'values', %(records)s, %(word)s))
            FROM sectorlog_logentry entry
            WHERE entry.id = revision.entry_id AND entry.sector_id = ANY (%(sectors)s)
                AND sectorlog_names(was -> 'values', %(records)s)
            """,
            named,
        )
        cursor.execute(
            """
            UPDATE sectorlog_logentry SET "values" = sectorlog_without_names("values", %(records)s, %(word)s)
            WHERE sector_id = ANY (%(sectors)s) AND sectorlog_names("values", %(records)s)
            """,
            named,
        )


def _let_erase() -> None:
    """Tell the database that rows go, and words out of packs, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sectorlog.erasing', 'on', true)")


@contextmanager
def _letting_writers_go_first() -> Iterator[None]:
    """Give up a row that somebody keeps: they may wait for one of ours, and after a second theirs would be ended."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _with_parts_of_parties(keys: list[int]) -> tuple[list[int], int]:
    """Return the parties and all doubles merged into them, and how many contact persons were erased with them.

    What a head kept for longer keeps its date, and so the party it belongs to.
    """
    parties = set(Party.objects.filter(pk__in=keys).values_list("pk", flat=True))
    while (
        doubles := set(Party.objects.filter(merged_into__in=parties).values_list("pk", flat=True)) - parties
    ):
        parties |= doubles
    contacts = ContactPerson.objects.filter(party__in=parties)
    _bring_forward(RecordKind.PARTY, Party.objects.filter(pk__in=parties.difference(keys)))
    _bring_forward(RecordKind.CONTACT, contacts)
    persons = list(contacts.values_list("pk", flat=True))
    return sorted(parties), _erase(RecordKind.CONTACT, persons, is_part=True) if persons else 0


def _bring_forward(kind: RecordKind, parts: QuerySet[Any]) -> None:
    """Let the parts of a party fall due with it, unless somebody decided about them."""
    today = timezone.localdate()
    longer = ReviewDecision.objects.filter(kind=kind, record=OuterRef("uuid"), until__gt=today)
    parts.filter(~Exists(longer), review_on__gt=today).update(review_on=today)


class StillNeeded(DatabaseError):
    """A part of the record was kept for longer than the record itself: both stay."""


def _hanging_on(model: Any, keys: list[int]) -> Counter[int]:
    """Return how many rows go with each of these."""
    parts: Counter[int] = Counter()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many and relation.on_delete is CASCADE):
            continue
        own = relation.field.attname
        rows = relation.related_model._base_manager.filter(**{f"{own}__in": keys}).order_by()
        parts.update(dict(rows.values_list(own).annotate(Count("pk"))))
    return parts


def _remove_files(entries: list[int]) -> None:
    """Remove the entries' files once their rows are gone for good; what a crash leaves, a sweep finds."""
    storage: Any = Attachment._meta.get_field("file").storage
    for name in Attachment.objects.filter(entry__in=entries).values_list("file", flat=True):
        transaction.on_commit(partial(storage.delete, name), robust=True)


def _prove(kind: RecordKind, found: list[tuple[Any, ...]], parts: Counter[int]) -> None:
    decisions = {
        decision.record: decision
        for decision in ReviewDecision.objects.filter(
            kind=kind, record__in=[row[1] for row in found]
        ).order_by("at")
    }
    Erasure.objects.bulk_create(
        Erasure(
            kind=kind,
            record=uuid,
            sector_id=sector,
            review_on=review_on,
            parts=1 + parts[pk],
            **_rule(decisions.get(uuid)),
        )
        for pk, uuid, review_on, sector in found
    )


def _rule(decision: ReviewDecision | None) -> dict[str, Any]:
    if decision is not None and decision.until is None:
        return {"rule": Erasure.Rule.NOT_NEEDED, "by_id": decision.by_id}
    return {"rule": Erasure.Rule.REVIEW_PASSED}
