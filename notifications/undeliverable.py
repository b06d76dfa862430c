"""Which accounts' e-mail addresses take no mail, as the mail server says at once or a report says later.

A citizen's address is never kept here: whoever wrote the answer is told instead (`contacts.messages.mail.bouncing`).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

from notifications.models import Notification, UndeliverableAddress

# Some mail servers take every mail, and report later that it did not arrive: seldom later than this.
COMES_BACK_WITHIN = datetime.timedelta(days=1)


def note(notification: Notification, instant: datetime.datetime) -> None:
    """Keep that the account's address does not take mails, since the first that it did not take."""
    if notification.recipient is not None:
        UndeliverableAddress.objects.update_or_create(
            address=notification.to_address.lower(),
            defaults={"taken_at": None},
            create_defaults={"since": instant},
        )


def note_returned(mail_ids: Iterable[str], instant: datetime.datetime) -> bool:
    """Keep the address of the account whose mail came back, by this site's Message-IDs; say whether there is one."""
    keys = [UUID(mail_id[1:].partition("@")[0]) for mail_id in mail_ids]
    mails = Notification.objects.filter(channel=Notification.Channel.EMAIL).exclude(recipient=None)
    notification = mails.filter(uuid__in=keys).select_related("recipient").first()
    if notification is None:
        return False
    note(notification, instant)
    return True


def note_taken(notification: Notification, instant: datetime.datetime) -> None:
    """Keep that a mail was taken for the account's address, which may yet come back."""
    if notification.recipient is not None and notification.channel == Notification.Channel.EMAIL:
        UndeliverableAddress.objects.filter(address=notification.to_address.lower(), taken_at=None).update(
            taken_at=instant
        )


def forget_mended(now: datetime.datetime) -> None:
    """Delete the addresses that take mails again, and those that no account has any more."""
    owners = get_user_model()._default_manager.filter(email__iexact=OuterRef("address"))
    UndeliverableAddress.objects.filter(~Exists(owners) | Q(taken_at__lt=now - COMES_BACK_WITHIN)).delete()


def undeliverable(addresses: Collection[str]) -> set[str]:
    """Return those of the addresses, in small letters, that take no mail. One query."""
    wanted = {address.lower() for address in addresses}
    return set(UndeliverableAddress.objects.filter(address__in=wanted).values_list("address", flat=True))
