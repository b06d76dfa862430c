"""The two questions about a closed message: `/messages/<token>/evaluate/`. Asked on the message's own page."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.forms.evaluation import EvaluationForm
from contacts.messages.evaluating import NotToBeEvaluated, evaluate, is_to_be_evaluated
from contacts.messages.guarding.form_token import FormToken
from contacts.models import Message
from contacts.views.message_status import back_to, evaluation_purpose, secret_page, show


@secret_page
def message_evaluate(request: HttpRequest, token: str, message: Message) -> HttpResponse:
    """Take the answers; whoever opens the address finds the questions on the message's page."""
    if request.method != "POST":
        return back_to(token)
    form = EvaluationForm(request.POST)
    if not is_to_be_evaluated(message):
        return _too_late(request, token, message)
    if not form.is_valid():
        return show(request, token, message, evaluation=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    came = FormToken.read(request.POST.get("form_token", ""), evaluation_purpose(message))
    if came is None or came.is_too_old(timezone.now()):
        old = _("The page had been open for long. Nothing is lost: press Send once more.")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show(request, token, message, evaluation=form, notice=old, status=status)
    try:
        evaluate(message, **form.cleaned_data)
    except NotToBeEvaluated:
        message.refresh_from_db()
        return _too_late(request, token, message)
    return back_to(token)


def _too_late(request: HttpRequest, token: str, message: Message) -> HttpResponse:
    """Say why it was not taken, and nothing of messages that were closed as advertising or abuse."""
    if message.was_evaluated:
        late = _("Thank you, you have answered already. Your first answers count.")
    elif message.is_open:
        late = _("The message is open again. You can answer once it is closed.")
    else:
        late = _("These questions cannot be answered any more.")
    return show(request, token, message, notice=late, status=HTTPStatus.CONFLICT)
