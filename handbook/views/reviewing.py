"""Contributions as editors receive and decide on them. Who comes second sees what it is now (409)."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import shown
from handbook.contributions import asking, declining, holding, inserting, rewording, taking_out, taking_up
from handbook.contributions import queue as queues
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.late import what_happened
from handbook.contributions.previewing import page_of
from handbook.forms.reviewing import InsertForm, NoteForm, WordingForm
from handbook.models import Chapter, Contribution, readable_stations
from handbook.permissions import can_edit_handbook, can_review_contribution

if TYPE_CHECKING:
    from officers.models import User

METHODS = ["GET", "HEAD", "POST"]
ROWS_PER_PAGE = 25
State = Contribution.State


@require_safe
def queue(request: HttpRequest, station: str) -> HttpResponse:
    """List what was contributed to the handbook: open ones by age, decided ones with what came of them."""
    user = cast("User", request.user)
    place = get_object_or_404(readable_stations(user), slug=station)
    if not (can_edit_handbook(user, place) or user.standing.is_reviewer):
        raise Http404
    show = queues.DECIDED if request.GET.get("show") == queues.DECIDED else queues.OPEN
    found = queues.queue(user, place)
    chapters = list(queues.chapters_of(found))
    chapter = _chosen(chapters, request.GET.get("chapter", ""))
    if chapter is not None:
        found = found.filter(passage__chapter=chapter)
    page = Paginator(queues.in_order(found, show), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = list(queues.with_places(cast("Any", page.object_list)))
    shown(request, rows, verb="listed", subject="" if rows else "handbook.contribution")
    narrowed = {"chapter": chapter.slug} if chapter else {}
    context = {
        "station": place,
        "show": show,
        "chapters": chapters,
        "chapter": chapter,
        "page": page,
        "rows": rows,
        "narrowed": urlencode(narrowed),
    }
    return render(request, "handbook/contribution_list.html", context)


def _chosen(chapters: list[Chapter], slug: str) -> Chapter | None:
    return next((one for one in chapters if one.slug == slug), None)


# --- What an editor does -------------------------------------------------------------------------


@require_http_methods(METHODS)
def take_up(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Put a contribution under review; the other editors see by whom."""
    contribution, user = _reviewed(request, uuid), cast("User", request.user)
    if request.method == "POST":
        try:
            taking_up.take_up(contribution, by=user)
        except ActedMeanwhile as late:
            if not holding.is_done(late.now, "taken_up", by=user):
                return _act_page(request, late.now, None, late=late)
        else:
            messages.success(request, _("It is under review by you."))
    return _to_detail(contribution)


@require_http_methods(METHODS)
def ask(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask the contributor, who is told by mail."""
    done = _("Your question is sent. You are told by mail when it is answered.")
    return _noted(request, uuid, "ask", asking.ask, "asked", done)


@require_http_methods(METHODS)
def decline(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Decide against a contribution, with a reason that the contributor is told of."""
    done = _("It is declined. The contributor reads the reason.")
    return _noted(request, uuid, "decline", declining.decline, "declined", done)


@require_http_methods(METHODS)
def take_out(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take what was inserted out of the handbook, with a reason that the contributor is told of."""
    done = _("It is taken out of the handbook. The contributor reads the reason.")
    return _noted(request, uuid, "take_out", taking_out.take_out, "taken_out", done)


def _noted(
    request: HttpRequest, uuid: uuids.UUID, name: str, act: Callable[..., None], kind: str, done: str
) -> HttpResponse:
    contribution, user = _reviewed(request, uuid), cast("User", request.user)
    if request.method != "POST":
        return _to_detail(contribution)
    form = NoteForm(request.POST, act=name, contribution=contribution, user=user)
    if not form.is_valid():
        return _act_page(request, contribution, form)
    text = form.cleaned_data["text"]
    try:
        act(contribution, text, by=user, as_seen=form.cleaned_data["seen"])
    except asking.NobodyAnswers:
        form.add_error(None, _("Nobody can answer: decide without an answer."))
        return _act_page(request, contribution, form)
    except ActedMeanwhile as late:
        if not holding.is_done(late.now, kind, by=user, text=text):
            return _act_page(request, late.now, form, late=late)
    else:
        messages.success(request, done)
    return _to_detail(contribution)


@require_http_methods(METHODS)
def insert(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the officer's words beside the passage, and let the editor word them for the handbook."""
    contribution, user = _reviewed(request, uuid), cast("User", request.user)
    if request.method != "POST":
        if not contribution.is_open:
            return _to_detail(contribution)
        form = InsertForm(contribution=contribution, user=user, initial=_first_words(contribution))
        return _insert_page(request, contribution, form)
    looks = request.POST.get("act") == "look"
    form = InsertForm(request.POST, contribution=contribution, user=user, asks=not looks)
    if not form.is_valid() or looks:
        late = _late(contribution, *Contribution.OPEN)
        return _insert_page(request, contribution, form, late=late, has_preview=not form.errors)
    place = form.passages[form.cleaned_data["place"]]
    try:
        inserting.insert(contribution, place, form.texts, by=user, as_seen=form.cleaned_data["seen"])
    except inserting.PassageGone:
        form.add_error("place", form.fields["place"].error_messages["invalid_choice"])
        return _insert_page(request, contribution, form)
    except ActedMeanwhile as late:
        if not _is_inserted(late.now, form, user):
            return _insert_page(request, late.now, form, late=late)
    else:
        messages.success(request, _("It stands in the handbook now, with the contributor's name."))
    return _to_detail(contribution)


def _first_words(contribution: Contribution) -> dict[str, str]:
    """Begin with the officer's own words, in the language that they are in, where they were meant for."""
    return {
        f"text_{contribution.language}": contribution.text,
        "place": contribution.passage.anchor,
        "seen": holding.seen(contribution),
    }


def _is_inserted(now: Contribution, form: InsertForm, user: User) -> bool:
    is_same = now.wording is not None and rewording.says(now.wording, form.texts)
    return is_same and holding.is_done(now, "inserted", by=user)


def _insert_page(
    request: HttpRequest, contribution: Contribution, form: InsertForm, *, late: Any = None, **more: Any
) -> HttpResponse:
    context = page_of(contribution, form, form.chosen, **more)
    return _words_page(request, "handbook/contribution_insert.html", context, late)


@require_http_methods(METHODS)
def reword(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Let what was inserted stand in other words; its contributor is told."""
    contribution, user = _reviewed(request, uuid), cast("User", request.user)
    if request.method != "POST":
        if contribution.state != State.INSERTED:
            return _to_detail(contribution)
        form = WordingForm(contribution=contribution, user=user, initial=_present_words(contribution))
        return _reword_page(request, contribution, form)
    looks = request.POST.get("act") == "look"
    form = WordingForm(request.POST, contribution=contribution, user=user, asks=not looks)
    if not form.is_valid() or looks:
        late = _late(contribution, State.INSERTED)
        return _reword_page(request, contribution, form, late=late, has_preview=not form.errors)
    try:
        is_new = rewording.reword(contribution, form.texts, by=user, as_seen=form.cleaned_data["seen"])
    except ActedMeanwhile as late:
        if not _is_reworded(late.now, form, user):
            return _reword_page(request, late.now, form, late=late)
    else:
        done = _("It is worded anew. The contributor is told.") if is_new else _("It stands as it stood.")
        messages.success(request, done)
    return _to_detail(contribution)


def _present_words(contribution: Contribution) -> dict[str, str]:
    words = {"seen": holding.seen(contribution)}
    if (wording := contribution.wording) is not None:
        words |= {"text_en": wording.text_en, "text_da": wording.text_da}
    return words


def _is_reworded(now: Contribution, form: WordingForm, user: User) -> bool:
    is_same = now.wording is not None and rewording.says(now.wording, form.texts)
    return is_same and holding.is_done(now, "reworded", by=user)


def _reword_page(
    request: HttpRequest, contribution: Contribution, form: WordingForm, *, late: Any = None, **more: Any
) -> HttpResponse:
    context = page_of(contribution, form, contribution.passage, **more)
    context["is_inserted"] = contribution.state == State.INSERTED
    return _words_page(request, "handbook/contribution_reword.html", context, late)


# --- What they have in common --------------------------------------------------------------------


def _reviewed(request: HttpRequest, uuid: uuids.UUID) -> Contribution:
    """Return the contribution, noted as shown. Raises Http404 for whom does not edit its handbook.

    One that was withdrawn is found by what was sent alone: whoever wrote about it meanwhile is told so.
    """
    related = ("passage__station", "passage__chapter", "author", "sector")
    contribution = get_object_or_404(Contribution.objects.select_related(*related), uuid=uuid)
    user = cast("User", request.user)
    is_withdrawn = contribution.state == State.WITHDRAWN
    if not can_review_contribution(user, contribution) or (is_withdrawn and request.method != "POST"):
        raise Http404
    shown(request, contribution)
    return contribution


def _to_detail(contribution: Contribution) -> HttpResponse:
    return redirect("handbook:contribution_detail", contribution.uuid)


def _late(contribution: Contribution, *states: str) -> ActedMeanwhile | None:
    """Return that it is in none of the states any more: said before anything else that is wrong."""
    return None if contribution.state in states else ActedMeanwhile(contribution)


def _act_page(
    request: HttpRequest,
    contribution: Contribution,
    form: NoteForm | None,
    *,
    late: ActedMeanwhile | None = None,
) -> HttpResponse:
    """Show what was written about it, with what is wrong with it or what happened meanwhile."""
    states = (State.INSERTED,) if form is not None and form.act == "take_out" else Contribution.OPEN
    late = late or _late(contribution, *states)
    user = cast("User", request.user)
    can_send = form is not None and contribution.state in states
    if form is not None and form.act == "ask":
        can_send = can_send and asking.can_be_asked(contribution, user)
    context = {"contribution": contribution, "station": contribution.passage.station, "can_send": can_send}
    return _answered(request, "handbook/contribution_act.html", {**context, "form": form}, late)


def _words_page(
    request: HttpRequest, template: str, context: dict[str, Any], late: ActedMeanwhile | None
) -> HttpResponse:
    contribution, others = context["contribution"], context["others"]
    shown(request, others)
    context["is_own"] = contribution.author_id == request.user.pk
    return _answered(request, template, context, late)


def _answered(
    request: HttpRequest, template: str, context: dict[str, Any], late: ActedMeanwhile | None
) -> HttpResponse:
    """Answer with what was typed kept: 409 where somebody was before, 422 where something is to be mended."""
    form = context["form"]
    if late is not None:
        context["late"] = what_happened(late.now)
    # Who is told what it is now and sends it once more has read that.
    is_new = late is not None or form is None or not form.is_bound
    context["seen"] = holding.seen(context["contribution"]) if is_new else form["seen"].value()
    status = 409 if late is not None else 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)
