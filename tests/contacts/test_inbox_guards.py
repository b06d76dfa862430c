"""Whose clock runs, what is left after erasing, and two people at one message at the same instant."""

import datetime
import threading
from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.forms.inbox import seen_of
from contacts.messages import inbox
from contacts.messages.adding import add
from contacts.messages.closing import close
from contacts.messages.erasing import erase_words
from contacts.messages.mail.bouncing import mark_bounced
from contacts.messages.mail.incoming import Outcome, take
from contacts.messages.mail.replying import reply
from contacts.messages.noting import note
from contacts.messages.reading import mark_read
from contacts.messages.waiting import escalate, remind
from contacts.messages.withdrawing import withdraw
from contacts.models import Exchange, Message
from notifications.models import Notification
from notifications.sending import notify
from sectorlog.today.messages import part
from sectors.models import Sector
from tests.contacts.mails import to_message
from tests.factories import (
    AssignmentFactory,
    MessageFactory,
    OfficerFactory,
    UserFactory,
    days_ago,
    head_of_district,
)

CANARY = "kanariefugl7351"
ADDRESS = f"{CANARY}@example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.REPLY_ADDRESS = "answers@police.example"


@pytest.fixture
def desk(quarter) -> SimpleNamespace:
    """Mette answers for the west, Ulla is attached to it; both have accounts, and the district a head."""
    quarter.mette.user = UserFactory(name="Mette Holm")
    quarter.mette.save()
    ulla = OfficerFactory(station=quarter.station, name="Ulla Udkast", user=UserFactory(name="Ulla Udkast"))
    AssignmentFactory(attached=True, officer=ulla, sector=quarter.west)
    head = head_of_district(quarter.north)
    return SimpleNamespace(
        west=quarter.west, mid=quarter.mid, mette=quarter.mette.user, ulla=ulla.user, head=head
    )


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(user, message: Message, name: str, **typed: str):
    """Open the page of an act and return the call that sends it, for another thread."""
    client, address = logged_in(user), reverse(f"contacts:message_{name}", args=[message.uuid])
    form = client.get(address).context["form"]
    sent = {field.html_name: str(field.value()) for field in form.hidden_fields()} | typed
    return lambda: client.post(address, sent).status_code


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Call each in a thread of its own, at one instant; return what they return, in their order."""
    start, found = threading.Barrier(len(calls)), [None] * len(calls)

    def work(number: int, call: Callable[[], object]) -> None:
        try:
            start.wait(10)
            found[number] = call()
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=pair) for pair in enumerate(calls)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return found


# Rights


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["assign", "move"])
def test_who_is_attached_neither_assigns_nor_moves(desk, name):
    message = MessageFactory(sector=desk.west)
    address = reverse(f"contacts:message_{name}", args=[message.uuid])
    typed = {"to": desk.ulla.pk, "sector": desk.mid.slug, "token": uuid4(), "seen": seen_of(message)}
    assert logged_in(desk.ulla).post(address, typed).status_code == 404
    message.refresh_from_db()
    assert (message.assigned_to, message.sector) == (None, desk.west)


@pytest.mark.django_db
def test_head_of_the_district_is_shown_no_word_before_a_reason_and_nothing_once_it_is_answered(desk):
    message = MessageFactory(sector=desk.west, overdue=True, text=CANARY, name=CANARY, email=ADDRESS)
    client, address = logged_in(desk.head), reverse("contacts:message_detail", args=[message.uuid])
    for page in (client.get(reverse("contacts:message_list")), client.get(address)):
        assert CANARY not in page.content.decode() + str(page.headers)
    client.post(reverse("contacts:message_reason", args=[message.uuid]), {"reason": "It is overdue"})
    assert CANARY in client.get(address).content.decode()
    reply(message, by=desk.mette, text="On Thursday.", form_token=uuid4())
    assert client.get(address).status_code == 404


# No answer needed


@pytest.mark.django_db
def test_who_wants_no_answer_waits_until_somebody_has_read_it(desk):
    message = MessageFactory(sector=desk.west, overdue=True, answer_by="none")
    now = timezone.now()
    assert message.is_overdue_at(now)
    assert list(Message.objects.overdue_at(now)) == list(Message.objects.unanswered()) == [message]
    assert list(Message.objects.visible_to(desk.head)) == [message]
    mark_read(message, by=desk.mette)
    assert not message.is_overdue_at(now)
    assert not Message.objects.overdue_at(now).exists()
    assert not Message.objects.unanswered().exists()
    assert not Message.objects.visible_to(desk.head).exists()
    assert list(Message.objects.open()) == [message]


@pytest.mark.django_db
def test_of_what_was_read_and_wants_no_answer_nobody_is_reminded(desk):
    read = MessageFactory(sector=desk.west, overdue=True, answer_by="none", read_at=days_ago(8))
    asks = MessageFactory(sector=desk.west, overdue=True, read_at=days_ago(8))
    unread = MessageFactory(sector=desk.west, overdue=True, answer_by="none")
    assert (remind(), escalate()) == (2, 2)
    told = Notification.objects.values_list("context__message", flat=True)
    assert set(told) == {str(asks.uuid), str(unread.uuid)}
    assert str(read.uuid) not in told


@pytest.mark.django_db
def test_what_was_read_and_wants_no_answer_is_counted_open_but_not_overdue(desk, rf):
    MessageFactory(sector=desk.west, overdue=True, answer_by="none", read_at=days_ago(8))
    MessageFactory(sector=desk.west, overdue=True)
    now = timezone.now()
    visible = Message.objects.visible_to(desk.mette)
    assert inbox.counts(visible, inbox.mine(desk.mette), now) == {"open": 2, "mine": 2, "overdue": 1}
    (west,) = inbox.figures_of(Sector.objects.filter(pk=desk.west.pk), now)
    assert (west.waiting, west.late) == (2, 1)
    request = rf.get("/today/")
    request.user = desk.mette
    assert part(request, [desk.west]).content["number"] == 1


@pytest.mark.django_db
def test_what_was_read_and_wants_no_answer_stands_below_what_waits(desk):
    read = MessageFactory(sector=desk.west, overdue=True, answer_by="none", read_at=days_ago(8))
    waits = MessageFactory(sector=desk.west)
    page = logged_in(desk.mette).get(reverse("contacts:message_list"))
    assert [row.pk for row in page.context["rows"]] == [waits.pk, read.pk]
    assert "is-late" not in page.content.decode()


@pytest.mark.django_db
def test_word_added_to_what_wants_no_answer_comes_up_again(desk):
    message = MessageFactory(sector=desk.west, answer_by="none", read_at=timezone.now())
    add(message, "It is there again.", form_token=uuid4())
    page = logged_in(desk.mette).get(reverse("contacts:message_list"))
    assert page.context["rows"][0].said_more
    assert "The sender wrote again" in page.content.decode()


# Answers that come back


def came_back(desk, **facts) -> Message:
    message = MessageFactory(sector=desk.west, **facts)
    exchange = reply(message, by=desk.ulla, text="On Thursday.", form_token=uuid4())
    Notification.objects.all().delete()
    mark_bounced(exchange, timezone.now() + datetime.timedelta(seconds=1))
    message.refresh_from_db()
    return message


def told() -> list[tuple[str, object]]:
    return [(row.event, row.recipient) for row in Notification.objects.order_by("pk")]


@pytest.mark.django_db
def test_answer_that_came_back_stands_first_and_its_author_is_told(desk):
    MessageFactory(sector=desk.west, overdue=True)
    message = came_back(desk, phone="12 34 56 78")
    assert told() == [("contacts.answer_bounced", desk.ulla)]
    client = logged_in(desk.ulla)
    page = client.get(reverse("contacts:message_list"))
    assert page.context["rows"][0].pk == message.pk
    assert "The answer did not arrive" in page.content.decode()
    detail = client.get(reverse("contacts:message_detail", args=[message.uuid]))
    assert detail.context["nearest"] == "call"
    assert "The answer by e-mail did not arrive. Please call instead." in detail.content.decode()


@pytest.mark.django_db
def test_answer_that_came_back_is_settled_by_a_call(desk):
    message = came_back(desk, phone="12 34 56 78")
    later = timezone.now() + datetime.timedelta(minutes=1)
    message.events.create(kind="answered", by=desk.ulla, at=later)
    assert not inbox.did_not_arrive(message)
    assert not inbox.rows_for(desk.ulla, Message.objects.all()).get().did_not_arrive


@pytest.mark.django_db
def test_of_an_author_who_has_left_who_answers_now_is_told(desk):
    message = MessageFactory(sector=desk.west)
    exchange = reply(message, by=desk.ulla, text="On Thursday.", form_token=uuid4())
    Notification.objects.all().delete()
    desk.ulla.is_active = False
    desk.ulla.save()
    mark_bounced(exchange)
    assert told() == [("contacts.answer_bounced", desk.mette)]


@pytest.mark.django_db
@pytest.mark.parametrize(("result", "is_open"), [("settled", True), ("spam", False)])
def test_message_closed_before_its_answer_came_back_is_open_again(desk, result, is_open):
    message = MessageFactory(sector=desk.west)
    exchange = reply(message, by=desk.ulla, text="On Thursday.", form_token=uuid4())
    message.refresh_from_db()
    close(message, result, by=desk.ulla)
    mark_bounced(exchange)
    message.refresh_from_db()
    assert message.is_open is is_open


# What was taken back


@pytest.mark.django_db
def test_what_was_taken_back_after_it_was_read_is_told_in_no_list_and_begins_no_entry(desk):
    message = MessageFactory(sector=desk.west, text=CANARY, name=f"{CANARY} Hansen", read_at=timezone.now())
    client, entry = logged_in(desk.mette), reverse("sectorlog:entry_from_message", args=[message.uuid])
    listed = reverse("contacts:message_list")
    assert CANARY in client.get(listed).content.decode()
    assert client.get(entry).status_code == 302
    withdraw(message, timezone.now())
    page = client.get(listed, {"show": "closed"})
    assert [row.pk for row in page.context["rows"]] == [message.pk]
    assert CANARY not in page.content.decode()
    assert client.get(entry).status_code == 404
    begun = {"sector": desk.west.slug, "message": str(message.uuid)}
    assert CANARY not in client.get(reverse("sectorlog:entry_create"), begun).content.decode()


# After erasing


def full_of_words(desk) -> Message:
    """Return a message with all that is ever said about one, and its mails in every state."""
    message = MessageFactory(
        sector=desk.west,
        text=f"My name is {CANARY}",
        place=f"By {CANARY}",
        name=CANARY,
        email=ADDRESS,
        phone=f"+45 {CANARY}",
    )
    add(message, f"And {CANARY} again", form_token=uuid4())
    assert take(to_message(message, f"{CANARY} by mail").as_bytes()) == Outcome.ADDED
    reply(message, by=desk.mette, text=f"Dear {CANARY}", form_token=uuid4())
    note(message, f"{CANARY} called before", by=desk.mette, form_token=uuid4())
    for state in Notification.State.values:
        with transaction.atomic():
            names = {"message": str(message.uuid), "sector": str(desk.west), "reference": "ABC"}
            row = notify("contacts.message_receipt", to_address=ADDRESS, context=names)
        sent_at = timezone.now() if state == "sent" else None
        Notification.objects.filter(pk=row.pk).update(state=state, sent_at=sent_at)
    return message


def tables_with(word: str) -> set[str]:
    """Return every table of the database in which the word stands, in whatever column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS r WHERE r::text ILIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


@pytest.mark.django_db
def test_after_erasing_no_word_is_left_in_any_table(desk):
    message = full_of_words(desk)
    before = {"contacts_message", "contacts_exchange", "notifications_notification"}
    assert tables_with(CANARY) == before
    erase_words(message, timezone.now())
    assert tables_with(CANARY) == set()
    assert apps.get_model("contacts.Message").objects.filter(pk=message.pk, erased_at__isnull=False).exists()


@pytest.mark.django_db
def test_what_is_taken_back_unread_leaves_no_word_in_any_table(desk):
    message = full_of_words(desk)
    withdraw(message, timezone.now())
    assert tables_with(CANARY) == set()


# What the database refuses


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contacts_message SET text = 'x'",
        "UPDATE contacts_message SET email = 'x@example.org'",
        "UPDATE contacts_message SET due_at = due_at + interval '1 day'",
        "UPDATE contacts_message SET erased_at = now()",
        "UPDATE contacts_message SET answered_at = NULL",
        "DELETE FROM contacts_message",
        "UPDATE contacts_exchange SET text = 'x'",
        "UPDATE contacts_exchange SET text = 'x', erased_at = now()",
        "UPDATE contacts_exchange SET by_id = NULL",
        "DELETE FROM contacts_exchange",
        "UPDATE contacts_messageevent SET at = now()",
        "DELETE FROM contacts_messageevent",
    ],
)
def test_database_refuses_to_rewrite_what_was_said(desk, statement):
    message = MessageFactory(sector=desk.west)
    reply(message, by=desk.mette, text="On Thursday.", form_token=uuid4())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_the_second_reads_the_first_before_it_goes(desk):
    message = MessageFactory(sector=desk.west)
    calls = [act(user, message, "reply", text="On Thursday.") for user in (desk.mette, desk.ulla)]
    assert sorted(at_once(*calls)) == [302, 409]
    assert message.exchanges.count() == 1
    assert Notification.objects.filter(event="contacts.message_reply").count() == 1


@pytest.mark.django_db(transaction=True)
def test_form_sent_from_two_tabs_at_once_answers_once(desk):
    message = MessageFactory(sector=desk.west)
    call = act(desk.mette, message, "reply", text="On Thursday.")
    assert set(at_once(call, call)) == {302}
    assert message.exchanges.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_answers_what_is_closed_meanwhile_is_told_or_was_first(desk):
    message = MessageFactory(sector=desk.west)
    answers = act(desk.mette, message, "reply", text="On Thursday.")
    closes = act(desk.ulla, message, "close", result="settled", text="")
    answered, closed = at_once(answers, closes)
    message.refresh_from_db()
    has_answer = message.exchanges.filter(kind=Exchange.Kind.REPLY).exists()
    mails = Notification.objects.filter(event="contacts.message_reply").count()
    assert has_answer == (answered == 302) == (message.answered_at is not None) == (mails == 1)
    assert (message.closed_at is not None) == (closed == 302)
    assert 302 in (answered, closed)
    assert {answered, closed} <= {302, 409}


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_while_it_is_answered_sends_nothing_and_keeps_no_half(desk):
    message = MessageFactory(sector=desk.west)
    answers = act(desk.mette, message, "reply", text="On Thursday.")
    answered, _none = at_once(answers, lambda: withdraw(message, timezone.now()))
    message.refresh_from_db()
    assert message.withdrawn_at is not None
    assert answered in (302, 409)
    assert message.exchanges.exists() == (answered == 302) == (message.answered_at is not None)
    # Nobody had read it when it was taken back first: then no word of it is left.
    assert (message.erased_at is not None) == (message.text == "") == (message.read_at is None)
    assert not Notification.objects.filter(event="contacts.message_reply").exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_assigned_what_moves_at_that_instant_does_not_keep_it(desk):
    message = MessageFactory(sector=desk.west)
    assigns = act(desk.mette, message, "assign", to=str(desk.ulla.pk))
    moves = act(desk.mette, message, "move", sector=desk.mid.slug, text="")
    assigned, moved = at_once(assigns, moves)
    message.refresh_from_db()
    kinds = set(message.events.values_list("kind", flat=True)) - {"read"}
    # Moved first, it is out of Mette's reach; assigned first, who moves is shown that.
    assert (assigned, moved) in {(404, 302), (302, 409)}
    assert ("moved" in kinds) == (moved == 302) == (message.sector_id == desk.mid.pk)
    assert ("assigned" in kinds) == (assigned == 302)
    if message.sector_id == desk.mid.pk:
        assert message.assigned_to is None


@pytest.mark.django_db(transaction=True)
def test_mail_that_comes_while_its_message_moves_is_taken_in(desk):
    message = MessageFactory(sector=desk.west)
    raw, is_moved, may_commit = to_message(message).as_bytes(), threading.Event(), threading.Event()

    def moves() -> None:
        with transaction.atomic():
            Message.objects.filter(pk=message.pk).update(sector=desk.mid)
            is_moved.set()
            may_commit.wait(2)

    def comes() -> Outcome:
        is_moved.wait(10)
        return take(raw)

    # The mail waits for the row, and finds it in another sector than it stood in when it began to wait.
    _none, outcome = at_once(moves, comes)
    assert outcome == Outcome.ADDED
