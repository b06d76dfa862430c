"""What `notify` writes, and that it waits for nobody."""

import datetime
import socket
import time
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import Notification
from notifications.sending import notify, withdraw
from tests.factories import UserFactory
from tests.notifications.conftest import EVENT, free_port

ADDRESS = "citizen@example.org"
NAMES = {"sector": "Quarter 1"}


@pytest.mark.django_db
def test_notification_is_one_row_and_one_query(django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(1):
        row = notify(EVENT, to_user=user, context=NAMES)
    row.refresh_from_db()
    assert (row.recipient, row.event, row.context, row.state) == (user, EVENT, NAMES, "waiting")
    assert row.due_at == row.next_attempt_at == row.created_at


@pytest.mark.django_db
def test_instants_and_days_come_back_as_what_they_were():
    context = {"begins": timezone.now(), "day": datetime.date(2027, 5, 3), "sector": "2027-05-03", "count": 2}
    row = notify(EVENT, to_address=ADDRESS, context=context)
    row.refresh_from_db()
    assert row.context == context


@pytest.mark.django_db
@pytest.mark.parametrize(
    "context",
    [
        {"message": "x" * 201},
        {"sectors": ["Quarter 1"]},
        {"sector": "Quarter\0"},
        {"party": object()},
        {"begins": datetime.datetime(2027, 5, 3, 14)},  # noqa: DTZ001 - the mistake that is meant
    ],
)
def test_what_somebody_wrote_is_not_carried(context):
    with pytest.raises(ValueError, match=next(iter(context))):
        notify(EVENT, to_address=ADDRESS, context=context)
    assert not Notification.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"]
)
def test_address_that_is_none_is_refused(address):
    with pytest.raises((ValidationError, ValueError)):
        notify(EVENT, to_address=address, context=NAMES)
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_recipient_is_an_account_or_an_address_never_both():
    user = UserFactory()
    with pytest.raises(ValueError, match="either"):
        notify(EVENT, to_user=user, to_address=ADDRESS, context=NAMES)
    row = notify(EVENT, to_user=user, context=NAMES)
    with pytest.raises(IntegrityError, match="notification_account_or_address"), transaction.atomic():
        Notification.objects.filter(pk=row.pk).update(address=ADDRESS)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused():
    with pytest.raises(TransactionManagementError):
        notify(EVENT, to_address=ADDRESS, context=NAMES)
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_commit_delivers_and_rollback_sends_nothing(mailbox):
    with transaction.atomic():
        notify(EVENT, to_address=ADDRESS, context=NAMES)
        assert mailbox.mails == []
    assert mailbox.recipients == [ADDRESS]
    with transaction.atomic():
        notify(EVENT, to_address=ADDRESS, context=NAMES)
        transaction.set_rollback(True)
    deliver_due()
    assert mailbox.recipients == [ADDRESS]
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_bell_of_a_part_that_was_undone_is_rung_by_the_rest(mailbox):
    with transaction.atomic():
        with transaction.atomic():
            notify(EVENT, to_address="undone@example.org", context=NAMES)
            transaction.set_rollback(True)
        notify(EVENT, to_address=ADDRESS, context=NAMES)
    assert mailbox.recipients == [ADDRESS]


@pytest.mark.django_db
def test_bell_rings_once_for_many(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        for _ in range(5):
            notify(EVENT, to_address=ADDRESS, context=NAMES)
    assert len(rung) == 1


@pytest.mark.django_db
def test_bell_does_not_ring_for_the_future(django_capture_on_commit_callbacks):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    with django_capture_on_commit_callbacks() as rung:
        notify(EVENT, to_address=ADDRESS, context=NAMES, due_at=tomorrow)
    assert rung == []


@pytest.mark.django_db
def test_withdrawn_notification_is_not_sent_and_others_are(mailbox):
    notify(EVENT, to_address="mine@example.org", context={**NAMES, "cover": 1, "officer": 5})
    notify(EVENT, to_address=ADDRESS, context={**NAMES, "cover": 2, "officer": 5})
    notify("trial.other", to_address=ADDRESS, context={**NAMES, "cover": 1, "officer": 5})
    assert withdraw(EVENT, cover=1, officer=6) == 0
    assert withdraw(EVENT, cover=1, officer=5) == 1
    deliver_due()
    assert mailbox.recipients == [ADDRESS]
    assert withdraw(EVENT, cover=2) == 0  # it was sent
    with pytest.raises(ValueError, match="about"):
        withdraw(EVENT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("silent", [False, True], ids=["refused", "silent"])
def test_without_broker_the_request_goes_on_and_the_sweeper_delivers(mailbox, broker_at, silent):
    with closing(socket.socket()) as broker:
        broker.bind(("127.0.0.1", 0))
        if silent:
            broker.listen(16)
        port = broker.getsockname()[1] if silent else free_port()
        broker_at(f"redis://127.0.0.1:{port}/0")
        first, second = _seconds_of_notify(), _seconds_of_notify()
    assert first < 2.0
    assert second < 0.2  # the bell rests: a flood does not wait for it again and again
    assert mailbox.mails == []
    deliver_due()
    assert len(mailbox.mails) == 2


def _seconds_of_notify() -> float:
    started = time.monotonic()
    with transaction.atomic():
        notify(EVENT, to_address=ADDRESS, context=NAMES)
    return time.monotonic() - started
