"""Which accounts' addresses take no mail, against a real SMTP server."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.delivery import deliver_due, forget_sent
from notifications.models import Notification, UndeliverableAddress
from notifications.sending import notify
from notifications.undeliverable import note_returned, undeliverable
from officers.models import User
from tests.factories import UserFactory
from tests.notifications.conftest import EVENT

pytestmark = pytest.mark.django_db
GONE = "550 no such mailbox"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def user() -> User:
    return UserFactory(email="gone@police.example")


def told(**to) -> Notification:
    with transaction.atomic():
        return notify(EVENT, **to, context={"sector": "Quarter 1", "begins": timezone.now()})


def test_refused_address_is_kept_since_the_first_refusal(mailbox, user):
    mailbox.answer_recipient = GONE
    told(to_user=user)
    deliver_due()
    first = UndeliverableAddress.objects.get()
    assert undeliverable(["Gone@Police.example", "other@police.example"]) == {"gone@police.example"}
    told(to_user=user)
    deliver_due()
    assert UndeliverableAddress.objects.get().since == first.since


def test_address_is_in_order_once_a_mail_was_taken_and_has_not_come_back_for_a_day(mailbox, user):
    """A relay takes every mail: that it took one means nothing before the time for reports is over."""
    first, second = told(to_user=user), told(to_user=user)
    deliver_due()
    note_returned([first.message_id], timezone.now())
    told(to_user=user)
    deliver_due()
    forget_sent()
    assert undeliverable([user.email]) == {user.email}
    note_returned([second.message_id], timezone.now())
    assert UndeliverableAddress.objects.get().taken_at is None
    forget_sent(clock=lambda: timezone.now() + 2 * DAY)
    assert undeliverable([user.email]) == {user.email}
    told(to_user=user)
    deliver_due()
    forget_sent(clock=lambda: timezone.now() + 2 * DAY)
    assert undeliverable([user.email]) == set()


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("answer_data", "554 not wanted here"),
        ("answer_recipient", "451 later"),
        ("answer_sender", "550 not you"),
    ],
)
def test_refusal_of_a_mail_or_for_now_says_nothing_of_the_address(mailbox, user, where, answer):
    setattr(mailbox, where, answer)
    told(to_user=user)
    deliver_due()
    assert not UndeliverableAddress.objects.exists()


def test_citizens_address_is_not_kept(mailbox):
    mailbox.answer_recipient = GONE
    row = told(to_address="citizen@example.org")
    deliver_due()
    assert not note_returned([row.message_id], timezone.now())
    assert not UndeliverableAddress.objects.exists()


def test_mail_that_comes_back_later_counts_as_refused(mailbox, user):
    row = told(to_user=user)
    deliver_due()
    assert note_returned([row.message_id], timezone.now())
    assert undeliverable([user.email]) == {user.email}


def test_address_that_no_account_has_any_more_is_forgotten(mailbox, user):
    UndeliverableAddress.objects.create(address=user.email, since=timezone.now() - 400 * DAY)
    forget_sent()
    assert undeliverable([user.email]) == {user.email}
    user.email = "found@police.example"
    user.save()
    forget_sent()
    assert not UndeliverableAddress.objects.exists()


def test_address_is_kept_in_small_letters_by_the_database():
    with pytest.raises(IntegrityError, match="small_letters"), transaction.atomic():
        UndeliverableAddress.objects.create(address="Gone@police.example", since=timezone.now())
