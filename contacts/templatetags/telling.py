"""What the pages need on which staff write what the public is told."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils import timezone

from contacts.models import ContactHours, Event, SurveyRound
from contacts.permissions import can_see_surveys, can_tell_public
from contacts.templatetags.sector_page import event_time, in_words, rhythm
from officers.models import User
from sectors.models import Sector

register = template.Library()


@register.simple_tag(takes_context=True)
def tells_public(context: dict[str, Any], sector: Sector) -> bool:
    """Whether the account writes what the public is told about the sector: a link leads to it."""
    user = context["request"].user
    return isinstance(user, User) and can_tell_public(user, sector)


@register.simple_tag(takes_context=True)
def works_in_station(context: dict[str, Any]) -> bool:
    """Whether the account may look into the directory of partners."""
    user = context["request"].user
    return isinstance(user, User) and bool(user.standing.home)


@register.simple_tag(takes_context=True)
def heads_some(context: dict[str, Any]) -> bool:
    """Whether the account heads a station or a district: notices and events wait for it."""
    user = context["request"].user
    return isinstance(user, User) and bool(user.standing.stations or user.standing.districts)


@register.simple_tag(takes_context=True)
def sees_surveys(context: dict[str, Any]) -> bool:
    """Whether the account sees the surveys of a station."""
    user = context["request"].user
    return isinstance(user, User) and can_see_surveys(user)


@register.simple_tag
def open_survey(sector: Sector) -> SurveyRound | None:
    """Return the round in which the sector's people are asked today."""
    return SurveyRound.objects.open_on(timezone.localdate()).filter(station=sector.station_id).first()


@register.filter
def hours_text(hours: ContactHours) -> str:
    """Return "Every Tuesday, 16:00–18:00"; those of one day with their date."""
    often = rhythm(hours) if hours.on_date is None else day_text(hours.on_date)  # type: ignore[arg-type]  # same names
    return f"{often}, {hours.begins:%H:%M}–{hours.ends:%H:%M}"


@register.filter
def day_text(day: datetime.date) -> str:
    """Return a day as people say it, today and tomorrow called so."""
    return in_words(day, timezone.localdate())


@register.filter
def event_text(event: Event) -> str:
    """Return when an event is."""
    return event_time(event, timezone.localdate())  # type: ignore[arg-type]  # the same names as the public's copy


@register.filter
def state_class(item: Any) -> str:
    """Return the class of the mark that says how far a notice or event has come."""
    if getattr(item, "cancelled_at", None):
        return "is-cancelled"
    if item.state == item.State.PUBLISHED and is_over(item):
        return "is-over"
    return f"is-{item.state}"


@register.filter
def is_over(item: Any) -> bool:
    ends = item.ends_at if isinstance(item, Event) else item.shown_until
    return ends is not None and ends <= timezone.now()


@register.filter
def is_to_come(item: Any) -> bool:
    """Whether a published notice is shown later only."""
    return item.state == item.State.PUBLISHED and item.shown_from > timezone.now()
