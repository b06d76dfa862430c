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

# What is sealed of each entry, in this order. A column that is added later gets a place at the end.
COLUMNS = {
    "reads": "id, extract(epoch FROM at), xid, actor_id, actor, verb, subject, keys, sectors,"
    " purpose, path, request_id",
    "changes": "id, extract(epoch FROM at), xid, actor_id, actor, table_name, subject, key, sectors,"
    " operation, before, after, purpose, path, request_id",
}
TABLES = {"reads": "audit_readentry", "changes": "audit_change"}
# The first seal's `previous`.
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
    """Seal what has been decided since the last seal; return the new one, or None when there was nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The second of two at once waits, and finds nothing left to do.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit_seal_{log}"])
        last = Seal.objects.filter(log=log).order_by("-id").first()
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_counter_ahead() - 1"
        )
        (upto,) = cursor.fetchone()
        previous, after = (last.digest, last.to_xid) if last else (BEGINNING, 0)
        digest = _Digest(log, previous, after, upto)
        for line in _lines(log, after, upto):
            digest.add(line)
        if not digest.rows:
            return None
        cursor.execute(
            "INSERT INTO audit_seal (log, from_xid, to_xid, rows, digest, previous) VALUES (%s, %s, %s, %s, %s, %s)"
            " RETURNING id",
            [log, after, upto, digest.rows, digest.hex(), previous],
        )
        return Seal.objects.get(pk=cursor.fetchone()[0])


def verify(log: str) -> Verdict:
    """Compute every digest anew, in one passage through the log, up to the first seal that does not hold."""
    # In a transaction the cursors read on as they go; outside, PostgreSQL would copy the whole log first.
    with transaction.atomic():
        lines = _Peekable(_lines(log, 0, None))
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
    def __init__(self, log: str, previous: str, after: int, upto: int) -> None:
        self.after, self.rows = after, 0
        self._sum = hashlib.sha256(f"{previous}\n{log}\n{after}\n{upto}\n".encode())

    def add(self, line: Line) -> None:
        self._sum.update(f"{line[1]}\n".encode())
        self.rows += 1

    def hex(self) -> str:
        return self._sum.hexdigest()


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


def _lines(log: str, after: int, upto: int | None) -> Iterator[Line]:
    """Yield transaction and text of the entries after `after` up to `upto`, in the order that is sealed."""
    query = (
        f"SELECT xid, jsonb_build_array({COLUMNS[log]})::text FROM {TABLES[log]}"  # noqa: S608  # own names
        " WHERE xid > %s AND (%s::bigint IS NULL OR xid <= %s) ORDER BY xid, id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [after, upto, upto])
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
