"""One statement that finds all that waits, counts it, and returns the page that is asked for.

Each source says in SQL which of its rows wait and since when; the database puts them together, orders them and
returns no more than the page, however much there is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from overview.attention.urgency import REST, TURN, URGENCY

# The columns of a source: primary key, sector or NULL, when its time began, when it is over.
STATEMENT = """
WITH waiting (source, pk, sector, started, due) AS MATERIALIZED ({sources}),
page AS (
    SELECT * FROM (SELECT *, {urgency} AS urgency FROM waiting) AS rated
    WHERE source = ANY(%s)
    ORDER BY {order}
    LIMIT %s OFFSET %s
)
SELECT source, NULL, NULL, NULL, NULL, NULL, 0, count(*), count(*) FILTER (WHERE due <= %s), min(due)
FROM waiting GROUP BY source
UNION ALL
SELECT source, pk, sector, started, due, urgency, row_number() OVER (ORDER BY {order}), 0, 0, NULL FROM page
ORDER BY 7
"""
SOURCE = "SELECT %s::text, source.* FROM ({rows}) AS source"
# What is past its time always stands first.
MOST_URGENT = f"urgency < 1, {TURN}, CASE WHEN {TURN} < {REST} THEN due END, urgency DESC, due, source, pk"
LONGEST = "urgency < 1, due, urgency DESC, source, pk"


@dataclass(frozen=True, slots=True)
class Part:
    """A SELECT and its parameters."""

    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits, as the database found it."""

    source: str
    pk: int
    sector: int | None
    started: datetime.datetime
    due: datetime.datetime
    urgency: float


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of the page; of each source how many wait and are past their time, and when the first is due."""

    rows: list[Row]
    waiting: dict[str, int]
    past: dict[str, int]
    first_due: dict[str, datetime.datetime]


def part(rows: QuerySet[Any, Any], select: str, *params: Any) -> Part | None:
    """Return a SELECT from the rows, which stand at "{rows}"; None where the conditions leave nothing.

    The parameters are those that come after the rows.
    """
    try:
        sql, own = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return None
    # The planner would put a look into an index, that a row makes once, wherever its column stands: OFFSET bars it.
    sql += " OFFSET 0"
    before = select.partition("{rows}")[0].count("%s")
    return Part(select.replace("{rows}", sql), (*params[:before], *own, *params[before:]))


def find(
    parts: Mapping[str, Part],
    now: datetime.datetime,
    *,
    sources: Sequence[str],
    order: str,
    limit: int,
    offset: int,
) -> Found:
    """Return `limit` rows of these sources after the first `offset`, and the numbers of all parts. One query."""
    if not parts:
        return Found([], {}, {}, {})
    union = " UNION ALL ".join(SOURCE.replace("{rows}", one.sql) for one in parts.values())
    params = [value for source, one in parts.items() for value in (source, *one.params)]
    statement = STATEMENT.format(sources=union, urgency=URGENCY, order=order)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, now, list(sources), limit, offset, now])
        found = cursor.fetchall()
    counts = [row for row in found if row[6] == 0]
    return Found(
        rows=[Row(*row[:6]) for row in found if row[6]],
        waiting={row[0]: row[7] for row in counts},
        past={row[0]: row[8] for row in counts},
        first_due={row[0]: row[9] for row in counts},
    )
