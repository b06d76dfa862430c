"""Work on the schema: done as the role that owns the tables, which the running site is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the role of OWNER_DATABASE_URL, to the same database; without that setting, change nothing."""
    if settings.DATABASE_OWNER is None:
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
