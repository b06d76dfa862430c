"""What every admin page of a station has in common: a head sees their own station and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_permission_codename
from django.db import IntegrityError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse

from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User

# A filter with more choices than this is no help: there is the search field.
FILTER_CHOICES_LIMIT = 60


class StationScopedAdmin(admin.ModelAdmin):
    """An admin of a model whose QuerySet knows `visible_to(user)`.

    Lists, searches, autocompletes, choices and filters hold what the account may see; every page of a foreign object
    answers 404, as if the object did not exist (design, section 6).
    """

    # What the forms offer to choose from: what one heads, where the model knows that; else what one may see.
    offers: tuple[str, ...] = ("headed_by", "visible_to")
    # The relations whose object can be made in passing, from within the form.
    addable: tuple[str, ...] = ()
    # An address that leads to any object by its number would tell which ones exist.
    view_on_site: Any = False
    actions = None
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]  # by contract

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj) or self._may(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        """Ask for the right over this object, not for the right over any."""
        permission = f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}"
        return request.user.has_perm(permission, obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the object. Raises Http404 for a foreign one: Django would redirect with a message."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Name what is in the way of deleting, rather than a permission that nobody has."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else lacking, protected

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        related = db_field.remote_field.model._default_manager
        offered = next((ask for name in self.offers if (ask := getattr(related, name, None))), None)
        if offered is not None:
            kwargs["queryset"] = offered(request.user)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if offered is not None and field is not None and field.required and kwargs["queryset"].count() == 1:
            field.initial = kwargs["queryset"].get()
        tell_stations_apart(field, request)
        return field

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the icons that lead away from a form to change, look at or delete what is chosen in it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
            widget.can_add_related = widget.can_add_related and db_field.name in self.addable
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form. Two who save at the same instant both get an answer, never an error page.

        What the second one wanted was free when it was checked and taken when it was written. Nothing of it is
        left in the database, so it is checked again: now the form knows, and says so beside what was typed.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)


def tell_stations_apart(field: Any, request: HttpRequest) -> None:
    """Say the station beside each choice to whom sees several: they number and name their parts alike."""
    several = Station.objects.visible_to(cast("User", request.user)).count() > 1
    if field is not None and several and hasattr(field.queryset.model, "station"):
        chosen = field.queryset.select_related("station")
        field.queryset = chosen.order_by("station", *chosen.model._meta.ordering)
        field.label_from_instance = lambda found: f"{found} · {found.station}"


class VisibleRelatedFilter(RelatedFieldListFilter):
    """A filter by a related object that offers only what the account may see."""

    def field_choices(
        self, field: Field[Any, Any], request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Any:
        related: type[Model] = field.related_model  # type: ignore[assignment]  # filters stand on relations
        visible = related._default_manager.visible_to(request.user)  # type: ignore[attr-defined]  # by contract
        return [(found.pk, str(found)) for found in visible[: FILTER_CHOICES_LIMIT + 1]]

    def has_output(self) -> bool:
        return 1 < len(self.lookup_choices) <= FILTER_CHOICES_LIMIT
