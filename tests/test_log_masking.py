"""Log files hold no secret of a link that sets a password."""

import io
import logging

import pytest
from django.test import Client
from django.urls import reverse

SECRET = "c2VjcmV0LW9mLWEtbGluaw"


@pytest.fixture
def written():
    """What goes to the process's output."""
    (handler,) = (one for one in logging.getLogger().handlers if one.name == "console")
    output = io.StringIO()
    before = handler.setStream(output)
    yield output.getvalue
    handler.setStream(before)


def test_only_the_masking_handler_writes_what_django_logs():
    assert logging.getLogger("django").handlers == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/da"])
def test_refused_link_of_an_invitation_is_told_of_without_its_secret(client, written, language):
    path = reverse("account_invitation", args=[SECRET])
    assert client.get(f"{language}{path}").status_code == 404
    assert "Not Found" in written()
    assert "/invitation/***" in written()
    assert SECRET not in written()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        reverse("account_invitation", args=[SECRET]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "5", "key": SECRET}),
    ],
)
def test_form_without_its_token_is_told_of_without_the_secret(written, path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert "***" in written()
    assert SECRET not in written()


def test_error_is_told_of_without_the_secret(written):
    try:
        raise ValueError(f"/account/invitation/{SECRET}/")
    except ValueError:
        logging.getLogger("any").exception("Broken at %s", f"/account/password/reset/key/5-{SECRET}/?x=1")
    assert "/password/reset/key/***/?x=1" in written()
    assert "ValueError: /account/invitation/***/" in written()
    assert SECRET not in written()
