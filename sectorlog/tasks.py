"""Background work on the log. Each task can be run again at any time."""

from celery import shared_task

from sectorlog.briefings import making as briefing_making
from sectorlog.entries import attachments
from sectorlog.patrols import patrolling
from sectorlog.retention import erasing
from sectorlog.retention import notices as review_notices


@shared_task
def end_forgotten_patrols() -> None:
    """End the patrols that nobody stopped for 12 hours, and ask their officers when they really ended."""
    patrolling.end_forgotten()


@shared_task
def remove_unclaimed_attachments() -> None:
    """Remove files of entries that have no row: after a crash, or because their entry was erased."""
    attachments.remove_unclaimed()


@shared_task
def erase_what_is_past_review() -> None:
    """Erase the records about people whose review date has passed, and keep the proof."""
    erasing.erase_due()


@shared_task
def tell_of_reviews() -> None:
    """Tell the heads how many records newly come due within 30 days."""
    review_notices.tell_heads()


@shared_task
def make_morning_briefings() -> None:
    """Make this morning's briefing sheet for each district, unless it is made, and tell who reads it."""
    briefing_making.make_morning_briefings()
