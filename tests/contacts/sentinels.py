"""A text of its own in every column that the public must not see, and the search for any of them in an answer.

What the public may see is listed here, and nothing else: a new column gets its sentinel by itself. If a public page
then tells it, the test fails until somebody has decided that it is public; if it cannot be filled, until somebody has
written down why.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote
from uuid import UUID

import pypdfium2
from django.apps import apps
from django.contrib.gis.geos import Point
from django.db import Error, connection, models, transaction
from django.db.models.fields.json import JSONField
from django.http import HttpResponse
from django.utils import timezone

# What everybody may read; of rows that are shown. Rows that are not have sentinels in these as well: `hidden_rows`.
PUBLIC = {
    "sectors.Station": "name slug phone email address",
    "sectors.District": "name slug phone email",
    "sectors.Sector": "number name slug",
    "sectors.Street": "name postcode city",
    "sectors.Address": "number letter location",
    "sectors.Boundary": "area",
    "officers.Officer": "name title phone email patrol_form",
    "officers.Portrait": "digest small medium large",
    "contacts.ContactHours": "uuid weekday week on_date begins ends since until cancelled_on place address point "
    "note_en note_da",
    "contacts.Notice": "uuid kind title_en title_da said_en said_da text_en text_da shown_from shown_until",
    "contacts.Event": "uuid title_en title_da text_en text_da begins_at ends_at place point cancelled_at",
    "contacts.AnswerTime": "since until answered median_hours p90_hours",
    # On a print that lies about in town; whoever scans it is told who answers now.
    "contacts.PrintRun": "code kind language",
    # To whom it belongs, by an unguessable link alone.
    "contacts.Message": "text place name email phone answer_by language received_at read_at answered_at",
    "contacts.Exchange": "kind text at",
}
# Tables that Django fills for itself: names of tables and of kinds of right, nothing about anybody.
OF_DJANGO = {
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "gis.PostGISGeometryColumns",
    "gis.PostGISSpatialRefSys",
}
# Columns that cannot hold a sentinel, and why.
UNFILLED = {
    "audit.Seal.log": "one of two words",
    "sectors.Street.key": "the search reads it; it is the public name in another spelling",
    "sectors.RegisterVersion.subject": "one of a few words that the site looks up",
    "sectors.RegisterVersion.number": "processes compare it; it says how often something changed",
    "sessions.Session.session_key": "the key of a table that the tests' own login uses",
    "usersessions.UserSession.session_key": "the same key",
    "officers.User.language": "two letters",
    "sectorlog.GroupInSector.need": "one of a few numbers",
    "sectorlog.Challenge.severity": "one of a few numbers",
    "usersessions.UserSession.ip": "an address of the Internet",
}
# Too short, or too common, to be found again: a date, a yes, a small number, one of a few words.
_SILENT = (
    models.BooleanField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.ForeignKey,
    models.GenericIPAddressField,
    models.SmallIntegerField,
    models.PositiveSmallIntegerField,
)
_SHORTEST = 7
_FOUND = re.compile(r"zq(\d{3})xk", re.IGNORECASE)
# A number, a UUID with and without hyphens.
_WORD = re.compile(r"(?<![\w.])[0-9a-f][0-9a-f.-]+(?![\w.])")
_ROW_NUMBER = re.compile(r"(?<![\d.])71(\d{3})\d{6}(?!\d)")


@dataclass
class Planted:
    """Which sentinel stands for which column, and the columns that took none."""

    columns: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)

    def new(self, column: str) -> str:
        """Return a text that is found nowhere else, for the column."""
        self.columns.append(column)
        return f"zq{len(self.columns) - 1:03}xk"

    def found_in(self, text: str) -> set[str]:
        """Return the columns of which something stands in the text."""
        found = {self.columns[int(number)] for number in _FOUND.findall(text)}
        found |= {f"row number {match[0]}" for match in _ROW_NUMBER.finditer(text)}
        words = set(_WORD.findall(text.lower()))
        return found | {column for value, column in self.values.items() if value in words}


def every_column() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        if model._meta.label not in OF_DJANGO and not model._meta.proxy:
            for column in model._meta.concrete_fields:
                yield model, column


def is_public(model: type[models.Model], column: models.Field) -> bool:
    return column.name in PUBLIC.get(model._meta.label, "").split()


def is_silent(column: models.Field) -> bool:
    """Say whether nothing in it could be told from what stands on a page anyway."""
    length = column.max_length if isinstance(column, models.CharField) else None
    is_short = length is not None and length < _SHORTEST
    is_range = column.get_internal_type().endswith(("RangeField", "SmallAutoField"))
    is_date_list = isinstance(getattr(column, "base_field", None), models.DateField)
    return isinstance(column, _SILENT) or bool(column.choices) or is_short or is_range or is_date_list


def plant(planted: Planted) -> None:
    """Fill every column that is not public, of every row there is; the database's triggers look away meanwhile."""
    with guards_away():
        for model, column in every_column():
            name = f"{model._meta.label}.{column.name}"
            if column.primary_key or is_public(model, column) or is_silent(column) or name in UNFILLED:
                continue
            _fill(planted, model, column, name)


@contextmanager
def guards_away() -> Iterator[None]:
    """Let what is written pass the triggers and the foreign keys; checks and unique columns hold."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def number_rows_apart() -> None:
    """Let the numbers of rows to come be such that they are known where they are told: 71, the table, the row."""
    with connection.cursor() as cursor:
        for number, model in enumerate(apps.get_models()):
            key = model._meta.pk
            if isinstance(key, models.BigAutoField) and model._meta.managed:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key.column])
                if sequence := cursor.fetchone()[0]:
                    cursor.execute(
                        f"ALTER SEQUENCE {sequence} RESTART WITH {71_000_000_000 + number * 1_000_000}"
                    )


def _fill(planted: Planted, model: type[models.Model], column: models.Field, name: str) -> None:
    if isinstance(column, models.UUIDField):
        rows = model._base_manager.values_list(column.attname, flat=True)
        planted.values |= {text: name for value in rows if value for text in (str(value), value.hex)}
        return
    if not model._base_manager.exists() and not _row_inserted(model):
        planted.empty.append(name)
        return
    sentinel = planted.new(name)
    for value in _forms(sentinel, len(planted.columns), column):
        if _written(model, column, value):
            if not isinstance(value, str | bytes | list):
                planted.values[_as_text(value)] = name
            return
    planted.empty.append(name)


def _written(model: type[models.Model], column: models.Field, value: object) -> bool:
    """Write the value into all rows, or into one where it must be there once; tell whether it was taken."""
    table, quoted = (connection.ops.quote_name(name) for name in (model._meta.db_table, column.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table} LIMIT 20")
        rows = [f" WHERE ctid = '{row}'" for (row,) in cursor.fetchall()]
    return any(_taken(f"UPDATE {table} SET {quoted} = %s{which}", column, value) for which in ("", *rows))


def _taken(update: str, column: models.Field, value: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update, [column.get_db_prep_save(value, connection)])
            return cursor.rowcount > 0
    except (Error, ValueError, TypeError):
        return False


def _forms(sentinel: str, number: int, column: models.Field) -> list[object]:
    """Return the sentinel as the column may take it, the fittest form first."""
    kind = column.get_internal_type()
    if isinstance(column, JSONField):
        return [{"sentinel": sentinel}, [sentinel], {"en": sentinel}]
    if hasattr(column, "base_field"):
        return [[sentinel], [7_100_000 + number]]
    if isinstance(column, models.BinaryField):
        return [sentinel.encode()]
    if kind == "PointField":
        return [Point(33 + number / 100_000, 66.1234567, srid=4326)]
    if isinstance(column, models.FloatField):
        return [7_100_000.5 + number]
    if isinstance(column, models.IntegerField):
        return [7_100_000 + number]
    digits = f"+4571{number:06}"
    return [sentinel, f"{sentinel}@sentinel.example", digits, f"{number:x}".rjust(64, "f")]


def _as_text(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return f"{value.x:.5f}" if isinstance(value, Point) else str(value)


def _row_inserted(model: type[models.Model]) -> bool:
    """Write a row of defaults, with something where something must be; tell whether the database took it."""
    columns = [
        column for column in model._meta.concrete_fields if not column.primary_key or not _counts(column)
    ]
    values = [
        column.get_db_prep_save(_anything(column, number), connection)
        for number, column in enumerate(columns, start=1)
    ]
    names = ", ".join(connection.ops.quote_name(column.column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)
    except Error:
        return False
    return True


def _counts(column: models.Field) -> bool:
    return isinstance(column, models.AutoField | models.BigAutoField)


def _anything(column: models.Field, number: int) -> object:
    """Return a value for a column of a row that only has to be there."""
    if column.has_default():
        return column.get_default()
    if column.null:
        return None
    if isinstance(column, models.ForeignKey):
        related = column.remote_field.model
        return related._base_manager.values_list("pk", flat=True).first() or 1
    if isinstance(column, models.DateTimeField):
        return timezone.now()
    if hasattr(column, "base_field"):
        return []
    by_kind: list[tuple[type[models.Field], object]] = [
        (models.DateField, timezone.localdate()),
        (models.GenericIPAddressField, "192.0.2.1"),
        (models.BooleanField, False),
        (models.IntegerField, number),
        (models.BinaryField, b""),
        (JSONField, {}),
        (models.UUIDField, UUID(int=number)),
    ]
    chosen = column.choices[0][0] if column.choices else ""
    return next((value for kind, value in by_kind if isinstance(column, kind)), chosen)


def words_of(response: HttpResponse) -> str:
    """Return all that an answer says: status line, headers, cookies and body, as sent and as read."""
    content = b"".join(response) if response.streaming else response.content
    head = f"{response.reason_phrase} {response.headers} {response.cookies}"
    kind = response.get("Content-Type", "")
    text = _pdf_words(content) if kind == "application/pdf" else content.decode(errors="replace")
    joined = re.sub(r"\r?\n[ \t]", "", text)  # calendars and cards fold their lines
    return "\n".join([head, unquote(head), text, joined, html.unescape(text)])


def _pdf_words(content: bytes) -> str:
    """Return the raw file, its streams unpacked, and the text as a reader shows it."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in document]
    about = str(document.get_metadata_dict())
    return "\n".join([content.decode("latin-1"), *_streams(content), *pages, about])


def _streams(content: bytes) -> Iterable[str]:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(stream).decode("latin-1")
        except zlib.error:
            continue
