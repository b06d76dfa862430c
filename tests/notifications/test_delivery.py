"""What becomes of a notification, against a real SMTP server."""

import datetime
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications.delivery import deliver_due, forget_sent
from notifications.models import LEASE, PAUSES, Notification
from notifications.sending import notify
from tests.factories import UserFactory
from tests.notifications.conftest import EVENT

ADDRESS = "citizen@example.org"
NAMES = {"sector": "Quarter 1", "begins": datetime.datetime(2027, 5, 3, 12, tzinfo=datetime.UTC)}


def at(instant: datetime.datetime):
    """Return a clock that stands still."""
    return lambda: instant


def waiting(**options) -> Notification:
    with transaction.atomic():
        return notify(EVENT, **{"to_address": ADDRESS, "context": NAMES, **options})


def unannounced(address: str) -> Notification:
    """Make a notification whose bell was not heard."""
    now = timezone.now()
    return Notification.objects.create(
        address=address, event=EVENT, context=NAMES, due_at=now, next_attempt_at=now
    )


@pytest.mark.django_db
def test_due_notification_is_sent_once(mailbox):
    row = waiting()
    assert deliver_due() == 1
    assert deliver_due() == 0
    row.refresh_from_db()
    (mail,) = mailbox.mails
    assert mailbox.recipients == [mail["To"]] == [ADDRESS]
    assert mail["Subject"] == "You cover Quarter 1"
    assert mail.get_content().splitlines() == [
        "Quarter 1 3 May 2027 14:00 https://officer.police.example/log/"
    ]
    assert mail["Message-ID"] == f"<{row.uuid}@officer.police.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (row.state, row.attempts, row.lease_until, row.last_error) == ("sent", 1, None, "")
    assert row.sent_at is not None


@pytest.mark.django_db
def test_many_go_over_one_connection_with_few_queries(mailbox, django_assert_num_queries):
    for _ in range(10):
        waiting()
    # For each: a savepoint and its release around the claim, the claim's read and write, the outcome. Then the end.
    with django_assert_num_queries(10 * 5 + 3):
        assert deliver_due() == 10
    assert (len(mailbox.mails), mailbox.connections) == (10, 1)


@pytest.mark.django_db
def test_future_notification_waits_until_it_is_due(mailbox):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    waiting(due_at=tomorrow)
    deliver_due(clock=at(tomorrow - datetime.timedelta(seconds=1)))
    assert mailbox.mails == []
    deliver_due(clock=at(tomorrow))
    assert len(mailbox.mails) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "subject"), [("da", "Du dækker Quarter 1"), ("en", "You cover Quarter 1")]
)
def test_language_is_the_recipients(mailbox, language, subject):
    waiting(language=language)
    user = UserFactory()
    user.language = language
    user.save()
    waiting(to_address="", to_user=user)
    deliver_due()
    assert [mail["Subject"] for mail in mailbox.mails] == [subject, subject]


@pytest.mark.django_db
def test_language_that_the_site_does_not_speak_becomes_its_own(mailbox, settings):
    settings.LANGUAGE_CODE = "da"
    waiting(language="xx")
    deliver_due()
    assert mailbox.mails[0]["Subject"] == "Du dækker Quarter 1"


@pytest.mark.django_db
def test_name_forges_no_header_and_keeps_its_apostrophe(mailbox):
    waiting(context={"sector": "O'Hara\r\nBcc: other@example.org\r\n\r\nHello\x07\x85\u2028there"})
    deliver_due()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "You cover O'Hara Bcc: other@example.org Hello there"
    assert mail["Bcc"] is None
    assert mailbox.recipients == [ADDRESS]


@pytest.mark.django_db
def test_server_that_is_away_is_asked_again_at_growing_pauses(mail_server):
    row = waiting()
    mail_server.stop()
    now = row.due_at
    for pause in PAUSES:
        assert deliver_due(clock=at(now)) == 0
        row.refresh_from_db()
        assert row.next_attempt_at == now + pause
        assert deliver_due(clock=at(row.next_attempt_at - datetime.timedelta(seconds=1))) == 0
        now = row.next_attempt_at
    assert (row.state, row.attempts, row.last_error) == ("waiting", len(PAUSES), "ConnectionRefusedError")
    assert now - row.due_at > datetime.timedelta(days=1)
    mail_server.start()
    assert deliver_due(clock=at(now)) == 1


@pytest.mark.django_db
def test_last_failure_makes_a_dead_letter_that_can_be_sent_again(mail_server, mailbox):
    row = waiting()
    mail_server.stop()
    now = row.due_at
    for _ in range(len(PAUSES) + 1):
        deliver_due(clock=at(now))
        row.refresh_from_db()
        now = row.next_attempt_at
    assert (row.state, row.attempts) == ("dead", len(PAUSES) + 1)
    mail_server.start()
    later = now + datetime.timedelta(days=30)
    assert deliver_due(clock=at(later)) == 0
    assert Notification.objects.filter(pk=row.pk).send_again(later) == 1
    assert deliver_due(clock=at(later)) == 1
    assert mailbox.recipients == [ADDRESS]


@pytest.mark.django_db
def test_server_that_is_away_costs_one_of_many_an_attempt(mail_server):
    rows = [waiting() for _ in range(3)]
    mail_server.stop()
    deliver_due()
    attempts = Notification.objects.order_by("pk").values_list("attempts", flat=True)
    assert list(attempts) == [1, 0, 0]
    mail_server.start()
    assert deliver_due(clock=at(rows[0].due_at + PAUSES[0] + datetime.timedelta(seconds=5))) == 3


@pytest.mark.django_db
def test_server_that_never_answers_costs_one_timeout(mailbox, settings):
    rows = [waiting() for _ in range(3)]
    settings.EMAIL_TIMEOUT = 0.3
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        started = time.monotonic()
        assert deliver_due() == 0
        assert time.monotonic() - started < 1.0
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].attempts, rows[0].last_error) == ("waiting", 1, "SMTPServerDisconnected")
    assert Notification.objects.filter(attempts=0).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "answer", "state", "error"),
    [
        ("answer_recipient", "550 no such mailbox", "dead", "SMTPRecipientsRefused 550"),
        ("answer_data", "554 not wanted here", "dead", "SMTPDataError 554"),
        ("answer_recipient", "451 come back later", "waiting", "SMTPRecipientsRefused 451"),
        ("answer_recipient", "452 mailbox full", "waiting", "SMTPRecipientsRefused 452"),
        ("answer_data", "451 come back later", "waiting", "SMTPDataError 451"),
        ("answer_recipient", "421 too many", "waiting", "SMTPRecipientsRefused 421"),
        # About our own settings, which an administrator mends: not the recipient's fault.
        ("answer_sender", "550 not from you", "waiting", "SMTPSenderRefused 550"),
    ],
)
def test_refusal_is_final_from_500_on(mailbox, where, answer, state, error):
    row = waiting()
    setattr(mailbox, where, answer)
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error, row.lease_until) == (state, 1, error, None)
    setattr(mailbox, where, "")
    assert deliver_due(clock=at(row.due_at + LEASE + PAUSES[0])) == (state == "waiting")


@pytest.mark.django_db
def test_refused_recipient_does_not_hold_up_the_others(mailbox):
    first, second = waiting(to_address="gone@example.org"), waiting()
    mailbox.answer_recipient = "550 no such mailbox"

    def take_from_now_on(claimed: Notification = first) -> datetime.datetime:
        if Notification.objects.get(pk=claimed.pk).state == "dead":
            mailbox.answer_recipient = ""
        return second.due_at

    assert deliver_due(clock=take_from_now_on) == 1
    assert mailbox.recipients == [ADDRESS]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("subject", "body", "error"),
    [
        ("{% nonsense %}", "text", "TemplateSyntaxError"),
        ("subject", "{{ sector|add:1|divisibleby:0 }}", "ValueError"),
        (" \n ", "text", "EmptyMail"),
        ("subject", "\n", "EmptyMail"),
    ],
)
def test_broken_text_is_a_dead_letter_and_the_next_goes_on(mailbox, texts, subject, body, error):
    texts(subject, body, event="trial.broken")
    broken = waiting()
    Notification.objects.filter(pk=broken.pk).update(event="trial.broken")
    waiting()
    assert deliver_due() == 1
    broken.refresh_from_db()
    assert (broken.state, broken.last_error, broken.attempts) == ("dead", error, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["trial.unknown", "unknown", "../../etc.passwd"])
def test_event_without_text_is_a_dead_letter(mailbox, event):
    row = waiting()
    Notification.objects.filter(pk=row.pk).update(event=event)
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("dead", "TemplateDoesNotExist")


@pytest.mark.django_db
def test_closed_account_is_told_nothing(mailbox):
    user = UserFactory(is_active=False)
    row = waiting(to_address="", to_user=user)
    deliver_due()
    row.refresh_from_db()
    assert mailbox.mails == []
    assert (row.state, row.last_error) == ("dead", "ClosedAccount")


@pytest.mark.django_db
def test_claimed_notification_is_nobody_elses_until_the_lease_is_over():
    row = waiting()
    claimed = Notification.objects.claim(row.due_at)
    assert claimed == row
    assert Notification.objects.claim(row.due_at + LEASE - datetime.timedelta(seconds=1)) is None
    assert Notification.objects.claim(row.due_at + LEASE) == row


@pytest.mark.django_db
def test_late_worker_does_not_overwrite_what_the_next_one_wrote():
    row = waiting()
    late = Notification.objects.claim(row.due_at)
    quick = Notification.objects.claim(row.due_at + LEASE)
    late.mark_failed("TimeoutError", row.due_at + LEASE)
    row.refresh_from_db()
    assert (row.attempts, row.lease_until) == (0, quick.lease_until)
    quick.mark_sent(row.due_at + LEASE)
    late.mark_failed("TimeoutError", row.due_at + LEASE)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)


@pytest.mark.django_db
def test_sent_ones_are_forgotten_after_ninety_days_and_dead_ones_stay(mailbox):
    sent, dead = waiting(), waiting()
    Notification.objects.filter(pk=dead.pk).update(state="dead")
    deliver_due()
    assert forget_sent(clock=at(sent.due_at + datetime.timedelta(days=89))) == 0
    assert forget_sent(clock=at(sent.due_at + datetime.timedelta(days=91))) == 1
    assert list(Notification.objects.all()) == [dead]


# A worker's process, sent to the test's own database, mail server and texts.
WORKER = """
import django; django.setup()
from django.conf import settings
from django.db import connection
from notifications.delivery import deliver_due
connection.settings_dict["NAME"] = {database!r}
settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = {mail!r}
settings.SITE_URL = {site!r}
settings.TEMPLATES[0]["DIRS"].insert(0, {texts!r})
deliver_due()
"""


@pytest.mark.django_db(transaction=True)
def test_worker_killed_after_sending_leaves_it_to_the_next_under_the_same_message_id(mailbox, settings):
    row = unannounced(ADDRESS)
    worker = _start_worker(settings)
    mailbox.after_taking = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(timeout=60) == -signal.SIGKILL
    mailbox.after_taking = lambda: None
    row.refresh_from_db()
    assert (row.state, len(mailbox.mails)) == ("waiting", 1)
    assert deliver_due() == 0  # the lease of the dead one
    assert deliver_due(clock=at(timezone.now() + LEASE)) == 1
    assert [mail["Message-ID"] for mail in mailbox.mails] == [row.message_id] * 2


def _start_worker(settings) -> subprocess.Popen[bytes]:
    program = WORKER.format(
        database=connection.settings_dict["NAME"],
        mail=(settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT),
        site=settings.SITE_URL,
        texts=str(settings.TEMPLATES[0]["DIRS"][0]),
    )
    return subprocess.Popen([sys.executable, "-c", program], cwd=settings.BASE_DIR)


@pytest.mark.django_db(transaction=True)
def test_worker_waits_for_no_other_ones_claim():
    first, second = unannounced("first@example.org"), unannounced("second@example.org")
    other_worker = connection.copy()
    try:
        other_worker.set_autocommit(False)
        with other_worker.cursor() as cursor:
            cursor.execute("SELECT 1 FROM notifications_notification WHERE id = %s FOR UPDATE", [first.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        assert Notification.objects.claim(timezone.now()) == second
    finally:
        other_worker.close()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_each_notification_once(mailbox):
    for number in range(40):
        unannounced(f"citizen{number}@example.org")
    start = threading.Barrier(2)
    sent: list[int] = []

    def work() -> None:
        try:
            start.wait(timeout=10)
            sent.append(deliver_due())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(sent) == 40
    assert min(sent) > 0
    assert set(Counter(mailbox.recipients).values()) == {1}
    assert len(mailbox.recipients) == 40
