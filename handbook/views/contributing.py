"""Contributions as officers write and follow them."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from handbook.contributions import agreeing, answering, holding, submitting, withdrawing
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.queue import with_places
from handbook.forms.contributions import AnswerForm, ContributionForm
from handbook.models import Contribution, ContributionStep, Passage, Told, readable_stations, told
from handbook.permissions import can_answer_contribution, can_contribute, can_review_contribution
from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User

METHODS = ["GET", "HEAD", "POST"]
# So many of one's own are listed, the newest: more than anybody has contributed.
LONGEST_LIST = 200


def station_or_404(user: User, slug: str) -> Station:
    """Return the station. Raises Http404 for who does not contribute to its handbook."""
    station = get_object_or_404(readable_stations(user), slug=slug)
    if not can_contribute(user, station):
        raise Http404
    return station


# --- Handing in -----------------------------------------------------------------------------------


@require_http_methods(METHODS)
def create(request: HttpRequest, station: str, anchor: str) -> HttpResponse:
    """Take a contribution to a passage. What is refused or asked about is shown again as it was typed."""
    nothing_personal(request)
    user = cast("User", request.user)
    where = station_or_404(user, station)
    passages = Passage.objects.select_related("chapter", "station")
    asked = get_object_or_404(passages, station=where, anchor=anchor)
    place = submitting.place_for(asked)
    named: Any = {"station": where, "user": user, "asks_place": place is None}
    if request.method != "POST":
        return form_page(request, asked, ContributionForm(**named))
    form = ContributionForm(request.POST, **named)
    if not form.is_valid():
        return form_page(request, asked, form)
    words = {name: form.cleaned_data[name] for name in ("language", "text", "sector", "form_token")}
    made, is_new = submitting.submit(place or form.cleaned_data["place"], author=user, **words)
    _say_handed_in(request, asked, made, is_new=is_new)
    return redirect("handbook:contribution_detail", made.uuid)


def form_page(request: HttpRequest, asked: Passage, form: ContributionForm, **more: Any) -> HttpResponse:
    """Show the form of a contribution to the passage, or to its chapter where the text has it no more."""
    passage = submitting.place_for(asked)
    context = {
        "station": form.station,
        "asked": asked,
        "passage": passage,
        "words": _words_of(passage) if passage else None,
        "form": form,
        "owner": draft_owner(form.user),
        **more,
    }
    return render(request, "handbook/contribution_create.html", context, status=422 if form.errors else 200)


def _words_of(passage: Passage) -> Told:
    """Return the passage's words without those that it is called by: they stand above."""
    words, title = told(passage, "text"), str(passage.title)
    return Told(words.text.removeprefix(title).strip(), words.language)


def draft_owner(user: User) -> str:
    """Return a token that says on a telephone whose unsent words are there, and nothing about the account."""
    return salted_hmac("handbook.contributions", str(user.pk)).hexdigest()[:20]


def _say_handed_in(request: HttpRequest, asked: Passage, made: Contribution, *, is_new: bool) -> None:
    if not is_new:
        messages.info(request, _("This contribution was handed in already. It is there once."))
        return
    messages.success(request, _("Handed in. You are told by mail what the editor makes of it."))
    if made.passage_id != asked.pk:
        sentence = _("“%(passage)s” is not in the text any more. Your contribution stands at “%(place)s”.")
        messages.info(request, sentence % {"passage": asked, "place": made.passage})


# --- Following ------------------------------------------------------------------------------------


@require_safe
def mine(request: HttpRequest, station: str) -> HttpResponse:
    """List one's own contributions to a handbook, the newest first."""
    nothing_personal(request)
    user = cast("User", request.user)
    where = station_or_404(user, station)
    own = Contribution.objects.filter(author=user, passage__station=where)
    rows = with_places(own).order_by("-submitted_at", "-pk")[:LONGEST_LIST]
    return render(request, "handbook/contribution_mine.html", {"station": where, "rows": rows})


@require_safe
def detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a contribution: to author and editors with all that happened, to readers as it stands in the handbook."""
    return detail_page(request, _visible(request, uuid))


def detail_page(
    request: HttpRequest, contribution: Contribution, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show the contribution; with the author's answer that was refused, or came too late."""
    user = cast("User", request.user)
    is_author = contribution.author_id == user.pk
    is_editor = can_review_contribution(user, contribution)
    sees_all = is_author or is_editor or user.standing.is_reviewer
    shown(request, contribution)
    can_answer = can_answer_contribution(user, contribution)
    steps = list(contribution.steps.select_related("by")) if sees_all else []
    asks = can_answer and contribution.is_asked
    context = {
        "contribution": contribution,
        "passage": contribution.passage,
        "station": contribution.passage.station,
        "is_author": is_author,
        "is_editor": is_editor,
        "sees_all": sees_all,
        "sees_queue": is_editor or user.standing.is_reviewer,
        "to_mine": is_author and can_contribute(user, contribution.passage.station),
        "steps": steps,
        "question": _last(steps, ContributionStep.Kind.ASKED) if asks else None,
        "can_withdraw": can_answer,
        "is_inserted": contribution.state == Contribution.State.INSERTED,
        **more,
    }
    if asks:
        context.setdefault("answer_form", AnswerForm(station=contribution.passage.station, user=user))
    return render(request, "handbook/contribution_detail.html", context, status=status)


def _last(steps: list[ContributionStep], kind: str) -> ContributionStep | None:
    return next((step for step in reversed(steps) if step.kind == kind), None)


def _visible(request: HttpRequest, uuid: uuids.UUID) -> Contribution:
    """Return the contribution with all that its page shows. Raises Http404 where the account does not see it."""
    user = cast("User", request.user)
    seen = Contribution.objects.visible_to(user).select_related(
        "passage__chapter", "passage__station", "sector"
    )
    found: Contribution = get_object_or_404(agreeing.with_agreements(seen.with_wording(), user), uuid=uuid)
    return found


# --- What its author does -------------------------------------------------------------------------


def _own(request: HttpRequest, uuid: uuids.UUID) -> Contribution:
    contribution = _visible(request, uuid)
    if contribution.author_id != request.user.pk:
        raise Http404
    return contribution


@require_http_methods(METHODS)
def answer(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Answer the editor's question; 409 with what was typed where it was decided meanwhile."""
    contribution, user = _own(request, uuid), cast("User", request.user)
    nothing_personal(request)
    if request.method != "POST":
        return redirect("handbook:contribution_detail", uuid)
    form = AnswerForm(request.POST, station=contribution.passage.station, user=user)
    if not form.is_valid():
        is_late = not contribution.is_asked
        return detail_page(
            request, contribution, status=409 if is_late else 422, answer_form=form, is_late=is_late
        )
    text = form.cleaned_data["text"]
    try:
        answering.answer(contribution, text, by=user)
    except ActedMeanwhile as late:
        if not holding.is_done(late.now, "answered", by=user, text=text):
            late_page: Any = {"answer_form": form, "is_late": True}
            return detail_page(request, _visible(request, uuid), status=409, **late_page)
    messages.success(request, _("Your answer is with the editors."))
    return redirect("handbook:contribution_detail", uuid)


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take one's contribution back, until it is decided; 409 after that."""
    contribution, user = _own(request, uuid), cast("User", request.user)
    nothing_personal(request)
    if request.method != "POST":
        return redirect("handbook:contribution_detail", uuid)
    try:
        withdrawing.withdraw(contribution, by=user)
    except ActedMeanwhile as late:
        if not holding.is_done(late.now, "withdrawn", by=user):
            return detail_page(request, _visible(request, uuid), status=409, is_late=True)
    messages.success(request, _("Withdrawn. What you wrote is erased."))
    return redirect("handbook:contribution_detail", uuid)


# --- What colleagues do ---------------------------------------------------------------------------


@require_http_methods(METHODS)
def agree(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that one does the same, or take it back; leads back to where the contribution stands."""
    contribution, user = _visible(request, uuid), cast("User", request.user)
    nothing_personal(request)
    if not can_contribute(user, contribution.passage.station) or request.method != "POST":
        raise Http404
    try:
        agreeing.agree(contribution, by=user)
    except agreeing.NotToAgreeTo:
        messages.info(request, _("This is your own, or it is not in the handbook any more."))
        return redirect("handbook:contribution_detail", uuid)
    return redirect(place_of(contribution))


def place_of(contribution: Contribution) -> str:
    """Return where it stands in the handbook; its own page where the chapter is left out."""
    passage = contribution.passage
    if passage.chapter.left_out_at is not None:
        return reverse("handbook:contribution_detail", args=[contribution.uuid])
    url = reverse("handbook:chapter_detail", args=[passage.station.slug, passage.chapter.slug])
    return f"{url}#contribution-{contribution.uuid}"
