import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import Notification
from officers.invitations import (
    InvitationOver,
    InvitationRefused,
    State,
    accept,
    invite,
    path_of,
    state_of,
    withdraw_open,
)
from officers.models import Invitation, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet evening at home"
TWICE = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def user() -> User:
    return UserFactory(name="Jens Jensen", password=None)


def the_mails_path() -> str:
    deliver_due()
    address = next(word for word in mail.outbox[-1].body.split() if "/invitation/" in word)
    return address.removeprefix("http://localhost:8000")


def test_the_mails_link_shows_the_name_sets_the_password_and_logs_in(client, user):
    invite(user, UserFactory(name="Head Hansen"))
    path = the_mails_path()
    assert mail.outbox[0].to == [user.email]
    assert "Head Hansen has made an account for you" in mail.outbox[0].body
    page = client.get(path)
    assert "Welcome, Jens Jensen" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert client.post(path, TWICE).url == reverse("mfa_index")
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_dane_is_written_to_in_danish(user):
    user.language = "da"
    user.save()
    invite(user, None)
    assert the_mails_path().startswith("/da/account/invitation/")


def test_the_secret_stands_in_no_table(user):
    invitation = invite(user, None)
    secret = the_mails_path().rstrip("/").rpartition("/")[2]
    assert len(secret) == 43
    assert secret not in str(Notification.objects.values())
    assert secret not in str(Invitation.objects.values())
    assert path_of(Invitation.objects.get(pk=invitation.pk)) == f"/account/invitation/{secret}/"


def test_two_invitations_have_two_secrets_and_the_first_is_withdrawn(client, user):
    first = invite(user, None)
    second = invite(user, None)
    first.refresh_from_db()
    assert first.digest != second.digest
    assert state_of(first) == State.WITHDRAWN
    assert state_of(second) == State.OPEN
    page = client.get(path_of(first))
    assert page.status_code == 410
    assert "use the link in that one" in page.content.decode()


def test_a_link_is_good_once(client, user):
    invitation = invite(user, None)
    client.post(path_of(invitation), TWICE)
    client.logout()
    again = client.post(path_of(invitation), {"new_password1": "other words", "new_password2": "other words"})
    assert again.status_code == 410
    assert "accepted already" in again.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_of_two_who_accept_at_once_one_is_too_late(user):
    invitation = invite(user, None)
    accept(invitation, PASSWORD)
    with pytest.raises(InvitationOver):
        accept(invitation, "other words altogether")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_link_is_good_for_seven_days(client, user):
    invitation = invite(user, None)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7, minutes=-1)):
        assert client.get(path_of(invitation)).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7, minutes=1)):
        page = client.post(path_of(invitation), TWICE)
        assert page.status_code == 410
        assert "it was good for seven days" in page.content.decode()
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_withdrawn_invitation_sets_no_password(client, user):
    invitation = invite(user, None)
    assert withdraw_open(user) == 1
    assert client.post(path_of(invitation), TWICE).status_code == 410
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_an_account_that_is_switched_off_is_neither_invited_nor_let_in(client, user):
    invitation = invite(user, None)
    User.objects.update(is_active=False)
    page = client.post(path_of(invitation), TWICE)
    assert page.status_code == 410
    assert "switched off" in page.content.decode()
    with pytest.raises(InvitationRefused):
        invite(user, None)


@pytest.mark.parametrize("secret", ["x", "A" * 43, "A" * 5000, "%00", "æøå", "..%2f"])
def test_a_made_up_link_says_what_to_do(client, secret):
    page = client.get(f"/account/invitation/{secret}/")
    assert page.status_code == 404


def test_a_weak_password_is_refused_with_the_reason(client, user):
    path = path_of(invite(user, None))
    page = client.post(path, {"new_password1": "12345", "new_password2": "12345"})
    assert "too short" in page.content.decode()
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_trying_links_is_slowed_down(client):
    answers = [client.get(f"/account/invitation/guess-{number}/") for number in range(21)]
    assert [answer.status_code for answer in answers[:20]] == [404] * 20
    assert answers[20].status_code == 429
    assert "Wait for a minute" in answers[20].content.decode()
