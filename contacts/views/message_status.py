"""What became of a message, for whoever has its link: `/messages/<token>/`. No login: the link is the key."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import limits, outage
from contacts.forms.evaluation import EvaluationForm
from contacts.forms.message import WordForm
from contacts.listing import Caretaker
from contacts.messages import withdrawing
from contacts.messages.adding import NotOpenToWords, add, takes_words
from contacts.messages.evaluating import is_to_be_evaluated
from contacts.messages.following import steps_of
from contacts.messages.guarding.form_token import FormToken
from contacts.messages.guarding.proof_of_work import HOUR
from contacts.messages.receipts import message_of
from contacts.models import Exchange, Message
from contacts.models.messages import TEXT_LIMIT
from contacts.views.message_page import message_page
from officers.responsibility import answerable
from sectors import division

logger = logging.getLogger(__name__)

# To one message; a whole conversation fits.
MOST_WORDS_AN_HOUR = 10


def secret_page(view: Callable[[HttpRequest, str, Message], HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the page of the message that the token names. Its address is a key: it goes to nobody else."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            message = message_of(token)
            response = (
                view(request, token, message)
                if message
                else render(request, "contacts/message_not_found.html", status=HTTPStatus.NOT_FOUND)
            )
        except Error:
            # An outage, or a row that the database refuses: what was to be added can be sent again.
            logger.exception("A message could not be shown")
            response = _unavailable(request)
        response["Cache-Control"] = "private, no-store"
        return response

    return message_page(answer)


@secret_page
def message_status(request: HttpRequest, token: str, message: Message) -> HttpResponse:
    """Show how far the answer has come and what was said; take a further word."""
    if request.method == "POST":
        return _add(request, token, message)
    return show(request, token, message)


@secret_page
def message_withdraw(request: HttpRequest, token: str, message: Message) -> HttpResponse:
    """Say what it means to take the message back, and do so."""
    if request.method == "POST":
        withdrawing.withdraw(message, timezone.now())
    if message.withdrawn_at or message.erased_at:
        return back_to(token)
    days = withdrawing.KEPT_AFTER_READING.days
    return render(
        request, "contacts/message_withdraw.html", {"message": message, "token": token, "days": days}
    )


def _add(request: HttpRequest, token: str, message: Message) -> HttpResponse:
    form = WordForm(request.POST)
    form_token = FormToken.read(request.POST.get("form_token", ""), _purpose(message))
    if not form.is_valid():
        return show(request, token, message, form, form_token, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form_token is None or form_token.is_too_old(timezone.now()):
        old = _("The page had been open for long. Nothing is lost: press Send once more.")
        return show(request, token, message, form, notice=old, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not _is_known(form_token) and not limits.allowed(
        "message-word", str(message.uuid), limit=MOST_WORDS_AN_HOUR, window=HOUR
    ):
        return _too_many(request, token, message, form, form_token)
    try:
        add(message, form.cleaned_data["text"], form_token=form_token.key)
    except NotOpenToWords:
        message.refresh_from_db()
        late = _("The message was closed meanwhile, so this could not be added.")
        return show(request, token, message, form, form_token, notice=late, status=HTTPStatus.CONFLICT)
    return back_to(token)


def _is_known(form_token: FormToken) -> bool:
    return Exchange.objects.filter(form_token=form_token.key).exists()


def _too_many(
    request: HttpRequest, token: str, message: Message, form: WordForm, form_token: FormToken
) -> HttpResponse:
    notice = _(
        "You have added much in a short time. What you wrote is kept below: send it in an hour, or call."
    )
    return show(request, token, message, form, form_token, notice=notice, status=HTTPStatus.TOO_MANY_REQUESTS)


def show(
    request: HttpRequest,
    token: str,
    message: Message,
    form: WordForm | None = None,
    form_token: FormToken | None = None,
    *,
    evaluation: EvaluationForm | None = None,
    notice: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Show the message's page, with what was filled in of its forms, and why it was not taken."""
    now = timezone.now()
    fresh = form_token or FormToken.new(now)
    context = {
        "message": message,
        "token": token,
        "steps": steps_of(message),
        "is_overdue": message.is_overdue_at(now),
        "takes_words": takes_words(message),
        "form": form or WordForm(),
        "form_token": fresh.signed(_purpose(message)),
        "is_to_be_evaluated": is_to_be_evaluated(message),
        "was_evaluated": message.was_evaluated and not message.is_open,
        "evaluation": evaluation or EvaluationForm(),
        "evaluation_token": FormToken.new(now).signed(evaluation_purpose(message)),
        "notice": notice,
        "text_limit": TEXT_LIMIT,
        **_answering(message),
    }
    return render(request, "contacts/message_status.html", context, status=status)


def _answering(message: Message) -> dict[str, Any]:
    """Return who answers for the message's sector now, if it is in force. No query."""
    sector = division.current().by_slug.get(message.sector.slug)
    if sector is None:
        return {"sector": None, "answer": None, "caretaker": None}
    return {"sector": sector, "answer": answerable(sector.id), "caretaker": Caretaker.of(sector.district)}


def _purpose(message: Message) -> str:
    return f"word:{message.uuid}"


def evaluation_purpose(message: Message) -> str:
    return f"evaluation:{message.uuid}"


def back_to(token: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("contacts:message_status", args=[token]), status=HTTPStatus.SEE_OTHER)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer; what was to be added stays in its field."""
    kept = ("text", "form_token", "got_help", "easy_to_reach")
    context = {name: request.POST.get(name, "") for name in kept}
    response = render(
        request, "contacts/message_unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE
    )
    response["Retry-After"] = str(outage.RETRY_AFTER_SECONDS)
    return response
