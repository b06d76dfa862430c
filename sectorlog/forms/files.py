"""Several files in one field, each no larger than is taken: the rest is passed over while it arrives."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from sectorlog.entries.attachments import ACCEPTED, AT_ONCE, AttachmentRefused, Prepared, prepared


class FilesLimit(FileUploadHandler):
    """Goes before the handlers that store files: lets a few pass, each up to a limit in bytes."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.files = self.received = 0
        self.too_large: list[str] = []

    @property
    def are_too_many(self) -> bool:
        return self.files > AT_ONCE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        self.received = 0
        if self.are_too_many:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.ATTACHMENT_MAX_BYTES:
            self.too_large.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the finished file to the handlers that stored it."""


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view take a few files. Called with `upload`, once the CSRF token was checked.

    The middleware's own check would come too early: reading the token reads the upload.
    """

    @csrf_exempt
    @functools.wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handler = FilesLimit(request)
        request.upload_handlers.insert(0, handler)
        return csrf_protect(lambda checked: view(checked, *args, upload=handler, **kwargs))(request)

    return limited


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files of an entry; cleaned to a list."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        label = gettext_lazy("Pictures and documents")
        super().__init__(**{"label": label, "required": False, "allow_empty_file": True, **options})
        self.widget.attrs |= {"multiple": True, "accept": ACCEPTED}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]


class TakesFiles(forms.Form):
    """A form with a field `files`. `upload` is what the page saw of them while they arrived."""

    files_required = False
    upload: FilesLimit | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(required=self.files_required)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.upload and (self.upload.too_large or self.upload.are_too_many):
            # "This field is required" would be said of a file that was passed over.
            self.errors.pop("files", None)
            self.add_error("files", ValidationError(_passed_over(self.upload)))
        return found

    def prepared_files(self) -> list[Prepared]:
        """Return the files as they are kept, add an error for each that is refused. Decodes pictures: comes last."""
        taken = []
        for upload in self.cleaned_data.get("files", ()):
            try:
                taken.append(prepared(upload))
            except AttachmentRefused as refusal:
                self.add_error("files", f"{Truncator(upload.name).chars(60)}: {refusal}")
        return taken


def _passed_over(upload: FilesLimit) -> list[str]:
    limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
    sentence = _("“%(name)s” is larger than %(limit)s. Choose a smaller one.")
    problems = [sentence % {"name": Truncator(name).chars(60), "limit": limit} for name in upload.too_large]
    if upload.are_too_many:
        problems.append(_("Choose at most %(number)d files at a time.") % {"number": AT_ONCE})
    return problems
