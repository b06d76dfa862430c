"""What one request has shown so far, and in whose name: kept on the request until its answer leaves."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.http import HttpRequest

PATH_LENGTH = 500
INSERT = (
    "INSERT INTO audit_readentry"
    " (actor_id, actor, verb, subject, keys, sectors, purpose, path, request_id) VALUES "
)
ROW = "(%s, %s, %s, %s, %s::text[], %s::bigint[], %s, %s, %s)"


class Read(NamedTuple):
    """Objects of one kind that a page shows. `keys` with their kind: "officers.officer:12"."""

    verb: str
    subject: str
    keys: tuple[str, ...]
    sectors: tuple[int, ...]
    purpose: str


class Recording:
    """Made for every request, public ones included: it must cost next to nothing and ask for nobody."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        # The transaction around a view that may change something.
        self.transaction = ExitStack()
        self.is_changing = False
        # Whether the view has to say what it shows.
        self.is_due = False
        self.purpose = ""
        # A dictionary for its order: the same read said twice is one.
        self.reads: dict[Read, None] = {}

    @cached_property
    def request_id(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def actor(self) -> tuple[int | None, str]:
        user = self._request.user
        return (user.pk, user.get_username()) if user.is_authenticated else (None, "anonymous")

    @property
    def path(self) -> str:
        """The address without its question: what was searched for may itself be about somebody."""
        return self._request.path[:PATH_LENGTH]

    def write(self) -> None:
        """Add the reads to the log in one statement. Raises what the database raises."""
        if not self.reads:
            return
        actor_id, actor = self.actor
        values: list[Any] = []
        for read in self.reads:
            purpose = read.purpose or self.purpose
            values += (actor_id, actor, read.verb, read.subject, list(read.keys), list(read.sectors))
            values += (purpose, self.path, self.request_id)
        with connection.cursor() as cursor:
            cursor.execute(INSERT + ", ".join([ROW] * len(self.reads)), values)
        self.reads.clear()


def of(request: HttpRequest) -> Recording:
    """Return the request's recording; a request that came past the middleware gets one that nobody writes."""
    found: Any = getattr(request, "audit", None)
    if found is None:
        found = Recording(request)
        request.audit = found  # type: ignore[attr-defined]  # as Django's own middleware keeps the user
    return found
