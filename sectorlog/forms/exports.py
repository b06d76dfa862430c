"""What is asked of a station's head who takes entries along, and of a unit's contact who reads what is shared."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

LONGEST_REASON = 200


class SayWhyForm(forms.Form):
    """Why somebody reads what others wrote. It is logged with every page of it."""

    reason = forms.CharField(
        label=gettext_lazy("What do you need it for?"),
        help_text=gettext_lazy(
            "For example the case number. It is logged with everything that you are shown."
        ),
        min_length=5,
        max_length=LONGEST_REASON,
    )


class ExportForm(SayWhyForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[
            ("csv", gettext_lazy("CSV, a table for a spreadsheet")),
            ("pdf", gettext_lazy("PDF, to print; at most 500 entries")),
        ],
        initial="csv",
        widget=forms.RadioSelect,
    )
