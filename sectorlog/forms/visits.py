"""The tiny form of a visit: what came of it, or nothing at all, and one more tap."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import Outcome

LONGEST_SENTENCE = 2_000
# What a visit comes to as a rule, in as few letters as a phone is wide; for a fine there is the full entry.
CHIPS = (
    ("", _("not said")),
    (Outcome.DIALOGUE, _("dialogue")),
    (Outcome.ADVICE, _("advice")),
    (Outcome.CONFLICT_SOLVED, _("conflict settled")),
    (Outcome.REFERRED, _("passed on")),
)


class VisitedForm(SourceQuestionMixin, forms.Form):
    """All of it may stay empty. `uuid` is made with the page: the same one sent twice is one entry."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What it came to"),
        required=False,
        choices=CHIPS,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("In a sentence"),
        required=False,
        max_length=LONGEST_SENTENCE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    card_left = forms.BooleanField(label=_("Business card left"), required=False)
    # Where it goes on afterwards: the round that one came from.
    back = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)
    nobody_there = forms.CharField(required=False, widget=forms.HiddenInput)
    source_texts = ("text",)


class StartForm(forms.Form):
    """From where the round begins: an address, or the phone's position."""

    q = forms.CharField(
        label=_("Start from an address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
