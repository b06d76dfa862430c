"""Which accounts' e-mail addresses take no mail, as the mail server says at once or a report says later.

A citizen's address is never kept here: whoever wrote the answer is told instead (`contacts.messages.mail.bouncing`).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from notifications.models import Notification, UndeliverableAddress


def note(notification: Notification, instant: datetime.datetime) -> None:
    """Keep that the account's address does not take mails, since the first that it did not take."""
    if notification.recipient is not None:
        row = UndeliverableAddress(address=notification.to_address.lower(), since=instant)
        UndeliverableAddress.objects.bulk_create([row], ignore_conflicts=True)


def note_returned(mail_ids: Iterable[str], instant: datetime.datetime) -> bool:
    """Keep the address of the account whose mail came back, by this site's Message-IDs; say whether there is one."""
    keys = [UUID(mail_id[1:].partition("@")[0]) for mail_id in mail_ids]
    mails = Notification.objects.filter(channel=Notification.Channel.EMAIL).exclude(recipient=None)
    notification = mails.filter(uuid__in=keys).select_related("recipient").first()
    if notification is None:
        return False
    note(notification, instant)
    return True


def forget(notification: Notification) -> None:
    """The account's address took a mail."""
    if notification.recipient is not None and notification.channel == Notification.Channel.EMAIL:
        UndeliverableAddress.objects.filter(address=notification.to_address.lower()).delete()


def forget_unused() -> None:
    """Delete the addresses that no account has any more."""
    owners = get_user_model()._default_manager.filter(email__iexact=OuterRef("address"))
    UndeliverableAddress.objects.filter(~Exists(owners)).delete()


def undeliverable(addresses: Collection[str]) -> set[str]:
    """Return those of the addresses, in small letters, that take no mail. One query."""
    wanted = {address.lower() for address in addresses}
    return set(UndeliverableAddress.objects.filter(address__in=wanted).values_list("address", flat=True))
