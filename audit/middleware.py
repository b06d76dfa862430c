"""Around every page behind the login: changes in the account's name, reads written down before they are shown."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from audit.context import tell_request
from audit.models import ReadEntry
from audit.recording import Read, Recording

logger = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Answers that show content though something was refused: the form again, with what is wrong.
SHOWN_AGAIN = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
RETRY_AFTER_SECONDS = 30


class NotRecorded(Exception):
    """The log could not be written."""


class AuditMiddleware:
    """Stands behind the one that asks for the login. Public pages pass without a query or a look at the session.

    A view that may change something runs in one transaction, with its page's rendering and the entries of the read
    log: an answer of 4xx or 5xx takes all of it back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.audit = recording = Recording(request)  # type: ignore[attr-defined]  # read by `recording.of`
        try:
            return self._answer(request, recording)
        except NotRecorded:
            logger.exception("What %s shows could not be logged, so it was not shown.", request.path)
            return _plain_page("audit/not_recorded.html", HTTPStatus.SERVICE_UNAVAILABLE)
        except IntegrityError:
            # Found at the end of the transaction: somebody else removed, at this instant, what this refers to.
            logger.exception("What %s changed could not be saved.", request.path)
            return _plain_page("audit/not_saved.html", HTTPStatus.CONFLICT)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Get ready for a view behind the login. The one for the login has seen to it that there is an account."""
        if not getattr(view, "login_required", True):
            return
        recording: Recording = request.audit  # type: ignore[attr-defined]  # set above
        recording.is_due = not _shows_nothing_personal(view)
        if request.method not in SAFE_METHODS:
            recording.is_changing = True
            recording.transaction.enter_context(transaction.atomic())
            tell_request(request)

    def _answer(self, request: HttpRequest, recording: Recording) -> HttpResponseBase:
        with recording.transaction:
            response = self.get_response(request)
            is_refused = recording.is_changing and response.status_code >= HTTPStatus.BAD_REQUEST
            if is_refused:
                transaction.set_rollback(True)
            else:
                _record(request, recording, response)
        if is_refused:
            _record(request, recording, response)
        return response


def _record(request: HttpRequest, recording: Recording, response: HttpResponseBase) -> None:
    status = response.status_code
    if status != HTTPStatus.OK and status not in SHOWN_AGAIN:
        return
    if recording.is_due and not recording.reads and request.method in ("GET", "POST"):
        _complain(request, recording)
    try:
        recording.write()
    except Error as error:
        raise NotRecorded from error


def _complain(request: HttpRequest, recording: Recording) -> None:
    """Tell of a view that does not say what it shows; where people work with it, its page is logged as a whole."""
    sentence = (
        f"{request.path} shows something to an account without audit.reads.shown() or shows_nothing_personal."
    )
    if settings.AUDIT_RAISES:
        raise ImproperlyConfigured(sentence)
    logger.error(sentence)
    recording.reads[Read(ReadEntry.Verb.SHOWN.value, "", (), (), "")] = None


def _shows_nothing_personal(view: Any) -> bool:
    return getattr(view, "shows_nothing_personal", False) or view.__module__.startswith(
        settings.AUDIT_OWN_ACCOUNT_MODULES
    )


def _plain_page(template: str, status: HTTPStatus) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string(template), status=status, headers=headers)
