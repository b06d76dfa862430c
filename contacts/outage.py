"""What is said while the database does not answer. The sectors and officers go on from this process's copies."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# No connection, a lost one, none free in the pool in time, a query that took too long.
OUTAGE = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 30


def sentence() -> str:
    return _(
        "Addresses cannot be looked up at the moment. Please try again in a minute, or choose your sector in the "
        "list."
    )


def page(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer for a page that this process has no copy of: whom to call, and when to come again.

    One line in the log: a process that has just begun answers every request so until the database is back.
    """
    logger.error("The database does not answer, and there is no copy yet: %s", type(error).__name__)
    response = render(request, "contacts/unavailable.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
