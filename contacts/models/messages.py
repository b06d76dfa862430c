"""Messages that citizens leave for their officer (handbook, Sector responsible officers: leave a message)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

TEXT_LIMIT = 4000


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> MessageQuerySet:
        """Return those of one's present sectors, those overdue of the districts and all of the stations one heads.

        Who is attached, responsible or covering reads what their sectors get, as long as they are (design, 6).
        """
        instant = at or timezone.now()
        standing = user.standing_at(at)
        return self.filter(
            Q(sector__in=standing.sectors)
            | Q(sector__station__in=standing.stations)
            | Q(sector__district__in=standing.districts) & overdue_at(instant)
        )

    def open(self) -> MessageQuerySet:
        """Return what is neither closed nor withdrawn."""
        return self.filter(closed_at=None, withdrawn_at=None)

    def unanswered(self) -> MessageQuerySet:
        """Return what the 72-hour clock runs for: a sender who wants no answer waits until somebody has read it."""
        return self.filter(unanswered())

    def overdue_at(self, instant: datetime.datetime) -> MessageQuerySet:
        """Return what should have been answered by `instant` and was not."""
        return self.filter(overdue_at(instant))

    def held(self, **key: Any) -> Message:
        """Lock a message and return it with its sector, station and caretaker, as they are once the lock is held.

        The row alone is locked first. A query that locks and joins answers with the sector of before where another
        transaction moved the message meanwhile, or finds nothing. Raises Message.DoesNotExist.
        """
        bare = self.model._default_manager.filter(**key).order_by().select_for_update()
        related = ("sector__district", "sector__station", "assigned_to")
        return self.select_related(*related).get(pk__in=list(bare.values_list("pk", flat=True)))


def unanswered(prefix: str = "") -> Q:
    """Return the condition of what the 72-hour clock runs for; `prefix`: the way to the message, "messages__"."""
    is_open = {"answered_at": None, "closed_at": None, "withdrawn_at": None}
    wants_answer = ~Q(**{f"{prefix}answer_by": "none"}) | Q(**{f"{prefix}read_at": None})
    return Q(**{f"{prefix}{name}": value for name, value in is_open.items()}) & wants_answer


def overdue_at(instant: datetime.datetime, prefix: str = "") -> Q:
    """Return the condition of what should have been answered, or read where that is all, by `instant`."""
    return unanswered(prefix) & Q(**{f"{prefix}due_at__lte": instant})


class Message(models.Model):
    """What a citizen wrote to the officer of a sector, how to reach them, and how far the answer has come.

    Written once, with its notifications, in one transaction (`contacts.messages.receiving`); the same form token
    sent twice is the same message. It is not deleted and its words do not change; when nobody needs them any more,
    or the citizen takes them back, they are erased and the row stays: that something was received and what became
    of it. The database refuses anything else (triggers `message_stays`, `message_keeps_its_words`).
    """

    class AnswerBy(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by telephone")
        NONE = "none", _("no answer needed")

    class Result(models.TextChoices):
        SETTLED = "settled", _("Settled")
        PASSED_ON = "passed_on", _("Passed on to somebody else")
        NO_ACTION = "no_action", _("Nothing can be done")
        NOT_REACHED = "not_reached", _("The sender could not be reached")
        NOT_FOR_US = "not_for_us", _("Not a matter for the police")
        SPAM = "spam", _("Advertising or abuse")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_token = models.UUIDField(unique=True, editable=False)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="messages", verbose_name=_("sector"))
    text = models.TextField(_("message"), max_length=TEXT_LIMIT)
    place = models.CharField(_("where in the sector"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    answer_by = models.CharField(_("answer"), max_length=5, choices=AnswerBy, default=AnswerBy.EMAIL)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=5)
    seemed_urgent = models.BooleanField(
        _("seemed urgent"),
        default=False,
        help_text=_("Words in it sounded urgent; the sender was shown whom to call and said that it is not."),
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    # When the clock of working time stands at 48 and at 72 hours: contacts.messages.clock.
    warn_at = models.DateTimeField(_("warning"))
    due_at = models.DateTimeField(_("to be answered by"))
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("head told"), null=True, blank=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_messages",
        verbose_name=_("taken care of by"),
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=11, choices=Result, blank=True)
    # Once for each message; what was said is `Evaluation`, which does not know the message.
    was_evaluated = models.BooleanField(_("evaluated"), default=False, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    # When its words are erased, unless it is open still: set when it is closed or taken back.
    erase_on = models.DateField(_("to be erased on"), null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-received_at",)
        indexes = [
            models.Index(fields=("sector", "-received_at"), name="message_of_sector"),
            models.Index(
                fields=("due_at",),
                name="message_unanswered",
                condition=Q(answered_at=None, closed_at=None, withdrawn_at=None),
            ),
            models.Index(fields=("erase_on",), name="message_to_erase", condition=Q(erased_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(erased_at__isnull=False),
                name="message_says_something",
                violation_error_message=_("Write what it is about."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(text="", place="", name="", email="", phone=""),
                name="message_erased_is_empty",
                violation_error_message=_("Of an erased message no words are left."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(answer_by="none")
                | Q(answer_by="email") & ~Q(email="")
                | Q(answer_by="phone") & ~Q(phone=""),
                name="message_can_be_answered",
                violation_error_message=_("Say how you can be reached, or that you need no answer."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, result="") | Q(closed_at__isnull=False) & ~Q(result=""),
                name="message_closed_with_result",
                violation_error_message=_("Close a message with a result."),
            ),
            models.CheckConstraint(
                condition=Q(warn_at__lte=F("due_at")) & Q(received_at__lte=F("warn_at")),
                name="message_warned_before_due",
                violation_error_message=_("The warning comes before the message is due."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None

    def is_overdue_at(self, instant: datetime.datetime) -> bool:
        return self.is_unanswered and self.due_at <= instant

    @property
    def is_unanswered(self) -> bool:
        """Whether the 72-hour clock runs: without an answer wanted, until somebody has read it."""
        wants_answer = self.answer_by != self.AnswerBy.NONE or self.read_at is None
        return self.is_open and self.answered_at is None and wants_answer


class Exchange(models.Model):
    """One thing said about a message after it was left: by the citizen, to them, or by officers among themselves.

    Added to, never changed; its words go when the message's do.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("added by the sender")
        MAIL = "mail", _("mail from the sender")
        REPLY = "reply", _("answer by e-mail")
        CALL = "call", _("telephone call")
        NOTE = "note", _("internal note")

    # What the citizen sees on the status page; a call is shown as having taken place, without its words.
    FROM_CITIZEN = frozenset({Kind.ADDED, Kind.MAIL})
    ANSWERS = frozenset({Kind.REPLY, Kind.CALL})

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # The same form sent twice adds once.
    form_token = models.UUIDField(unique=True, default=uuid4, editable=False)
    message = models.ForeignKey(Message, models.PROTECT, related_name="exchanges", verbose_name=_("message"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # Of a mail, sent or received: its Message-ID, by which answers are threaded and duplicates known.
    mail_id = models.CharField(max_length=250, blank=True, editable=False)
    is_from_other_address = models.BooleanField(_("from another address"), default=False)
    attachments_left_out = models.PositiveSmallIntegerField(_("attachments left out"), default=0)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("message", "mail_id"),
                condition=~Q(mail_id=""),
                name="exchange_each_mail_once",
                violation_error_message=_("This mail has been received already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["added", "mail"], by=None)
                | Q(kind__in=["reply", "call", "note"], by__isnull=False),
                name="exchange_officer_says_who",
                violation_error_message=_("Officers say who they are, citizens need not."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(text=""),
                name="exchange_erased_is_empty",
                violation_error_message=_("Of what is erased no words are left."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MessageEvent(models.Model):
    """What became of a message, step by step. Added to, never changed; holds no words of the citizen."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        READ = "read", _("read")
        ASSIGNED = "assigned", _("assigned")
        MOVED = "moved", _("moved to another sector")
        ANSWERED = "answered", _("answered")
        BOUNCED = "bounced", _("the answer could not be delivered")
        WARNED = "warned", _("reminder sent")
        ESCALATED = "escalated", _("head told")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")
        WITHDRAWN = "withdrawn", _("taken back")
        ERASED = "erased", _("words erased")

    message = models.ForeignKey(Message, models.PROTECT, related_name="events", verbose_name=_("message"))
    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to"),
    )
    from_sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from sector")
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.get_kind_display()
