"""One sheet of paper that came back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.forms.survey import SurveyForm


class PaperForm(SurveyForm):
    """The same questions; what was left empty on the sheet can be chosen as such again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            choices: Any = field
            choices.choices = [*choices.choices, ("", _("No answer"))]
