import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.cache import cache
from django.urls import reverse

from notifications.models import Notification
from officers.login.second_factor import StationMFAAdapter
from tests.factories import StationFactory, UserFactory, head_of

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
AUTHENTICATE = "/account/second-factor/authenticate/"


def code_for(secret: str) -> str:
    counter = int(time.time()) // 30
    return format_hotp_value(hotp_value(secret, counter))


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def user(secret):
    user = head_of(StationFactory())
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return user


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(client, user):
    assert log_in(client, user).url == AUTHENTICATE
    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_code_opens_it_once(client, user, secret):
    log_in(client, user)
    code = code_for(secret)
    assert client.post(AUTHENTICATE, {"code": code}).url == "/station/overview/"
    client.logout()
    log_in(client, user)
    assert "Incorrect code" in client.post(AUTHENTICATE, {"code": code}).content.decode()


def test_each_recovery_code_opens_it_once(client, user):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    log_in(client, user)
    assert client.post(AUTHENTICATE, {"code": code}).url == "/station/overview/"
    client.logout()
    log_in(client, user)
    assert client.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_secrets_are_kept_encrypted(user, secret):
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_for(secret))


def test_a_former_key_still_reads_and_a_lost_one_lets_nobody_in(settings, client, user, secret):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "a new key"
    assert StationMFAAdapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) != secret
    log_in(client, user)
    assert client.post(AUTHENTICATE, {"code": code_for(secret)}).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [former]
    assert client.post(AUTHENTICATE, {"code": code_for(secret)}).status_code == 302


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("path", ["/admin/", "/log/", "/account/", "/account/password/change/", "/da/admin/"])
def test_without_a_second_factor_there_is_nothing_but_setting_it_up(client, path):
    log_in(client, head_of(StationFactory()))
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.endswith("/account/second-factor/")
    page = client.get(answer.url)
    assert "notice-error" in page.content.decode()


@pytest.mark.usefixtures("required")
def test_changes_are_not_done_either(client):
    log_in(client, head_of(StationFactory()))
    answer = client.post("/admin/officers/user/1/invite/")
    assert answer.url == "/account/second-factor/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("required")
def test_once_it_is_set_up_the_work_is_open(client):
    user = head_of(StationFactory())
    log_in(client, user)
    page = client.get("/account/second-factor/totp/activate/")
    secret = page.context["form"].secret
    done = client.post("/account/second-factor/totp/activate/", {"code": code_for(secret)})
    assert done.url == "/account/second-factor/recovery-codes/"
    assert client.get("/admin/").status_code == 200
    assert Notification.objects.get().context["what"] == "totp_activated"


@pytest.mark.usefixtures("required")
def test_a_session_from_before_shows_the_factor_that_was_set_up_elsewhere(client, secret):
    user = head_of(StationFactory())
    log_in(client, user)
    TOTP.activate(user, secret)
    answer = client.get("/admin/")
    assert answer.url == "/account/second-factor/reauthenticate/?next=/admin/"
    assert client.post(answer.url, {"code": code_for(secret), "next": "/admin/"}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("required")
def test_who_removes_the_last_factor_sets_one_up_again(client, user, secret):
    log_in(client, user)
    client.post(AUTHENTICATE, {"code": code_for(secret)})
    assert client.get("/admin/").status_code == 200
    client.post("/account/second-factor/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").url == "/account/second-factor/"


def test_where_it_is_not_required_one_works_without(client):
    log_in(client, head_of(StationFactory()))
    assert client.get("/admin/").status_code == 200


def test_a_change_asks_for_the_password_again_unless_it_was_given_a_moment_ago(client, settings):
    log_in(client, UserFactory())
    assert client.get("/account/second-factor/totp/activate/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    answer = client.get("/account/second-factor/totp/activate/")
    assert answer.url.startswith("/account/reauthenticate/")


def test_codes_cannot_be_tried_out(client, user, secret):
    cache.clear()
    log_in(client, user)
    wrong = "000000" if code_for(secret) != "000000" else "000001"
    for _ in range(5):
        assert "Incorrect code" in client.post(AUTHENTICATE, {"code": wrong}).content.decode()
    page = client.post(AUTHENTICATE, {"code": code_for(secret)})
    assert "Wait for five minutes" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_password_asked_for_by_anybody_does_not_stand_in_the_way_of_a_second_factor(client):
    user = head_of(StationFactory())
    client.post(reverse("account_reset_password"), {"email": user.email})
    log_in(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(page.request["PATH_INFO"], {"code": code_for(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").exists()
