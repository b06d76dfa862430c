"""Tables handed out as CSV, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from audit.export import cell


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows as a file called by its name and today's date; no spreadsheet takes a cell for a formula.

    Numbers stay numbers, those below nought too: they are the site's own. The view has noted before what the rows
    show, as exported.
    """
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{timezone.localdate()}.csv"',
            "Cache-Control": "no-store",
        },
    )
    # Spreadsheets recognise UTF-8 by it.
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([cell(title) for title in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return response


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float) else cell(value)
