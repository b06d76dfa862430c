"""What is odd is asked before it is saved, once: who says yes is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _


def key_of(questions: Iterable[str]) -> str:
    """Return what a yes to these questions is about: others are asked anew."""
    return hashlib.sha256("\x1f".join(questions).encode()).hexdigest()[:32]


class AskingMixin(forms.BaseForm):
    """A form that is refused with questions until they are answered with yes (the field `answered`).

    The form's `doubts()` gives them as sentences, once all else is right.
    """

    questions: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = []
        self.fields["answered"] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def doubts(self) -> list[str]:
        raise NotImplementedError

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or self.errors:
            return
        self.questions = self.doubts()
        if self.questions and self.cleaned_data.get("answered") != self.question_key:
            self.add_error(None, forms.ValidationError(_("One question first."), code="question"))

    @property
    def question_key(self) -> str:
        return key_of(self.questions)

    @property
    def is_asking(self) -> bool:
        return self.is_bound and self.has_error("__all__", "question")
