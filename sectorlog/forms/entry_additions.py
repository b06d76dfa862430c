"""What is added to an entry later: an addendum, files, a promise, what a citizen was told."""

from __future__ import annotations

import datetime
import uuid as uuids
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sectorlog.entries.attachments import MOST, Prepared
from sectorlog.forms.entry_fields import DayField, WrittenText, text_field, to_come
from sectorlog.forms.files import TakesFiles
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import Addendum, LogEntry, Promise


class AddendumForm(SourceQuestionMixin, forms.Form):
    """What is to be added; `uuid` makes the same one sent twice one addendum."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuids.uuid4)
    text = text_field(label=_("Addendum"), widget=forms.Textarea(attrs={"rows": 3}))

    def addendum(self) -> Addendum:
        return Addendum(uuid=self.cleaned_data["uuid"], text=self.cleaned_data["text"])


class PromiseForm(SourceQuestionMixin, forms.Form):
    """What was promised to a citizen, and by when."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuids.uuid4)
    what = forms.CharField(label=_("What you promised"), max_length=300)
    to_whom = forms.CharField(label=_("To whom"), max_length=150, required=False)
    due_on = DayField(label=_("By"))
    source_texts = ("what", "to_whom")

    def clean_due_on(self) -> datetime.date | None:
        return to_come(self.cleaned_data["due_on"])

    def promise(self) -> Promise:
        return Promise(**{name: self.cleaned_data[name] for name in ("uuid", "what", "to_whom", "due_on")})


class ToldBackForm(SourceQuestionMixin, forms.Form):
    """What the citizen was told about a promise."""

    told_back = WrittenText(
        label=_("What they were told"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class FilesForm(TakesFiles):
    """Files that are added to an entry."""

    files_required = True

    def __init__(self, *args: Any, entry: LogEntry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.kept_files: list[Prepared] = []

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        given = len(found.get("files") or ())
        if given and self.entry.attachments.count() + given > MOST:
            self.add_error(
                "files", _("An entry carries 20 files at most. Write a second entry for the others.")
            )
        if not self.errors:
            self.kept_files = self.prepared_files()
        return found
