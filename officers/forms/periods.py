"""Forms of dated rows: a beginning and an end that make up a period."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.fields import PeriodFields
from officers.models import User
from sectors.forms import ConstraintCheckedForm
from sectors.instants import CLOCK_SKEW


class TermForm(PeriodFields, ConstraintCheckedForm):
    """A form of a dated row whose beginning and end make up its `period`, `[begins, ends)`.

    Once it has begun only its end can be set, to now or later; once it is over or withdrawn nothing can.
    """

    # What may still be changed once it has begun.
    changeable: tuple[str, ...] = ("ends",)
    is_over_sentence = _("This is over. The past cannot be changed.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = self.instance.period
        if period is not None:
            self.initial["begins"], self.initial["ends"] = period.lower, period.upper
        if self.is_over():
            self.freeze(*self.fields)
        elif self.has_begun():
            self.freeze(*(name for name in self.fields if name not in self.changeable))

    def has_begun(self) -> bool:
        return self.instance.pk is not None and self.initial["begins"] <= timezone.now()

    def is_over(self) -> bool:
        ends = self.initial.get("ends")
        has_ended = self.instance.pk is not None and ends is not None and ends <= timezone.now()
        return has_ended or self.instance.withdrawn_at is not None

    def freeze(self, *names: str) -> None:
        """Show these fields as they are stored; whatever is posted for them is ignored."""
        for name in names:
            self.fields[name].disabled = True
            self.fields[name].help_text = ""
            # The admin's wrapper offers to add what cannot be chosen any more.
            self.fields[name].widget.can_add_related = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.is_over():
            raise ValidationError(self.is_over_sentence)
        if "begins" in self.cleaned_data and "ends" in self.cleaned_data:
            self._clean_period(self.cleaned_data["begins"], self.cleaned_data["ends"])
        return self.cleaned_data

    def _clean_period(self, begins: Any, ends: Any) -> None:
        if ends is not None and ends <= begins:
            self.add_error("ends", _("This ends before it begins. Choose a later end, or leave it empty."))
        elif ends is not None and "ends" in self.changed_data and ends < timezone.now() - CLOCK_SKEW:
            self.add_error("ends", _("This end has passed. Choose now or later: the past cannot be changed."))
        else:
            self.instance.period = DateTimeTZRange(begins, ends)


class GrantForm(TermForm):
    """A form of a row from which rights of an account follow: nobody writes those of their own.

    The admin says who writes, in `by`. Ending one's own row is an act of its own, and stays.
    """

    by: User | None = None

    def clean(self) -> dict[str, Any]:
        # What is stored: the form's own check has not put the new account in its place yet.
        accounts = {self.instance.user_id, getattr(self.cleaned_data.get("user"), "pk", None)}
        super().clean()
        if self.by is not None and self.by.pk in accounts:
            self.add_error("user", _("Nobody changes their own rights. Ask another administrator."))
        return self.cleaned_data
