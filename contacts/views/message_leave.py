"""A citizen leaves a message for their officer: `/sectors/<slug>/message/` (handbook, leave a message).

What is sent passes the steps below one after the other. Each may answer with a page that stands in the way, and
always with all that was written; the last one receives the message.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts import limits, outage
from contacts.forms.message import MessageForm
from contacts.listing import Caretaker
from contacts.messages.guarding import proof_of_work
from contacts.messages.guarding.form_token import FormToken
from contacts.messages.guarding.urgency import sounds_urgent
from contacts.messages.receipts import token_of
from contacts.messages.receiving import receive
from contacts.models import Message
from contacts.models.messages import TEXT_LIMIT
from contacts.views.message_page import message_page
from officers.responsibility import answerable
from sectors import division
from sectors.division import Division, PublicSector
from sectors.models import Sector

logger = logging.getLogger(__name__)

PURPOSE = "message"
HOUR = datetime.timedelta(hours=1)
# From one address: a library's or a mobile network's is shared by many.
MOST_AN_HOUR = 20
# Without the work of a browser, from one address and from all together.
MOST_UNPROVEN_AN_HOUR = 5
MOST_UNPROVEN_AN_HOUR_IN_ALL = 200
NOTICES: dict[str, Callable[[], str]] = {
    "trapped": lambda: _(
        "A hidden field had been filled in, as programs do. It is empty again. Press Send once more."
    ),
    "fast": lambda: _("That was quick. Read it through once, then press Send again."),
    "old": lambda: _("The form had been open for long. Nothing is lost: press Send once more."),
    "changed": lambda: _("Change what you like, then send it."),
    "other": lambda: _(
        "You have sent a message from this page before. This one is different: press Send to send it as well."
    ),
    "taken_back": lambda: _("The message from this page was taken back. Press Send to send it all the same."),
}


@dataclass
class Attempt:
    """One sending of the form: what was written, by which token, to which sector.

    `slug` is the sector of the page; where that is gone, `sector` is another that was chosen, or None. A token that
    is not `is_genuine` was made here and now, because none came along that this site has signed. Where
    `is_division_known` is not so, this process has just begun and the database is away: what was written is all
    that there is.
    """

    request: HttpRequest
    slug: str
    now: datetime.datetime
    is_gone: bool
    form: MessageForm
    token: FormToken
    is_genuine: bool
    sector: PublicSector | None
    is_division_known: bool

    @classmethod
    def of(cls, request: HttpRequest, slug: str) -> Attempt:
        """Read what was sent; whatever the database does, what was written is in hand."""
        current = _division()
        by_slug = current.by_slug if current else {}
        is_gone = current is not None and slug not in by_slug
        form = MessageForm(request.POST, choose_in=current if is_gone else None)
        now = timezone.now()
        came = FormToken.read(request.POST.get("form_token", ""), PURPOSE)
        token = came or FormToken.new(now, bits=_bits(now) if current else proof_of_work.FEWEST_BITS)
        sector = by_slug.get(request.POST.get("sector", "") if is_gone else slug)
        return cls(request, slug, now, is_gone, form, token, came is not None, sector, current is not None)

    @property
    def is_proven(self) -> bool:
        return proof_of_work.is_done(self.token.key, self.request.POST.get("work", ""), self.token.bits)

    @property
    def is_sealed(self) -> bool:
        """The sender has looked at just this once more, and pressed Send."""
        return self.token.is_sealed(self.request.POST.get("seal", ""), self.form.contents)

    @property
    def is_calm(self) -> bool:
        """The sender was shown whom to call, and said that it is not urgent."""
        return "calm" in self.request.POST


@message_page
def message_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form, or receive what was written."""
    if request.method == "POST":
        return _take(Attempt.of(request, slug))
    try:
        sector = division.current().by_slug.get(slug)
    except outage.OUTAGE as error:
        return outage.page(request, error)
    if sector is None:
        raise Http404(_("There is no such sector."))
    now = timezone.now()
    form = MessageForm(initial={"language": get_language(), "answer_by": "email"})
    context = {"form": form, **_around(slug, sector), **_token(FormToken.new(now, bits=_bits(now)))}
    return render(request, "contacts/message_leave.html", context)


def _take(attempt: Attempt) -> HttpResponse:
    """Answer a sending; whatever fails below, an outage or a row that the database refuses, it can be sent again."""
    if not attempt.is_division_known:
        return _unavailable(attempt)
    try:
        return _first_answer(attempt)
    except Error:
        logger.exception("A message could not be received")
        return _unavailable(attempt)


def _first_answer(attempt: Attempt) -> HttpResponse:
    steps = (_changed, _incomplete, _sent_before, _trapped, _untimely, _urgent, _unproven, _too_many)
    for step in steps:
        if response := step(attempt):
            return response
    return _received(attempt)


def _changed(attempt: Attempt) -> HttpResponse | None:
    """The sender looked at it once more, and wants to change something."""
    return _again(attempt, "changed", HTTPStatus.OK) if "change" in attempt.request.POST else None


def _incomplete(attempt: Attempt) -> HttpResponse | None:
    if attempt.form.is_valid():
        return None
    status = HTTPStatus.CONFLICT if attempt.is_gone else HTTPStatus.UNPROCESSABLE_ENTITY
    return _again(attempt, "", status)


def _sent_before(attempt: Attempt) -> HttpResponse | None:
    """The same form again, from another tab or by a second press: its receipt; unless something else is in it."""
    before = Message.objects.filter(form_token=attempt.token.key).first() if attempt.is_genuine else None
    return _receipt_of(attempt, before) if before else None


def _receipt_of(attempt: Attempt, message: Message) -> HttpResponse:
    if all(getattr(message, name) == value for name, value in attempt.form.contents.items()):
        return _to_receipt(message)
    notice = "taken_back" if message.withdrawn_at else "other"
    earlier = _status_address(message)
    return _again(attempt, notice, HTTPStatus.CONFLICT, renew=True, earlier=earlier)


def _trapped(attempt: Attempt) -> HttpResponse | None:
    return _again(attempt, "trapped") if attempt.form.is_trapped else None


def _untimely(attempt: Attempt) -> HttpResponse | None:
    if not attempt.is_genuine:
        return _again(attempt, "old")
    if attempt.token.is_too_old(attempt.now):
        return _again(attempt, "old", renew=True)
    return _again(attempt, "fast") if attempt.token.is_too_fast(attempt.now) else None


def _urgent(attempt: Attempt) -> HttpResponse | None:
    """Show whom to call before it is sent, and the message for a second look."""
    contents = attempt.form.contents
    if attempt.is_calm or not sounds_urgent(f"{contents['text']}\n{contents['place']}"):
        return None
    return _look_again(attempt, is_urgent=True)


def _unproven(attempt: Attempt) -> HttpResponse | None:
    return None if attempt.is_proven or attempt.is_sealed else _look_again(attempt, is_urgent=False)


def _too_many(attempt: Attempt) -> HttpResponse | None:
    if attempt.is_proven:
        may = limits.allowed("message", attempt.request, limit=MOST_AN_HOUR, window=HOUR, now=attempt.now)
    else:
        may = limits.allowed(
            "message-unproven", attempt.request, limit=MOST_UNPROVEN_AN_HOUR, window=HOUR, now=attempt.now
        ) and limits.allowed(
            "message-unproven", "all", limit=MOST_UNPROVEN_AN_HOUR_IN_ALL, window=HOUR, now=attempt.now
        )
    if may:
        return None
    free_at = limits.free_again_at(HOUR, now=attempt.now)
    response = _again(attempt, "", HTTPStatus.TOO_MANY_REQUESTS, free_at=free_at)
    response["Retry-After"] = str(round((free_at - attempt.now).total_seconds()) + 1)
    return response


def _received(attempt: Attempt) -> HttpResponse:
    """Receive the message. The receipt is shown after the commit alone, at an address of its own."""
    proof_of_work.count_message(attempt.now)
    slug = attempt.request.POST["sector"] if attempt.is_gone else attempt.slug
    message, is_new = receive(
        Sector.objects.select_related("district", "station").get(slug=slug),
        form_token=attempt.token.key,
        seemed_urgent=attempt.is_calm,
        now=attempt.now,
        **attempt.form.contents,
    )
    return _to_receipt(message) if is_new else _receipt_of(attempt, message)


def _to_receipt(message: Message) -> HttpResponse:
    return HttpResponseRedirect(_status_address(message), status=HTTPStatus.SEE_OTHER)


def _status_address(message: Message) -> str:
    return reverse("contacts:message_status", args=[token_of(message)])


def _look_again(attempt: Attempt, *, is_urgent: bool) -> HttpResponse:
    """Show the message as it will be sent. To press Send there is the way without script, too."""
    context = {
        "form": attempt.form,
        "is_urgent": is_urgent,
        "is_calm": is_urgent or attempt.is_calm,
        "seal": attempt.token.seal(attempt.form.contents),
        "work": attempt.request.POST.get("work", "")[:20],
        "is_gone": attempt.is_gone,
        **_around(attempt.slug, attempt.sector),
        **_token(attempt.token),
    }
    return render(attempt.request, "contacts/message_check.html", context)


def _again(
    attempt: Attempt,
    notice: str,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
    *,
    renew: bool = False,
    **more: Any,
) -> HttpResponse:
    """Show the form with all that was written, and why it was not sent; with `renew`, it is a new message's."""
    token = attempt.token.renewed(attempt.now, bits=_bits(attempt.now)) if renew else attempt.token
    context = {
        "form": attempt.form,
        "notice": NOTICES[notice]() if notice else "",
        "is_gone": attempt.is_gone,
        **_around(attempt.slug, attempt.sector),
        **_token(token),
        **more,
    }
    return render(attempt.request, "contacts/message_leave.html", context, status=status)


def _unavailable(attempt: Attempt) -> HttpResponse:
    """The database does not answer: all that was written stays, and the officer's telephone stands above it."""
    response = _again(attempt, "", HTTPStatus.SERVICE_UNAVAILABLE, is_down=True)
    response["Retry-After"] = str(outage.RETRY_AFTER_SECONDS)
    return response


def _division() -> Division | None:
    """Return the division in force, None while the database is away and this process has no copy of it yet."""
    try:
        return division.current()
    except outage.OUTAGE:
        logger.exception("There is no copy of the division yet")
        return None


def _bits(now: datetime.datetime) -> int:
    try:
        return proof_of_work.bits_needed(now)
    except outage.OUTAGE:
        return proof_of_work.FEWEST_BITS


def _token(token: FormToken) -> dict[str, Any]:
    return {"form_token": token.signed(PURPOSE), "work_key": token.key.hex, "work_bits": token.bits}


def _around(slug: str, sector: PublicSector | None) -> dict[str, Any]:
    """Return what the page says of whoever reads the message. No query: the process's own copies.

    Where there is none yet of who answers, and the database is away, the page names nobody.
    """
    try:
        answer = answerable(sector.id) if sector else None
    except outage.OUTAGE:
        sector = answer = None
    caretaker = Caretaker.of(sector.district) if sector else None
    return {
        "slug": slug,
        "sector": sector,
        "answer": answer,
        "caretaker": caretaker,
        "kept_days": settings.MESSAGE_KEPT_DAYS,
        "text_limit": TEXT_LIMIT,
    }
