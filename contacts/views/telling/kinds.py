"""Notices and events go the same way to the public: what the pages of either are made of."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language_info

from audit.reads import shown
from contacts.forms.telling.events import EventForm, StaffingForm
from contacts.forms.telling.notices import NoticeForm, ReasonForm, ShownUntilForm
from contacts.models import Event, EventPresence, Notice
from contacts.permissions import can_assign_presence, can_change_event, can_change_notice, can_tell_public
from contacts.publishing import approving
from officers import personal_data
from officers.forms.asking import key_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

LANGUAGES = ("en", "da")


@dataclass(frozen=True, slots=True)
class Kind:
    """`form_of(data, item, user)` makes the form that fits the item's state."""

    name: str
    model: Any
    can_change: Callable[[User, Any], bool]
    form_of: Callable[[Any, Any, User], ModelForm]
    related: tuple[str, ...]


def _notice_form(data: Any, notice: Notice, user: User) -> ModelForm:
    if notice.state == Notice.State.PUBLISHED:
        return ShownUntilForm(data, instance=notice)
    return NoticeForm(data, instance=notice)


def _event_form(data: Any, event: Event, user: User) -> ModelForm:
    if event.state == Event.State.PUBLISHED:
        return StaffingForm(data, instance=event)
    return EventForm(data, instance=event, user=user)


_RELATED = ("station", "written_by", "approved_by", "replaces")
KINDS = {
    "notice": Kind("notice", Notice, can_change_notice, _notice_form, ("sector__district", *_RELATED)),
    "event": Kind("event", Event, can_change_event, _event_form, _RELATED),
}


def item_or_404(request: HttpRequest, kind: Kind, uuid: uuids.UUID, *, lock: bool = False) -> Any:
    """Return the notice or event, noted as shown. Raises Http404 for one that the account does not read."""
    rows = kind.model.objects.visible_to(cast("User", request.user)).select_related(*kind.related)
    if lock:
        rows = rows.select_for_update(of=("self",))
    item = get_object_or_404(rows, uuid=uuid)
    shown(request, item, sectors=[sector.pk for sector in sectors_of(item)])
    return item


def changeable(request: HttpRequest, kind: Kind, uuid: uuids.UUID, *, lock: bool = False) -> Any:
    """Return it to be changed. Raises Http404 without the right to."""
    item = item_or_404(request, kind, uuid, lock=lock)
    if not kind.can_change(cast("User", request.user), item):
        raise Http404
    return item


def sectors_of(item: Any) -> list[Sector]:
    """Return the sectors that it is about; none for all of the station."""
    if isinstance(item, Event):
        return list(item.sectors.select_related("district"))
    return [item.sector] if item.sector else []


def home_sector(user: User, item: Any) -> Sector | None:
    """Return the sector whose page leads to the item: the first in which the account tells the public."""
    return next((sector for sector in sectors_of(item) if can_tell_public(user, sector)), None)


def detail_page(
    request: HttpRequest, kind: Kind, item: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show it as the public reads it, in both languages, what keeps it from them yet, and what can be done."""
    user = cast("User", request.user)
    may_change = kind.can_change(user, item)
    is_open = item.state in (item.State.DRAFT, item.State.WAITING)
    doubts = personal_data.doubts(approving.texts(item), item.station) if may_change and is_open else []
    context = {
        "kind": kind.name,
        "item": item,
        "versions": [_version(item, language) for language in LANGUAGES],
        "sector": home_sector(user, item),
        "sectors": sectors_of(item),
        "can_change": may_change,
        "can_approve": approving.can_approve(user, item),
        "publishes_at_once": may_change and approving.publishes_at_once(user, item),
        "is_incomplete": bool(approving.missing_texts(item)),
        "doubts": doubts,
        "doubts_key": key_of(doubts),
        "seen": approving.seen(item),
        "reason_form": ReasonForm(),
        "newer": _newer(kind, item),
        **(_presence_context(request, item) if isinstance(item, Event) else {}),
        **more,
    }
    return render(request, f"contacts/{kind.name}_detail.html", context, status=status)


def _version(item: Any, language: str) -> dict[str, str]:
    """Return what readers of the language see."""
    names = ("title", "said", "text") if isinstance(item, Notice) else ("title", "text")
    words = {name: item.in_language(name, language) for name in names}
    return {"language": language, "name": get_language_info(language)["name_local"].capitalize(), **words}


def _newer(kind: Kind, item: Any) -> Any:
    """Return what was written anew in its place, published or not; None for nothing."""
    replacing = kind.model.objects.filter(replaces=item).exclude(state=item.State.WITHDRAWN)
    return replacing.order_by("-pk").first()


def _presence_context(request: HttpRequest, event: Event) -> dict[str, Any]:
    user = cast("User", request.user)
    presences = list(event.presences.select_related("officer").order_by("officer__name"))
    if presences:
        shown(request, presences, verb="listed", sectors=[sector.pk for sector in sectors_of(event)])
    coming = [one for one in presences if one.answer != EventPresence.Answer.NO]
    return {
        "presences": presences,
        "assigned": len(coming),
        "missing": max(0, event.required_presence - len(coming)),
        "mine": next((one for one in presences if one.officer.user_id == user.pk), None),
        "can_assign": can_assign_presence(user, event),
    }
