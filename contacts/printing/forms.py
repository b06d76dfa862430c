"""Which print is made, and which are listed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from contacts.models import PrintRun
from contacts.models.prints import PrintRunQuerySet
from contacts.printing.facts import Facts
from sectors.models import Sector
from sectors.models.organisation import SectorQuerySet


def _languages() -> list[tuple[str, str]]:
    """Return the site's languages, each named in itself."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


class PrintForm(forms.Form):
    """What is printed, and in which language. Cards are in all of them, and of an officer only."""

    no_officer = _(
        "Nobody is appointed to this sector, so there are no cards. Make a leaflet or a poster: they name the "
        "district."
    )

    kind = forms.ChoiceField(label=_("What to print"), choices=PrintRun.Kind, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        widget=forms.RadioSelect,
        help_text=_("Business cards are in all languages at once."),
    )

    def __init__(self, *args: Any, facts: Facts | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language() or settings.LANGUAGE_CODE
        if facts is None or facts.officer is None:
            kinds = [choice for choice in PrintRun.Kind.choices if choice[0] != PrintRun.Kind.CARDS]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField


class PrintFilterForm(forms.Form):
    """Which of a station's prints are listed."""

    show = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("All")), ("outdated", _("Only those that no longer hold"))],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *PrintRun.Kind.choices], required=False
    )
    sector = forms.ModelChoiceField(
        label=_("Sector"),
        queryset=Sector.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("All sectors"),
    )

    def __init__(self, *args: Any, sectors: SectorQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].queryset = sectors  # type: ignore[attr-defined]  # a ModelChoiceField

    def let_through(self, runs: PrintRunQuerySet) -> PrintRunQuerySet:
        if kind := self.cleaned_data.get("kind"):
            runs = runs.filter(kind=kind)
        if sector := self.cleaned_data.get("sector"):
            runs = runs.filter(sector=sector)
        return runs
