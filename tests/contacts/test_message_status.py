"""What the citizen sees of what became of a message, by its link alone."""

import datetime
import html
import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from audit.models import ReadEntry
from contacts.messages.adding import add
from contacts.messages.receipts import token_of
from contacts.models import Exchange, Message, MessageEvent
from contacts.templatetags.deadlines import deadline
from contacts.views import message_status
from sectors.snapshot import Snapshot
from tests.factories import ExchangeFactory, MessageFactory, SectorFactory, UserFactory


@pytest.fixture
def message(quarter) -> Message:
    quarter.mette.user = UserFactory(email="secret.login@police.example")
    quarter.mette.save()
    return MessageFactory(sector=quarter.west, text="Canary words", place="Canary place", email="canary@x.dk")


def url_of(message: Message) -> str:
    return f"/messages/{token_of(message)}/"


def page_of(client, message: Message) -> str:
    return html.unescape(" ".join(client.get(url_of(message)).content.decode().split()))


def post(client, url: str, **data: str):
    return client.post(url, urlencode(data), content_type="application/x-www-form-urlencoded")


def say(client, message: Message, text: str, token: str | None = None):
    if token is None:
        page = client.get(url_of(message)).content.decode()
        token = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    return post(client, url_of(message), text=text, form_token=token)


def test_a_received_message_says_by_when_it_is_answered_and_by_whom(client, message):
    page = page_of(client, message)
    assert "It has been received" in page
    assert f"You will have an answer by {deadline(message.due_at)}." in page
    assert "Mette Holm, your police officer, reads it and answers you." in page
    assert "Canary words" in page


def test_its_steps_stand_in_the_order_of_time_with_what_was_said(client, message, quarter):
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(
        read_at=now + datetime.timedelta(minutes=1), answered_at=now + datetime.timedelta(minutes=3)
    )
    ExchangeFactory(message=message, text="Said later", at=now + datetime.timedelta(minutes=2))
    ExchangeFactory(
        message=message, text="The answer", by=quarter.mette.user, at=now + datetime.timedelta(minutes=3)
    )
    page = page_of(client, message).partition("What has happened")[2]
    parts = [
        "Received",
        "Read by an officer",
        "You added something",
        "Said later",
        "Mette Holm answered",
        "The answer",
    ]
    assert sorted(parts, key=page.index) == parts
    assert "It has been answered" in page_of(client, message)


def test_what_officers_say_among_themselves_is_not_shown(client, message, quarter):
    by = quarter.mette.user
    ExchangeFactory(message=message, kind=Exchange.Kind.NOTE, text="Sentinel note", by=by)
    ExchangeFactory(message=message, kind=Exchange.Kind.CALL, text="Sentinel of the call", by=by)
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.ASSIGNED, by=by, to=by)
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.WARNED)
    page = page_of(client, message)
    assert "Mette Holm called you" in page
    assert "Sentinel" not in page
    assert "secret.login" not in page


def test_a_message_passed_on_bounced_and_opened_again_says_so(client, message):
    for kind in (MessageEvent.Kind.MOVED, MessageEvent.Kind.BOUNCED, MessageEvent.Kind.REOPENED):
        MessageEvent.objects.create(message=message, kind=kind)
    page = page_of(client, message)
    assert "Passed on to the officer of another sector" in page
    assert "You find the answer here." in page
    assert "Opened again" in page


def test_a_closed_message_gives_its_result_and_until_when_it_is_kept(client, message):
    day = datetime.date(2028, 3, 1)
    Message.objects.filter(pk=message.pk).update(
        read_at=timezone.now(), closed_at=timezone.now(), result="settled", erase_on=day
    )
    page = page_of(client, message)
    assert "The matter is closed" in page
    assert "Result: Settled. What you wrote is kept until 1 March 2028, then erased." in page


def test_nobody_is_called_a_spammer_to_their_face(client, message):
    Message.objects.filter(pk=message.pk).update(
        closed_at=timezone.now(), result="spam", erase_on=timezone.localdate()
    )
    page = page_of(client, message)
    assert "The matter is closed" in page
    assert "abuse" not in page
    assert "<textarea" not in page


def test_an_overdue_answer_is_owned_up_to_with_a_telephone(client, message):
    with time_machine.travel(message.due_at + datetime.timedelta(minutes=1)):
        page = page_of(client, message)
    assert "We are sorry." in page
    assert 'href="tel:+4511111111"' in page


def test_the_page_is_kept_and_passed_on_by_nobody(client, message):
    for url in (url_of(message), f"{url_of(message)}withdraw/", "/messages/wrong/"):
        response = client.get(url)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert 'rel="canonical"' not in response.content.decode()


def test_not_even_a_refusal_passes_the_address_on(client, message):
    for response in (
        client.post(url_of(message), "{}", content_type="application/json"),
        client.post(url_of(message), "x" * 600_000, content_type="application/x-www-form-urlencoded"),
    ):
        assert response.status_code in (413, 415)
        assert response["Referrer-Policy"] == "no-referrer"


def test_nothing_personal_is_in_the_title(client, message):
    title = client.get(url_of(message)).content.decode().partition("<title>")[2].partition("</title>")[0]
    assert " ".join(title.split()) == "Your message – Your Police Officer"


def test_a_citizens_look_is_no_read_of_staff(client, message):
    client.get(url_of(message))
    assert not ReadEntry.objects.exists()
    assert Message.objects.get().read_at is None


def test_the_page_takes_three_queries(client, message, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    for number in range(5):
        ExchangeFactory(message=message, text=f"Word {number}")
    client.get(url_of(message))
    with django_assert_num_queries(3):  # the message, its events, what was said
        client.get(url_of(message))


@pytest.mark.parametrize("token", ["wrong", "a" * 52, "ø", "%00", "a" * 5000])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_a_wrong_link_says_what_to_do(client, token, method):
    for tail in ("", "withdraw/"):
        url = f"/messages/{token}/{tail}"
        response = client.get(url) if method == "get" else post(client, url, text="Kept")
        assert response.status_code == 404
        assert "Perhaps a part of the link is missing." in response.content.decode()


def test_a_word_is_added_and_shown(client, message):
    response = say(client, message, "One thing more")
    assert response.status_code == 303
    assert response["Location"] == url_of(message)
    assert "One thing more" in page_of(client, message)


def test_a_word_sent_twice_is_added_once(client, message):
    page = client.get(url_of(message)).content.decode()
    token = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    for _ in range(2):
        assert say(client, message, "Once", token).status_code == 303
    assert message.exchanges.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Write something first."), ("x" * 4001, "4000 characters at most")]
)
def test_an_unfit_word_comes_back(client, message, text, sentence):
    response = say(client, message, text)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert text in response.content.decode()


def test_a_word_by_a_form_of_another_message_comes_back_with_a_form_of_its_own(client, message, quarter):
    other = MessageFactory(sector=quarter.west)
    page = client.get(url_of(other)).content.decode()
    foreign = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    response = say(client, message, "Canary", foreign)
    assert response.status_code == 422
    assert "Nothing is lost: press Send once more." in response.content.decode()
    assert not Exchange.objects.exists()


def test_many_words_in_a_short_time_are_kept_on_the_page(client, message):
    with time_machine.travel(timezone.now().replace(minute=10) + datetime.timedelta(hours=2), tick=False):
        for number in range(message_status.MOST_WORDS_AN_HOUR):
            assert say(client, message, f"Word {number}").status_code == 303
        response = say(client, message, "One too many")
    assert response.status_code == 429
    assert "One too many" in response.content.decode()
    assert message.exchanges.count() == message_status.MOST_WORDS_AN_HOUR


def test_a_word_to_what_was_taken_back_meanwhile_is_kept_on_the_page(client, message):
    page = client.get(url_of(message)).content.decode()
    token = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    post(client, f"{url_of(message)}withdraw/")
    response = say(client, message, "Too late", token)
    assert response.status_code == 409
    assert "could not be added" in response.content.decode()


def test_taking_back_says_first_what_it_means(client, message):
    unread = client.get(f"{url_of(message)}withdraw/").content.decode()
    assert "erased at once" in unread
    Message.objects.filter(pk=message.pk).update(read_at=timezone.now())
    read = client.get(f"{url_of(message)}withdraw/").content.decode()
    assert "erased after 30 days" in read
    assert Message.objects.get().withdrawn_at is None


def test_taken_back_unread_nothing_of_it_is_left_on_the_page(client, message):
    add(message, "Canary too", form_token=uuid4())
    response = post(client, f"{url_of(message)}withdraw/")
    assert (response.status_code, response["Location"]) == (303, url_of(message))
    page = page_of(client, message)
    assert "You have taken it back" in page
    assert "What you wrote has been erased. Nobody can read it any more." in page
    assert "Canary" not in page


def test_taken_back_after_reading_it_says_when_it_is_erased(client, message):
    Message.objects.filter(pk=message.pk).update(read_at=timezone.now())
    post(client, f"{url_of(message)}withdraw/")
    day = timezone.localdate() + datetime.timedelta(days=30)
    assert f"What you wrote is erased on {day.day} {day:%B %Y}." in page_of(client, message)


def test_taking_back_twice_is_no_error(client, message):
    for _ in range(2):
        assert post(client, f"{url_of(message)}withdraw/").status_code == 303
    assert client.get(f"{url_of(message)}withdraw/").status_code == 303


def test_a_message_of_a_sector_that_is_no_more_is_still_there(client, quarter):
    message = MessageFactory(sector=SectorFactory(district=quarter.north))
    assert "It has been received" in page_of(client, message)


def test_a_process_that_has_just_begun_keeps_what_was_written_while_the_database_is_away(client, message):
    def fail(*args):
        raise OperationalError("connection refused")

    Snapshot.forget_all()
    with connection.execute_wrapper(fail):
        shown = client.get(url_of(message))
        response = say(client, message, "Kept words", "any")
    assert shown.status_code == response.status_code == 503
    assert "Kept words" in response.content.decode()


def test_a_word_that_the_database_refuses_is_kept_and_stands_in_no_log(client, message, log_lines):
    page = client.get(url_of(message)).content.decode()
    token = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE contacts_exchange ADD CONSTRAINT none_kept CHECK (text NOT LIKE 'Kept%%')"
        )
    response = say(client, message, "Kept words", token)
    assert response.status_code == 503
    assert "Kept words" in response.content.decode()
    assert "none_kept" in log_lines()
    assert "Kept words" not in log_lines()


def test_while_the_database_is_away_what_was_written_is_kept(client, message):
    def fail(*args):
        raise OperationalError("connection refused")

    page = client.get(url_of(message)).content.decode()
    token = html.unescape(re.search(r'name="form_token" value="([^"]+)"', page)[1])
    with connection.execute_wrapper(fail):
        shown = client.get(url_of(message))
        response = say(client, message, "Kept words", token)
    assert shown.status_code == response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Kept words" in response.content.decode()
    assert token in html.unescape(response.content.decode())
