"""Background work on what officers and the public have between them. Each task can be run again at any time."""

import datetime

from celery import shared_task
from django.utils import timezone

from contacts import limits
from contacts.messages import answer_times, forgetting, taking_over, waiting


@shared_task
def watch_the_clock() -> None:
    """Remind of messages that nobody answered in 48 hours, and tell the heads of those of 72."""
    waiting.remind()
    waiting.escalate()


@shared_task
def tell_who_answers() -> None:
    """Tell of open messages whoever answers for their sector since another did."""
    taking_over.tell_who_answers()


@shared_task
def erase_messages() -> None:
    """Erase the words of messages that were closed or taken back long enough ago."""
    forgetting.erase_due()


@shared_task
def count_answer_times() -> None:
    """Count anew how long people waited for an answer, by district."""
    answer_times.count_answer_times()


@shared_task
def forget_request_counts() -> None:
    """Delete what was counted of requests more than two days ago: no window reaches back that far."""
    limits.forget_before(timezone.now() - datetime.timedelta(days=2))
