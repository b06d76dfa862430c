"""Two people change the same thing at once: the second is told, and keeps what was typed."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

CHANGED = "changed_meanwhile"


class UnchangedMixin(forms.BaseModelForm):
    """A model's form that is refused when the row was changed after the page was made. Stands before ModelForm.

    The row is fetched and locked by the view. A refused form (`changed_meanwhile`, answered with 409) shows what
    was typed and, as `stored`, what somebody else saved meanwhile; sent once more it replaces that.
    """

    changed_meanwhile = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row = [name for name in self.fields if name in (self._meta.fields or ())]
        # What the row holds now, by label, for the page of a refusal; read before the form changes the object.
        self.stored = [(field.label, self._shown(name)) for name, field in self._fields()]
        self._current = _digest([self._held(name) for name in self._row])
        self.fields["seen"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=self._current, max_length=64
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if found is None else found
        is_same = _digest([_key(cleaned.get(name)) for name in self._row]) == self._current
        if self.instance.pk is not None and cleaned.get("seen") != self._current and not is_same:
            self.changed_meanwhile = True
            self.add_error(None, forms.ValidationError(_changed(), code=CHANGED))
            self._show_current()
        return cleaned

    @property
    def refusal_status(self) -> int:
        """The status of the answer: 200 for a form nobody sent, 409 for a change meanwhile, 422 for the rest."""
        if self.changed_meanwhile:
            return 409
        return 422 if self.errors else 200

    def _show_current(self) -> None:
        """Let the page carry what is stored now: who sends it again has read it."""
        typed: Any = self.data
        data = typed.copy()
        data[self.add_prefix("seen")] = self._current
        self.data = data

    def _fields(self) -> list[tuple[str, forms.Field]]:
        return [(name, self.fields[name]) for name in self._row]

    def _held(self, name: str) -> Any:
        if self.instance.pk is None:
            return None
        return _key(self.instance._meta.get_field(name).value_from_object(self.instance))

    def _shown(self, name: str) -> str:
        if self.instance.pk is None:
            return ""
        if hasattr(self.instance, display := f"get_{name}_display"):
            return str(getattr(self.instance, display)())
        value = self.instance._meta.get_field(name).value_from_object(self.instance)
        return ", ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def _changed() -> str:
    return _(
        "Somebody else changed this meanwhile. What you typed still stands here: compare, then save once more."
    )


def _key(value: Any) -> Any:
    """Return what a value is compared by: rows by their primary keys, in no particular order."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list):
        return sorted(_key(one) for one in value)
    return value


def _digest(values: list[Any]) -> str:
    return hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()
