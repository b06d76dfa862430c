"""In whose name the database records changes: told to it by settings of the session, which the triggers read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest

from audit.recording import of


def tell_request(request: HttpRequest) -> None:
    """Name the account, the page and the request, for the transaction that is open."""
    recording = of(request)
    actor_id, actor = recording.actor
    _tell(
        True,
        actor_id=str(actor_id or ""),
        actor=actor,
        path=recording.path,
        request_id=str(recording.request_id),
        purpose=recording.purpose,
    )


def because(request: HttpRequest, purpose: str) -> None:
    """Say the reason that was given for what this request shows and changes."""
    of(request).purpose = purpose
    if connection.in_atomic_block:
        _tell(True, purpose=purpose)


@contextmanager
def acting_as(name: str, *, actor_id: int | None = None, purpose: str = "") -> Iterator[None]:
    """Record changes as made by `name`: a command, a task.

    Inside a transaction the name ends with it at the latest.
    """
    local = connection.in_atomic_block
    names = {"actor": name, "actor_id": str(actor_id or ""), "purpose": purpose}
    before = _told(names)
    _tell(local, **names)
    try:
        yield
    except BaseException:
        # A failed transaction takes no more statements, and takes the names back as it is rolled back.
        if not local:
            _tell(local, **before)
        raise
    else:
        _tell(local, **before)


def _told(names: dict[str, str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        settings = ", ".join(f"coalesce(current_setting('audit.{name}', true), '')" for name in names)
        cursor.execute(f"SELECT {settings}")
        return dict(zip(names, cursor.fetchone(), strict=True))


def _tell(local: bool, **settings: Any) -> None:
    calls = ", ".join(f"set_config('audit.{name}', %s, {str(local).lower()})" for name in settings)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", list(settings.values()))
