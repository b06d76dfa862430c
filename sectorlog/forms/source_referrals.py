"""The forms of source handling: the referral, the reason for reading one, the hand-over, a key, the words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.models import User
from sectorlog.models import SourceKey, SourceWord
from sectorlog.source_handling.keys import UnfitKey, key_of, public_key, thumbprint
from sectorlog.source_handling.signs import folded, words_of
from sectors.models import District, Sector

LONGEST_REFERRAL = 100_000
LONGEST_KEY = 4_000
# No browser shall keep it, look it up in a dictionary elsewhere or offer to translate it.
KEPT_NOWHERE = {
    "autocomplete": "off",
    "spellcheck": "false",
    "autocapitalize": "sentences",
    "translate": "no",
}

TYPED = {"class": "form-control", "autocomplete": "off"}


class ReferralForm(forms.Form):
    """What an officer heard. Checked here, sealed, and kept nowhere else."""

    text = forms.CharField(
        label=_("What you were told"),
        max_length=LONGEST_REFERRAL,
        widget=forms.Textarea(attrs={"rows": 8, "data-source-typed": "", **KEPT_NOWHERE}),
    )
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=Sector.objects.none())
    draft = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key: SourceKey | None = None
        own = Sector.objects.filter(pk__in=user.standing.sectors).select_related("district__station")
        field = self.fields["sector"]
        field.queryset = own.order_by("number")  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(user.standing.sectors) == 1:
            field.widget = forms.HiddenInput()
            self.initial["sector"] = next(iter(user.standing.sectors))

    def clean_sector(self) -> Sector:
        sector: Sector = self.cleaned_data["sector"]
        self.key = key_of(sector.district)
        if self.key is None:
            raise forms.ValidationError(
                gettext("Nothing was sent: %(district)s has no key for source handling yet."),
                params={"district": sector.district},
            )
        return sector


class ReasonForm(forms.Form):
    """Why somebody opens a referral. It is logged."""

    purpose = forms.CharField(
        label=_("Why do you read it?"), max_length=300, widget=forms.TextInput(attrs=TYPED)
    )


class HandOverForm(forms.Form):
    """With whom it is now. Its text is erased."""

    to = forms.CharField(
        label=_("Handed over to"),
        max_length=150,
        help_text=_("Who has it now: name and unit."),
        widget=forms.TextInput(attrs=TYPED),
    )


class KeyForm(forms.Form):
    """The public half of a key pair that was made in the browser."""

    district = forms.ModelChoiceField(queryset=District.objects.none(), widget=forms.HiddenInput)
    public_key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)
    thumbprint = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headed = District.objects.filter(pk__in=user.standing.districts)
        self.fields["district"].queryset = headed  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_public_key(self) -> dict[str, str]:
        try:
            return public_key(self.cleaned_data["public_key"])
        except UnfitKey as unfit:
            raise forms.ValidationError(str(unfit), code="unfit") from unfit

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if {"public_key", "thumbprint"} <= found.keys() and thumbprint(found["public_key"]) != found[
            "thumbprint"
        ]:
            self.add_error(
                None,
                gettext("The key arrived with another fingerprint than it left. Make another pair of keys."),
            )
        return found


class WordForm(forms.ModelForm):
    """One more word of a station's list."""

    class Meta:
        model = SourceWord
        fields = ("word",)
        widgets = {"word": forms.TextInput(attrs=TYPED)}

    def clean_word(self) -> str:
        word = " ".join(self.cleaned_data["word"].split())
        if not words_of(folded(word)):
            raise forms.ValidationError(gettext("Write a word with letters or digits."))
        return word
