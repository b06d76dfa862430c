"""Where in the handbook an entry's words belong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook.forms.contributions import grouped, places
from handbook.models import Passage
from sectors.models import Station


class PlaceForm(forms.Form):
    """A passage of the station's handbook."""

    place = forms.ModelChoiceField(
        Passage.objects.none(),
        label=gettext_lazy("Where does it belong?"),
        to_field_name="anchor",
        error_messages={
            "required": gettext_lazy("Choose a place in the handbook."),
            "invalid_choice": gettext_lazy("This place is not in the handbook any more. Choose another one."),
        },
    )

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = places(station)
        field: Any = self.fields["place"]
        field.queryset = found
        field.choices = [("", _("Choose a place")), *grouped(found)]
        self.has_places = len(field.choices) > 1
