"""The admin says what it shows: every ModelAdmin of a ReadLoggedSite, whoever wrote it, and the site itself."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from audit.models import ReadEntry
from audit.reads import offered, shown, shows_nothing_personal

# Pages of the site that show no object, by the names of their addresses.
PAGES_WITHOUT_OBJECTS = {"index", "app_list", "logout", "password_change", "password_change_done", "jsi18n"}


class ReadLoggedAdmin(admin.ModelAdmin):
    """Logs the object of a form, of its history and of the question before deleting it, and the rows of a list.

    The site puts it in front of every ModelAdmin that does not build on it.
    """

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            shown(request, found)
        return found

    def get_urls(self) -> list[URLPattern]:
        """An empty form shows nobody but whom it offers, and that is noted."""
        return _marked(super().get_urls(), {f"{self.opts.app_label}_{self.opts.model_name}_add"})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Log the rows of other models that stand in the same form, and those that it offers to choose from."""
        if "adminform" in context:
            offered(request, context["adminform"].form)
        for inline in context.get("inline_admin_formsets", ()):
            shown(request, [form.instance for form in inline.formset.initial_forms])
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        # The list, or those that an action asks about before it acts.
        rows = context["cl"].result_list if "cl" in context else context.get("queryset")
        if rows is not None:
            shown(request, rows, verb=ReadEntry.Verb.LISTED)
        return response


class ReadLoggedAutocomplete(AutocompleteJsonView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown(self.request, context["object_list"], verb=ReadEntry.Verb.SEARCHED)
        return context


class ReadLoggedSite(admin.AdminSite):
    """The admin site whose objects, lists and autocompletes are logged. Its own pages are known to show no object."""

    def register(
        self,
        model_or_iterable: Any,
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        given = admin_class or admin.ModelAdmin
        if not issubclass(given, ReadLoggedAdmin):
            given = type(given.__name__, (ReadLoggedAdmin, given), {"__module__": given.__module__})
        super().register(model_or_iterable, given, **options)

    def get_urls(self) -> list[Any]:
        return _marked(super().get_urls(), PAGES_WITHOUT_OBJECTS)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast("HttpResponse", ReadLoggedAutocomplete.as_view(admin_site=self)(request))


def _marked(patterns: list[Any], names: set[str]) -> list[Any]:
    for pattern in patterns:
        if getattr(pattern, "name", None) in names:
            shows_nothing_personal(pattern.callback)
    return patterns
