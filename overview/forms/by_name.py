"""Choosing one of many: a part of the name is typed, and where several have it, one of those is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sectors.models import Sector

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

# So many are offered to choose from; more name nobody.
MOST_FOUND = 25
LONGEST_NAME = 100
LONGEST_NUMBER = 6  # digits


@dataclass(frozen=True, slots=True)
class Words:
    """What the form says: how to ask, which one of several it is, and that there is none."""

    help: str | _StrPromise
    which: str | _StrPromise
    missing: str | _StrPromise
    unknown: str | _StrPromise


class PartOfName(forms.CharField):
    """A part of a name; `refusal` says what is wrong with what it leads to."""

    refusal: str | _StrPromise = ""

    def clean(self, value: Any) -> Any:
        if self.refusal:
            raise ValidationError(self.refusal)
        return super().clean(value)


def ask_by_name(form: forms.Form, name: str, most: int, words: Words) -> None:
    """Ask for a part of the name, in a field `<name>_name`, in place of a list of more than `most`.

    The field `name` is then what was found, as radio buttons, one of them chosen where there is no other. It still
    takes the key of any, as a link has it. Three queries at most, whatever the number of them.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        raise TypeError(name)
    if not field.queryset.order_by()[most : most + 1].exists():
        return
    text = str(form.data.get(f"{name}_name", "")).strip()
    part = PartOfName(
        label=field.label, help_text=words.help, required=False, max_length=LONGEST_NAME, strip=True
    )
    part.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    found = _with_name(field.queryset, text) if text else _with_key(field, form.data.get(name))
    if text or field.required:
        part.refusal = _refusal(found, text, words) if form.is_bound else ""
    form.fields[f"{name}_name"] = part
    if found and not part.refusal:
        _offer(form, name, field, found, words)
    else:
        del form.fields[name]


def _offer(
    form: forms.Form, name: str, field: forms.ModelChoiceField, found: list[Model], words: Words
) -> None:
    """Make radio buttons of what was found; what was chosen before another name was typed is chosen no more."""
    keys = [str(field.prepare_value(one)) for one in found]
    if form.data.get(name) not in keys:
        # What is asked cannot be changed itself.
        form.data = MultiValueDict(
            {**dict(cast("QueryDict", form.data).lists()), name: [keys[0] if len(keys) == 1 else ""]}
        )
    field.label, field.empty_label, field.required = words.which, None, True
    field.error_messages["required"] = _("Several have this in their name. Choose one.")
    field.widget = forms.RadioSelect()
    if field.queryset is not None:
        field.queryset = field.queryset.filter(pk__in=[one.pk for one in found])


def _with_key(field: forms.ModelChoiceField, key: Any) -> list[Model]:
    try:
        found = field.to_python(key)
    except ValidationError:
        return []
    return [found] if found else []


def _with_name(rows: QuerySet[Any, Any], text: str) -> list[Model]:
    """Return what is called just that, otherwise what has it in its name: one more than are offered."""
    if "\x00" in text or len(text) > LONGEST_NAME:
        return []
    called, named = Q(name__iexact=text), Q(name__icontains=text)
    if rows.model is Sector and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        called |= Q(number=int(text))
    return list(rows.filter(called)[: MOST_FOUND + 1]) or list(rows.filter(named)[: MOST_FOUND + 1])


def _refusal(found: list[Model], text: str, words: Words) -> str | _StrPromise:
    if len(found) > MOST_FOUND:
        more = ngettext(
            "More than %(number)d has this in its name. Type more of it.",
            "More than %(number)d have this in their name. Type more of it.",
            MOST_FOUND,
        )
        return more % {"number": MOST_FOUND}
    if found:
        return ""
    return words.unknown if text else words.missing
