"""The page for one's telephone: a number counts once its owner has typed the code that came to it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification, TextNumber
from notifications.text_numbers import code_of
from tests.factories import UserFactory

PAGE = "/account/text-messages/"
PHONE = "22 34 56 78"


@pytest.fixture(autouse=True)
def _gateway(settings):
    settings.SMS_GATEWAY_URL = "https://gateway.example/messages"


@pytest.fixture
def user(db, client):
    account = UserFactory()
    client.force_login(account)
    return account


def ask(client, phone: str = PHONE):
    return client.post(PAGE, {"act": "ask", "phone": phone})


def confirm(client, code: str):
    return client.post(PAGE, {"act": "confirm", "code": code})


def right_code(user) -> str:
    return code_of(TextNumber.objects.get(user=user), timezone.now())


def test_number_is_confirmed_by_the_code_and_switched_off_again(client, user):
    assert ask(client).status_code == 302
    assert Notification.objects.get(channel="sms").event == "notifications.text_code"
    assert "A code is on its way to <strong>+4522345678</strong>" in client.get(PAGE).content.decode()
    assert confirm(client, right_code(user)).status_code == 302
    assert TextNumber.objects.get(user=user).confirmed_at is not None
    assert "Texts go to <strong>+4522345678</strong>" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"act": "off"}).status_code == 302
    assert not TextNumber.objects.exists()


def test_another_number_counts_only_once_it_is_confirmed_too(client, user):
    ask(client)
    confirm(client, right_code(user))
    ask(client, "+46 70 123 45 67")
    number = TextNumber.objects.get(user=user)
    assert (number.phone, number.confirmed_at) == ("+46701234567", None)


def test_what_is_no_number_is_kept_and_explained(client, user):
    answer = ask(client, "my phone")
    assert answer.status_code == 422
    assert 'value="my phone"' in answer.content.decode()
    assert "Write eight digits" in answer.content.decode()
    assert not TextNumber.objects.exists()


def test_wrong_codes_are_counted_and_end(client, user):
    ask(client)
    wrong = "000000" if right_code(user) != "000000" else "000001"
    assert confirm(client, "12").status_code == 422
    for _ in range(5):
        assert "That is not the code" in confirm(client, wrong).content.decode()
    answer = confirm(client, right_code(user))
    assert answer.status_code == 429
    assert "Wait ten minutes" in answer.content.decode()
    assert TextNumber.objects.get(user=user).confirmed_at is None


def test_codes_asked_for_are_counted_and_end(client, user):
    for _ in range(5):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert "Wait an hour" in answer.content.decode()
    # Each one takes back the one before.
    assert Notification.objects.count() == 1


def test_site_without_gateway_has_no_such_page(client, user, settings):
    assert PAGE in client.get(reverse("account_home")).content.decode()
    settings.SMS_GATEWAY_URL = ""
    assert "This site sends no text messages" in client.get(PAGE).content.decode()
    assert ask(client).status_code == 422
    assert not TextNumber.objects.exists()
    assert PAGE not in client.get(reverse("account_home")).content.decode()


def test_ones_number_is_nobody_elses(client, user):
    other = UserFactory()
    TextNumber.objects.create(user=other, phone="+4511223344", confirmed_at=timezone.now())
    assert "+4511223344" not in client.get(PAGE).content.decode()
    client.post(PAGE, {"act": "off"})
    assert TextNumber.objects.filter(user=other).exists()


def test_nobody_without_a_login_gets_there(client, db):
    assert client.get(PAGE).status_code == 302
