"""The way station between an address file and the register: tables that hold what one file says, record by record.

They are filled chunk by chunk, each chunk in one transaction with how far the file has been read, so that a
killed import goes on where it stopped. Unlogged tables are written fast and survive the import's process; after
a crash of the database they are empty, and the file is read again from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import connection, transaction

from sectors.address_register.records import Row
from sectors.models import AddressImport

CONTENT_LENGTH = 500


class Rejected(NamedTuple):
    """A record that cannot go into the register. `line` as in `files.Read`."""

    line: int
    reason: str
    content: str


class Staging:
    """The tables of one import. Their names are made from its number alone."""

    def __init__(self, run: AddressImport) -> None:
        self._run = run
        self.rows = f"sectors_staged_{run.pk}_rows"
        self.rejected = f"sectors_staged_{run.pk}_rejected"
        self.doors = f"sectors_staged_{run.pk}_doors"

    def prepare(self) -> None:
        """Make the tables, or keep those of an import that stopped if they are as full as it says."""
        if not self._is_as_left():
            with transaction.atomic():
                self.drop()
                self._create()
                self._note(0, 0)

    def _is_as_left(self) -> bool:
        run = self._run
        return (
            self.has(self.rows)
            and self.has(self.rejected)
            and self.count(self.rows) + self.count(self.rejected) == run.records_done
        )

    def _create(self) -> None:
        _run(
            f"CREATE UNLOGGED TABLE {self.rows} (record bigint NOT NULL, street text NOT NULL,"
            " key text NOT NULL, postcode text NOT NULL, city text NOT NULL, number integer NOT NULL,"
            " letter text NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL)"
        )
        _run(
            f"CREATE UNLOGGED TABLE {self.rejected}"
            " (line bigint NOT NULL, reason text NOT NULL, content text NOT NULL)"
        )

    def add(self, rows: Iterable[Row], rejected: Iterable[Rejected], *, records: int, bad: int) -> None:
        """Keep a chunk, together with the number of records that have been read and found bad so far."""
        with transaction.atomic():
            _copy(self.rows, rows)
            _copy(self.rejected, rejected)
            self._note(records, bad)

    def _note(self, records: int, bad: int) -> None:
        self._run.records_done, self._run.bad_records = records, bad
        self._run.save(update_fields=["records_done", "bad_records"])

    def each_rejected(self) -> Iterator[Rejected]:
        """Yield the rejected records in the order of the file."""
        # A cursor on the server's side, since there may be as many as the file has lines.
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT line, reason, content FROM {self.rejected} ORDER BY line")  # noqa: S608  # own name
            while part := cursor.fetchmany(5000):
                yield from (Rejected(*row) for row in part)

    def most_frequent_reason(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT reason FROM {self.rejected} GROUP BY reason ORDER BY count(*) DESC LIMIT 1"  # noqa: S608  # own name
            )
            row = cursor.fetchone()
        return row[0] if row else ""

    def has(self, table: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            return cursor.fetchone()[0]

    def drop(self) -> None:
        for table in (self.rows, self.rejected, self.doors):
            _run(f"DROP TABLE IF EXISTS {table}")

    def count(self, table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # own name
            return cursor.fetchone()[0]


def drop_others(kept: AddressImport) -> None:
    """Drop the tables of imports that were begun and never taken up again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
            " AND relname ~ '^sectors_staged_[0-9]+_' AND relname !~ %s",
            [f"^sectors_staged_{kept.pk}_"],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {table}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _copy(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
