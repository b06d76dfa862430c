"""What the pages of logging in need: the same page in the other language."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import capfirst
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info

register = template.Library()


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the site's languages, each with the address of this very page in it."""
    request: HttpRequest = context["request"]
    return [
        {
            "code": code,
            "name": capfirst(get_language_info(code)["name_local"]),
            "url": translate_url(request.get_full_path(), code),
            "is_current": code == get_language(),
        }
        for code, _name in settings.LANGUAGES
    ]
