"""Addresses with a secret, for mails: made while the mail is, so that no row keeps them."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import template
from django.conf import settings
from django.urls import reverse

from officers.invitations import path_of
from officers.models import Invitation, User

register = template.Library()


@register.simple_tag
def invitation_address(invitation: int) -> str:
    """Return the address by which the invitation with this primary key is accepted."""
    return settings.SITE_URL + path_of(Invitation.objects.get(pk=invitation))


@register.simple_tag
def password_reset_address(account: int) -> str:
    """Return the address at which the owner of the account with this primary key sets a new password."""
    user = User.objects.get(pk=account)
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
