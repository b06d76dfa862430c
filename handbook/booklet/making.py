"""Making the PDF of a booklet: seconds for a usual handbook, a minute for a very long one."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.utils.translation import override

from handbook.booklet.contents import Booklet
from sectors.printing import pdf

RETRY_AFTER_SECONDS = 60

# One at a time in each process: 500 pages take about a minute of its time and 700 MB, 20 pages a second or two.
_making = BoundedSemaphore(1)


class Busy(Exception):
    """Another booklet is being made."""


def pdf_of(booklet: Booklet) -> bytes:
    """Return the booklet as a tagged PDF. Raises Busy while this process makes another one."""
    if not _making.acquire(blocking=False):
        raise Busy
    try:
        with override(booklet.language):
            return pdf("handbook/print/booklet.html", {"booklet": booklet})
    finally:
        _making.release()
