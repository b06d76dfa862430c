"""How long a session lasts: so many idle minutes, so many hours at most (design, section 7)."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

BEGAN, SEEN = "login_began", "login_seen"
# Being seen is written down at most so often: a session that is worked in costs one write a minute.
SEEN_EVERY_SECONDS = 60


def begin(sender: Any, request: HttpRequest, **signal: Any) -> None:
    """Begin the time of a session, whichever way its account was let in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def why_over(request: HttpRequest) -> str:
    """Return the sentence that says why the session is over, or "" while it is not.

    A session without these times is none that `begin` has seen: over as well.
    """
    now = time.time()
    if now - request.session.get(BEGAN, 0) > settings.SESSION_LONGEST_SECONDS:
        return gettext("You have been logged in for a whole working day. Log in again to go on.")
    if now - request.session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS:
        return gettext("You were away for a while, so you have been logged out. Log in again to go on.")
    return ""


def see(request: HttpRequest) -> None:
    """Note that the session is in use."""
    now = time.time()
    if now - request.session[SEEN] > SEEN_EVERY_SECONDS:
        request.session[SEEN] = now
