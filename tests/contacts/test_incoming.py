"""Mails that come back: each joins its message once, whatever its subject; no program is answered."""

import datetime
import io
import logging
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import environment
from contacts.messages.erasing import erase_words
from contacts.messages.mail.incoming import MAILS_A_DAY, TEXT_LIMIT, Outcome, take
from contacts.messages.mail.replying import reply
from contacts.messages.mail.threads import reply_address
from contacts.messages.withdrawing import withdraw
from contacts.models import Exchange, Message, MessageEvent
from notifications.mail import compose
from notifications.models import Notification
from notifications.undeliverable import undeliverable
from tests.contacts.mails import SENDER, report, to_message
from tests.factories import AssignmentFactory, ExchangeFactory, MessageFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://officer.police.example"
    settings.DEFAULT_FROM_EMAIL = "Your Police Officer <site@police.example>"
    settings.REPLY_ADDRESS = "answers@police.example"


@pytest.fixture
def officer(db):
    return OfficerFactory(user=UserFactory())


@pytest.fixture
def message(officer) -> Message:
    """A message to a sector that the officer is responsible for."""
    appointment = AssignmentFactory(officer=officer)
    return MessageFactory(sector=appointment.sector)


def answered(message: Message, officer) -> Exchange:
    exchange = reply(message, by=officer.user, text="On Thursday.", form_token=uuid4())
    Notification.objects.all().delete()
    return exchange


def told(event: str = "contacts.message_mail_came") -> list[Notification]:
    return list(Notification.objects.filter(event=event).order_by("pk"))


def test_answer_joins_its_message_and_the_officer_is_told_without_its_words(message, officer):
    now = timezone.now()
    assert take(to_message(message, Subject="Something quite different").as_bytes(), now=now) == Outcome.ADDED
    exchange = message.exchanges.get()
    assert (exchange.kind, exchange.text, exchange.at) == ("mail", "It is there again.", now)
    assert (exchange.mail_id, exchange.by, exchange.is_from_other_address) == (
        "<first@example.org>",
        None,
        False,
    )
    (row,) = told()
    mail = compose(row)
    assert row.recipient == officer.user
    assert f"https://officer.police.example/inbox/{message.uuid}/" in mail.body
    for words in ("there again", message.text, SENDER, "Cirkeline"):
        assert words not in mail.message().as_string() + str(row.context)


def test_same_mail_twice_is_one(message):
    raw = to_message(message).as_bytes()
    assert [take(raw), take(b"Received: by another.example\r\n" + raw)] == [Outcome.ADDED, Outcome.AGAIN]
    assert (message.exchanges.count(), len(told())) == (1, 1)


def test_same_mail_without_an_id_twice_is_one_and_another_is_another(message):
    mail = to_message(message)
    del mail["Message-ID"]
    assert [take(mail.as_bytes()), take(mail.as_bytes())] == [Outcome.ADDED, Outcome.AGAIN]
    mail.set_content("Something else")
    assert take(mail.as_bytes()) == Outcome.ADDED


@pytest.mark.parametrize("header", ["Cc", "Delivered-To", "X-Original-To"])
def test_address_is_found_wherever_the_mail_server_writes_it(message, header):
    mail = to_message(message, To="somebody@example.org")
    mail[header] = f"Police <{reply_address(message).replace('answers', 'ANSWERS')}>"
    assert take(mail.as_bytes()) == Outcome.ADDED


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_answer_to_the_sites_own_address_is_found_by_what_it_answers(message, officer, header):
    before = answered(message, officer).mail_id
    ids = f"<other@example.org> {before}"
    assert take(to_message(message, To="site@police.example", **{header: ids}).as_bytes()) == Outcome.ADDED


def test_unknown_mail_is_dropped_and_nothing_is_kept(message):
    forged = reply_address(message).replace("+", "+aaaa")[:-20] + "@police.example"
    for to in ("answers@police.example", forged, "answers+" + "a" * 42 + "@police.example"):
        mail = to_message(message, To=to, In_Reply_To=f"<{uuid4()}@officer.police.example>")
        assert take(mail.as_bytes()) == Outcome.UNKNOWN
    assert not Exchange.objects.exists()


@pytest.mark.parametrize("sender", ["Somebody <other@example.org>", "", "nonsense"])
def test_mail_from_another_address_is_marked(message, sender):
    mail = to_message(message)
    del mail["From"]
    assert take(f"From: {sender}\n".encode() + mail.as_bytes()) == Outcome.ADDED
    assert message.exchanges.get().is_from_other_address


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied; owner-email=x"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "Bulk"),
        ("List-Id", "<news.example.org>"),
        ("X-Autoreply", "yes"),
        ("Return-Path", "<>"),
        ("From", "MAILER-DAEMON@example.org"),
        ("From", "Your Police Officer <site@police.example>"),
    ],
)
def test_what_a_program_wrote_is_nobodys_word_and_is_not_answered(message, header, value):
    mail = to_message(message, **{header.replace("-", "_"): value})
    mail.add_attachment(b"x", maintype="image", subtype="png")
    assert take(mail.as_bytes()) == Outcome.AUTOMATIC
    assert not Exchange.objects.exists()
    assert not Notification.objects.exists()


def test_person_who_says_that_no_program_wrote_it_is_heard(message):
    assert take(to_message(message, Auto_Submitted="no").as_bytes()) == Outcome.ADDED


def test_closed_message_is_opened_again(message):
    now = timezone.now()
    message.closed_at, message.result, message.erase_on = now, "settled", now.date()
    message.save()
    assert take(to_message(message).as_bytes()) == Outcome.ADDED
    message.refresh_from_db()
    assert (message.closed_at, message.result, message.erase_on) == (None, "", None)
    assert message.events.get().kind == MessageEvent.Kind.REOPENED
    assert "It is open again" in compose(told()[0]).body


def test_nothing_is_added_to_what_is_over(message):
    raw = to_message(message).as_bytes()
    withdraw(message, timezone.now())
    assert take(raw) == Outcome.OVER
    other = MessageFactory()
    erase_words(other, timezone.now())
    assert take(to_message(other).as_bytes()) == Outcome.OVER
    abuse = MessageFactory(closed_at=timezone.now(), result="spam")
    assert take(to_message(abuse).as_bytes()) == Outcome.OVER
    assert not Exchange.objects.exists()


def test_who_takes_care_of_it_is_told_too_while_they_may_answer(message, officer):
    colleague = AssignmentFactory(
        sector=message.sector, attached=True, officer=OfficerFactory(user=UserFactory())
    )
    message.assigned_to = colleague.officer.user
    message.save()
    take(to_message(message).as_bytes())
    assert {row.recipient for row in told()} == {officer.user, colleague.officer.user}
    Notification.objects.all().delete()
    stranger = UserFactory()
    Message.objects.filter(pk=message.pk).update(assigned_to=stranger)
    take(to_message(message, Message_ID="<second@example.org>").as_bytes())
    assert [row.recipient for row in told()] == [officer.user]


def test_attachments_are_left_out_and_both_sides_are_told(message, officer):
    mail = to_message(message)
    mail.add_attachment(b"\x89PNG" * 1000, maintype="image", subtype="png", filename="door.png")
    mail.add_attachment("Not these words", filename="notes.txt")
    assert take(mail.as_bytes()) == Outcome.ADDED
    exchange = message.exchanges.get()
    assert (exchange.text, exchange.attachments_left_out) == ("It is there again.", 2)
    assert "2 attachments were left out" in compose(told()[0]).body
    (to_sender,) = told("contacts.attachments_left_out")
    assert to_sender.address == SENDER
    assert "without its 2 attachments" in compose(to_sender).body
    # Once a day: two programs that answer each other end here.
    mail.replace_header("Message-ID", "<second@example.org>")
    assert take(mail.as_bytes()) == Outcome.ADDED
    assert len(told("contacts.attachments_left_out")) == 1


def test_stranger_who_attaches_something_is_not_written_to_nor_is_the_citizen(message):
    mail = to_message(message, From="other@example.org")
    mail.add_attachment(b"x", maintype="image", subtype="png")
    assert take(mail.as_bytes()) == Outcome.ADDED
    assert told("contacts.attachments_left_out") == []


def test_picture_without_a_word_is_told_of_and_an_empty_mail_is_dropped(message):
    assert take(to_message(message, " \n").as_bytes()) == Outcome.EMPTY
    mail = to_message(message, "\n")
    mail.add_attachment(b"x", maintype="image", subtype="png")
    assert take(mail.as_bytes()) == Outcome.ADDED
    assert message.exchanges.get().text == ""


def test_long_mail_is_cut_and_says_so(message):
    take(to_message(message, "word " * 10_000).as_bytes())
    text = message.exchanges.get().text
    assert len(text) <= TEXT_LIMIT
    assert text.endswith("(The mail was longer than this. The rest was left out.)")


def test_flood_to_one_message_ends(message):
    now = timezone.now()
    for number in range(MAILS_A_DAY):
        ExchangeFactory(message=message, kind="mail", mail_id=f"<{number}@example.org>", at=now)
    assert take(to_message(message).as_bytes(), now=now) == Outcome.TOO_MANY
    assert take(to_message(message).as_bytes(), now=now + datetime.timedelta(days=2)) == Outcome.ADDED


@pytest.mark.parametrize("is_addressed", [True, False], ids=["to the sealed address", "to the site's"])
def test_bounce_is_noted_once_and_told_to_the_officer(message, officer, is_addressed):
    exchange = answered(message, officer)
    to = reply_address(message) if is_addressed else "site@police.example"
    raw = report(to, exchange.mail_id)
    assert [take(raw), take(raw)] == [Outcome.BOUNCED, Outcome.AGAIN]
    bounced = message.events.get(kind="bounced")
    assert bounced.to == officer.user
    (row,) = told("contacts.answer_bounced")
    assert row.recipient == officer.user
    assert not message.exchanges.filter(kind="mail").exists()
    # A later answer may come back as well.
    later = reply(message, by=officer.user, text="Again", form_token=uuid4())
    assert take(report(to, later.mail_id)) == Outcome.BOUNCED


def test_bounce_that_names_no_mail_is_that_of_the_last_answer(message, officer):
    answered(message, officer)
    assert take(report(reply_address(message), "<unknown@example.org>")) == Outcome.BOUNCED


def test_bounce_of_a_mail_to_an_account_is_kept_and_blamed_on_no_message(message, officer):
    answered(message, officer)
    take(to_message(message).as_bytes())
    (row,) = told()
    assert take(report("site@police.example", row.message_id)) == Outcome.RETURNED
    assert undeliverable([officer.user.email]) == {officer.user.email}
    assert not message.events.filter(kind="bounced").exists()


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_report_of_anything_else_is_no_bounce(message, officer, action):
    exchange = answered(message, officer)
    assert take(report(reply_address(message), exchange.mail_id, action)) == Outcome.AUTOMATIC
    assert not message.events.filter(kind="bounced").exists()


def test_bounce_of_nothing_we_wrote_is_dropped(message):
    assert take(report(reply_address(message), "<unknown@example.org>")) == Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "code", "sentence"),
    [(b"", 0, ""), (b"nonsense", 0, ""), (b"a" * (10 * 1024 * 1024 + 1), os.EX_DATAERR, "larger than 10 MB")],
)
def test_mail_server_is_told_to_forget_it_or_that_it_is_too_large(raw, code, sentence):
    said = io.StringIO()
    source = io.BytesIO(raw)
    try:
        call_command("receive_mail", stdin=source, stderr=said)
        ended = 0
    except SystemExit as end:
        ended = end.code
    assert (ended, sentence in said.getvalue()) == (code, True)
    assert source.tell() <= 10 * 1024 * 1024 + 1


def test_log_files_learn_nothing_of_a_mail(message, caplog):
    caplog.set_level(logging.DEBUG)
    mail = to_message(
        message, "Sentinel-words", Subject="Sentinel-subject", From="Sentinel-name <s@example.net>"
    )
    for raw in (mail.as_bytes(), mail.as_bytes(), mail.as_bytes().replace(b"answers+", b"answers+x")):
        call_command("receive_mail", stdin=io.BytesIO(raw))
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert re.findall("was there already|belongs to no message|added to its message", ours) == [
        "added to its message",
        "was there already",
        "belongs to no message",
    ]
    for secret in ("Sentinel", "s@example.net", reply_address(message), "first@example.org"):
        assert secret not in ours


PIPE = """
import django; django.setup()
from django.core.management import call_command
call_command("receive_mail")
"""


@pytest.mark.django_db(transaction=True)
def test_pipe_takes_a_mail_and_waits_while_the_database_is_away(message, settings):
    raw = to_message(message).as_bytes()
    there = _database_url()
    assert _piped(raw, there, settings) == 0
    assert message.exchanges.get().text == "It is there again."
    assert _piped(raw, "postgis://nobody@127.0.0.1:1/none", settings) == os.EX_TEMPFAIL


def _piped(raw: bytes, database: str, settings) -> int:
    variables = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "REPLY_ADDRESS": settings.REPLY_ADDRESS,
        "SITE_URL": settings.SITE_URL,
    }
    command = [sys.executable, "-c", PIPE]
    return subprocess.run(command, input=raw, env=variables, cwd=settings.BASE_DIR, timeout=60).returncode


def _database_url() -> str:
    """Return the test's own database as DATABASE_URL writes it."""
    parts = urlsplit(environment.DATABASE_URL)
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
