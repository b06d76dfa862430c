"""Forms of dated rows: a beginning and an end that make up a period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.appointment import CLOCK_SKEW
from officers.fields import PeriodFields


class PeriodModelForm(PeriodFields, forms.ModelForm):
    """A model form whose beginning and end make up the instance's `period`, `[begins, ends)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = self.instance.period
        if period is not None:
            self.initial["begins"], self.initial["ends"] = period.lower, period.upper

    def has_begun(self) -> bool:
        return self.instance.pk is not None and self.initial["begins"] <= timezone.now()

    def is_over(self) -> bool:
        ends = self.initial.get("ends")
        return self.instance.pk is not None and ends is not None and ends <= timezone.now()

    def freeze(self, *names: str) -> None:
        """Show these fields as they are stored; whatever is posted for them is ignored."""
        for name in names:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = ""
                # The admin's wrapper offers to add what cannot be chosen any more.
                self.fields[name].widget.can_add_related = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "begins" in self.cleaned_data and "ends" in self.cleaned_data:
            self._clean_period(self.cleaned_data["begins"], self.cleaned_data["ends"])
        return self.cleaned_data

    def _clean_period(self, begins: Any, ends: Any) -> None:
        if ends is not None and ends <= begins:
            self.add_error("ends", _("This ends before it begins. Choose a later end, or leave it empty."))
        elif ends is not None and "ends" in self.changed_data and ends < timezone.now() - CLOCK_SKEW:
            self.add_error("ends", _("This end has passed. Choose now or later: the past cannot be changed."))
        else:
            self.instance.period = DateTimeTZRange(begins, ends)

    def _post_clean(self) -> None:
        """Let the database's constraints speak; they look at the period, which is none of this form's fields."""
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as refusal:
                self.add_error(None, refusal)
