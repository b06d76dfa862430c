"""Background work on the log. Each task can be run again at any time."""

from celery import shared_task

from sectorlog import attachments, patrolling


@shared_task
def end_forgotten_patrols() -> None:
    """End the patrols that nobody stopped for 12 hours, and ask their officers when they really ended."""
    patrolling.end_forgotten()


@shared_task
def remove_unclaimed_attachments() -> None:
    """Remove files of entries that have no row: after a crash, or because their entry was erased."""
    attachments.remove_unclaimed()
