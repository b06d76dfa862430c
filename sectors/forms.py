"""The forms of boundary releases in the admin."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.instants import LONGEST_AHEAD
from sectors.models import BoundaryRelease, Station

if TYPE_CHECKING:
    from officers.models import User


class ConstraintCheckedForm(forms.ModelForm):
    """Lets all of the model's constraints speak; Django leaves out those of what the form does not ask for."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if not self.errors:
            self._ask_constraints()

    def _ask_constraints(self) -> None:
        try:
            self.instance.validate_constraints()
        except ValidationError as refusal:
            self.add_error(None, refusal)


class NewReleaseForm(forms.ModelForm):
    """A new draft of one of the stations that the person heads."""

    class Meta:
        model = BoundaryRelease
        fields = ("station", "name")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stations = Station.objects.headed_by(user)
        station = cast("forms.ModelChoiceField[Station]", self.fields["station"])
        station.queryset = stations
        if stations.count() == 1:
            station.initial, station.empty_label = stations.get(), None


class ImportForm(NewReleaseForm):
    """A new draft from a boundary file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "GeoJSON, GeoPackage, or a Shapefile packed as .zip, of at most 50 MB. "
            "The file says which coordinate system it uses."
        ),
    )

    epsg = forms.IntegerField(
        label=_("Coordinate system (EPSG number)"),
        required=False,
        min_value=1024,
        max_value=999999,
        help_text=_("Only where the file does not say it. Danish files are often 25832."),
    )
    renumber = forms.BooleanField(
        label=_("Where different sectors have the same number, give the later ones the next free number."),
        required=False,
    )


class ReleaseNameForm(forms.ModelForm):
    class Meta:
        model = BoundaryRelease
        fields = ("name",)


class PublicationForm(forms.Form):
    """When a release comes into force: at once, or at a time on the clocks of the station."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("At once")), ("later", _("On a date"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    day = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        initial=datetime.time(0, 0),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Copenhagen time."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["at"] = None
        if cleaned.get("when") == "later" and not self.errors:
            self._clean_instant(cleaned)
        return cleaned

    def _clean_instant(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("day"):
            self.add_error("day", _("Say on which date the new boundaries come into force."))
            return
        wall = datetime.datetime.combine(cleaned["day"], cleaned.get("time") or datetime.time())
        problem = clock_problem(wall)
        instant = timezone.make_aware(wall)
        if problem:
            self.add_error("time", problem)
        elif instant <= timezone.now():
            self.add_error("day", _("This time has passed. Choose a later one, or publish at once."))
        elif instant > timezone.now() + LONGEST_AHEAD:
            self.add_error("day", _("This lies more than five years ahead. Check the year."))
        else:
            cleaned["at"] = instant


class ConfirmationForm(PublicationForm):
    """The same instant once more, with the areas that the person has seen."""

    version = forms.CharField(widget=forms.HiddenInput)
    accept_gaps = forms.BooleanField(
        label=_("I know about the gaps between the sectors, and they may stay."), required=False
    )

    def __init__(self, *args: Any, has_gaps: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("when", "day", "time"):
            self.fields[name].widget = self.fields[name].hidden_widget()
        if has_gaps:
            self.fields["accept_gaps"].required = True
            self.fields["accept_gaps"].error_messages["required"] = _(
                "Confirm that the gaps may stay, or close them on the map first."
            )
        else:
            del self.fields["accept_gaps"]


def clock_problem(wall: datetime.datetime) -> Any:
    """Return a sentence for a time that the clocks skip, or show twice, when summer time begins or ends."""
    zone = timezone.get_default_timezone()
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return None
    there_and_back = first.astimezone(datetime.UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != wall:
        return _("Summer time begins that night: the clocks skip this time. Choose one an hour later.")
    return _("Summer time ends that night: the clocks show this time twice. Choose one an hour later.")
