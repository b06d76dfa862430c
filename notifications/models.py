"""The outbox: what is to be told to whom, committed together with its cause."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.context import ContextDecoder, ContextEncoder

# Longer than one mail takes in the worst case: each answer of the mail server is waited for EMAIL_TIMEOUT seconds.
LEASE = datetime.timedelta(minutes=3)
# How long to wait after the first, second … failure: 32 hours in all, so a mail server that is down for a day loses
# nothing; 12 at most, so what waited for it leaves not much later than it comes back.
PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 240, 360, 480, 720))
# How long a notification that was sent is kept, so that "was I told?" can be answered.
KEPT_FOR = datetime.timedelta(days=90)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def waiting(self) -> NotificationQuerySet:
        return self.filter(state=Notification.State.WAITING)

    def dead(self) -> NotificationQuerySet:
        return self.filter(state=Notification.State.DEAD)

    def due_at(self, instant: datetime.datetime) -> NotificationQuerySet:
        """Return what is to be sent at `instant` and is in no worker's hands, longest due first."""
        is_free = Q(lease_until=None) | Q(lease_until__lte=instant)
        return self.waiting().filter(is_free, next_attempt_at__lte=instant).order_by("next_attempt_at", "pk")

    def claim(self, now: datetime.datetime) -> Notification | None:
        """Take the notification that is longest due, for the time of a lease; None where nothing is due.

        Of several workers that ask at the same instant each gets another one. A worker that is killed leaves its
        notification to whoever comes after the lease.
        """
        with transaction.atomic():
            free = self.due_at(now).select_related("recipient")
            claimed = free.select_for_update(skip_locked=True, of=("self",)).first()
            if claimed is not None:
                claimed.lease_until = now + LEASE
                claimed.save(update_fields=["lease_until"])
        return claimed

    def send_again(self, now: datetime.datetime) -> int:
        """Put dead letters back, as if they had never been tried; return how many."""
        return self.dead().update(
            state=Notification.State.WAITING,
            attempts=0,
            next_attempt_at=now,
            lease_until=None,
            last_error="",
        )

    def forgettable(self, now: datetime.datetime) -> NotificationQuerySet:
        """Return those that were sent so long ago that nobody asks for them any more."""
        return self.filter(state=Notification.State.SENT, sent_at__lt=now - KEPT_FOR)


class Notification(models.Model):
    """One thing that one person is told, by e-mail or text message.

    Made by `notifications.sending.notify` in the transaction of its cause, claimed and sent by a worker
    (`notifications.delivery`) at least once, tried again with growing pauses, and dead when that came to nothing:
    an administrator sees it and can send it again. It holds names, numbers and dates; the text is made when it is
    sent and kept nowhere.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Not delivered")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("recipient"),
    )
    address = models.EmailField(_("address"), blank=True, help_text=_("For somebody who has no account."))
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("Empty: the language of the recipient's account."),
    )
    channel = models.CharField(_("by"), max_length=5, choices=Channel, default=Channel.EMAIL)
    event = models.CharField(_("event"), max_length=100)
    context = models.JSONField(_("names and dates"), encoder=ContextEncoder, decoder=ContextDecoder)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    lease_until = models.DateTimeField(_("in a worker's hands until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("error"), max_length=100, blank=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="notification_account_or_address",
                condition=Q(recipient=None) ^ Q(address=""),
                violation_error_message=_("Name either an account or an e-mail address."),
            ),
            models.CheckConstraint(
                name="notification_text_to_account",
                condition=Q(channel="email") | Q(channel="sms", recipient__isnull=False),
                violation_error_message=_("A text message goes to somebody who has an account."),
            ),
            models.CheckConstraint(
                name="notification_known_state",
                condition=Q(state__in=["waiting", "sent", "dead"]),
                violation_error_message=_("A notification is waiting, sent or not delivered."),
            ),
            models.CheckConstraint(
                name="notification_sent_has_instant",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                violation_error_message=_("Say when it was sent, for one that was sent and for no other."),
            ),
            models.CheckConstraint(
                name="notification_not_before_due",
                condition=Q(next_attempt_at__gte=F("due_at")),
                violation_error_message=_("A notification is not sent before it is due."),
            ),
        ]
        indexes = [
            # Small whatever has been sent: the sweeper looks here every minute.
            models.Index(
                fields=["next_attempt_at", "id"], name="notification_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["state", "-created_at"], name="notification_by_state"),
        ]

    def __str__(self) -> str:
        return self.event

    @property
    def message_id(self) -> str:
        """The same for every delivery of this row, so that a mailbox knows a duplicate."""
        return f"<{self.uuid}@{urlsplit(settings.SITE_URL).hostname}>"

    @property
    def to_address(self) -> str:
        return self.address or getattr(self.recipient, "email", "")

    @property
    def to_language(self) -> str:
        """The language asked for, else the account's, else the site's: always one that the site speaks."""
        wanted = self.language or getattr(self.recipient, "language", "")
        return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def is_for_closed_account(self) -> bool:
        return self.recipient is not None and not self.recipient.is_active

    def mark_sent(self, now: datetime.datetime) -> None:
        self._finish(state=self.State.SENT, sent_at=now, attempts=F("attempts") + 1, last_error="")

    def mark_dead(self, error: str) -> None:
        self._finish(state=self.State.DEAD, attempts=F("attempts") + 1, last_error=error[:100])

    def mark_failed(self, error: str, now: datetime.datetime) -> None:
        """Let it be tried again after a pause that grows with each failure; dead after the last one."""
        if self.attempts >= len(PAUSES):
            self.mark_dead(error)
            return
        again = now + PAUSES[self.attempts]
        self._finish(attempts=F("attempts") + 1, next_attempt_at=again, last_error=error[:100])

    def _finish(self, **changes: Any) -> None:
        """Write what became of the attempt, unless the lease ran out and another worker has it by now."""
        mine = Notification.objects.waiting().filter(pk=self.pk, lease_until=self.lease_until)
        mine.update(lease_until=None, **changes)


class UndeliverableAddress(models.Model):
    """An account's e-mail address that takes no mail: the mail server refuses it, or a mail came back from there.

    Kept until no account has it any more, or a mail that was taken for it has not come back within a day
    (`notifications.undeliverable`).
    """

    address = models.EmailField(_("address"), unique=True)
    since = models.DateTimeField(_("since"))
    taken_at = models.DateTimeField(_("a mail was taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("undeliverable address")
        verbose_name_plural = _("undeliverable addresses")
        constraints = [
            models.CheckConstraint(
                name="undeliverable_address_in_small_letters",
                condition=Q(address=Lower("address")),
                violation_error_message=_("Write the address in small letters."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class TextNumber(models.Model):
    """The telephone to which an account wants short text messages besides e-mails. It holds no content either.

    Used once its owner has typed the code that was sent to it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="text_number", verbose_name=_("account")
    )
    phone = models.CharField(_("telephone"), max_length=16)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("number for text messages")
        verbose_name_plural = _("numbers for text messages")
        constraints = [
            models.CheckConstraint(
                name="textnumber_is_international",
                condition=Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                violation_error_message=_("Write the number with its country: +45 12 34 56 78."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
