"""Forms of a joint effort: its plan, its tasks, its evaluation."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.forms.unchanged import UnchangedMixin
from officers.models import Unit, User
from sectorlog.effort_planning import answers_for, people_for, sectors_named, sectors_offered
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import Effort, EffortTask
from sectors.models import Sector

MOST_OTHERS = 20


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EffortForm(SourceQuestionMixin, UnchangedMixin, forms.ModelForm):
    """Goal, sectors of one's own station and others, units, dates."""

    others = forms.CharField(
        label=_("Sectors of other stations"),
        required=False,
        max_length=1000,
        help_text=_("Their names as on the public map, with a comma between them."),
    )
    source_texts = ("title", "goal")

    class Meta:
        model = Effort
        fields = ("title", "goal", "sectors", "units", "begins_on", "ends_on")
        widgets = {
            "goal": forms.Textarea(attrs={"rows": 3}),
            "sectors": forms.CheckboxSelectMultiple,
            "units": forms.CheckboxSelectMultiple,
            "begins_on": _day_input(),
            "ends_on": _day_input(),
        }

    field_order = ("title", "goal", "sectors", "others", "units", "begins_on", "ends_on")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.added: set[Sector] = set()
        sectors: Any = self.fields["sectors"]
        sectors.queryset = sectors_offered(user, self.instance)
        sectors.choices = _by_district(sectors.queryset)
        if self.instance.pk:
            sectors.help_text = _("You add and take out sectors that you answer for. The others stay.")
        sectors.error_messages["required"] = _("Choose at least one sector.")
        units: Any = self.fields["units"]
        units.queryset = Unit.objects.all()
        self.order_fields([*self.field_order, "seen", "source_answer"])

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if found is None else found
        if "sectors" in cleaned and "others" in cleaned:
            named = {*cleaned["sectors"], *self._others(cleaned["others"])}
            had = set(self.instance.sectors.all()) if self.instance.pk else set()
            mine = {sector for sector in named if answers_for(self._user, sector)}
            # What others answer for stays in the effort whatever is ticked.
            kept = {sector for sector in had if not answers_for(self._user, sector)}
            self.added = named - had
            if not self.errors:
                self._refuse_sectors(mine, self.added - mine)
            cleaned["sectors"] = Sector.objects.filter(pk__in=[sector.pk for sector in named | kept])
        return cleaned

    def _refuse_sectors(self, mine: set[Sector], others: set[Sector]) -> None:
        """Refuse a plan without a sector of one's own, and sectors of others by whom did not plan the effort."""
        if not self.instance.pk and not mine:
            self.add_error("sectors", _("Choose at least one sector that you are responsible for or head."))
        elif others and self.instance.created_by != self._user:
            sentence = gettext(
                "Only who planned the effort brings in sectors of others. Leave out: %(names)s."
            )
            names = ", ".join(sorted(map(str, others)))
            self.add_error("sectors", sentence % {"names": names})

    def _others(self, typed: str) -> list[Sector]:
        names = [name.strip() for name in re.split(r"[,;\n]", typed) if name.strip()]
        found = sectors_named(names[:MOST_OTHERS])
        unknown = [name for name, sector in found.items() if sector is None] + names[MOST_OTHERS:]
        if unknown:
            sentence = gettext(
                "No single sector is called so: %(names)s. Write number and name as on the map."
            )
            self.add_error("others", sentence % {"names": ", ".join(unknown[:5])})
        return [sector for sector in found.values() if sector is not None]


def _by_district(sectors: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    grouped = groupby(sectors, key=lambda sector: sector.district)
    return [(str(district), [(one.pk, str(one)) for one in ones]) for district, ones in grouped]


class TaskForm(SourceQuestionMixin, UnchangedMixin, forms.ModelForm):
    """A task: what, who or which unit, by when."""

    source_texts = ("what",)

    class Meta:
        model = EffortTask
        fields = ("what", "who", "unit", "due_on")
        widgets = {"due_on": _day_input()}

    def __init__(self, *args: Any, effort: Effort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        # Who has it keeps it, though they work elsewhere by now.
        kept = User.objects.filter(pk=self.instance.who_id)
        who.queryset = (people_for(effort) | kept).distinct()
        who.empty_label = _("nobody by name")
        unit: Any = self.fields["unit"]
        unit.queryset = (effort.units.all() | Unit.objects.filter(pk=self.instance.unit_id)).distinct()
        unit.empty_label = _("no unit")
        if not unit.queryset.exists():
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if found is None else found
        if not self.errors and not cleaned.get("who") and not cleaned.get("unit"):
            self.add_error("who", _("Say who does it: a person, or a unit that takes part."))
        return cleaned


class EvaluationForm(SourceQuestionMixin, forms.Form):
    """What came of the effort."""

    evaluation = forms.CharField(
        label=_("What came of it?"),
        help_text=_("Was the goal reached? What would you do again, what not?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write an evaluation before you close the effort.")},
    )
