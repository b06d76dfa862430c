"""A mail server that is down for a day, hangs up in the middle, or whose mailboxes are full: nothing is lost."""

import datetime
import socket
import threading
from contextlib import closing

import pytest
from django.db import transaction
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import PAUSES, Notification
from notifications.sending import notify
from tests.notifications.conftest import EVENT

NAMES = {"sector": "Quarter 1"}
A_DAY = datetime.timedelta(days=1)


def waiting(address: str = "citizen@example.org") -> Notification:
    with transaction.atomic():
        return notify(EVENT, to_address=address, context=NAMES)


def test_pauses_grow_and_outlast_a_day():
    assert list(PAUSES) == sorted(PAUSES)
    assert sum(PAUSES, datetime.timedelta()) > A_DAY + datetime.timedelta(hours=6)
    assert max(PAUSES) <= A_DAY / 2


@pytest.mark.django_db
def test_day_without_mail_server_makes_no_dead_letter_and_all_is_sent_soon_after(mail_server):
    rows = [waiting(f"citizen{number}@example.org") for number in range(5)]
    begins = rows[0].due_at
    mail_server.stop()
    now = begins
    while now < begins + A_DAY:
        assert deliver_due(clock=lambda now=now: now) == 0
        now += datetime.timedelta(minutes=10)
    assert not Notification.objects.dead().exists()
    mail_server.start()
    while Notification.objects.waiting().exists() and now < begins + 2 * A_DAY:
        deliver_due(clock=lambda now=now: now)
        now += datetime.timedelta(minutes=10)
    assert sorted(mail_server.mailbox.recipients) == [row.address for row in rows]
    assert now - begins < A_DAY * 1.5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state"), [("452 4.2.2 mailbox full", "waiting"), ("552 5.2.2 mailbox full", "dead")]
)
def test_full_mailbox_is_waited_for_unless_the_server_says_that_it_is_no_use(mailbox, answer, state):
    row = waiting()
    mailbox.answer_recipient = answer
    deliver_due(clock=lambda: row.due_at)
    row.refresh_from_db()
    assert (row.state, row.last_error) == (state, f"SMTPRecipientsRefused {answer[:3]}")
    mailbox.answer_recipient = ""
    Notification.objects.filter(pk=row.pk).send_again(timezone.now())
    assert deliver_due(clock=lambda: row.due_at + PAUSES[0]) == 1


@pytest.mark.django_db
def test_server_that_hangs_up_in_the_middle_of_a_mail_is_asked_again(mail_server, settings):
    row = waiting()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]
        server = threading.Thread(target=_hang_up_after_data, args=(listening,))
        server.start()
        assert deliver_due() == 0
        server.join(timeout=10)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("waiting", 1, "SMTPServerDisconnected")
    settings.EMAIL_PORT = mail_server.port
    assert deliver_due(clock=lambda: row.next_attempt_at) == 1
    assert mail_server.mailbox.mails[0]["Message-ID"] == row.message_id


def _hang_up_after_data(listening: socket.socket) -> None:
    """Speak SMTP until the mail itself comes, then go."""
    talk, _address = listening.accept()
    with talk, talk.makefile("rwb") as lines:
        for answer in (b"220 here", b"250 here", b"250 OK", b"250 OK", b"354 go on"):
            lines.write(answer + b"\r\n")
            lines.flush()
            lines.readline()
