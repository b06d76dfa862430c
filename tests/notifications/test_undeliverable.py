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


@pytest.fixture
def user() -> User:
    return UserFactory(email="gone@police.example")


def told(**to) -> Notification:
    with transaction.atomic():
        return notify(EVENT, **to, context={"sector": "Quarter 1", "begins": timezone.now()})


def test_refused_address_is_kept_since_the_first_refusal_until_a_mail_is_taken(mailbox, user):
    mailbox.answer_recipient = GONE
    told(to_user=user)
    deliver_due()
    first = UndeliverableAddress.objects.get()
    assert undeliverable(["Gone@Police.example", "other@police.example"]) == {"gone@police.example"}
    told(to_user=user)
    deliver_due()
    assert UndeliverableAddress.objects.get().since == first.since
    mailbox.answer_recipient = ""
    told(to_user=user)
    deliver_due()
    assert not UndeliverableAddress.objects.exists()


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
    UndeliverableAddress.objects.create(
        address=user.email, since=timezone.now() - datetime.timedelta(days=400)
    )
    forget_sent()
    assert undeliverable([user.email]) == {user.email}
    user.email = "found@police.example"
    user.save()
    forget_sent()
    assert not UndeliverableAddress.objects.exists()


def test_address_is_kept_in_small_letters_by_the_database():
    with pytest.raises(IntegrityError, match="small_letters"), transaction.atomic():
        UndeliverableAddress.objects.create(address="Gone@police.example", since=timezone.now())
