"""Pages that take one file: what is beyond their limit is passed over while it arrives, and the form says so."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from sectors.admin.upload_limit import UploadLimit, with_upload_limit


class UploadForm(forms.Form):
    """A form with one file. `upload` is what the page saw of it while it arrived."""

    upload_field = "file"
    upload: UploadLimit | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.upload is not None and (refusal := _refusal(self.upload)):
            # "This field is required" would be said of a file that was passed over.
            self.errors.pop(self.upload_field, None)
            self.add_error(self.upload_field, refusal)
        return self.cleaned_data if cleaned is None else cleaned


def _refusal(upload: UploadLimit) -> str:
    if upload.has_several_files:
        return _("Choose one file at a time.")
    if upload.is_exceeded:
        limit = filesizeformat(upload.limit)
        return _("This file is larger than %(limit)s. Choose a smaller one.") % {"limit": limit}
    return ""


def takes_file(
    limit: Callable[[], int],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view take one file of at most `limit()` bytes. Called with `upload`, once the CSRF token was checked."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return with_upload_limit(
                request, limit(), lambda checked, upload: view(checked, *args, upload=upload, **kwargs)
            )

        return limited

    return decorate


class UploadAdminMixin:
    """An admin whose form is an UploadForm, with a limit in bytes."""

    def upload_limit_bytes(self) -> int:
        raise NotImplementedError

    @method_decorator(csrf_exempt)
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._limited(request, super().add_view, *args, **kwargs)  # type: ignore[misc]  # a ModelAdmin's

    @method_decorator(csrf_exempt)
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._limited(request, super().change_view, *args, **kwargs)  # type: ignore[misc]  # a ModelAdmin's

    def _limited(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        def limited(checked: HttpRequest, upload: UploadLimit) -> HttpResponse:
            checked.upload_limit = upload  # type: ignore[attr-defined]  # read by get_form below
            return view(checked, *args, **kwargs)

        return with_upload_limit(request, self.upload_limit_bytes(), limited)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]  # a ModelAdmin's
        form.upload = getattr(request, "upload_limit", None)
        return form
