"""A message comes in: one transaction, whoever must know is told, and no word of it is in a mail."""

import datetime
import threading
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from contacts.messages import adding, officer_mails, receiving, withdrawing
from contacts.messages.erasing import erase_words
from contacts.messages.receipts import token_of
from contacts.messages.receiving import receive
from contacts.messages.routing import recipients
from contacts.models import Exchange, Message, MessageEvent
from notifications.delivery import deliver_due
from notifications.models import Notification
from notifications.sending import notify
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    ExchangeFactory,
    LeadershipFactory,
    MessageFactory,
    OfficerFactory,
    UserFactory,
    head_of,
    head_of_district,
)

WORDS = {
    "text": "Canary in the coal mine",
    "place": "Canary street 1",
    "name": "Canary Person",
    "answer_by": "email",
    "email": "canary@example.org",
    "language": "en",
}


@pytest.fixture
def staffed(quarter):
    """The officers of the quarter with accounts, and heads."""
    for officer in (quarter.mette, quarter.jonas):
        officer.user = UserFactory()
        officer.save()
    quarter.head = head_of(quarter.station)
    quarter.south_head = head_of_district(quarter.south)
    return quarter


def told(sector) -> set:
    return set(recipients(sector, timezone.now()))


def test_the_responsible_officer_is_told(staffed):
    assert told(staffed.west) == {staffed.mette.user}


def test_during_an_absence_the_cover_and_the_absent_officer_know(staffed):
    CoverFactory(absence=AbsenceFactory(officer=staffed.mette), sector=staffed.west, officer=staffed.jonas)
    assert told(staffed.west) == {staffed.mette.user, staffed.jonas.user}


def test_without_a_cover_the_absent_officer_and_the_heads_know(staffed):
    AbsenceFactory(officer=staffed.mette)
    assert told(staffed.west) == {staffed.mette.user, staffed.head}


def test_attached_officers_are_told_where_nobody_else_has_an_account(staffed):
    staffed.mette.user.is_active = False
    staffed.mette.user.save()
    colleague = OfficerFactory(station=staffed.station, user=UserFactory())
    AssignmentFactory(sector=staffed.west, officer=colleague, attached=True)
    away = OfficerFactory(station=staffed.station, user=UserFactory())
    AssignmentFactory(sector=staffed.west, officer=away, attached=True)
    AbsenceFactory(officer=away)
    assert told(staffed.west) == {colleague.user}


def test_a_vacant_sector_is_told_to_the_heads(staffed):
    assert told(staffed.vacant) == {staffed.south_head, staffed.head}


def test_in_a_vacant_sector_attached_officers_and_the_districts_head_are_told(staffed):
    colleague = OfficerFactory(station=staffed.station, user=UserFactory())
    AssignmentFactory(sector=staffed.vacant, officer=colleague, attached=True)
    assert told(staffed.vacant) == {colleague.user, staffed.south_head}


def test_heads_of_elsewhere_and_of_yesterday_are_not_told(staffed):
    LeadershipFactory(station=staffed.station, district=staffed.north)
    ended = LeadershipFactory()
    assert ended.user not in told(staffed.vacant)
    assert len(told(staffed.vacant)) == 2


def test_who_is_to_be_told_takes_few_queries(staffed, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        recipients(staffed.vacant, timezone.now())


def test_row_step_and_notifications_are_written_together(staffed):
    message, is_new = receive(staffed.west, form_token=uuid4(), **WORDS)
    assert is_new
    assert message.events.get().kind == MessageEvent.Kind.RECEIVED
    assert message.received_at <= message.warn_at <= message.due_at
    officers, receipt = Notification.objects.order_by("pk")
    assert (officers.event, officers.recipient) == ("contacts.message_received", staffed.mette.user)
    assert (receipt.event, receipt.address) == ("contacts.message_receipt", "canary@example.org")


def test_nothing_of_a_message_that_cannot_be_answered_is_left(staffed):
    with pytest.raises(IntegrityError), transaction.atomic():
        receive(staffed.west, form_token=uuid4(), **WORDS | {"email": ""})
    assert not Message.objects.exists()
    assert not Notification.objects.exists()


def test_the_same_form_token_makes_one_message(staffed):
    token = uuid4()
    first, _new = receive(staffed.west, form_token=token, **WORDS)
    second, is_new = receive(staffed.west, form_token=token, **WORDS)
    assert (first, is_new) == (second, False)
    assert MessageEvent.objects.count() == 1
    assert Notification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_token_at_the_same_instant_makes_one_message(staffed):
    token, answers, start = uuid4(), [], threading.Barrier(6)

    def send() -> None:
        start.wait()
        message, is_new = receive(staffed.west, form_token=token, **WORDS)
        answers.append((token_of(message), is_new))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({link for link, _new in answers}) == 1
    assert sorted(is_new for _link, is_new in answers) == [False] * 5 + [True]
    assert Message.objects.count() == 1
    assert Notification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_mails_hold_links_and_no_word_of_the_citizen(staffed):
    message, _new = receive(staffed.west, form_token=uuid4(), **WORDS)
    deliver_due()
    officer, citizen = sorted(mail.outbox, key=lambda sent: "canary" in sent.to[0])
    assert f"/inbox/{message.uuid}/" in officer.body
    assert "Brønshøj" in officer.body
    assert f"/messages/{token_of(message)}/" in citizen.body
    for sent in (officer, citizen):
        assert "Canary" not in sent.subject + sent.body
    assert token_of(message) not in str(list(Notification.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_the_receipt_speaks_the_language_of_the_citizen(staffed):
    message, _new = receive(staffed.west, form_token=uuid4(), **WORDS | {"language": "da"})
    deliver_due()
    (citizen,) = [sent for sent in mail.outbox if sent.to == ["canary@example.org"]]
    assert f"/da/messages/{token_of(message)}/" in citizen.body


def test_whoever_needs_no_answer_gets_no_mail(staffed):
    receive(staffed.west, form_token=uuid4(), **WORDS | {"answer_by": "none", "email": ""})
    assert not Notification.objects.filter(event="contacts.message_receipt").exists()


def test_a_stranger_gets_five_receipts_a_day_and_every_message_is_received(staffed):
    for _ in range(7):
        receive(staffed.west, form_token=uuid4(), **WORDS)
    assert Message.objects.count() == 7
    assert Notification.objects.filter(event="contacts.message_receipt").count() == 5


def test_what_is_invented_behind_a_plus_makes_no_other_mailbox(staffed):
    for number in range(7):
        receive(staffed.west, form_token=uuid4(), **WORDS | {"email": f"Canary+{number}@example.org"})
    receive(staffed.west, form_token=uuid4(), **WORDS | {"email": "other@example.org"})
    assert Message.objects.count() == 8
    assert Notification.objects.filter(event="contacts.message_receipt").count() == 6


def test_where_nobody_has_an_account_the_district_is_written_to(quarter):
    receive(quarter.west, form_token=uuid4(), **WORDS)
    sent = Notification.objects.get(event="contacts.message_received")
    assert sent.address == quarter.north.email


def test_a_message_to_a_vacant_sector_says_so_to_its_heads(staffed):
    receive(staffed.vacant, form_token=uuid4(), **WORDS)
    received = Notification.objects.filter(event="contacts.message_received")
    assert [row.context["is_vacant"] for row in received] == [True, True]


def test_receiving_takes_few_queries(staffed, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        receive(staffed.west, form_token=uuid4(), **WORDS)


def test_a_word_is_added_once_and_told(staffed):
    message, token = MessageFactory(sector=staffed.west), uuid4()
    for _ in range(2):
        adding.add(message, "Canary again", form_token=token)
    exchange = message.exchanges.get()
    assert (exchange.kind, exchange.text) == (Exchange.Kind.ADDED, "Canary again")
    sent = Notification.objects.get()
    assert (sent.event, sent.recipient) == ("contacts.message_added", staffed.mette.user)
    assert "Canary" not in str(sent.context)


def test_a_word_is_told_to_whoever_takes_care_of_the_message_too(staffed):
    message = MessageFactory(sector=staffed.west, assigned_to=staffed.jonas.user)
    adding.add(message, "More", form_token=uuid4())
    assert set(Notification.objects.values_list("recipient", flat=True)) == {
        staffed.mette.user.pk,
        staffed.jonas.user.pk,
    }


def test_a_word_opens_a_closed_message_again(staffed):
    message = MessageFactory(
        sector=staffed.west, closed_at=timezone.now(), result="settled", erase_on=timezone.localdate()
    )
    adding.add(message, "It is there again", form_token=uuid4())
    message.refresh_from_db()
    assert message.is_open
    assert (message.result, message.erase_on) == ("", None)
    assert message.events.get().kind == MessageEvent.Kind.REOPENED


def test_nothing_is_added_to_what_was_taken_back_or_was_spam(staffed):
    back = MessageFactory(sector=staffed.west, withdrawn_at=timezone.now())
    spam = MessageFactory(sector=staffed.west, closed_at=timezone.now(), result="spam")
    for message in (back, spam):
        with pytest.raises(adding.NotOpenToWords):
            adding.add(message, "More", form_token=uuid4())
    assert not Exchange.objects.exists()


def test_taken_back_unread_its_words_are_gone_at_once(staffed):
    message, _new = receive(staffed.west, form_token=uuid4(), **WORDS)
    ExchangeFactory(message=message, text="Canary more")
    withdrawing.withdraw(message, timezone.now())
    assert message.withdrawn_at
    assert message.erased_at
    assert (message.text, message.place, message.name, message.email, message.phone) == ("",) * 5
    assert message.exchanges.get().text == ""
    assert not Notification.objects.exists()
    assert [event.kind for event in message.events.all()] == ["received", "withdrawn", "erased"]


@transaction.atomic
def tell_everything(message: Message) -> None:
    """Write a mail of each kind about one message, to whom it goes."""
    user = UserFactory()
    for event in officer_mails.ALL:
        is_to_citizen = event in ("message_receipt", "message_reply", "attachments_left_out")
        to = {"to_address": "canary@example.org"} if is_to_citizen else {"to_user": user}
        notify(f"contacts.{event}", **to, context={"message": str(message.uuid)})


def test_all_mails_about_one_message_are_known():
    """Whoever writes a new one adds it to those that are taken back, or here to those of many messages."""
    folder = Path(settings.BASE_DIR) / "templates" / "contacts" / "email"
    named = {path.name.removesuffix("_subject.txt") for path in folder.glob("*_subject.txt")}
    of_a_message = {name for name in named if name.startswith(("message_", "answer_", "attachments_"))}
    assert of_a_message == set(officer_mails.ALL)


@pytest.mark.parametrize("read_at", [None, timezone.now()])
def test_taken_back_nothing_about_it_is_sent_any_more(staffed, read_at):
    message, other = MessageFactory.create_batch(2, sector=staffed.west, read_at=read_at)
    tell_everything(message)
    tell_everything(other)
    withdrawing.withdraw(message, timezone.now())
    left = Counter(row.context["message"] for row in Notification.objects.all())
    assert left == {str(other.uuid): len(officer_mails.ALL)}


def test_taken_back_it_leaves_no_dead_letter_to_send_again_but_those_of_officers(staffed):
    message = MessageFactory(sector=staffed.west, read_at=timezone.now())
    tell_everything(message)
    Notification.objects.update(state="dead")
    withdrawing.withdraw(message, timezone.now())
    assert not Notification.objects.filter(recipient=None).exists()
    assert Notification.objects.dead().exists()


def test_erased_nothing_about_it_is_sent_any_more(staffed):
    message = MessageFactory(sector=staffed.west)
    tell_everything(message)
    erase_words(message, timezone.now())
    assert not Notification.objects.exists()


def test_taken_back_after_reading_its_words_go_after_thirty_days(staffed):
    now = timezone.now()
    message = MessageFactory(sector=staffed.west, read_at=now)
    withdrawing.withdraw(message, now)
    assert message.text
    assert not message.is_open
    assert message.erase_on == timezone.localdate(now + datetime.timedelta(days=30))


def test_taken_back_after_it_was_closed_it_is_not_kept_longer(staffed):
    soon = timezone.localdate() + datetime.timedelta(days=3)
    message = MessageFactory(
        sector=staffed.west, read_at=timezone.now(), closed_at=timezone.now(), result="settled", erase_on=soon
    )
    withdrawing.withdraw(message, timezone.now())
    assert message.erase_on == soon


def test_taking_back_twice_is_taking_back_once(staffed):
    message = MessageFactory(sector=staffed.west)
    withdrawing.withdraw(message, timezone.now())
    first = message.withdrawn_at
    withdrawing.withdraw(message, timezone.now())
    assert message.withdrawn_at == first
    assert message.events.count() == 2


def test_erasing_takes_the_citizens_address_out_of_mails_that_were_sent(staffed):
    message, _new = receive(staffed.west, form_token=uuid4(), **WORDS)
    other, _new = receive(staffed.west, form_token=uuid4(), **WORDS)
    Notification.objects.update(state="sent", sent_at=timezone.now())
    erase_words(message, timezone.now())
    left = Notification.objects.filter(address="canary@example.org")
    assert [row.context["message"] for row in left] == [str(other.uuid)]


def test_erasing_twice_is_erasing_once(staffed):
    message = MessageFactory(sector=staffed.west)
    erase_words(message, timezone.now())
    erase_words(message, timezone.now())
    assert message.events.count() == 1


def test_the_page_of_the_inbox_is_named_in_the_default_language(staffed):
    message = MessageFactory(sector=staffed.west)
    assert receiving.path_for_officers(message) == f"/inbox/{message.uuid}/"
