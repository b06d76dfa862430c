"""Analysis documents in the admin: upload, correct the title, withdraw. The file itself never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter
from sectors.document_form import DocumentForm
from sectors.documents import keep, may_withdraw
from sectors.models import AnalysisDocument
from sectors.uploads import UploadAdminMixin

if TYPE_CHECKING:
    from officers.models import User


class SectorFilter(VisibleRelatedFilter):
    """Each document is about a sector, so "none" is no choice."""

    include_empty_choice = False


@admin.register(AnalysisDocument)
class AnalysisDocumentAdmin(UploadAdminMixin, StationScopedAdmin):
    """What analysts and heads uploaded. Downloads go through the page that logs them."""

    form = DocumentForm
    list_display = ("title", "about", "source", "download", "uploaded_at", "uploaded_by")
    list_filter = (
        ("station", VisibleRelatedFilter),
        ("sectors", SectorFilter),
        "uploaded_at",
    )
    list_select_related = ("uploaded_by",)
    search_fields = ("title", "source", "filename", "sectors__name")
    search_help_text = _("Title, source, file name or sector")
    readonly_fields = ("about", "download", "uploaded_at", "uploaded_by", "withdrawal")

    def upload_limit_bytes(self) -> int:
        return settings.DOCUMENT_MAX_BYTES

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("sectors")

    @admin.display(description=_("sectors"))
    def about(self, document: AnalysisDocument) -> str:
        return ", ".join(str(sector) for sector in document.sectors.all())

    @admin.display(description=_("file"))
    def download(self, document: AnalysisDocument) -> SafeString:
        address = reverse("officers:document_download", args=[document.uuid])
        size = filesizeformat(document.size)
        return format_html('<a href="{}" download>{}</a> ({})', address, document.filename, size)

    @admin.display(description=_("withdraw"))
    def withdrawal(self, document: AnalysisDocument) -> SafeString:
        address = reverse("officers:document_withdraw", args=[document.uuid])
        words = gettext("Withdraw the document and remove its file")
        return format_html('<a href="{}">{}</a>', address, words)

    def get_fields(self, request: HttpRequest, obj: AnalysisDocument | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("title", "file", "source", "sectors")
        shown = ("title", "source", "about", "download", "uploaded_at", "uploaded_by")
        withdrawable = may_withdraw(cast("User", request.user), obj)
        return (*shown, "withdrawal") if withdrawable else shown

    def get_form(
        self, request: HttpRequest, obj: AnalysisDocument | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = cast("User", request.user)
        if obj is not None:
            # The file is asked for once; fields that a form declares itself are not the admin's to leave out.
            form.base_fields.pop("file", None)
        return form

    def has_delete_permission(self, request: HttpRequest, obj: AnalysisDocument | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: AnalysisDocument, form: DocumentForm, change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        values = form.cleaned_data
        keep(obj, values["file"], values["sectors"], by=cast("User", request.user))
