"""From a citizen's message into the log, and from the log to what the public is told."""

from __future__ import annotations

import uuid as uuids
from typing import cast
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from audit.reads import shows_nothing_personal
from contacts.models import Message, Notice
from officers.models import User
from sectorlog.from_messages import message_to_follow
from sectorlog.models import ToldPublic
from sectorlog.permissions import can_write_entry
from sectorlog.views.entries import visible_entry


def _message_or_404(request: HttpRequest, uuid: uuids.UUID) -> Message:
    message = message_to_follow(cast("User", request.user), str(uuid))
    if message is None:
        raise Http404
    return message


@require_safe
@shows_nothing_personal
def entry_from_message(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Lead to a new entry that begins with the message's words."""
    message = _message_or_404(request, uuid)
    begin = urlencode({"sector": message.sector.slug, "message": message.uuid})
    return redirect(f"{reverse('sectorlog:entry_create')}?{begin}")


@require_safe
@shows_nothing_personal
def challenge_from_message(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Lead to a new challenge that begins with the message's words."""
    message = _message_or_404(request, uuid)
    address = reverse("sectorlog:challenge_create", args=[message.sector.slug])
    return redirect(f"{address}?{urlencode({'message': message.uuid})}")


@require_POST
@transaction.atomic
def public_tell(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Begin a notice "You said, we did" about the entry. It begins empty: what the public reads is worded anew."""
    entry, user = visible_entry(request, uuid), cast("User", request.user)
    if not can_write_entry(user, entry.sector):
        raise Http404
    draft = Notice.objects.filter(about_entry__entry=entry, written_by=user, state=Notice.State.DRAFT).first()
    if draft is None:
        draft = Notice.objects.create(
            station=entry.sector.station, sector=entry.sector, kind=Notice.Kind.YOU_SAID, written_by=user
        )
        ToldPublic.objects.create(entry=entry, notice=draft)
    return redirect("contacts:notice_detail", draft.uuid)
