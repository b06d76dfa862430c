"""When an administrator changes an account's address: whoever reads the new one shall not get into the account by it.

The change ends the sessions and is told to the old address and to the heads. For a day no link goes to the new
address and no sign-on is let in by it, so that who is told has time to switch the account off.
"""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils import timezone

from audit.models import Change
from notifications.sending import notify, withdraw
from officers.models import Leadership, StaffRole, User
from officers.standing import NOBODY, entered_for

RESTS_FOR = datetime.timedelta(hours=24)


def is_set_up(user: User) -> bool:
    """Tell whether the account's owner has a way to log in."""
    return (
        user.has_usable_password()
        or Authenticator.objects.filter(user=user).exists()
        or SocialAccount.objects.filter(user=user).exists()
    )


def is_resting(user: User) -> bool:
    """Tell whether the address was changed within the last day, of an account that is in use or has any rights.

    The log of changes knows when: no administrator writes in it.
    """
    since = timezone.now() - RESTS_FOR
    changes = Change.objects.about(User._meta.label_lower, str(user.pk))
    changed = changes.filter(at__gte=since, operation=Change.Operation.UPDATE, after__has_key="email")
    return changed.exists() and (is_set_up(user) or entered_for(user) != NOBODY)


def end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def tell_overseers(user: User, *, old: str, by: User) -> None:
    """Write to the heads of the account's stations, or else to the other administrators. Within a transaction.

    A mail that was asked for at the old address and not sent yet is taken back: it would go to the new one.
    """
    withdraw("officers.password_reset", account=user.pk)
    context = {"account": str(user)[:200], "old": old[:200], "new": user.email[:200], "by": str(by)[:200]}
    for overseer in _overseers(user, by):
        notify("officers.address_changed", to_user=overseer, context=context | {"name": str(overseer)[:200]})


def _overseers(user: User, by: User) -> QuerySet[User]:
    now = timezone.now()
    others = User.objects.filter(is_active=True).exclude(pk__in=(user.pk, by.pk))
    stations = {*entered_for(user).home, getattr(getattr(user, "officer", None), "station_id", None)}
    led = Leadership.objects.active_at(now).filter(station__in=stations - {None}, district=None)
    heads = others.filter(pk__in=led.values("user"))
    administering = StaffRole.objects.active_at(now).filter(role=StaffRole.Role.ADMINISTRATOR)
    return heads if heads else others.filter(pk__in=administering.values("user"))
