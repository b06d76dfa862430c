"""Two presses of a button at one instant: one round, one answer."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from contacts.models import SurveyAnswer, SurveyRound
from tests.factories import SurveyRoundFactory, head_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def head(quarter):
    return head_of(quarter.station)


def sent_at_once(user, address, *sent):
    """Send each from a window of its own, at one instant; return the status of each answer."""
    start, found = threading.Barrier(len(sent)), []

    def press(client, typed):
        try:
            start.wait(10)
            found.append(client.post(address, typed).status_code)
        finally:
            connection.close()

    windows = []
    for typed in sent:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        windows.append(threading.Thread(target=press, args=(client, typed)))
    for window in windows:
        window.start()
    for window in windows:
        window.join(60)
    return found


def test_a_round_is_made_once(quarter, head):
    today = timezone.localdate()
    typed = {"name": "Spring", "opens_on": today, "closes_on": today}
    assert sent_at_once(head, "/station/surveys/new/", typed, typed) == [302, 302]
    assert SurveyRound.objects.count() == 1


def test_a_sheet_is_counted_once(quarter, head):
    survey = SurveyRoundFactory(station=quarter.station)
    address = f"/station/surveys/{survey.uuid}/sectors/{quarter.west.slug}/paper/"
    sheet = {"key": uuid.uuid4(), "has_met": "yes"}
    assert sent_at_once(head, address, sheet, sheet) == [302, 302]
    assert SurveyAnswer.objects.count() == 1


def test_of_two_names_typed_at_once_the_second_is_told(quarter, head):
    survey = SurveyRoundFactory(station=quarter.station)
    client = Client()
    client.force_login(head)
    address = f"/station/surveys/{survey.uuid}/change/"
    form = client.get(address).context["form"]
    typed = {"opens_on": survey.opens_on, "closes_on": survey.closes_on, "seen": form["seen"].value()}
    mine, yours = ({**typed, "name": name} for name in ("Mine", "Yours"))
    assert sorted(sent_at_once(head, address, mine, yours)) == [302, 409]
