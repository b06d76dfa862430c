"""What is done with a chapter's next text: looked at, published or proposed, decided on, discarded.

Each act is a POST; any other request leads to the page. Who comes second sees what it is now (409).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import shows_nothing_personal
from handbook.chapters import checking, drafting, pointing
from handbook.chapters.difference import difference
from handbook.chapters.drafting import ActedMeanwhile, OwnProposal
from handbook.chapters.rendering import blocks, linking
from handbook.forms.chapters import PublishForm, SendBackForm
from handbook.models import LANGUAGES, Chapter, Revision
from handbook.permissions import can_agree_to_chapter, can_edit_handbook
from handbook.views.editing import METHODS, chapter_of_editors, late_page

if TYPE_CHECKING:
    from officers.models import User


@require_safe
@shows_nothing_personal
def look(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Show the draft as readers would see it, what changes, what is wrong with it, and what can be done."""
    found = chapter_of_editors(request, station, chapter, or_head=True)
    draft = drafting.being_written(found)
    if draft is None or not _may_look(cast("User", request.user), draft):
        messages.info(request, _("Nothing waits here: the draft is published, deleted or changed once more."))
        return redirect("handbook:handbook_editing", found.station.slug)
    return look_page(request, draft)


def _may_look(user: User, draft: Revision) -> bool:
    """Its editors; the station's head once it is proposed."""
    return draft.state == Revision.State.PROPOSED or can_edit_handbook(user, draft.chapter.station)


def look_page(
    request: HttpRequest, draft: Revision, *, status: int = 200, refusal: str = "", **forms: Any
) -> HttpResponse:
    user, chapter = cast("User", request.user), draft.chapter
    found = checking.findings(draft)
    is_proposed = draft.state == Revision.State.PROPOSED
    context = {
        "station": chapter.station,
        "chapter": chapter,
        "draft": draft,
        "title": pointing.title_of(chapter),
        "versions": [_version(draft, language) for language in LANGUAGES if _has(draft, language)],
        "findings": found,
        "is_refused": checking.refuses(found),
        "is_proposed": is_proposed,
        "is_own": draft.written_by_id == user.pk,
        "can_edit": can_edit_handbook(user, chapter.station),
        "can_agree": is_proposed and can_agree_to_chapter(user, chapter.station),
        "seen": drafting.seen(draft),
        "publish_form": PublishForm(initial={"reason": draft.reason}),
        "send_back_form": SendBackForm(),
        "refusal": refusal,
        **forms,
    }
    return render(request, "handbook/revision_preview.html", context, status=status)


def _has(draft: Revision, language: str) -> bool:
    return bool(getattr(draft, f"title_{language}") or getattr(draft, f"body_{language}"))


def _version(draft: Revision, language: str) -> dict[str, Any]:
    """Return what readers of the language would see, and how that differs from what they see now."""
    in_force = draft.chapter.text
    title, body = getattr(draft, f"title_{language}"), getattr(draft, f"body_{language}")
    before = getattr(in_force, f"body_{language}") if in_force else ""
    titles = (getattr(in_force, f"title_{language}") if in_force else "", title)
    return {
        "language": language,
        "name": get_language_info(language)["name_translated"],
        "title": title,
        "blocks": blocks(body, linking(draft.chapter.station.slug), lower=1),
        "is_new": not before,
        "difference": difference(before, body, titles=titles) if before else None,
    }


@require_http_methods(METHODS)
@shows_nothing_personal
def publish(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Bring a dynamic chapter's draft into force; propose a fixed one's to the station's head."""
    found = chapter_of_editors(request, station, chapter)
    if request.method != "POST":
        return _to_look(found)
    try:
        draft = drafting.held_as_seen(found, request.POST.get("seen", ""), Revision.State.DRAFT)
    except ActedMeanwhile:
        return _late(request, found)
    form = PublishForm(request.POST)
    if not form.is_valid() or checking.refuses(checking.findings(draft)):
        return look_page(request, draft, status=422, publish_form=form)
    drafting.finish(draft, form.cleaned_data["reason"])
    if found.is_fixed:
        messages.success(
            request, _("Proposed. The chapter changes once the station head agrees; you are told by mail.")
        )
        return _to_look(found)
    messages.success(request, _("Published: the text is in force."))
    return redirect("handbook:chapter_detail", found.station.slug, found.slug)


@require_http_methods(METHODS)
@shows_nothing_personal
def decide(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Agree to what is proposed, or send it back with a reason: the station's head."""
    found = chapter_of_editors(request, station, chapter, or_head=True)
    if not can_agree_to_chapter(cast("User", request.user), found.station):
        raise Http404
    if request.method != "POST":
        return _to_look(found)
    try:
        draft = drafting.held_as_seen(found, request.POST.get("seen", ""), Revision.State.PROPOSED)
    except ActedMeanwhile:
        return _late(request, found)
    if request.POST.get("decision") == "send_back":
        return _send_back(request, draft)
    return _agree(request, draft)


def _agree(request: HttpRequest, draft: Revision) -> HttpResponse:
    if checking.refuses(checking.findings(draft)):
        return look_page(request, draft, status=422)
    try:
        drafting.agree(draft, by=cast("User", request.user))
    except OwnProposal:
        return look_page(
            request,
            draft,
            status=422,
            refusal=_("You wrote this text yourself. Somebody else has to agree to it."),
        )
    messages.success(request, _("You have agreed: the text is in force."))
    return redirect("handbook:chapter_detail", draft.chapter.station.slug, draft.chapter.slug)


def _send_back(request: HttpRequest, draft: Revision) -> HttpResponse:
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return look_page(request, draft, status=422, send_back_form=form)
    drafting.send_back(draft, form.cleaned_data["reason"], by=cast("User", request.user))
    messages.success(request, _("Sent back. The editor is told by mail that there is a reason."))
    return redirect("handbook:handbook_editing", draft.chapter.station.slug)


@require_http_methods(METHODS)
@shows_nothing_personal
def discard(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Delete what is being written, as it was seen."""
    found = chapter_of_editors(request, station, chapter)
    if request.method == "POST":
        try:
            states = (Revision.State.DRAFT, Revision.State.PROPOSED)
            drafting.discard(drafting.held_as_seen(found, request.POST.get("seen", ""), *states))
        except ActedMeanwhile:
            return _late(request, found)
        messages.success(request, _("The draft is deleted. The text in force stays as it is."))
    return redirect("handbook:handbook_editing", found.station.slug)


def _to_look(chapter: Chapter) -> HttpResponse:
    return redirect("handbook:revision_preview", chapter.station.slug, chapter.slug)


def _late(request: HttpRequest, chapter: Chapter) -> HttpResponse:
    """Show who comes second the draft as it is now, or the chapters where there is none any more.

    A reason that was typed stays.
    """
    draft = drafting.being_written(chapter)
    if draft is None or not _may_look(cast("User", request.user), draft):
        return late_page(request, chapter.station)
    refusal = _("Nothing was done: the draft was changed or acted on meanwhile. Below is how it is now.")
    forms: dict[str, Any] = {}
    if typed := request.POST.get("reason"):
        name = "send_back_form" if request.POST.get("decision") else "publish_form"
        form = SendBackForm if request.POST.get("decision") else PublishForm
        forms = {name: form(initial={"reason": typed})}
    return look_page(request, draft, status=409, refusal=refusal, **forms)
