"""The admin that station heads work in."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse, translate_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from audit.admin import ReadLoggedSite
from officers.admin_filters import OwnFiltersAdmin
from officers.attention_lists import attention_context
from officers.permissions import can_enter_admin


class StationAdminSite(ReadLoggedSite):
    site_header = _("Your Police Officer")
    site_title = _("Your Police Officer")
    index_title = _("Station administration")

    def register(
        self,
        model_or_iterable: Any,
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Let every list be asked for its own filters alone, whoever wrote its ModelAdmin."""
        given = admin_class or admin.ModelAdmin
        closed = type(given.__name__, (OwnFiltersAdmin, given), {"__module__": given.__module__})
        super().register(model_or_iterable, closed, **options)

    def get_urls(self) -> list[Any]:
        """Leave out the page that leads to any object by its number: it would tell which ones exist."""
        from officers.admin.officer_importing import import_view

        page = path("officers/officer/import/", self.admin_view(import_view), name="officers_officer_import")
        patterns = super().get_urls()
        return [page, *(one for one in patterns if getattr(one, "name", "") != "view_on_site")]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who has a permission in the table of rights. It ends with the dated row, at the next request."""
        return can_enter_admin(request.user)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send on to the one login of the site. Raises PermissionDenied: an account without business here is told."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
        return redirect_to_login(wanted if is_safe else reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from allauth.account.views import logout

        return logout(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 404 where an account has no business: what is there is nobody else's to know (design, 6)."""

        @functools.wraps(view)
        def hidden(*args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(*args, **kwargs)
            except PermissionDenied as refusal:
                raise Http404 from refusal

        return super().admin_view(hidden, cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Begin with what needs a head's attention, each beside the act that mends it."""
        attention = attention_context(request)
        return super().index(request, {**attention, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "other_languages": list(_other_languages(request))}


def _other_languages(request: HttpRequest) -> Any:
    """Yield code, name and address of this page in each language but the one it is in."""
    for code, _name in settings.LANGUAGES:
        if code != getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE):
            name = get_language_info(code)["name_local"]
            yield {
                "code": code,
                "name": name.capitalize(),
                "url": translate_url(request.get_full_path(), code),
            }
