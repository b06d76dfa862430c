"""What a booklet shall be: its language, and the days whose contributions are marked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook.booklet.period import AFTER_ALL, BEFORE_ALL, Period
from handbook.models import LANGUAGES


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("This is no date. Write it like 2026-05-31, or leave it empty.")
        },
    )


class BookletForm(forms.Form):
    """Named in the address as people read it: ?from=2026-01-01&to=2026-03-31&language=da."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        # Each as its readers call it.
        choices=[("en", "English"), ("da", "Dansk")],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # "from" is no name that a class body can give.
        self.fields["from"] = _day(gettext_lazy("Mark contributions from"))
        self.fields["to"] = _day(gettext_lazy("Until and including"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("from"), cleaned.get("to")
        for name, day in (("from", first), ("to", last)):
            if day and not BEFORE_ALL <= day <= AFTER_ALL:
                self.add_error(name, _("The year of this day cannot be right. Look at it again."))
        if first and last and last < first:
            self.add_error("to", _("The period ends before it begins. Choose a later day."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data.get("from"), self.cleaned_data.get("to"))

    @property
    def chosen_language(self) -> str:
        """Return the language chosen, "" for the page's own."""
        language: str = self.cleaned_data.get("language", "")
        return language if language in LANGUAGES else ""
