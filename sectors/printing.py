"""Pages for the printer: PDF from templates, with nothing from outside the site."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# WeasyPrint lets Pillow read pictures that are cut short, for the whole process: uploads would take them too.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# A template for the printer names static files as they lie in static/: "css/print.css". No such host exists.
_SITE = "https://print.invalid/"
_PICTURE_WITHIN = "data:image/"


class OutsideRefused(FatalURLFetchingError):
    """A template names something that is none of the site's own files."""


class _OwnFiles(URLFetcher):
    """Hands out the site's static files and pictures within the page; asks nobody and reads no other file."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        if url.startswith(_PICTURE_WITHIN):
            return super().fetch(url, headers)
        found = _static_file(url)
        if found is None:
            raise OutsideRefused(url)
        content_type = mimetypes.guess_type(found)[0] or "application/octet-stream"
        return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": content_type})


def _static_file(url: str) -> Path | None:
    if not url.startswith(_SITE):
        return None
    try:
        found = finders.find(unquote(urlsplit(url).path).removeprefix("/"))
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


def pdf(template: str, context: dict[str, Any]) -> bytes:
    """Return the template's page as a tagged PDF. Raises OutsideRefused if it names anything from outside."""
    html = render_to_string(template, context)
    # Styles and pictures that cannot be had are an error: a page with holes is not handed out.
    fetcher = _OwnFiles(allowed_protocols=("data",), fail_on_errors=True)
    document = HTML(string=html, base_url=_SITE, url_fetcher=fetcher)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1") or b"")


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """Return the PDF as something to keep; no shared cache holds it."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        },
    )
