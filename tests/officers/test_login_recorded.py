"""A password that is set by the link of a mail stands in the log of changes in its owner's name."""

import pytest
from django.core import mail
from django.urls import reverse

from audit.models import Change
from notifications.delivery import deliver_due
from officers.invitations import invite, path_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet evening at home"


def recorders(user):
    """Return in whose name the account's password was changed, the latest last."""
    changes = Change.objects.filter(subject="officers.user", key=str(user.pk), operation="U").order_by("id")
    return [(one.actor_id, one.actor) for one in changes if "password" in one.after]


def test_password_set_by_an_invitation_is_recorded_as_its_owners(client):
    user = UserFactory(password=None)
    invitation = invite(user, None)
    client.post(path_of(invitation), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert recorders(user) == [(user.pk, user.email)]
    accepted = Change.objects.filter(subject="officers.invitation", key=str(invitation.pk), operation="U")
    assert [(one.actor_id, one.actor) for one in accepted] == [(user.pk, user.email)]


def test_forgotten_password_that_is_replaced_is_recorded_as_its_owners(client):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    deliver_due()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    assert (
        client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}).status_code
        == 302
    )
    assert recorders(user) == [(user.pk, user.email)]
