"""The log: what was shown to whom, what was changed by whom, and the seals that show whether it is as written.

The tables are made by this app's migrations in SQL, partitioned by month, and are only ever added to. Django does not
manage them: `flush`, which the tests use as well, shall not try to empty them.

Accounts are named by number and label, objects by `app_label.model:primary key`; nothing refers to their rows, so
that the log outlives them and no app has to be imported here.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from audit.permissions import AuditScope

# Of the entries that a scope holds, one in so many is in its sample: always the same ones.
SAMPLE_OF = 20

Place = tuple[datetime.datetime, int]


class LogQuerySet(models.QuerySet[Any]):
    """Entries of either log. With a period, only the partitions of its months are looked into."""

    def visible_in(self, scope: AuditScope) -> Self:
        """Return what the scope holds."""
        if scope.everything:
            return self
        if not scope.reads:
            return self.none()
        done = Q(actor_id__in=scope.actors) & self.concerning(scope.objects)
        entries = self.filter(done | Q(sectors__overlap=list(scope.sectors)))
        return entries.alias(draw=F("id") % SAMPLE_OF).filter(draw=0) if scope.is_sample else entries

    def concerning(self, objects: Mapping[str, Collection[int]]) -> Q:
        """Return the condition that an entry tells of one of these: of each kind the primary keys.

        Each log has its own: one names many objects in an entry, the other one.
        """
        raise NotImplementedError

    def between(self, since: datetime.datetime, until: datetime.datetime) -> Self:
        return self.filter(at__gte=since, at__lt=until)

    def by(self, person: str) -> Self:
        """Return what was done under an e-mail address, or by the account that has it now under an earlier one."""
        account = (
            get_user_model()
            ._default_manager.filter(email__iexact=person)
            .values_list("pk", flat=True)
            .first()
        )
        return self.filter(actor_id=account) if account else self.filter(actor__iexact=person)

    def in_sector(self, sector: int) -> Self:
        return self.filter(sectors__contains=[sector])

    def page(self, size: int, *, after: Place | None = None) -> list[Any]:
        """Return the newest entries, or those that follow the entry at this place: a page costs the same anywhere."""
        entries = self.order_by("-at", "-id")
        if after:
            at, number = after
            entries = entries.filter(at__lte=at).exclude(at=at, id__gte=number)
        return list(entries[:size])


class ReadQuerySet(LogQuerySet):
    def about(self, subject: str, key: str) -> Self:
        """Return who was shown the object."""
        return self.filter(keys__contains=[f"{subject}:{key}"])

    def concerning(self, objects: Mapping[str, Collection[int]]) -> Q:
        return Q(keys__overlap=[f"{subject}:{key}" for subject, keys in objects.items() for key in keys])


class ChangeQuerySet(LogQuerySet):
    def about(self, subject: str, key: str) -> Self:
        """Return who changed the object."""
        return self.filter(subject=subject, key=key)

    def concerning(self, objects: Mapping[str, Collection[int]]) -> Q:
        # Of nothing, if there are none.
        told = Q(pk__in=[])
        for subject, keys in objects.items():
            told |= Q(subject=subject, key__in=[str(key) for key in keys])
        return told


class ReadEntry(models.Model):
    """What one page showed of one kind of object. Written by `audit.reads`, in the name of who asked for the page."""

    class Verb(models.TextChoices):
        SHOWN = "shown", _("shown")
        LISTED = "listed", _("listed")
        SEARCHED = "searched", _("searched")
        EXPORTED = "exported", _("exported")
        DOWNLOADED = "downloaded", _("downloaded")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    # The transaction that wrote the entry, counted on over a restore (`audit_transaction()`): see `audit.sealing`.
    xid = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.TextField()
    verb = models.TextField(choices=Verb)
    subject = models.TextField()
    # Each with its kind, "officers.officer:12", so that one index answers who saw an object.
    keys = ArrayField(models.TextField())
    sectors = ArrayField(models.BigIntegerField())
    purpose = models.TextField()
    path = models.TextField()
    request_id = models.UUIDField(null=True)

    objects: ClassVar[ReadQuerySet] = ReadQuerySet.as_manager()  # type: ignore[assignment]  # a manager of these

    class Meta:
        managed = False
        db_table = "audit_readentry"
        default_permissions = ()
        verbose_name = _("entry of the read log")
        verbose_name_plural = _("read log")

    @property
    def numbers(self) -> list[str]:
        """The keys without their kind."""
        return [key.partition(":")[2] for key in self.keys]


class Change(models.Model):
    """One row that was added, changed or deleted, or a table emptied. Written by triggers: see `audit.triggers`."""

    class Operation(models.TextChoices):
        INSERT = "I", _("added")
        UPDATE = "U", _("changed")
        DELETE = "D", _("deleted")
        TRUNCATE = "T", _("all deleted")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    xid = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.TextField()
    table_name = models.TextField()
    subject = models.TextField()
    key = models.TextField()
    sectors = ArrayField(models.BigIntegerField())
    operation = models.TextField(choices=Operation)
    # Whole rows; of a change only the columns that differ.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    purpose = models.TextField()
    path = models.TextField()
    request_id = models.UUIDField(null=True)

    objects: ClassVar[ChangeQuerySet] = ChangeQuerySet.as_manager()  # type: ignore[assignment]  # a manager of these

    class Meta:
        managed = False
        db_table = "audit_change"
        default_permissions = ()
        verbose_name = _("entry of the change log")
        verbose_name_plural = _("change log")

    @property
    def columns(self) -> list[tuple[str, Any, Any]]:
        """Each column that the change concerns: its name, what it held before, what after; None where nothing."""
        before, after = self.before or {}, self.after or {}
        return [(name, before.get(name), after.get(name)) for name in {**before, **after}]


class Seal(models.Model):
    """The digest of a log's entries of the transactions after `from_xid` up to `to_xid`; it holds the one before."""

    id = models.BigAutoField(primary_key=True)
    log = models.TextField()
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    rows = models.BigIntegerField()
    # SHA-256, as hexadecimal digits.
    digest = models.TextField()
    previous = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_seal"
        default_permissions = ()
