"""The site's own addresses, written out in full for what leaves it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

# All control characters but the end of a line: XML knows none of them, and no file that is taken along needs them.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def absolute(name: str, *args: object) -> str:
    """Return the full address of a page in the active language, by the address that the site is known by."""
    return settings.SITE_URL + reverse(f"contacts:{name}", args=args)


def site_host() -> str:
    """Return the host that makes identifiers the site's own."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def plain(text: str) -> str:
    """Return the text with line ends as they are in Unix, without characters that a file cannot hold."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    return " ".join(plain(text).split())
