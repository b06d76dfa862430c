"""What officers do about a message. Each act is asked on a page of its own, beside what was written."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit.reads import offered
from contacts.forms import inbox as forms
from contacts.messages.assigning import assign, release
from contacts.messages.calling import note_call
from contacts.messages.closing import can_be_reopened, close, reopen
from contacts.messages.mail.replying import ReplyRefused, reply
from contacts.messages.moving import move
from contacts.messages.noting import note
from contacts.messages.officer_mails import take_back
from contacts.messages.reading import mark_read
from contacts.models import Message
from contacts.permissions import can_assign_message, can_reply_message, must_say_why
from contacts.views.inbox.detail import message_or_404, page_of, purpose_of

if TYPE_CHECKING:
    from officers.models import User


def _not_open(message: Message) -> str:
    if message.withdrawn_at is not None:
        return _("The sender has taken this message back. Nothing is done about it any more.")
    if message.erased_at is not None:
        return _("The words of this message are erased. Nothing is done about it any more.")
    if message.closed_at is not None:
        return _("This message is closed: %(result)s. Open it again first.") % {
            "result": message.get_result_display()
        }
    return ""


def _never(message: Message, form: forms.ActForm) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Act:
    """A form, who may send it, and what it does: returns the word that the officer reads then.

    `refused` says why it cannot be done any more, or nothing; `is_done` whether the message is as the form asks for:
    pressed twice, or sent again by a phone with a bad line.
    """

    title: Promise
    button: Promise
    form: type[forms.ActForm]
    allowed: Callable[[User, Message], bool]
    do: Callable[[Message, forms.ActForm, User], str]
    refused: Callable[[Message], str] = _not_open
    is_done: Callable[[Message, forms.ActForm], bool] = _never


def _run(request: HttpRequest, uuid: uuids.UUID, act: Act) -> HttpResponse:
    """Ask (GET), or do it (POST): once for each form, and not on a message that somebody else finished meanwhile."""
    message, user = message_or_404(request, uuid, lock=request.method == "POST"), cast("User", request.user)
    if not act.allowed(user, message):
        raise Http404
    purpose = purpose_of(request, message)
    if purpose is None:
        return redirect("contacts:message_detail", message.uuid)
    form = act.form(request.POST if request.method == "POST" else None, message=message)
    refused = act.refused(message)
    is_done = form.is_bound and (_is_sent_again(form, message) or act.is_done(message, form))
    if is_done or (refused and not form.is_bound):
        return redirect("contacts:message_detail", message.uuid)
    if form.is_valid() and not refused:
        try:
            return _done(request, message, form, act)
        except ReplyRefused as sentence:
            refused = str(sentence)
    offered(request, form)
    context = {**page_of(request, message, purpose), "form": form, "act": act, "refused": refused}
    status = HTTPStatus.CONFLICT if refused else form.refusal_status
    return render(request, "contacts/inbox_act.html", context, status=status)


def _is_sent_again(form: forms.ActForm, message: Message) -> bool:
    """Tell whether this very form has said something already."""
    token = _cleaned(form).get("token")
    return token is not None and message.exchanges.filter(form_token=token).exists()


def _is_assigned(message: Message, form: forms.ActForm) -> bool:
    return "to" in _cleaned(form) and message.assigned_to == _cleaned(form)["to"]


def _is_closed(message: Message, form: forms.ActForm) -> bool:
    return message.closed_at is not None and message.result == _cleaned(form).get("result")


def _is_reopened(message: Message, form: forms.ActForm) -> bool:
    return message.is_open


def _cleaned(form: forms.ActForm) -> dict[str, Any]:
    """Return what can be used of the form, also of one that is refused."""
    form.is_valid()
    return form.cleaned_data


def _done(request: HttpRequest, message: Message, form: forms.ActForm, act: Act) -> HttpResponse:
    user = cast("User", request.user)
    if not must_say_why(user, message):
        mark_read(message, by=user)
    messages.success(request, act.do(message, form, user))
    is_readable = Message.objects.visible_to(user).filter(pk=message.pk).exists()
    return (
        redirect("contacts:message_detail", message.uuid)
        if is_readable
        else redirect("contacts:message_list")
    )


def _cannot_reply(message: Message) -> str:
    if sentence := _not_open(message):
        return sentence
    return "" if message.email else _("The sender gave no e-mail address. Call instead.")


def _cannot_reopen(message: Message) -> str:
    if message.is_open:
        return _("This message is open already.")
    return "" if can_be_reopened(message) else _not_open(message)


def _reply(message: Message, form: forms.ActForm, by: User) -> str:
    reply(message, by=by, text=form.cleaned_data["text"], form_token=form.cleaned_data["token"])
    take_back(message, "message_warning", "message_overdue")
    return _("Your answer is on its way. Is it all done? Then close the message.")


def _call(message: Message, form: forms.ActForm, by: User) -> str:
    said = form.cleaned_data
    note_call(message, by=by, spoke=said["spoke"], text=said["text"], form_token=said["token"])
    if said["spoke"]:
        return _("Noted: the message is answered. Is it all done? Then close it.")
    return _("Noted: called in vain. The clock goes on.")


def _note(message: Message, form: forms.ActForm, by: User) -> str:
    note(message, form.cleaned_data["text"], by=by, form_token=form.cleaned_data["token"])
    return _("The note is added.")


def _assign(message: Message, form: forms.ActForm, by: User) -> str:
    to = form.cleaned_data["to"]
    if to is None:
        release(message, by=by)
        return _("Whoever answers for the sector takes care of it.")
    assign(message, to, by=by)
    return _("%(name)s takes care of it.") % {"name": to}


def _move(message: Message, form: forms.ActForm, by: User) -> str:
    _note_if_any(message, form, by)
    move(message, form.cleaned_data["sector"], by=by)
    return _("The message is in %(sector)s now. Who answers there is told.") % {"sector": message.sector}


def _close(message: Message, form: forms.ActForm, by: User) -> str:
    _note_if_any(message, form, by)
    close(message, form.cleaned_data["result"], by=by)
    return _("The message is closed.")


def _reopen(message: Message, form: forms.ActForm, by: User) -> str:
    reopen(message, by=by)
    _note_if_any(message, form, by)
    return _("The message is open again.")


def _note_if_any(message: Message, form: forms.ActForm, by: User) -> None:
    if text := form.cleaned_data["text"]:
        note(message, text, by=by, form_token=form.cleaned_data["token"])


REPLY = Act(
    title=gettext_lazy("Answer by e-mail"),
    button=gettext_lazy("Send the answer"),
    form=forms.ReplyForm,
    allowed=can_reply_message,
    do=_reply,
    refused=_cannot_reply,
)
CALL = Act(
    title=gettext_lazy("Note a call"),
    button=gettext_lazy("Save the call"),
    form=forms.CallForm,
    allowed=can_reply_message,
    do=_call,
)
NOTE = Act(
    title=gettext_lazy("Note for colleagues"),
    button=gettext_lazy("Save the note"),
    form=forms.NoteForm,
    allowed=can_reply_message,
    do=_note,
)
ASSIGN = Act(
    title=gettext_lazy("Who takes care of it"),
    button=gettext_lazy("Save"),
    form=forms.AssignForm,
    allowed=can_assign_message,
    do=_assign,
    is_done=_is_assigned,
)
MOVE = Act(
    title=gettext_lazy("Move it to another sector"),
    button=gettext_lazy("Move it"),
    form=forms.MoveForm,
    allowed=can_assign_message,
    do=_move,
)
CLOSE = Act(
    title=gettext_lazy("Close the message"),
    button=gettext_lazy("Close it"),
    form=forms.CloseForm,
    allowed=can_reply_message,
    do=_close,
    is_done=_is_closed,
)
REOPEN = Act(
    title=gettext_lazy("Open the message again"),
    button=gettext_lazy("Open it again"),
    form=forms.ReopenForm,
    allowed=can_reply_message,
    do=_reopen,
    refused=_cannot_reopen,
    is_done=_is_reopened,
)


@require_http_methods(["GET", "HEAD", "POST"])
def message_reply(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Answer by e-mail; 409 where somebody answered meanwhile, or the sender wrote more."""
    return _run(request, uuid, REPLY)


@require_http_methods(["GET", "HEAD", "POST"])
def message_call(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note a telephone call."""
    return _run(request, uuid, CALL)


@require_http_methods(["GET", "HEAD", "POST"])
def message_note(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add an internal note."""
    return _run(request, uuid, NOTE)


@require_http_methods(["GET", "HEAD", "POST"])
def message_assign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say who takes care of it."""
    return _run(request, uuid, ASSIGN)


@require_http_methods(["GET", "HEAD", "POST"])
def message_move(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Move it to the sector that it belongs to."""
    return _run(request, uuid, MOVE)


@require_http_methods(["GET", "HEAD", "POST"])
def message_close(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Close it with what came of it."""
    return _run(request, uuid, CLOSE)


@require_http_methods(["GET", "HEAD", "POST"])
def message_reopen(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Open a closed message again."""
    return _run(request, uuid, REOPEN)
