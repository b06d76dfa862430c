"""Background work of the overview. Each task can be run again at any time."""

from celery import shared_task

from overview.digest import sending as digest_sending
from overview.figures import counting


@shared_task
def count_figures() -> None:
    """Count the figures of the running month, of the one before, and of each month that was added to since."""
    counting.count_due()


@shared_task
def send_digests() -> None:
    """Tell each head and officer, on Monday morning, what the week begins with: counts and a link."""
    digest_sending.send_digests()
