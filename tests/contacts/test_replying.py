"""An officer's answer: written down once, mailed with its words, which stand in no notification."""

import datetime
import email
import email.policy
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from contacts.messages.erasing import erase_words
from contacts.messages.mail.replying import ReplyRefused, reply
from contacts.messages.mail.threads import message_keys, reference_of, reply_address, sealed
from contacts.messages.receipts import token_of
from contacts.models import Exchange, Message, MessageEvent
from notifications.delivery import deliver_due
from notifications.models import LEASE, PAUSES, Notification
from notifications.sending import notify
from tests.factories import AssignmentFactory, ExchangeFactory, MessageFactory, OfficerFactory, UserFactory

WORDS = "The passage is cleaned on Thursday."


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://officer.police.example"
    settings.DEFAULT_FROM_EMAIL = "Your Police Officer <site@police.example>"
    settings.REPLY_ADDRESS = "answers@police.example"


@pytest.fixture
def officer(db):
    return OfficerFactory(
        name="Mette Holm", title="Police constable", phone="+45 11 11 11 11", user=UserFactory()
    )


def answer(message: Message, officer, text: str = WORDS, **options) -> Exchange:
    return reply(message, by=officer.user, text=text, **{"form_token": uuid4(), **options})


def delivered():
    """Return the only mail, as it goes over the wire."""
    deliver_due()
    (sent,) = outbox.outbox
    return email.message_from_bytes(sent.message().as_bytes(), policy=email.policy.default)


@pytest.mark.django_db
def test_answer_is_written_down_and_mailed_in_the_words_of_the_officer(officer):
    message = MessageFactory(language="da")
    now = timezone.now()
    exchange = answer(message, officer, now=now)
    mail = delivered()
    message.refresh_from_db()
    assert (message.answered_at, exchange.at, exchange.kind) == (now, now, "reply")
    assert [event.kind for event in message.events.all()] == [MessageEvent.Kind.ANSWERED]
    assert mail["To"] == "citizen@example.org"
    assert str(mail["From"]) == "Mette Holm <site@police.example>"
    assert mail["Message-ID"] == exchange.mail_id
    assert mail["Auto-Submitted"] == "no"
    assert reference_of(message) in mail["Subject"]
    body = mail.get_content()
    for words in (WORDS, "Mette Holm", "Police constable", "+45 11 11 11 11"):
        assert words in body
    # In the language of the message.
    assert f"https://officer.police.example/da/messages/{token_of(message)}/" in body


@pytest.mark.django_db
def test_notification_holds_no_words_and_no_secret(officer):
    message = MessageFactory()
    answer(message, officer)
    row = str(Notification.objects.values().get())
    for secret in (WORDS, message.text, message.name, token_of(message), sealed(message.uuid)):
        assert secret not in row


@pytest.mark.django_db
def test_answers_and_bounces_go_to_the_sealed_address(officer):
    message = MessageFactory()
    answer(message, officer)
    mail = delivered()
    assert mail["Reply-To"] == outbox.outbox[0].from_email == reply_address(message)
    assert message_keys(f"Somebody <{mail['Reply-To'].upper()}>, other@example.org") == [message.uuid]
    name, _at, domain = mail["Reply-To"].rpartition("@")
    assert (len(name) <= 64, domain) == (True, "police.example")


@pytest.mark.django_db
def test_receipt_can_be_answered_too(settings):
    message = MessageFactory()
    context = {
        "message": str(message.uuid),
        "due_at": message.due_at,
        "emergency_number": "112",
        "police_number": "114",
    }
    with transaction.atomic():
        notify("contacts.message_receipt", to_address=message.email, language="en", context=context)
    assert delivered()["Reply-To"] == reply_address(message)


@pytest.mark.django_db
def test_seal_is_neither_guessed_nor_the_secret_of_the_page(settings):
    message = MessageFactory()
    genuine = sealed(message.uuid)
    forged = genuine[:-2] + ("aa" if genuine[-2:] != "aa" else "ee")
    assert message_keys(f"answers+{forged}@police.example") == []
    assert genuine not in token_of(message)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["test"]
    assert message_keys(genuine) == [message.uuid]
    settings.SECRET_KEY_FALLBACKS = []
    assert message_keys(genuine) == []


@pytest.mark.django_db
def test_site_that_takes_no_answers_says_so(officer, settings):
    settings.REPLY_ADDRESS = ""
    answer(MessageFactory(), officer)
    mail = delivered()
    assert mail["Reply-To"] is None
    assert outbox.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL
    assert "Please do not answer this mail" in mail.get_content()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ['Åse "Bo" <x@evil.example>', "Mette\r\nBcc: evil@example.org\r\n\r\nHello", "," * 90]
)
def test_name_of_an_officer_forges_no_header(officer, name):
    officer.name = name
    officer.save()
    answer(MessageFactory(), officer)
    mail = delivered()
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["From"].addresses] == ["site@police.example"]
    assert outbox.outbox[0].recipients() == ["citizen@example.org"]


@pytest.mark.django_db
def test_same_form_twice_answers_once(officer):
    message, token = MessageFactory(), uuid4()
    first = answer(message, officer, form_token=token)
    assert answer(message, officer, "Something else", form_token=token) == first
    assert (Exchange.objects.count(), Notification.objects.count(), MessageEvent.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_second_answer_keeps_when_the_first_was_given_and_joins_its_thread(officer):
    message = MessageFactory()
    first = answer(message, officer, now=timezone.now() - datetime.timedelta(hours=2))
    came = timezone.now() - datetime.timedelta(hours=1)
    ExchangeFactory(message=message, kind="mail", mail_id="<theirs@example.org>", at=came)
    Notification.objects.all().delete()
    answer(message, officer, "And on Friday again.")
    mail = delivered()
    message.refresh_from_db()
    assert message.answered_at == first.at
    assert mail["In-Reply-To"] == "<theirs@example.org>"
    assert mail["References"].split() == [first.mail_id, "<theirs@example.org>"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"withdrawn_at": timezone.now()}, "taken this message back"),
        ({"answer_by": "phone", "phone": "12345678", "email": ""}, "Call instead"),
    ],
)
def test_who_cannot_be_written_to_is_not(officer, fields, sentence):
    message = MessageFactory(**fields)
    with pytest.raises(ReplyRefused, match=sentence):
        answer(message, officer)
    assert not Exchange.objects.exists()


@pytest.mark.django_db
def test_rollback_leaves_neither_words_nor_mail(officer):
    with transaction.atomic():
        answer(MessageFactory(), officer)
        transaction.set_rollback(True)
    deliver_due()
    assert outbox.outbox == []
    assert not Exchange.objects.exists()


@pytest.mark.django_db
def test_words_erased_before_the_mail_leaves_are_not_sent(officer):
    message = MessageFactory()
    exchange = answer(message, officer)
    # As a worker sees it that has claimed the row before its words were erased.
    row = Notification.objects.get()
    erase_words(message, timezone.now())
    row.save()
    deliver_due()
    exchange.refresh_from_db()
    row.refresh_from_db()
    assert outbox.outbox == []
    assert (row.state, row.last_error, exchange.text) == ("dead", "Erased", "")
    assert not MessageEvent.objects.filter(kind="bounced").exists()


@pytest.mark.django_db
def test_answer_whose_words_cannot_be_read_at_this_instant_waits(officer):
    answer(MessageFactory(), officer)

    def time_out(execute, sql, *further):
        if 'FROM "contacts_exchange"' in sql:
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, *further)

    with connection.execute_wrapper(time_out), pytest.raises(OperationalError):
        deliver_due()
    assert Notification.objects.get().state == "waiting"
    deliver_due(clock=lambda: timezone.now() + LEASE)
    assert Notification.objects.get().state == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "sentence"), [("12345678", "please call instead"), ("", "gave no telephone")]
)
def test_answer_that_is_refused_is_told_to_its_officer_without_words(officer, mail_server, phone, sentence):
    message = MessageFactory(phone=phone)
    AssignmentFactory(officer=officer, sector=message.sector)
    mail_server.mailbox.answer_recipient = "552 mailbox full"
    answer(message, officer)
    row = Notification.objects.get()
    assert deliver_due(clock=lambda: row.due_at) == 0
    mail_server.mailbox.answer_recipient = ""
    bounced = MessageEvent.objects.get(kind="bounced")
    assert (bounced.message, bounced.to) == (message, officer.user)
    assert deliver_due() == 1
    assert mail_server.mailbox.recipients == [officer.user.email]
    (told,) = mail_server.mailbox.mails
    body = told.get_content()
    assert sentence in body
    assert f"/inbox/{message.uuid}/" in body
    for words in (WORDS, message.text, "12345678", "citizen@example.org"):
        assert words not in told.as_string()


@pytest.mark.django_db
def test_answer_that_never_gets_through_is_told_after_the_last_attempt(officer, mail_server):
    answer(MessageFactory(), officer)
    mail_server.mailbox.answer_recipient = "452 mailbox full"
    row = Notification.objects.get()
    for _ in range(len(PAUSES) + 1):
        assert not MessageEvent.objects.filter(kind="bounced").exists()
        deliver_due(clock=lambda: row.next_attempt_at)
        row.refresh_from_db()
    assert row.state == "dead"
    assert MessageEvent.objects.filter(kind="bounced").count() == 1
