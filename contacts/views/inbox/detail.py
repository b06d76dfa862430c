"""A message's page: what was written, how to reach its sender, by when, what was said and done since."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from contacts.forms.inbox import ReasonForm
from contacts.messages.closing import can_be_reopened
from contacts.messages.follow_ups import follow_ups_of
from contacts.messages.inbox import did_not_arrive
from contacts.messages.reading import mark_read
from contacts.models import Exchange, Message
from contacts.permissions import can_assign_message, can_reply_message, must_say_why
from contacts.views.inbox.lists import stand_in_of
from officers.responsibility import answerable

if TYPE_CHECKING:
    from officers.models import User

REASONS = "message_reasons"
# So many reasons are remembered at a time; who reads more is asked again for the oldest.
MOST_REASONS = 50


def message_or_404(request: HttpRequest, uuid: uuids.UUID, *, lock: bool = False) -> Message:
    """Return the message. Raises Http404 for one that the account may not read."""
    found = Message.objects.visible_to(cast("User", request.user))
    if lock:
        try:
            return found.held(uuid=uuid)
        except Message.DoesNotExist:
            raise Http404 from None
    related = ("sector__district", "sector__station", "assigned_to")
    return get_object_or_404(found.select_related(*related), uuid=uuid)


def purpose_of(request: HttpRequest, message: Message) -> str | None:
    """Return why the account reads the message: nothing for who works in its sector, else the reason it gave.

    None: it has given no reason yet, and reads nothing.
    """
    if not must_say_why(cast("User", request.user), message):
        return ""
    reason: str | None = request.session.get(REASONS, {}).get(str(message.uuid))
    return reason


@require_safe
def message_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a message; to a head of another's sector once a reason was given. Showing it changes nothing.

    That somebody has read it is said by the page itself, with a POST of its own (`message_mark`): what a browser
    fetches ahead has been read by nobody.
    """
    message = message_or_404(request, uuid)
    purpose = purpose_of(request, message)
    if purpose is None:
        return ask_reason(request, message, ReasonForm())
    return render(request, "contacts/inbox_detail.html", page_of(request, message, purpose))


def page_of(request: HttpRequest, message: Message, purpose: str) -> dict[str, Any]:
    """Return what the page says, noted as shown: the message and all that was said."""
    user, now = cast("User", request.user), timezone.now()
    shown(request, message, purpose=purpose)
    exchanges = list(message.exchanges.select_related("by"))
    if exchanges:
        shown(request, exchanges, purpose=purpose, sectors=[message.sector_id])
    answer = answerable(message.sector_id)
    works_here = not must_say_why(user, message)
    said_more, came_back = _has_said_more(message, exchanges), did_not_arrive(message)
    return {
        "message": message,
        "exchanges": exchanges,
        "events": list(message.events.select_related("by", "to", "from_sector")),
        "follow_ups": follow_ups_of(message, user),
        "now": now,
        "works_here": works_here,
        "reason": purpose,
        "answer": answer,
        "stand_in": stand_in_of(message.sector, answer, user, getattr(user, "officer", None))
        if answer.absent
        else None,
        "can_reply": can_reply_message(user, message),
        "can_assign": can_assign_message(user, message),
        "can_be_reopened": can_be_reopened(message),
        "is_unread": works_here and message.is_open and message.read_at is None,
        "said_more": said_more,
        "did_not_arrive": came_back,
        "nearest": _nearest_act(message, said_more, came_back),
    }


def _has_said_more(message: Message, exchanges: list[Exchange]) -> bool:
    """Tell whether the sender had the last word, after an answer."""
    said = [one.kind for one in exchanges if one.kind != Exchange.Kind.NOTE]
    return not message.is_unanswered and bool(said) and said[-1] in Exchange.FROM_CITIZEN


def _nearest_act(message: Message, said_more: bool, did_not_arrive: bool) -> str:
    """Return what is to be done first: to answer as the sender wants it, else to close.

    Where a mail came back the telephone is left; who gave none is not reached.
    """
    if did_not_arrive:
        return "call" if message.phone else "close"
    if message.answer_by == Message.AnswerBy.NONE or (message.answered_at is not None and not said_more):
        return "close"
    return "call" if message.answer_by == Message.AnswerBy.PHONE else "reply"


def ask_reason(request: HttpRequest, message: Message, form: ReasonForm) -> HttpResponse:
    """Ask why, before a word of it is shown: where it was left and since when it waits."""
    shown(request, message, verb="listed")
    context = {"message": message, "form": form, "now": timezone.now()}
    return render(request, "contacts/inbox_reason.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def message_reason(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take the reason (POST), which holds for this message until the account logs out."""
    message = message_or_404(request, uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if purpose_of(request, message) is None and form.is_bound:
        if not form.is_valid():
            return ask_reason(request, message, form)
        reasons = request.session.get(REASONS, {})
        given = [*reasons.items(), (str(message.uuid), form.cleaned_data["reason"])]
        request.session[REASONS] = dict(given[-MOST_REASONS:])
    return redirect("contacts:message_detail", message.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def message_mark(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that somebody who works in the sector has read it (POST); said any number of times, noted once.

    The page's script says so when the page is seen; the page's button says the same without it.
    """
    message, user = message_or_404(request, uuid), cast("User", request.user)
    if must_say_why(user, message):
        raise Http404
    nothing_personal(request)
    is_first = request.method == "POST" and mark_read(message, by=user)
    if request.POST.get("by") == "page":
        # A word of it would wait for the next page: this one says so itself.
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if is_first:
        messages.success(request, _("Noted as read. The sender can see it."))
    return redirect("contacts:message_detail", message.uuid)
