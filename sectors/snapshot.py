"""Copies of public data kept in the process, so that a public page needs no query.

A copy is good until the database says that something has changed (asked once in
`settings.REGISTER_RECHECK_SECONDS`), or until an instant that its loader names: data that changes with the
clock alone (a release or an appointment that begins) needs no message to anybody.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.db import Error
from django.utils import timezone

from sectors.models.register import RegisterVersion

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Seconds until the database is asked again after it did not answer.
OUTAGE_PAUSE = 10.0


class Versioned(Protocol):
    """Knows a version, and can be told to ask for it anew."""

    def version(self) -> Hashable: ...

    def forget(self) -> None: ...


class Watch(Generic[T]):
    """Knows a version number in the database, as of at most `REGISTER_RECHECK_SECONDS` ago.

    While the database does not answer, the last known version stands: the pages go on from their copies.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._known: T | None = None
        self._ask_again_at = float("-inf")
        self._asking = threading.Lock()

    def version(self) -> T:
        if self._known is None:
            self._known = self._read()
            self._ask_again_at = time.monotonic() + settings.REGISTER_RECHECK_SECONDS
        elif time.monotonic() >= self._ask_again_at and self._asking.acquire(blocking=False):
            # While the database is away, to ask takes as long as the pool waits: one thread bears that, not all.
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._known

    def _ask(self) -> None:
        pause = settings.REGISTER_RECHECK_SECONDS
        try:
            self._known = self._read()
        except Error:
            pause = OUTAGE_PAUSE
            logger.exception("The register's version cannot be read; going on with the copy at hand")
        self._ask_again_at = time.monotonic() + pause

    def forget(self) -> None:
        self._ask_again_at = float("-inf")


register = Watch(RegisterVersion.current)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of the register, watched together with the others by one query."""

    name: RegisterVersion.Subject

    def version(self) -> int:
        return register.version().get(self.name, 0)

    def forget(self) -> None:
        register.forget()


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a loader returns: a value, and the instant until which it holds if nothing is written meanwhile."""

    value: T
    until: datetime.datetime | None = None


class Snapshot(Generic[T]):
    """One value loaded from the database, kept in this process while it is current."""

    _all: weakref.WeakSet[Snapshot] = weakref.WeakSet()

    def __init__(self, load: Callable[[datetime.datetime], Loaded[T]], watch: Versioned) -> None:
        self._load = load
        self._watch = watch
        self._lock = threading.Lock()
        self._version: Hashable = None
        self._loaded: Loaded[T] | None = None
        Snapshot._all.add(self)

    def get(self) -> T:
        """Return the value as of now; loads it when there is none or when it is no longer current."""
        # The version is read before the data: a write in between costs one load too many, never one too few.
        version = self._watch.version()
        loaded = self._loaded
        if loaded is not None and version == self._version and not _is_over(loaded.until):
            return loaded.value
        with self._lock:
            if self._loaded is loaded:
                self._loaded = self._load_or_keep(loaded)
                self._version = version
            return self._loaded.value  # type: ignore[union-attr]  # another thread has loaded it meanwhile

    def _load_or_keep(self, known: Loaded[T] | None) -> Loaded[T]:
        """Load the value as of now; while the database does not answer, what was known goes on for a while."""
        now = timezone.now()
        try:
            return self._load(now)
        except Error:
            if known is None:
                raise
            logger.exception("The register cannot be read; going on with the copy at hand")
            return Loaded(known.value, until=now + datetime.timedelta(seconds=OUTAGE_PAUSE))

    @classmethod
    def load_all(cls) -> None:
        """Load every copy that this process has a use for; while the database does not answer, none."""
        try:
            for snapshot in list(cls._all):
                snapshot.get()
        except Error:
            logger.exception("The register cannot be read yet; the first request tries again")

    @classmethod
    def forget_all(cls) -> None:
        """Drop every copy in this process. For tests, whose rolled-back writes reuse version numbers."""
        for snapshot in cls._all:
            snapshot._loaded = None
            snapshot._watch.forget()


def _is_over(until: datetime.datetime | None) -> bool:
    return until is not None and until <= timezone.now()
