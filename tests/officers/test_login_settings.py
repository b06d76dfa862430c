"""What the environment says about logging in."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "officer.police.example",
    "SITE_URL": "https://officer.police.example",
    "EMAIL_URL": "smtp://mail.police.example",
    "DEFAULT_FROM_EMAIL": "no-reply@police.example",
}
SIGN_ON = {
    "OIDC_NAME": "Police ID",
    "OIDC_ISSUER": "https://id.police.example/",
    "OIDC_CLIENT_ID": "officer",
    "OIDC_CLIENT_SECRET": "secret",
}


def told(expression: str, **environment: str) -> str:
    """Return what the production settings say of the expression, or the last line of why they refuse to."""
    run = subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; print({expression})"],
        env=os.environ | PRODUCTION | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return (run.stdout or run.stderr).strip().rpartition("\n")[2]


@pytest.mark.parametrize(("said", "is_required"), [({}, "True"), ({"SECOND_FACTOR_REQUIRED": ""}, "True")])
def test_staff_must_have_a_second_factor_in_production(said, is_required):
    assert told("settings.SECOND_FACTOR_REQUIRED", **said) == is_required


def test_a_station_may_do_without_it_if_it_says_so():
    assert told("settings.SECOND_FACTOR_REQUIRED", SECOND_FACTOR_REQUIRED="false") == "False"


def test_the_cookies_are_for_https_and_no_scripts():
    cookies = (
        "[settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SECURE]"
    )
    assert told(cookies) == "[True, True, True]"


def test_without_a_sign_on_there_is_none():
    assert told("settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']") == "[]"


def test_a_sign_on_is_set_by_the_environment_alone():
    app = "settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]"
    assert told(f"{app}['settings']['server_url']", **SIGN_ON) == "https://id.police.example"


def test_a_sign_on_that_is_set_by_half_is_refused():
    said = told("settings.DEBUG", **(SIGN_ON | {"OIDC_CLIENT_SECRET": ""}))
    assert "A sign-on is set by half: OIDC_CLIENT_SECRET must be set as well." in said
