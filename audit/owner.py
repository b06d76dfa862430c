"""Work on the schema: done as the role that owns the tables, which the running site is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import CommandError
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the role of OWNER_DATABASE_URL, to the same database; without that setting, change nothing.

    Raises CommandError where the setting is missing and the site's own role does not own the tables.
    """
    if settings.DATABASE_OWNER is None:
        _refuse_others()
        yield
        return
    own = connection.settings_dict
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
    # A new dictionary: that of the settings goes on naming the application's role.
    connection.settings_dict = {**own, **settings.DATABASE_OWNER}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own


def _refuse_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_class WHERE relname = 'audit_seal' AND NOT pg_has_role(relowner, 'USAGE')"
        )
        if cursor.fetchone() is not None:
            raise CommandError(
                "This is done as the database role that owns the tables: set OWNER_DATABASE_URL as well."
            )
