"""Boundary releases in the admin: draw a draft on the map, see what it moves, publish it on a date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from audit.reads import shows_nothing_personal
from sectors.admin import release_drafts
from sectors.admin.editor_page import editor_texts, map_settings, moves_context, service_bounds
from sectors.admin.release_areas import areas_response
from sectors.admin.release_publication import publish_view, unschedule_view
from sectors.admin.release_state import predecessor, release_url, state_text
from sectors.admin.upload_limit import with_upload_limit
from sectors.boundaries.checks import check_release
from sectors.forms import PublicationForm, ReleaseNameForm
from sectors.models import BoundaryRelease, District, Station
from sectors.permissions import (
    can_add_release,
    can_change_release,
    can_delete_release,
    can_draw_releases,
    can_publish_release,
    can_view_release,
)

if TYPE_CHECKING:
    from officers.models import User

TEMPLATES = "admin/sectors/boundaryrelease"


@admin.register(BoundaryRelease)
class BoundaryReleaseAdmin(admin.ModelAdmin):
    """Station heads see their own station's releases; those of others do not exist for them (404)."""

    list_display_links = None
    list_select_related = ("station",)
    actions = None
    search_fields = ("name",)
    change_list_template = f"{TEMPLATES}/change_list.html"

    @admin.display(description=_("name"), ordering="name")
    def name_link(self, release: BoundaryRelease) -> str:
        """The link says what awaits behind it."""
        return format_html('<a href="{}">{}</a>', release_url(release), release.name)

    @admin.display(description=_("state"), ordering="period")
    def state_text(self, release: BoundaryRelease) -> str:
        return state_text(release)

    @admin.display(description=_("sectors"), ordering="drawn")
    def sector_count(self, release: BoundaryRelease) -> int:
        return release.drawn  # type: ignore[attr-defined]  # annotated by get_queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[BoundaryRelease]:
        visible = BoundaryRelease.objects.visible_to(cast("User", request.user))
        return visible.annotate(drawn=Count("boundaries")).order_by("station", "-created_at")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = self.opts.verbose_name_plural
        return super().changelist_view(request, {"title": capfirst(title), **(extra_context or {})})

    def get_list_filter(self, request: HttpRequest) -> Any:
        return ("station",) if self.has_several_stations(request) else ()

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = ("name_link", "state_text", "sector_count")
        return ("station", *columns) if self.has_several_stations(request) else columns

    def has_several_stations(self, request: HttpRequest) -> bool:
        return Station.objects.visible_to(cast("User", request.user)).count() > 1

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_view_release(cast("User", request.user))

    def has_view_permission(self, request: HttpRequest, obj: BoundaryRelease | None = None) -> bool:
        return can_view_release(cast("User", request.user), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_add_release(cast("User", request.user))

    def has_change_permission(self, request: HttpRequest, obj: BoundaryRelease | None = None) -> bool:
        return obj is not None and can_change_release(cast("User", request.user), obj)

    def has_delete_permission(self, request: HttpRequest, obj: BoundaryRelease | None = None) -> bool:
        return obj is not None and can_delete_release(cast("User", request.user), obj)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> NoReturn:
        """What is not there, or not theirs, is a 404 (design, section 6), not a way back to the index."""
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        prefix = "sectors_boundaryrelease"
        pages = {
            "areas": self.areas_view,
            "consequences": self.consequences_view,
            "publish": self.publish_view,
            "unschedule": self.unschedule_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"{prefix}_{name}")
            for name, view in pages.items()
        ]
        imports = path("import/", self.admin_site.admin_view(self.import_view), name=f"{prefix}_import")
        return [imports, *own, *super().get_urls()]

    def release_or_404(self, request: HttpRequest, pk: str | int) -> BoundaryRelease:
        release = self.get_object(request, str(pk))
        if release is None or not self.has_view_permission(request, release):
            raise Http404
        return release

    def page(
        self, request: HttpRequest, template: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"{TEMPLATES}/{template}", context, status=status)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return release_drafts.draft_view(self, request)

    @shows_nothing_personal
    @method_decorator(csrf_exempt)
    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return with_upload_limit(
            request, release_drafts.MAX_UPLOAD_BYTES, partial(release_drafts.import_view, self)
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        release = self.release_or_404(request, object_id)
        if request.method == "POST" and not can_draw_releases(cast("User", request.user), release):
            raise PermissionDenied
        name_form = ReleaseNameForm(request.POST or None, instance=release)
        if request.method == "POST" and self.has_change_permission(request, release) and name_form.is_valid():
            name_form.save()
            messages.success(request, gettext("The name has been changed."))
            return HttpResponseRedirect(release_url(release))
        return self.page(request, "change_form.html", **self.editor_context(request, release, name_form))

    def editor_context(
        self, request: HttpRequest, release: BoundaryRelease, name_form: ReleaseNameForm
    ) -> dict[str, Any]:
        user = cast("User", request.user)
        return {
            "title": release.name,
            "subtitle": None,
            "release": release,
            "state": release.state,
            "state_text": state_text(release),
            "boundaries": release.boundaries.select_related("sector__district").defer("area"),
            "districts": District.objects.filter(station=release.station_id),
            "is_editable": can_change_release(user, release),
            "can_publish": can_publish_release(user, release),
            "can_delete": can_delete_release(user, release),
            "name_form": name_form,
            "publication_form": PublicationForm(),
            "editor_texts": editor_texts(),
            "map_settings": map_settings(),
            "service_bounds": service_bounds(),
        }

    def areas_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return areas_response(request, self.release_or_404(request, pk))

    def consequences_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The checks and what the change moves; alone for the map page's script, or as a page of its own."""
        release = self.release_or_404(request, pk)
        context: dict[str, Any] = {
            "release": release,
            "title": gettext("What “%(release)s” changes") % {"release": release},
            "report": check_release(release),
            **moves_context(release, predecessor(release)),
        }
        template = "consequences_part.html" if "part" in request.GET else "consequences.html"
        return self.page(request, template, **context)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return publish_view(self, request, self.release_or_404(request, pk))

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return unschedule_view(self, request, self.release_or_404(request, pk))
