"""The two questions about a closed message: once, and so that nobody can tell who answered."""

import datetime
import html
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import Error, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from audit.models import Change, ReadEntry
from contacts.messages.evaluating import NotToBeEvaluated, evaluate
from contacts.messages.receipts import token_of
from contacts.messages.withdrawing import withdraw
from contacts.models import Evaluation, Message
from tests.factories import MessageFactory
from tests.handbook.editing_desk import at_once

DAY = datetime.timedelta(days=1)


def closed(sector, result: str = "settled", **values) -> Message:
    message = MessageFactory(sector=sector, text="My bicycle", name="Ib")
    values = {"closed_at": timezone.now(), "result": result, "erase_on": timezone.localdate()} | values
    Message.objects.filter(pk=message.pk).update(**values)
    message.refresh_from_db()
    return message


@pytest.fixture
def message(quarter) -> Message:
    return closed(quarter.west)


def url_of(message: Message) -> str:
    return f"/messages/{token_of(message)}/"


def page_of(client, message: Message) -> str:
    return text_of(client.get(url_of(message)))


def text_of(response) -> str:
    return html.unescape(" ".join(response.content.decode().split()))


def token_on(page: str) -> str:
    """Return the form token of the questions, which stand first on the page."""
    form = page.partition('class="message-form evaluation"')[2]
    return re.search(r'name="form_token" value="([^"]+)"', form)[1]


def send(client, message: Message, token: str | None = None, **answers: str):
    if token is None:
        token = token_on(page_of(client, message))
    sent = urlencode(answers | {"form_token": token})
    return client.post(f"{url_of(message)}evaluate/", sent, "application/x-www-form-urlencoded")


def test_answers_are_kept_with_sector_and_month_and_thanked_for(client, message, quarter):
    response = send(client, message, got_help="yes", easy_to_reach="partly")
    assert (response.status_code, response["Location"]) == (303, url_of(message))
    kept = Evaluation.objects.get()
    assert (kept.sector, kept.got_help, kept.easy_to_reach) == (quarter.west, "yes", "partly")
    assert kept.month == timezone.localdate().replace(day=1)
    page = page_of(client, message)
    assert "Thank you for your answers" in page
    assert "Did you get help?" not in page


@pytest.mark.parametrize("question", ["got_help", "easy_to_reach"])
def test_one_question_may_be_left_out(client, message, question):
    assert send(client, message, **{question: "no"}).status_code == 303
    kept = Evaluation.objects.get()
    assert {kept.got_help, kept.easy_to_reach} == {"no", ""}


def test_nothing_answered_asks_for_one_of_the_two(client, message):
    response = send(client, message)
    assert response.status_code == 422
    assert "Answer one of the two questions." in text_of(response)
    assert "#id_got_help_0" in text_of(response)
    assert 'id="id_got_help_0"' in text_of(response)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("nonsense", ["maybe", "YES", "x" * 10_000, "\ufffd"])
def test_what_is_no_answer_is_refused_and_the_other_one_is_kept(client, message, nonsense):
    response = send(client, message, got_help=nonsense, easy_to_reach="no")
    assert response.status_code == 422
    assert "Choose one of the answers." in text_of(response)
    assert re.search(r'name="easy_to_reach" value="no"[^>]* checked', text_of(response))
    assert not Message.objects.get().was_evaluated


def test_a_second_time_is_thanked_for_and_changes_nothing(client, message):
    token = token_on(page_of(client, message))
    send(client, message, token, got_help="yes")
    response = send(client, message, token, got_help="no")
    assert response.status_code == 409
    assert "Thank you, you have answered already." in text_of(response)
    assert Evaluation.objects.get().got_help == "yes"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_counts(quarter):
    message = closed(quarter.west)
    token = token_on(page_of(Client(), message))
    found = at_once(*[lambda: send(Client(), message, token, got_help="yes").status_code] * 2)
    assert sorted(found) == [303, 409]
    assert Evaluation.objects.count() == 1


def test_an_old_page_comes_back_with_what_was_chosen_and_can_be_sent_at_once(client, message):
    token = token_on(page_of(client, message))
    with time_machine.travel(timezone.now() + 2 * DAY):
        response = send(client, message, token, got_help="partly")
        assert response.status_code == 422
        assert "Nothing is lost: press Send once more." in text_of(response)
        assert re.search(r'name="got_help" value="partly"[^>]* checked', text_of(response))
        assert send(client, message, token_on(text_of(response)), got_help="partly").status_code == 303
    assert Evaluation.objects.count() == 1


def test_a_form_of_another_message_is_not_taken(client, message, quarter):
    foreign = token_on(page_of(client, closed(quarter.west)))
    assert send(client, message, foreign, got_help="yes").status_code == 422
    assert not Evaluation.objects.exists()


NOT_ASKED = {
    "open": {"closed_at": None, "result": "", "erase_on": None},
    "spam": {"result": "spam"},
    "taken back": {"withdrawn_at": timezone.now()},
    "erased": {"erased_at": timezone.now(), "text": "", "place": "", "name": "", "email": "", "phone": ""},
}


@pytest.mark.parametrize("state", NOT_ASKED)
def test_who_is_not_asked_cannot_answer(client, quarter, message, state):
    token = token_on(page_of(client, message))
    Message.objects.filter(pk=message.pk).update(**NOT_ASKED[state])
    assert "Did you get help?" not in page_of(client, message)
    response = send(client, message, token, got_help="yes")
    assert response.status_code == 409
    assert "spam" not in text_of(response)
    message.refresh_from_db()
    assert not message.was_evaluated
    assert not Evaluation.objects.exists()


def test_a_message_that_was_opened_again_says_when_it_can_be_evaluated(client, message):
    token = token_on(page_of(client, message))
    Message.objects.filter(pk=message.pk).update(**NOT_ASKED["open"])
    assert "You can answer once it is closed." in text_of(send(client, message, token, got_help="yes"))


def test_a_message_that_was_taken_back_in_between_is_not_evaluated(message):
    withdraw(Message.objects.get(), timezone.now())
    with pytest.raises(NotToBeEvaluated):
        evaluate(message, got_help="yes", easy_to_reach="")
    assert not Evaluation.objects.exists()


def test_closed_again_after_it_was_evaluated_it_is_not_asked_for_once_more(client, message):
    send(client, message, got_help="yes")
    Message.objects.filter(pk=message.pk).update(**NOT_ASKED["open"])
    assert "Thank you for your answers" not in page_of(client, message)
    Message.objects.filter(pk=message.pk).update(closed_at=timezone.now(), result="settled")
    assert "Did you get help?" not in page_of(client, message)


def test_it_counts_in_the_month_of_the_answer_not_of_the_closing(quarter):
    message = closed(quarter.west)
    evaluate(
        message,
        got_help="no",
        easy_to_reach="",
        now=datetime.datetime(2031, 2, 28, 23, 30, tzinfo=datetime.UTC),
    )
    assert Evaluation.objects.get().month == datetime.date(2031, 3, 1), "in Copenhagen it is March already"


def test_either_both_are_written_or_neither(message):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE contacts_evaluation ADD CONSTRAINT none_kept CHECK (got_help <> 'no')")
    with pytest.raises(Error), transaction.atomic():
        evaluate(message, got_help="no", easy_to_reach="")
    assert not Message.objects.get().was_evaluated


def test_nothing_in_the_logs_says_what_was_answered(client, message, log_lines):
    """Nor when it was: the log of changes would have the instant, and the figures grow soon after it."""
    before = set(Change.objects.values_list("pk", flat=True))
    send(client, message, got_help="partly", easy_to_reach="no")
    kept = Evaluation.objects.get()
    assert not ReadEntry.objects.exists()
    changes = [str(row) for row in Change.objects.exclude(pk__in=before).values()]
    assert not changes
    told = " ".join([*changes, log_lines()])
    for secret in (
        token_of(message),
        "partly",
        "got_help",
        "easy_to_reach",
        str(kept.pk),
        "contacts.evaluation",
    ):
        assert secret not in told


def test_every_other_change_of_a_message_stands_in_the_log(message):
    later = message.erase_on + DAY
    Message.objects.filter(pk=message.pk).update(was_evaluated=True, erase_on=later)
    kinds = Change.objects.filter(table_name="contacts_message", key=str(message.pk)).order_by("pk")
    assert [one.operation for one in kinds] == ["I", "U", "U"]
    assert kinds[2].after["erase_on"] == later.isoformat()


def test_an_evaluation_has_no_column_that_leads_to_a_message_or_a_day(message):
    assert {column.name for column in Evaluation._meta.get_fields()} == {
        "id",
        "sector",
        "month",
        "got_help",
        "easy_to_reach",
    }


def test_an_evaluation_stays_as_it_was_given(message):
    evaluate(message, got_help="no", easy_to_reach="")
    with pytest.raises(Error), transaction.atomic():
        Evaluation.objects.update(got_help="yes")


def test_opened_as_an_address_it_leads_to_the_page(client, message):
    response = client.get(f"{url_of(message)}evaluate/")
    assert (response.status_code, response["Location"]) == (303, url_of(message))


@pytest.mark.django_db
def test_a_wrong_link_says_what_to_do(client):
    response = client.post("/messages/wrong/evaluate/", "", "application/x-www-form-urlencoded")
    assert response.status_code == 404
    assert "Perhaps a part of the link is missing." in response.content.decode()


def test_the_answer_is_kept_and_passed_on_by_nobody(client, message):
    for response in (send(client, message, got_help="yes"), send(client, message, "x", got_help="yes")):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


def test_while_the_database_is_away_the_answers_stay_on_the_page_to_be_sent_again(client, message):
    def fail(*args):
        raise OperationalError("connection refused")

    token = token_on(page_of(client, message))
    with connection.execute_wrapper(fail):
        response = send(client, message, token, got_help="yes", easy_to_reach="no")
    assert response.status_code == 503
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text_of(response)))
    assert fields == {"form_token": token, "got_help": "yes", "easy_to_reach": "no"}
    again = client.post(f"{url_of(message)}evaluate/", urlencode(fields), "application/x-www-form-urlencoded")
    assert again.status_code == 303
    assert Evaluation.objects.get().easy_to_reach == "no"
