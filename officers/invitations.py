"""Inviting the owner of an account to set a password, by a link that runs out.

The link's secret is derived from the invitation with SECRET_KEY whenever it is needed: for its digest, and when the
mail is made. So it stands neither in the outbox nor anywhere else in the database; only its digest does, by which an
invitation is found.
"""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction
from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.sending import notify
from officers.models import Invitation, User
from officers.readdressing import is_resting, is_set_up

VALID_FOR = datetime.timedelta(days=7)


class InvitationRefused(Exception):
    """What stands in the way of an invitation; its text is a sentence for whoever wanted to invite."""


class State(TextChoices):
    OPEN = "open", _("waiting to be accepted")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("run out")
    CLOSED = "closed", _("account switched off")


class InvitationOver(Exception):
    """The invitation is no longer open."""


@transaction.atomic
def invite(user: User, by: User | None) -> Invitation:
    """Invite the account's owner, by mail; an invitation that is still open is withdrawn. Returns the new one.

    Raises InvitationRefused for an account that is switched off or in use, and for one whose address was changed
    within a day: the link opens the account. Whether `by` may invite, the caller asks.
    """
    # Two who invite at once would leave two open links.
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise InvitationRefused(
            gettext("This account is switched off. Switch it on before you invite its owner.")
        )
    if is_set_up(user):
        raise InvitationRefused(
            gettext("This account is in use. Its owner asks for a new password on the login page.")
        )
    if is_resting(user):
        raise InvitationRefused(
            gettext("The e-mail address was changed. For 24 hours no link goes to the new one.")
        )
    withdraw_open(user)
    invitation = Invitation(user=user, invited_by=by, expires_at=timezone.now() + VALID_FOR)
    invitation.digest = _digest(secret_of(invitation))
    invitation.save()
    notify(
        "officers.invitation",
        to_user=user,
        context={
            "invitation": invitation.pk,
            "name": str(user),
            "by": str(by) if by else "",
            "expires_at": invitation.expires_at,
        },
    )
    return invitation


def withdraw_open(user: User) -> int:
    """Withdraw the account's open invitations; return how many. Their links say so from now on."""
    open_ones = user.invitations.filter(accepted_at=None, withdrawn_at=None)
    withdrawn = 0
    for invitation in open_ones:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        withdrawn += 1
    return withdrawn


def find(secret: str) -> Invitation | None:
    return Invitation.objects.select_related("user").filter(digest=_digest(secret)).first()


def state_of(invitation: Invitation) -> State:
    if invitation.accepted_at is not None:
        return State.ACCEPTED
    if invitation.withdrawn_at is not None:
        return State.WITHDRAWN
    if not invitation.user.is_active:
        return State.CLOSED
    return State.EXPIRED if invitation.expires_at <= timezone.now() else State.OPEN


@transaction.atomic
def accept(invitation: Invitation, password: str) -> User:
    """Set the account's password, once. Raises InvitationOver where somebody was quicker."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    )
    if state_of(invitation) != State.OPEN:
        raise InvitationOver
    user = invitation.user
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return user


def path_of(invitation: Invitation) -> str:
    """Return the address of the invitation's page, in the language in force."""
    return reverse("account_invitation", args=[secret_of(invitation)])


def secret_of(invitation: Invitation) -> str:
    """Return the secret of the link: 256 bits that only SECRET_KEY leads to."""
    expires_at = invitation.expires_at.astimezone(datetime.UTC).isoformat()
    what = f"{invitation.user_id}:{expires_at}"
    return urlsafe_base64_encode(salted_hmac("officers.invitations", what, algorithm="sha256").digest())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
