"""The two questions about a closed message. Each may be left out, not both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Evaluation

_SAID = [
    (Evaluation.Said.YES.value, _("Yes")),
    (Evaluation.Said.PARTLY.value, _("Partly")),
    (Evaluation.Said.NO.value, _("No")),
]


def _question(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=_SAID,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
    )


class EvaluationForm(forms.Form):
    """What `contacts.messages.evaluating.evaluate` takes."""

    use_required_attribute = False

    got_help = _question(_("Did you get help?"))
    easy_to_reach = _question(_("Was your officer easy to reach?"))

    def clean(self) -> dict[str, Any]:
        """Refuse a form without any answer."""
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("got_help", _("Answer one of the two questions."))
        return self.cleaned_data
