"""What the public templates need besides their view's data: languages, telephone links, the map's tiles."""

from __future__ import annotations

import datetime
import re
from typing import Any, cast

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import capfirst
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, ngettext, override
from django.utils.translation import gettext as _

from contacts.forms.find import FindForm

register = template.Library()


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the site's languages, each with the address of this very page in it (or of the first page)."""
    request: HttpRequest = context["request"]
    is_page = _is_page(request.path_info)
    return [_language(code, request, is_page) for code, _name in settings.LANGUAGES]


def _language(code: str, request: HttpRequest, is_page: bool) -> dict[str, Any]:
    if is_page:
        url = translate_url(request.get_full_path(), code)
    else:
        with override(code):
            url = reverse("contacts:home")
    return {
        "code": code,
        "name": capfirst(get_language_info(code)["name_local"]),
        "url": url,
        "absolute_url": request.build_absolute_uri(url.partition("?")[0]),
        "is_current": code == get_language(),
    }


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@register.simple_tag
def is_demo() -> bool:
    return bool(getattr(settings, "DEMO", False))


@register.simple_tag
def emergency_number() -> str:
    return settings.EMERGENCY_NUMBER


@register.simple_tag
def police_number() -> str:
    """The number for police matters that are not urgent and not for one's own officer."""
    return settings.POLICE_NUMBER


@register.simple_tag
def empty_find_form() -> FindForm:
    """The address field for pages whose view knows nothing of it, such as "page not found"."""
    return FindForm()


@register.simple_tag
def map_settings() -> dict[str, Any]:
    """Return what the map's script needs: tile layers as Leaflet takes them, and its own words."""
    tiles = cast("list[Any]", settings.LEAFLET_CONFIG["TILES"])
    return {
        "tiles": [
            {"url": url, "options": options | {"referrerPolicy": settings.SECURE_REFERRER_POLICY}}
            for _name, url, options in tiles
        ],
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "vacant": _("No officer at the moment"),
        "failed": _("The map could not be loaded. The list of sectors says the same."),
    }


@register.filter
def tel(number: str) -> str:
    """Return the address that makes a telephone call the number."""
    return "tel:" + re.sub(r"[^0-9+]", "", number)


@register.filter
def unbroken(number: str) -> str:
    """Keep a telephone number on one line."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def breakable(email: str) -> SafeString:
    """Let an e-mail address break before its @ where the line is too short for it."""
    name, at, host = email.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, host)


@register.filter
def metres(distance: float) -> str:
    """Return a distance as people say it, in whole metres."""
    if distance < 1:
        return _("less than 1 metre")
    whole = round(distance)
    return ngettext("%(count)d metre", "%(count)d metres", whole) % {"count": whole}


@register.filter
def last_day(until: datetime.datetime) -> datetime.date:
    """Return the day that people name when something lasts until this instant: midnight ends the day before."""
    return timezone.localdate(until - datetime.timedelta(microseconds=1))


@register.filter
def unlocalized(number: float) -> str:
    """Return a coordinate with a point in every language."""
    return repr(float(number))
