"""What belongs to source handling: an officer sends it, sealed; the district head reads it and hands it over."""

from __future__ import annotations

import re
import uuid as uuids
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import ReadEntry
from audit.reads import shown, shows_nothing_personal
from officers.models import User
from sectorlog.forms.source_referrals import HandOverForm, ReasonForm, ReferralForm
from sectorlog.models import SourceKey, SourceReferral
from sectorlog.source_handling.sealing import KeyChanged, hand_over, head_of, refer
from sectorlog.source_handling.waiting import waiting_by_district
from sectors.admin.upload_limit import UploadLimit
from sectors.models import District, Sector
from sectors.uploads import takes_file

PAGE_SIZE = 50
# What a form sends besides what somebody typed: by its name, and by its looks where a form does not name its texts.
NOT_TYPED = re.compile(r"csrfmiddlewaretoken|source_.*|next|draft|form|sector|(?:.*-)?uuid")
CHOSEN = re.compile(r"[0-9.,:T+-]*|[a-z0-9-]*[0-9-][a-z0-9-]*")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@shows_nothing_personal
@takes_file(lambda: 0)
@sensitive_variables()
def source_referral(request: HttpRequest, *, upload: UploadLimit) -> HttpResponse:
    """Show what the officer typed here or in another form, then seal it. Files of that form are passed over."""
    user = cast("User", request.user)
    if not user.standing.sectors:
        raise Http404
    if request.method != "POST" or "send" not in request.POST:
        return _referral_page(request, ReferralForm(initial=_brought_along(request), user=user))
    form = ReferralForm(request.POST, user=user)
    if not form.is_valid() or form.key is None:
        return _referral_page(request, form)
    found = form.cleaned_data
    try:
        refer(found["text"], by=user, sector=found["sector"], key=form.key)
    except KeyChanged:
        form.add_error(
            None, _("Nothing was sent: the key of your district is damaged. Tell your district head.")
        )
        return _referral_page(request, form)
    query = urlencode({"draft": draft}) if (draft := _uuid(found["draft"])) else ""
    return redirect(f"{reverse('sectorlog:source_referral_sent')}?{query}".rstrip("?"))


@require_safe
@never_cache
@shows_nothing_personal
def source_referral_sent(request: HttpRequest) -> HttpResponse:
    """Say that it is gone; the browser's draft of the form it was typed in goes as well."""
    draft = _uuid(request.GET.get("draft", ""))
    return render(request, "sectorlog/source_referral_sent.html", {"draft": draft})


def _uuid(text: str) -> str:
    """Return the UUID that stands here, empty for anything else: nothing typed gets into an address."""
    try:
        return str(uuids.UUID(text))
    except ValueError:
        return ""


@sensitive_variables()
def _brought_along(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed in the form where the button was tapped: in the fields it names, else in all of them."""
    data = request.POST
    named = dict.fromkeys(data.getlist("source_fields"))
    texts = [
        data.get(name, "").strip()
        for name in named or data
        if not NOT_TYPED.fullmatch(name) and (named or not CHOSEN.fullmatch(data[name]))
    ]
    own = Sector.objects.filter(pk__in=cast("User", request.user).standing.sectors)
    here = [sector.pk for sector in own if sector.slug == data.get("source_sector")]
    return {
        "text": "\n\n".join(text for text in texts if text),
        "draft": data.get("draft") or data.get("uuid"),
        "sector": here[0] if here else None,
    }


def _referral_page(request: HttpRequest, form: ReferralForm) -> HttpResponse:
    own = Sector.objects.filter(pk__in=cast("User", request.user).standing.sectors)
    keyless = (
        District.objects.filter(sectors__in=own)
        .exclude(source_keys__in=SourceKey.objects.filter(retired_at=None))
        .select_related("station")
        .distinct()
    )
    heads = [(district, head_of(district)) for district in keyless]
    shown(request, [head for _district, head in heads if head])
    context = {"form": form, "keyless": heads}
    return render(request, "sectorlog/source_referral.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def source_referral_list(request: HttpRequest) -> HttpResponse:
    """Show the heads how many referrals wait and since when; the district's head opens them and sees receipts."""
    standing = cast("User", request.user).standing
    if not standing.districts and not standing.stations:
        raise Http404
    readable = SourceReferral.objects.readable_by(cast("User", request.user)).select_related(
        "district", "erased_by"
    )
    waiting = readable.waiting().order_by("received_at")[:PAGE_SIZE]
    page = Paginator(readable.filter(erased_at__isnull=False).order_by("-erased_at"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    shown(request, [*waiting, *page], verb=ReadEntry.Verb.LISTED)
    context = {
        "districts": waiting_by_district(standing.districts, standing.stations),
        "reads": bool(standing.districts),
        "waiting": waiting,
        "page": page,
    }
    return render(request, "sectorlog/source_referral_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def source_referral_read(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask why, log the answer, then give the sealed text to the head's browser, which opens it."""
    referral = _readable(request, uuid)
    if referral.erased_at:
        return redirect("sectorlog:source_referral_receipt", uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _opened(request, referral, form.cleaned_data["purpose"], HandOverForm())
    shown(request, referral, verb=ReadEntry.Verb.LISTED)
    context = {"referral": referral, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "sectorlog/source_referral_ask.html", context, status=status)


@require_POST
@never_cache
def source_referral_hand_over(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Erase the text, as it is with somebody else now; show the receipt."""
    referral = _readable(request, uuid)
    form = HandOverForm(request.POST)
    if referral.erased_at is None and not form.is_valid():
        return _opened(request, referral, "", form)
    if form.is_valid():
        hand_over(referral, form.cleaned_data["to"], by=cast("User", request.user))
    return redirect("sectorlog:source_referral_receipt", uuid)


@require_safe
@never_cache
def source_referral_receipt(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what stays of a referral: which, when it came, when and to whom it went. To be printed."""
    referral = _readable(request, uuid)
    if referral.erased_at is None:
        return redirect("sectorlog:source_referral_read", uuid)
    shown(request, referral)
    return render(request, "sectorlog/source_referral_receipt.html", {"referral": referral})


def _readable(request: HttpRequest, uuid: uuids.UUID) -> SourceReferral:
    seen = SourceReferral.objects.readable_by(cast("User", request.user))
    return get_object_or_404(seen.select_related("district", "key", "erased_by"), uuid=uuid)


def _opened(request: HttpRequest, referral: SourceReferral, purpose: str, form: HandOverForm) -> HttpResponse:
    """Give the sealed text to the head; without a purpose only what is known of it from outside."""
    shown(request, referral, verb=ReadEntry.Verb.SHOWN if purpose else ReadEntry.Verb.LISTED, purpose=purpose)
    context = {"referral": referral, "form": form, "sealed": referral.sealed if purpose else ""}
    return render(request, "sectorlog/source_referral_read.html", context, status=422 if form.errors else 200)
