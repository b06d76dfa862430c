"""A sector's challenges: the list, each with its story, notes of how it goes on, closing and opening again."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, offered, shown
from sectorlog.challenges import closing as challenge_closing
from sectorlog.challenges.story import is_silent, silent, story_of, with_last_sign
from sectorlog.forms.challenges import ChallengeForm, CloseForm, NoteForm, ReopenForm
from sectorlog.from_messages import follow_up, message_to_follow
from sectorlog.models import Challenge
from sectorlog.permissions import can_update_challenge, can_update_sector_log, can_write_entry
from sectorlog.taking_turns import take_turn
from sectorlog.views.home import readable_sector

if TYPE_CHECKING:
    from officers.models import User
    from sectorlog.models.challenges import ChallengeQuerySet

ROWS_PER_PAGE = 50
# Where a challenge stands in the list.
ACTIVE, SILENT, CLOSED = 0, 1, 2


@require_safe
def challenge_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List the sector's challenges: open ones by severity, silent ones, closed ones with what came of them."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    found = _in_order(Challenge.objects.filter(sector=sector))
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    challenges = list(page.object_list)
    shown(
        request,
        challenges,
        verb="listed",
        subject="" if challenges else "sectorlog.challenge",
        sectors=[sector.pk],
    )
    context = {
        "sector": sector,
        "page": page,
        "challenges": challenges,
        "can_write": can_write_entry(user, sector),
    }
    return render(request, "sectorlog/challenge_list.html", context)


def _in_order(challenges: ChallengeQuerySet) -> ChallengeQuerySet:
    """Return the challenges with their `standing` in the list, in its order."""
    standing = Case(
        When(closed_at__isnull=False, then=Value(CLOSED)),
        When(silent(), then=Value(SILENT)),
        default=Value(ACTIVE),
        output_field=IntegerField(),
    )
    found = with_last_sign(challenges).annotate(standing=standing)
    return found.order_by("standing", "-closed_at", "-severity", "-last_sign", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a challenge."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    if not can_write_entry(user, sector):
        raise Http404
    message = message_to_follow(user, request.GET.get("message", ""))
    if message is not None:
        shown(request, message)
    challenge = Challenge(sector=sector, opened_by=user, description=message.text if message else "")
    form = ChallengeForm(
        request.POST if request.method == "POST" else None,
        instance=challenge,
        sector=sector,
        may_share=can_update_sector_log(user, sector),
    )
    if form.is_bound and form.is_valid():
        if (sent := challenge_closing.opened_already(challenge)) is None:
            sent = form.save()
        if message is not None:
            follow_up(str(message.uuid), sent, user)
        messages.success(request, _("The challenge is in the log."))
        return redirect("sectorlog:challenge_detail", sent.uuid)
    return _form_page(request, form, {"sector": sector})


def _form_page(request: HttpRequest, form: ChallengeForm, context: dict[str, Any]) -> HttpResponse:
    nothing_personal(request)
    offered(request, form)
    context = {"form": form, **context}
    return render(request, "sectorlog/challenge_form.html", context, status=form.refusal_status)


def challenge_or_404(request: HttpRequest, uuid: uuids.UUID, *, lock: bool = False) -> Any:
    """Return the challenge, noted as shown. Raises Http404 for one whose log the account does not read."""
    challenges = with_last_sign(Challenge.objects.visible_to(cast("User", request.user)))
    if lock:
        take_turn(Challenge.objects.filter(uuid=uuid).values("sector"))
        challenges = challenges.select_for_update(of=("self",))
    related = ("sector__district", "sector__station", "flagged_for", "opened_by", "closed_by")
    challenge = get_object_or_404(challenges.select_related(*related), uuid=uuid)
    shown(request, challenge)
    return challenge


@require_safe
def challenge_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a challenge: what it is, how it went on, and what one can do about it."""
    return _detail_page(request, challenge_or_404(request, uuid))


def _detail_page(
    request: HttpRequest, challenge: Any, *, form: Form | None = None, is_late: bool = False
) -> HttpResponse:
    user = cast("User", request.user)
    asked = request.GET.get("page", "")
    story = story_of(challenge, user, int(asked) if asked.isdecimal() and len(asked) < 6 else 1)
    parties = list(challenge.parties.all())
    shown(request, [*story.entries, *parties])
    context = {
        "sector": challenge.sector,
        "challenge": challenge,
        "is_silent": is_silent(challenge),
        "groups": list(challenge.groups.all()),
        "parties": parties,
        "story": story,
        "form": form or NoteForm(),
        "is_late": is_late,
        "can_write": can_write_entry(user, challenge.sector),
        "can_update": can_update_challenge(user, challenge),
    }
    status = 409 if is_late else 422 if form is not None and form.errors else 200
    return render(request, "sectorlog/challenge_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_note(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add a note of how it goes on (POST); anything else leads to the challenge."""
    challenge = challenge_or_404(request, uuid, lock=request.method == "POST")
    user = cast("User", request.user)
    if not can_write_entry(user, challenge.sector):
        raise Http404
    if request.method != "POST":
        return redirect("sectorlog:challenge_detail", uuid)
    form = NoteForm(request.POST)
    form.station = challenge.sector.station
    if challenge.closed_at is not None:
        return _detail_page(request, challenge, form=form, is_late=True)
    if not form.is_valid():
        return _detail_page(request, challenge, form=form)
    challenge_closing.note(challenge, form.cleaned_data["text"], by=user)
    messages.success(request, _("The note is in the log."))
    return redirect("sectorlog:challenge_detail", uuid)


def _changeable(request: HttpRequest, uuid: uuids.UUID) -> Any:
    """Return the challenge, its row held where something may be changed. Raises Http404 without the right to."""
    challenge = challenge_or_404(request, uuid, lock=request.method == "POST")
    if not can_update_challenge(cast("User", request.user), challenge):
        raise Http404
    return challenge


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change what the challenge is; 409 where somebody else did so meanwhile."""
    challenge = _changeable(request, uuid)
    form = ChallengeForm(
        request.POST if request.method == "POST" else None,
        instance=challenge,
        sector=challenge.sector,
        may_share=True,
    )
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("The challenge is changed."))
        return redirect("sectorlog:challenge_detail", uuid)
    # The title as it is kept: the form has put what was typed into the object.
    title = Challenge.objects.values_list("title", flat=True).get(pk=challenge.pk)
    return _form_page(request, form, {"sector": challenge.sector, "challenge": challenge, "title": title})


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_close(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask what came of it, then close the challenge; 409 where somebody else closed it meanwhile."""
    return _closing(request, uuid, CloseForm, is_closing=True)


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_reopen(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask why, then open a closed challenge again; 409 where somebody else did so meanwhile."""
    return _closing(request, uuid, ReopenForm, is_closing=False)


def _closing(
    request: HttpRequest, uuid: uuids.UUID, form_class: type[CloseForm | ReopenForm], *, is_closing: bool
) -> HttpResponse:
    challenge, user = _changeable(request, uuid), cast("User", request.user)
    is_late = is_closing is (challenge.closed_at is not None)
    if is_late and request.method != "POST":
        return redirect("sectorlog:challenge_detail", uuid)
    form = form_class(request.POST if request.method == "POST" else None)
    form.station = challenge.sector.station
    if form.is_bound and form.is_valid() and not is_late:
        if is_closing:
            challenge_closing.close(challenge, form.cleaned_data["result"], by=user)
            messages.success(request, _("The challenge is closed."))
        else:
            challenge_closing.reopen(challenge, form.cleaned_data["text"], by=user)
            messages.success(request, _("The challenge is open again."))
        return redirect("sectorlog:challenge_detail", uuid)
    context = {
        "sector": challenge.sector,
        "challenge": challenge,
        "form": form,
        "is_late": is_late,
        "is_closing": is_closing,
    }
    status = 409 if is_late else 422 if form.errors else 200
    return render(request, "sectorlog/challenge_close.html", context, status=status)
