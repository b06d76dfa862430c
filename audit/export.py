"""The log as CSV, sent as it is read, page by page."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from audit.models import LogQuerySet

ROWS_AT_ONCE = 2000
COLUMNS = {
    "reads": (
        "at",
        "actor",
        "actor_id",
        "verb",
        "subject",
        "keys",
        "sectors",
        "purpose",
        "path",
        "request_id",
    ),
    "changes": (
        *("at", "actor", "actor_id", "operation", "subject", "key", "sectors", "before", "after"),
        *("purpose", "path", "request_id"),
    ),
}
# A spreadsheet takes what begins with one of these for a formula. Where it reads lists with decimal commas, as in
# Denmark, a cell begins after each semicolon, tab or line break too, with quotes or without.
_BEGINS = re.compile(r'(^|[;\t\r\n][\s"]*)(?=[=+\-@\t\r\n])')


class _Echo:
    """What csv writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def lines(entries: LogQuerySet, log: str, note: Callable[[list[Any]], None]) -> Iterator[str]:
    """Yield the lines, the newest entry first. Times in UTC. Each page of entries is noted before it is yielded."""
    writer = csv.writer(_Echo())
    # Spreadsheets recognise UTF-8 by it.
    yield "\ufeff" + writer.writerow(COLUMNS[log])
    place = None
    while page := entries.page(ROWS_AT_ONCE, after=place):
        note(page)
        for entry in page:
            yield writer.writerow([cell(getattr(entry, column)) for column in COLUMNS[log]])
        place = (page[-1].at, page[-1].pk)


def cell(value: Any) -> str:
    """Return the value as text that no spreadsheet calculates."""
    if value is None:
        return ""
    if isinstance(value, list):
        text = " ".join(map(str, value))
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return _BEGINS.sub(r"\1'", text)
