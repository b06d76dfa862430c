"""The box for other sites, "find my officer": its script, and the page that shows how to put it there."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from contacts.api.sharing import READING, open_to_programs
from contacts.views.kept import kept
from contacts.views.public import public_page

SOURCE = Path(settings.BASE_DIR) / "static" / "js" / "find-my-officer.js"


@public_page
def embed(request: HttpRequest) -> HttpResponse:
    """Show municipalities and housing associations the tag to copy, and the box as it looks."""

    def write() -> HttpResponse:
        return render(request, "contacts/embed.html", _context(request))

    return kept(request, "embed", write)


def _context(request: HttpRequest) -> dict[str, str]:
    return {
        "script_url": request.build_absolute_uri(reverse("find_my_officer")),
        "home_url": request.build_absolute_uri(reverse("contacts:home")),
        "origin": f"{request.scheme}://{request.get_host()}",
    }


@open_to_programs(*READING)
@gzip_page
@cache_control(public=True, max_age=60 * 60)
@conditional_page
def find_my_officer(request: HttpRequest) -> HttpResponse:
    """Answer the script of the box, with its words in all languages; the same for everybody."""
    body, etag = _script()
    return HttpResponse(
        body,
        headers={
            "Content-Type": "text/javascript; charset=utf-8",
            "ETag": etag,
            # A site that isolates itself (COEP) may load it as well.
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


@lru_cache(maxsize=1)
def _script() -> tuple[bytes, str]:
    """Return the script with the settings that it names, and its tag; the same as long as the process lives."""
    body = b'(() => {\n"use strict";\nconst SETTINGS = %s;\n%s})();\n' % (
        orjson.dumps(_settings()),
        SOURCE.read_bytes(),
    )
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _settings() -> dict[str, Any]:
    return {
        "language": settings.LANGUAGE_CODE,
        "languages": {code: _words_in(code) for code, _name in settings.LANGUAGES},
    }


def _words_in(code: str) -> dict[str, str]:
    """Return what the box says in a language, and below which address the site's pages in it are."""
    with override(code):
        return {
            "home": reverse("contacts:home"),
            "find": reverse("contacts:find"),
            "title": _("Find your police officer"),
            "label": _("Your address"),
            "hint": _("Street and house number"),
            "button": _("Find"),
            "searching": _("Searching …"),
            "empty": _("Type a street and a house number."),
            "officer": _("Your police officer in %(sector)s"),
            "cover": _("In place of the responsible officer in %(sector)s"),
            "vacant": _("No officer at the moment. The local police district takes care of %(sector)s."),
            "page": _("See the officer's page"),
            "sectorPage": _("See the sector's page"),
            "call": _("Call %(phone)s"),
            "near": _("Close by begins:"),
            "ambiguous": _("There are several. Which one do you mean?"),
            "outside": _("No officer was found for this address. Check how it is spelt."),
            "failed": _("The search does not work at the moment."),
            "elsewhere": _("Search on the police's own page"),
            "urgent": _("Is it urgent? Call %(number)s.") % {"number": settings.EMERGENCY_NUMBER},
        }
