"""No uploaded file is kept beyond a stated size: the rest of it is passed over instead of filling the disk."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect


class UploadLimit(FileUploadHandler):
    """Goes before the handlers that store a file, and drops one that grows beyond `limit` bytes."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.is_exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.limit:
            self.is_exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the finished file to the handlers that stored it."""


def with_upload_limit(
    request: HttpRequest, limit: int, view: Callable[[HttpRequest, UploadLimit], HttpResponse]
) -> HttpResponse:
    """Call `view` with the limit in place, and only then check the CSRF token, whose reading reads the upload.

    The caller is exempt from the check by the middleware, which would come too early.
    """
    handler = UploadLimit(request, limit)
    request.upload_handlers.insert(0, handler)
    return csrf_protect(lambda checked: view(checked, handler))(request)
