"""Notifications in the admin: an administrator sees what was not delivered, to whom and why, and sends it again."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from notifications.models import Notification, NotificationQuerySet
from notifications.sending import ring

_SERVER_IS_AWAY = _(
    "The mail server, or the gateway for text messages, could not be reached. Look after it, then send again."
)
_TEXT_IS_BROKEN = _("The text of this event is broken. Report it: it is a defect of this site.")
# By the error's first word, as `notifications.delivery` and `notifications.mail` write it.
WHAT_TO_DO = {
    "ClosedAccount": _("The account is switched off. Nothing, unless that was a mistake."),
    "ConnectionRefusedError": _SERVER_IS_AWAY,
    "EmptyMail": _TEXT_IS_BROKEN,
    "EmptyText": _TEXT_IS_BROKEN,
    "Erased": _("Nothing: what it said has been erased meanwhile."),
    "GatewayAway": _("The gateway for text messages does not answer, or refuses SMS_GATEWAY_TOKEN."),
    "GatewayRefused": _("The gateway refuses the text message. Is the telephone number in use?"),
    "NoNumber": _("Nothing: text messages have been switched off meanwhile."),
    "NoWebAddress": _("SMS_GATEWAY_URL is no web address."),
    "SMTPAuthenticationError": _("The mail server refuses the user or the password in EMAIL_URL."),
    "SMTPConnectError": _SERVER_IS_AWAY,
    "SMTPDataError": _("The mail server refuses the mail. Ask whoever looks after it, with the Message-ID."),
    "SMTPRecipientsRefused": _(
        "The mail server refuses the recipient. Is the address right, is the mailbox full?"
    ),
    "SMTPSenderRefused": _("The mail server refuses the sender, DEFAULT_FROM_EMAIL."),
    "SMTPServerDisconnected": _SERVER_IS_AWAY,
    "TakenBack": _("Nothing: the message it answers has been taken back meanwhile."),
    "TemplateDoesNotExist": _TEXT_IS_BROKEN,
    "TemplateSyntaxError": _TEXT_IS_BROKEN,
    "TimeoutError": _SERVER_IS_AWAY,
    "gaierror": _("The mail server in EMAIL_URL is unknown."),
}


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    """What a mail says is not here, nor the whole address of somebody without an account (design, section 6)."""

    actions = ("send_again",)
    list_display = ("event", "channel", "told", "state", "last_error", "attempts", "created_at")
    list_filter = ("state", "channel", "event")
    list_select_related = ("recipient",)
    list_per_page = 50
    # "dead" comes first in the alphabet too; `notification_by_state` is this order.
    ordering = ("state", "-created_at")
    search_fields = ("recipient__email", "event", "last_error")
    search_help_text = _("E-mail, event or error")
    fields = readonly_fields = (
        "event",
        "channel",
        "told",
        "state",
        "attempts",
        "last_error",
        "what_to_do",
        "created_at",
        "due_at",
        "next_attempt",
        "sent_at",
        "message_id",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits a notification; whoever may change notifications at all sends them again."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the notification. Raises Http404 where there is none: Django would redirect with a message."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    @admin.display(description=_("recipient"), ordering="recipient__email")
    def told(self, row: Notification) -> str:
        return row.to_address if row.recipient_id else masked(row.address)

    @admin.display(description=_("next attempt"))
    def next_attempt(self, row: Notification) -> str:
        if row.state != Notification.State.WAITING:
            return "–"
        return date_format(timezone.localtime(row.next_attempt_at), "DATETIME_FORMAT")

    @admin.display(description=_("what to do"))
    def what_to_do(self, row: Notification) -> str:
        return str(WHAT_TO_DO.get(row.last_error.partition(" ")[0], "–"))

    @admin.display(description=_("Message-ID"))
    def message_id(self, row: Notification) -> str:
        return row.message_id

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": _("Notifications"), **(extra_context or {})})

    @admin.action(description=_("Send again what was not delivered"), permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: NotificationQuerySet) -> None:
        with transaction.atomic():
            # Evaluated and locked before the change, after which no row is dead any more.
            dead = list(chosen.dead().order_by("pk").select_for_update(of=("self",)))
            rows = Notification.objects.filter(pk__in=[row.pk for row in dead])
            rows.send_again(timezone.now())
            LogEntry.objects.log_actions(cast("int", request.user.pk), dead, CHANGE, gettext("Sent again."))
            transaction.on_commit(ring, robust=True)
        self.message_user(request, *_answer(len(dead)))


def masked(address: str) -> str:
    """Return enough of an address to recognise a mistake in its domain, too little to know the person."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _answer(count: int) -> tuple[str, int]:
    if count == 0:
        return gettext(
            "Nothing was sent again: choose notifications that were not delivered."
        ), messages.WARNING
    sentence = ngettext(
        "%(count)d notification is sent again.", "%(count)d notifications are sent again.", count
    )
    return sentence % {"count": count}, messages.SUCCESS
