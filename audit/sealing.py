"""The chain of digests over the log: each minute's entries are sealed, each seal holds the one before.

Sealed is by transaction, not by time or number, because those are given before an entry can be seen: all
transactions below the oldest one that still runs are decided, so nothing can be added to what is sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db import connection, transaction

from audit.models import Seal

TABLES = {"reads": "audit_readentry", "changes": "audit_change"}
# The first seal's `previous`, as in `audit_make_seal`.
BEGINNING = "0" * 64
ROWS_AT_ONCE = 5000

Line = tuple[int, str]


@dataclass(frozen=True)
class Mismatch:
    """The first seal that does not hold: entries after `after` up to `until` were altered, added or removed."""

    seal: Seal
    reason: str


@dataclass(frozen=True)
class Verdict:
    seals: int
    sealed: int
    unsealed: int
    last: Seal | None
    mismatch: Mismatch | None


def seal(log: str) -> Seal | None:
    """Seal what has been decided since the last seal; return the new one, or None when there was nothing.

    The database computes it (`audit_make_seal`): the site's own role may not write a seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_seal(%s)", [log])
        (made,) = cursor.fetchone()
    return Seal.objects.get(pk=made) if made else None


def verify(log: str) -> Verdict:
    """Compute every digest anew, in one passage through the log, up to the first seal that does not hold."""
    # In a transaction the cursors read on as they go; outside, PostgreSQL would copy the whole log first.
    with transaction.atomic():
        lines = _Peekable(_lines(log))
        previous, count, sealed, last = BEGINNING, 0, 0, None
        for found in Seal.objects.filter(log=log).order_by("id").iterator():
            digest = _Digest(log, previous, last.to_xid if last else 0, found.to_xid)
            for line in lines.up_to(found.to_xid):
                digest.add(line)
            if reason := _reason(found, digest, previous):
                return Verdict(count, sealed, 0, last, Mismatch(found, reason))
            previous, count, sealed, last = found.digest, count + 1, sealed + found.rows, found
        return Verdict(count, sealed, sum(1 for _line in lines), last, None)


def _reason(found: Seal, digest: _Digest, previous: str) -> str:
    if found.previous != previous or found.from_xid != digest.after:
        return "the seal before it is missing or was replaced"
    if found.rows != digest.rows:
        return f"it sealed {found.rows} entries, the log holds {digest.rows}"
    return "" if found.digest == digest.hex() else "an entry, or the seal itself, was altered"


class _Digest:
    """Computed as `audit_make_seal` does it: each digest is that of the one before it and of the entry's text."""

    def __init__(self, log: str, previous: str, after: int, upto: int) -> None:
        self.after, self.rows = after, 0
        self._digest = _sha256(f"{previous}\n{log}\n{after}\n{upto}".encode())

    def add(self, line: Line) -> None:
        self._digest = _sha256(self._digest + line[1].encode())
        self.rows += 1

    def hex(self) -> str:
        return self._digest.hex()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class _Peekable:
    """Lines in the order of their transactions, of which one can be looked at and left."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[Line]:
        return self._lines

    def up_to(self, xid: int) -> Iterator[Line]:
        for line in self._lines:
            if line[0] > xid:
                self._lines = chain([line], self._lines)
                return
            yield line


def _lines(log: str) -> Iterator[Line]:
    """Yield transaction and text of all entries, in the order that is sealed."""
    query = f"SELECT xid, audit_line(entry) FROM {TABLES[log]} entry ORDER BY xid, id"  # noqa: S608  # own names
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while part := cursor.fetchmany(ROWS_AT_ONCE):
            yield from part


def lag() -> Iterable[tuple[str, int]]:
    """Yield each log with the number of seconds since its oldest entry that is not sealed was written, or 0."""
    for log, table in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT coalesce(extract(epoch FROM now() - min(at)), 0)::bigint FROM {table}"  # noqa: S608  # own names
                " WHERE xid > coalesce((SELECT max(to_xid) FROM audit_seal WHERE log = %s), 0)",
                [log],
            )
            yield log, cursor.fetchone()[0]
