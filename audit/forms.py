"""What is asked for: why the log is read, and which part of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.apps import apps
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.models import Change, LogQuerySet, ReadEntry
from audit.permissions import AuditScope

DAYS_AT_FIRST = 30
FIRST_YEAR, LAST_YEAR = 2000, 2199
# Tables of Django and its packages, which hold nothing that the log tells of.
FOREIGN = ("django.", "allauth.")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you look into the log?"),
        help_text=_("For example the case number. It is logged with everything that you are shown."),
        min_length=5,
        max_length=200,
    )


class DayField(forms.DateField):
    """A day of this or a neighbouring century: beyond, calendars end."""

    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a day between the years 2000 and 2199."))


class LogForm(forms.Form):
    """The part of the log that is looked at. Without any answer: the reads of the last days."""

    log = forms.ChoiceField(
        label=_("Log"),
        choices=[("reads", _("What was shown")), ("changes", _("What was changed"))],
        required=False,
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Up to and including"), required=False)
    person = forms.CharField(label=_("Person"), help_text=_("E-mail address"), max_length=254, required=False)
    subject = forms.ChoiceField(label=_("Kind of object"), required=False)
    key = forms.CharField(
        label=_("Number of the object"), help_text=_("As in its address"), max_length=100, required=False
    )
    sector = forms.TypedChoiceField(label=_("Sector"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Mapping[str, Any], scope: AuditScope) -> None:
        super().__init__(data)
        self._scope = scope
        self.fields["subject"].choices = [("", _("All")), *kinds().items()]  # type: ignore[attr-defined]  # a choice
        self.fields["sector"].choices = [("", _("All")), *scope.sector_names.items()]  # type: ignore[attr-defined]  # another

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        today = timezone.localdate()
        answers["log"] = answers.get("log") or "reads"
        answers["until"] = answers.get("until") or today
        answers["since"] = answers.get("since") or answers["until"] - datetime.timedelta(days=DAYS_AT_FIRST)
        if answers["since"] > answers["until"]:
            self.add_error("until", _("The last day lies before the first one."))
        if bool(answers.get("key")) and not answers.get("subject"):
            self.add_error("subject", _("Say what kind of object the number belongs to."))
        return answers

    def entries(self) -> LogQuerySet:
        """Return what was asked for, as far as the account may read it."""
        answers = self.cleaned_data
        entries = self._model.objects.visible_in(self._scope).between(
            _midnight(answers["since"]), _midnight(answers["until"] + datetime.timedelta(days=1))
        )
        if answers["person"]:
            entries = entries.by(answers["person"].strip())
        if answers["key"]:
            entries = entries.about(answers["subject"], answers["key"].strip())
        elif answers["subject"]:
            entries = entries.filter(subject=answers["subject"])
        return entries.in_sector(answers["sector"]) if answers["sector"] else entries

    @property
    def label(self) -> str:
        """The log that was asked for, as it is named in the log."""
        return self._model._meta.label_lower

    @property
    def _model(self) -> type[Change] | type[ReadEntry]:
        return Change if self.cleaned_data["log"] == "changes" else ReadEntry

    def summary(self) -> str:
        """Say what was asked for, as it is logged: "log=reads since=2026-01-01 …"."""
        return " ".join(f"{name}={answer}" for name, answer in self.cleaned_data.items() if answer)


def kinds() -> dict[str, str]:
    """Return label and name of every model that the log can tell of."""
    own = (model._meta for model in apps.get_models() if not model.__module__.startswith(FOREIGN))
    named = ((str(capfirst(one.verbose_name)), one.label_lower) for one in own)
    return {label: name for name, label in sorted(named)}


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
