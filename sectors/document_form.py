"""The form by which an analysis document comes in, on a sector's page and in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from sectors.document_types import ACCEPTED, DocumentRefused, checked, file_of
from sectors.documents import sectors_to_write_about
from sectors.models import AnalysisDocument, Sector
from sectors.uploads import UploadForm

if TYPE_CHECKING:
    from officers.models import User


class DocumentForm(UploadForm, forms.ModelForm):
    """A document with what it is about. `user` chooses among the sectors that they may upload for."""

    user: User
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, office file without macros, or picture. 25 MB at most."),
    )

    class Meta:
        model = AnalysisDocument
        fields = ("title", "source", "file", "sectors")
        widgets = {"sectors": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("title", "file", "source", "sectors"))
        if "sectors" in self.fields:
            field = cast("forms.ModelMultipleChoiceField[Sector]", self.fields["sectors"])
            field.queryset = sectors_to_write_about(user or self.user).select_related("station")

    def clean_file(self) -> File:
        upload = self.cleaned_data["file"]
        try:
            checked(file_of(upload), upload.name)
        except DocumentRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return upload

    def clean_sectors(self) -> Any:
        chosen = self.cleaned_data["sectors"]
        if len({sector.station_id for sector in chosen}) > 1:
            raise ValidationError(_("Choose sectors of one station."))
        return chosen
