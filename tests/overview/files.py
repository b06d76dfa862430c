"""Read what the overview hands out as CSV."""

import csv
import io

from django.http import HttpResponse


def lines_of(answer: HttpResponse) -> list[list[str]]:
    """Return the lines of a file, the titles first."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
