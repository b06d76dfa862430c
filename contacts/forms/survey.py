"""A survey's three questions, the same in every round. Each may be left out, not all of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import SurveyAnswer

_YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]
_CHOOSE = {"invalid_choice": _("Choose one of the answers.")}


def _yes_or_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=_YES_OR_NO,
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )


class SurveyForm(forms.Form):
    """What a `SurveyAnswer` holds. Who the officer is stands nowhere near: it would answer the first question."""

    use_required_attribute = False

    knows_officer = _yes_or_no(_("Do you know your police officer, by name or by face?"))
    has_met = _yes_or_no(_("Have you met your police officer in the last year?"))
    feels_safe = forms.ChoiceField(
        label=_("How safe do you feel in your area?"),
        choices=[
            (SurveyAnswer.Safe.VERY.value, _("Very safe")),
            (SurveyAnswer.Safe.RATHER.value, _("Rather safe")),
            (SurveyAnswer.Safe.HARDLY.value, _("Not very safe")),
            (SurveyAnswer.Safe.NOT.value, _("Not safe at all")),
        ],
        required=False,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a form without any answer."""
        if not self.errors and all(said in (None, "") for said in self.cleaned_data.values()):
            self.add_error("knows_officer", _("Answer one of the questions."))
        return self.cleaned_data
