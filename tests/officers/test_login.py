import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from notifications.delivery import deliver_due
from notifications.models import Notification
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    OfficerFactory,
    StationFactory,
    UserFactory,
    administrator,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SWITCHED_OFF = "This account is switched off. Ask your administrator."


def log_in(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **more})


def test_whoever_may_enter_the_admin_is_led_there(client):
    assert log_in(client, administrator()).url == reverse("admin:index")


def test_a_head_is_led_to_the_overview(client):
    assert log_in(client, head_of(StationFactory())).url == reverse("overview:home")
    client.logout()
    assert log_in(client, head_of_district(DistrictFactory())).url == reverse("overview:home")


def test_a_head_who_works_in_a_sector_is_led_to_the_log(client):
    head = head_of(StationFactory())
    AssignmentFactory(officer=OfficerFactory(user=head))
    assert log_in(client, head).url == reverse("sectorlog:log_home")


def test_an_officer_is_led_to_the_log(client):
    answer = log_in(client, UserFactory())
    assert answer.url == reverse("sectorlog:log_home")
    assert client.get(answer.url).status_code == 200


def test_the_login_leads_on_to_the_page_that_was_asked_for(client):
    answer = client.get("/admin/officers/user/?q=a")
    assert answer.url == "/account/login/?next=/admin/officers/user/%3Fq%3Da"
    assert (
        log_in(client, administrator(), next="/admin/officers/user/?q=a").url == "/admin/officers/user/?q=a"
    )


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_login_leads_to_no_other_site(client, address):
    assert "elsewhere" not in log_in(client, UserFactory(), next=address).url


def test_an_address_is_the_same_however_it_is_written(client):
    user = UserFactory(email="head@police.example")
    answer = client.post(reverse("account_login"), {"login": " Head@Police.EXAMPLE ", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_account_that_is_switched_off_is_told_so_once_its_password_is_right(client):
    user = UserFactory(is_active=False)
    assert SWITCHED_OFF in client.get(log_in(client, user).url).content.decode()
    assert "_auth_user_id" not in client.session
    assert SWITCHED_OFF not in log_in(client, user, "a guess").content.decode()


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client):
    known = log_in(client, UserFactory(), "a guess").content.decode()
    unknown = log_in(client, UserFactory.build(), "a guess").content.decode()
    sentence = "This e-mail address and this password do not belong together"
    assert sentence in known
    assert sentence in unknown


def test_the_session_gets_a_new_key_at_the_login(client):
    session = client.session
    session["before"] = "anonymous"
    session.save()
    log_in(client, UserFactory())
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_the_admin_sends_to_the_one_login_and_logs_out_by_the_one_log_out(client):
    assert client.get("/admin/login/?next=/admin/officers/").url == "/account/login/?next=/admin/officers/"
    assert client.get("/admin/login/?next=https://elsewhere.example/").url == "/account/login/?next=/admin/"
    client.force_login(administrator())
    assert client.get("/admin/password_change/").url == reverse("account_change_password")
    assert client.post("/admin/logout/").url == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_an_account_without_business_in_the_admin_is_told_instead_of_sent_in_a_circle(client):
    client.force_login(UserFactory())
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "Your account has no right to it" in answer.content.decode()


def test_logging_out_is_no_matter_of_following_a_link(client):
    client.force_login(UserFactory())
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def change_password(client, old, new):
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), data)


def test_a_changed_password_ends_the_other_sessions_and_is_told_by_mail(client):
    user = UserFactory()
    elsewhere = type(client)()
    log_in(elsewhere, user)
    log_in(client, user)
    assert change_password(client, PASSWORD, "a quiet evening at home").status_code == 302
    assert client.get(reverse("account_home")).status_code == 200
    assert elsewhere.get(reverse("account_home")).status_code == 302
    deliver_due()
    assert "The password was changed." in mail.outbox[0].body


def test_a_password_that_the_validators_refuse_changes_nothing(client):
    user = UserFactory()
    log_in(client, user)
    assert change_password(client, PASSWORD, "12345").status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def ask_for_reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def reset_address(body: str) -> str:
    return next(word for word in body.split() if "/password/reset/key/" in word)


def test_a_forgotten_password_is_replaced_by_the_mails_link_which_no_row_keeps(client):
    user = UserFactory()
    assert ask_for_reset(client, user.email).url == reverse("account_reset_password_done")
    deliver_due()
    address = reset_address(mail.outbox[0].body)
    key = address.rstrip("/").rpartition("/")[2]
    assert key not in str(Notification.objects.values())
    form = client.get(address.removeprefix("http://localhost:8000"), follow=True)
    new = {"password1": "a quiet evening at home", "password2": "a quiet evening at home"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("a quiet evening at home")
    again = client.get(address.removeprefix("http://localhost:8000"), follow=True)
    assert "password1" not in again.content.decode()


@pytest.mark.parametrize(
    "user",
    [
        UserFactory.build,
        lambda: UserFactory(is_active=False),
        lambda: UserFactory(password=None),
    ],
    ids=["unknown", "switched off", "without a password"],
)
def test_asking_for_a_password_says_nothing_about_who_has_an_account(client, user):
    answer = ask_for_reset(client, user().email)
    assert answer.url == reverse("account_reset_password_done")
    assert not Notification.objects.exists()


def test_the_pages_of_the_login_speak_danish(client):
    assert client.get("/da/account/login/").headers["Content-Language"] == "da"
