"""The question that a form asks before it saves what looks like a matter of source handling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from sectorlog.source_handling.signs import signs_in
from sectors.models import Station

KEEP = "keep"
QUESTION = "source_question"


class AnswerInput(forms.HiddenInput):
    """Carries the answer; where a button of the same name was pressed, its value counts."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return KEEP if KEEP in given else ""


class SourceQuestionMixin(forms.BaseForm):
    """A form with free text that asks first whether it belongs to source handling. Stands before the form's class.

    1. `class EntryForm(SourceQuestionMixin, forms.ModelForm)`; set `self.station` before `is_valid()`.
    2. `source_texts` names the fields to look at; by default those with a text area.
    3. Show hidden fields and errors as ever; inside `<form>` below the errors include
       "sectorlog/includes/source_question.html" with `form` and `sector`: the two ways on.
    4. An unanswered question makes the form invalid (`form.asks_source_question`): answer with 422, save nothing.
    5. Programs answer with `source_answer=keep`; they know the question by the error's code "source_question".
    """

    station: Station | None = None
    source_texts: Sequence[str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_answer"] = forms.CharField(required=False, widget=AnswerInput)
        # What was found, for the page; empty until the form was cleaned.
        self.source_signs: list[str] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        found = self.cleaned_data if cleaned is None else cleaned
        if found.get("source_answer") != KEEP:
            self._ask()
        return found

    @property
    def asks_source_question(self) -> bool:
        return self.is_bound and self.has_error(NON_FIELD_ERRORS, QUESTION)

    @property
    def source_text_names(self) -> list[str]:
        """The names, in the page, of the fields that are looked at: what is taken along to the referral."""
        return [self.add_prefix(name) for name in self._texts()]

    def _texts(self) -> Sequence[str]:
        if self.source_texts is not None:
            return self.source_texts
        return [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]

    def _ask(self) -> None:
        # As typed: what is found wrong with a field must not hide what it says.
        typed = [self[name].data for name in self._texts() if name in self.fields]
        self.source_signs = signs_in([text for text in typed if isinstance(text, str)], self.station)
        if self.source_signs:
            question = _("Is this a matter of source handling? It says: %(words)s.")
            words = {"words": ", ".join(self.source_signs)}
            self.add_error(None, forms.ValidationError(question, code=QUESTION, params=words))
