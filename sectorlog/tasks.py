"""Background work on the log. Each task can be run again at any time."""

from celery import shared_task

from sectorlog import patrolling


@shared_task
def end_forgotten_patrols() -> None:
    """End the patrols that nobody stopped for 12 hours, and ask their officers when they really ended."""
    patrolling.end_forgotten()
