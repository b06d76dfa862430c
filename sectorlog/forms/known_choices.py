"""Choices that outlive what they choose from: what goes while somebody writes is still what they wrote about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet


class KnownField(forms.ModelChoiceField):
    """Offers `queryset`; takes one of `accepted` as well, which has gone since the page was opened."""

    def __init__(self, *, accepted: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.accepted = accepted

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        self.validate_no_null_characters(value)
        found = known_in(self.accepted, {_key(value, self.to_field_name)}, self.to_field_name)
        if len(found) != 1:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[0]


class KnownFields(forms.ModelMultipleChoiceField):
    """The same for several; cleaned to a list."""

    def __init__(self, *, accepted: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.accepted = accepted

    def clean(self, value: Any) -> Any:
        given = value or []
        if not isinstance(given, list | tuple):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        if self.required and not given:
            raise ValidationError(self.error_messages["required"], code="required")
        keys = {_key(one, self.to_field_name) for one in given}
        found = known_in(self.accepted, keys, self.to_field_name)
        if len(found) != len(keys):
            message = self.error_messages["invalid_choice"]
            raise ValidationError(
                message, code="invalid_choice", params={"value": ", ".join(sorted(keys))[:100]}
            )
        return found


def _key(value: Any, name: str | None) -> str:
    return str(getattr(value, name or "pk") if isinstance(value, Model) else value)


def known_in(accepted: QuerySet[Any], keys: set[str], name: str | None) -> list[Any]:
    """Return those of `accepted` whose field `name` is one of the keys; none for keys that are no such thing."""
    if not keys or any("\0" in key for key in keys):
        return []
    try:
        return list(accepted.filter(**{f"{name or 'pk'}__in": keys}))
    except (ValueError, TypeError, OverflowError, ValidationError):
        return []
