"""The tasks that the bell and the clock start."""

import datetime

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from notifications import tasks
from notifications.models import Notification
from tests.notifications.conftest import EVENT


def test_clock_starts_only_tasks_that_exist():
    current_app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"notifications.tasks.deliver_due", "notifications.tasks.forget_sent"} <= wanted
    assert wanted - set(current_app.tasks) == set()


def test_sweeper_comes_each_minute():
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    assert [each["schedule"] for each in entries if each["task"] == tasks.deliver_due.name] == [60.0]


@pytest.mark.django_db
def test_tasks_send_what_is_due_and_forget_what_is_old(mailbox):
    now = timezone.now()
    row = Notification.objects.create(
        address="citizen@example.org", event=EVENT, context={"sector": "Q"}, due_at=now, next_attempt_at=now
    )
    tasks.deliver_due.delay()
    assert mailbox.recipients == ["citizen@example.org"]
    tasks.forget_sent.delay()
    Notification.objects.filter(pk=row.pk).update(sent_at=now - datetime.timedelta(days=91))
    tasks.forget_sent.delay()
    assert not Notification.objects.exists()
