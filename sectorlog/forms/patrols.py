"""The forms of patrols: begin one, say when one really ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from officers.fields import LocalInstantField
from officers.models import PatrolForm, User
from sectorlog.models import Patrol
from sectorlog.patrols.patrolling import mend
from sectors.models import Sector


class StartForm(forms.Form):
    """Where and how. The form of patrol is the button that was pressed."""

    sector = forms.ModelChoiceField(
        Sector.objects.none(),
        to_field_name="slug",
        label=_("Sector"),
        error_messages={
            "required": _("Choose a sector."),
            "invalid_choice": _("You do not work in this sector at the moment. Choose another one."),
        },
    )
    form = forms.ChoiceField(
        choices=PatrolForm.choices,
        error_messages={
            "required": _("Press one of the three: on foot, bicycle or vehicle."),
            "invalid_choice": _("Press one of the three: on foot, bicycle or vehicle."),
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Sector.objects.filter(pk__in=user.standing.sectors).order_by("number")
        self.fields["sector"].queryset = own  # type: ignore[attr-defined]  # a ModelChoiceField, as written above


class MendForm(forms.Form):
    """When a patrol really ended. Saving is part of checking: only the database knows of the next patrol."""

    ends = LocalInstantField(label=_("It ended at"))

    def __init__(self, data: QueryDict | None = None, *, patrol: Patrol) -> None:
        super().__init__(data, initial={"ends": patrol.period.upper})
        self.patrol = patrol

    def mended(self) -> bool:
        """Set the end that was typed; an end that cannot be leaves its sentence at the field."""
        if not self.is_valid():
            return False
        try:
            mend(self.patrol, self.cleaned_data["ends"])
        except ValidationError as refusal:
            self.add_error("ends", refusal)
            return False
        return True
