"""No uploaded file is kept beyond a stated size: the rest of it is passed over instead of filling the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect


class UploadLimit(FileUploadHandler):
    """Goes before the handlers that store a file. Of a request it lets one file pass, up to `limit` bytes."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.files = self.received = 0

    @property
    def is_exceeded(self) -> bool:
        return self.received > self.limit

    @property
    def has_several_files(self) -> bool:
        return self.files > 1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.has_several_files:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.is_exceeded:
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
