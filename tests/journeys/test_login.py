"""Logging in as people do: with a password, an authenticator app, a passkey, a recovery code, by an invitation."""

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import override_settings

from notifications.delivery import deliver_due
from officers.invitations import invite
from officers.models import User
from tests.factories import StationFactory, UserFactory, head_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"


@pytest.fixture
def head(site) -> User:
    user = head_of(StationFactory())
    user.name = "Nanna Nielsen"
    user.save()
    return user


def code_for(secret: str) -> str:
    """Return what the app shows; the site forgets that it has seen it, so that nobody waits for the next one."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def type_password(page, user, *, prefix=""):
    page.goto(f"{prefix}/account/login/?next={prefix}/admin/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()


def arrive(page, path):
    """Wait until the page is at the path: the login's own address ends in it as well."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def log_out(page):
    page.goto("/account/logout/")
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/account/login/")


def set_up_app(page) -> str:
    """Set up an authenticator app; returns its key."""
    page.get_by_role("link", name="Set up the app").click()
    secret = page.get_by_label("The key, for an app without a camera").input_value()
    page.locator("[name=code]").fill(code_for(secret))
    page.get_by_role("button", name="Switch on").click()
    page.wait_for_url("**/recovery-codes/")
    return secret


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_where_a_second_factor_is_required_it_is_set_up_and_asked_for(page, head, check_axe):
    type_password(page, head)
    page.wait_for_url("**/account/second-factor/")
    assert page.get_by_text("Set up a second factor first").is_visible()
    check_axe(page)
    page.get_by_role("link", name="Set up the app").click()
    check_axe(page)
    page.go_back()
    secret = set_up_app(page)
    check_axe(page)
    codes = page.locator("#recovery_codes").input_value().split()
    page.goto("/admin/")
    assert page.get_by_role("heading", name="Station administration").is_visible()
    log_out(page)

    type_password(page, head)
    page.wait_for_url("**/authenticate/")
    check_axe(page)
    page.locator("[name=code]").fill("12")
    page.locator("main form [type=submit]").first.click()
    assert page.get_by_text("Incorrect code").is_visible()
    check_axe(page)
    page.locator("[name=code]").fill(code_for(secret))
    page.locator("main form [type=submit]").first.click()
    arrive(page, "/admin/")
    log_out(page)

    type_password(page, head)
    page.locator("[name=code]").fill(codes[0])
    page.locator("main form [type=submit]").first.click()
    arrive(page, "/admin/")
    page.goto("/account/second-factor/")
    assert page.get_by_text("9 codes are unused").is_visible()
    check_axe(page)


def virtual_key(page):
    """Plug a security key into the browser, whose owner is there and known to it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_a_passkey_is_added_and_logs_in_without_a_password(page, head, check_axe):
    virtual_key(page)
    type_password(page, head)
    page.get_by_role("link", name="Add a key").click()
    check_axe(page)
    page.get_by_label("Name").fill("My telephone")
    page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/second-factor/webauthn/")
    assert page.get_by_text("passkey: logs in without a password").is_visible()
    check_axe(page)
    log_out(page)

    page.goto("/account/login/?next=/admin/officers/")
    page.get_by_role("button", name="Log in with a passkey").click()
    arrive(page, "/admin/officers/")
    log_out(page)

    type_password(page, head)
    page.wait_for_url("**/authenticate/")
    page.get_by_role("button", name="Use a passkey or security key").click()
    arrive(page, "/admin/")


def test_a_passkey_that_is_refused_is_told_of(page):
    page.goto("/account/login/")
    assert not page.locator("[data-passkey-error]").is_visible()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.locator("[data-passkey-error]").wait_for(state="visible")


@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("da", "/da")])
def test_an_invitation_leads_from_the_mail_to_the_work(
    phone_page, head, check_axe, complaints, language, prefix
):
    head.set_unusable_password()
    head.language = language
    head.save()
    invite(head, UserFactory(name="Head Hansen"))
    deliver_due()
    path = re.search(r"http://localhost:8000(\S+)", mail.outbox[-1].body)[1]
    assert path.startswith(f"{prefix}/account/invitation/")
    phone_page.goto(path)
    assert phone_page.get_by_role("heading", name="Nanna Nielsen").is_visible()
    check_axe(phone_page)
    phone_page.locator("[name=new_password1]").fill("a quiet evening")
    phone_page.locator("[name=new_password2]").fill("a quiet morning")
    phone_page.locator("main form [type=submit]").click()
    check_axe(phone_page)
    for field in ("new_password1", "new_password2"):
        phone_page.locator(f"[name={field}]").fill("a quiet evening at home")
    phone_page.locator("main form [type=submit]").click()
    phone_page.wait_for_url(f"**{prefix}/account/second-factor/")
    check_axe(phone_page)
    phone_page.goto(f"{prefix}/admin/")
    arrive(phone_page, f"{prefix}/admin/")
    complaints.expect("410")
    phone_page.goto(path)
    check_axe(phone_page)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_each_page_of_the_account_is_for_everybody(open_page, head, check_axe, complaints, prefix):
    complaints.expect("410")
    for width in (320, 1280):
        page = open_page(viewport={"width": width, "height": 800})
        for path in (
            "login/",
            "password/reset/",
            "password/reset/sent/",
            "inactive/",
            "password/reset/key/1-x/",
        ):
            page.goto(f"{prefix}/account/{path}")
            check_axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} at {width}"
        type_password(page, head, prefix=prefix)
        arrive(page, f"{prefix}/admin/")
        for path in ("", "password/change/", "second-factor/", "sessions/", "logout/", "reauthenticate/"):
            page.goto(f"{prefix}/account/{path}")
            check_axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} at {width}"


def test_it_all_works_without_scripts(open_page, head):
    page = open_page(java_script_enabled=False)
    type_password(page, head)
    arrive(page, "/admin/")
    assert Authenticator.objects.count() == 0
    page.goto("/account/second-factor/")
    set_up_app(page)
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_the_keyboard_alone_logs_in(page, head):
    page.goto("/account/login/?next=/admin/")
    page.locator("[name=login]").focus()
    page.keyboard.type(head.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    arrive(page, "/admin/")
