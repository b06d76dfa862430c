"""Background work on notifications. Each task can be run at any time, by any number of workers."""

from celery import shared_task

from notifications import delivery


# Rung by every commit: what nobody has picked up within a minute is the sweeper's, which comes once a minute.
@shared_task(expires=60, soft_time_limit=240, time_limit=300)
def deliver_due() -> None:
    """Send what is due. Beat runs it every minute, for what the bell missed."""
    delivery.deliver_due()


@shared_task
def forget_sent() -> None:
    """Delete what was sent long ago."""
    delivery.forget_sent()
