"""Attach the recording of changes to a table: an operation for the migrations of the app that owns it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation

TRIGGER = "audit_record_change"


def watch(
    table: str, *, subject: str, without: Sequence[str] = (), key: str = "id", sector: str = "sector_id"
) -> Operation:
    """Record every change of `table`, whoever makes it: model, bulk statement or raw SQL.

    The migration must depend on ("audit", "0001_initial"). `subject` is the model's label ("officers.officer").
    Of the columns `without` (secrets, images, geometries) the log tells that they changed, not what they hold.
    `key` is the column of the primary key, `sector` the one that names a sector, if the table has such a column.
    """
    left_out = "{" + ",".join(without) + "}"
    call = f"EXECUTE FUNCTION audit_record_change('{subject}', '{key}', '{sector}', '{left_out}')"
    return migrations.RunSQL(
        f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW {call};"
        f"CREATE TRIGGER {TRIGGER}_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT {call};",
        f"DROP TRIGGER {TRIGGER} ON {table}; DROP TRIGGER {TRIGGER}_truncate ON {table};",
    )
