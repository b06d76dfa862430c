"""The log: what was shown to whom, what was changed by whom, and the seals that show whether it is as written.

The tables are made by this app's migrations in SQL, partitioned by month, and are only ever added to. Django does not
manage them: `flush`, which the tests use as well, shall not try to empty them.

Accounts are named by number and label, objects by `app_label.model:primary key`; nothing refers to their rows, so
that the log outlives them and no app has to be imported here.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

# The account that is named where nobody was: the public pages, the worker, a command that does not say who it is.
SYSTEM = "system"


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

    class Meta:
        managed = False
        db_table = "audit_readentry"
        default_permissions = ()
        verbose_name = _("entry of the read log")
        verbose_name_plural = _("read log")


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

    class Meta:
        managed = False
        db_table = "audit_change"
        default_permissions = ()
        verbose_name = _("entry of the change log")
        verbose_name_plural = _("change log")


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
