"""The forms by which a head draws up forms: wording, place, one field with its choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sectorlog.models import FormVersion
from sectorlog.uniform_forms import design as form_design
from sectorlog.uniform_forms.design import Field
from sectorlog.uniform_forms.publishing import Place

# So many rows of choices are read at most: more than can be saved, so that nothing typed by hand is lost.
MOST_ROWS = 3 * form_design.MOST_CHOICES
BLANK_ROWS = 2


def _line(label: Any, longest: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False)


def _lines(label: Any, longest: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


class WordingForm(forms.Form):
    """What a form is called and what it is for, in both languages or in one."""

    name_en = _line(gettext_lazy("Name in English"), form_design.LONGEST_NAME)
    name_da = _line(gettext_lazy("Name in Danish"), form_design.LONGEST_NAME)
    purpose_en = _lines(gettext_lazy("What it is for, in English"), form_design.LONGEST_PURPOSE)
    purpose_da = _lines(gettext_lazy("What it is for, in Danish"), form_design.LONGEST_PURPOSE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"name_en", "name_da"} & set(self.errors) and not self.name:
            self.add_error("name_en", _("Give the form a name, in one language at least."))
        return cleaned

    @property
    def name(self) -> dict[str, str]:
        return self._written("name")

    @property
    def purpose(self) -> dict[str, str]:
        return self._written("purpose")

    def _written(self, part: str) -> dict[str, str]:
        texts = {
            language: self.cleaned_data.get(f"{part}_{language}", "") for language in form_design.LANGUAGES
        }
        return form_design.written(**texts)


def wording_of(version: FormVersion) -> dict[str, str]:
    """Return the version's name and purpose as a `WordingForm` begins with them."""
    parts = {"name": version.name, "purpose": version.purpose}
    return {f"{part}_{language}": text for part, texts in parts.items() for language, text in texts.items()}


class PlaceForm(forms.Form):
    """For whom: all of a station, or one of its districts."""

    place = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.key: place for place in places}
        field = self.fields["place"]
        field.choices = [(place.key, _label(place)) for place in places]  # type: ignore[attr-defined]  # a ChoiceField
        field.initial = next(iter(self.places), None)

    @property
    def chosen(self) -> Place:
        return self.places[self.cleaned_data["place"]]


def _label(place: Place) -> str:
    return str(place) if place.district else _("%(station)s, all districts") % {"station": place.station}


class NewForm(WordingForm, PlaceForm):
    field_order = ("place",)


class PositionForm(forms.Form):
    """Where the form stands among those that officers choose from."""

    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        min_value=1,
        max_value=999,
        help_text=gettext_lazy("The lowest number stands first. The first set has 1 to 8."),
    )


@dataclass(slots=True)
class ChoiceRow:
    """One choice as it was typed, and what is wrong with it."""

    value: str = ""
    en: str = ""
    da: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.en or self.da)


class FieldForm(forms.Form):
    """One field of a draft. `others` are the draft's other fields, `taken` keys with the kinds they keep for ever."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FormVersion.Kind.choices)
    label_en = _line(gettext_lazy("Label in English"), form_design.LONGEST_LABEL)
    label_da = _line(gettext_lazy("Label in Danish"), form_design.LONGEST_LABEL)
    help_en = _line(gettext_lazy("Help in English"), form_design.LONGEST_HELP)
    help_da = _line(gettext_lazy("Help in Danish"), form_design.LONGEST_HELP)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        field: Field | None,
        others: Sequence[Field],
        taken: dict[str, str],
    ) -> None:
        super().__init__(data, initial=_initial(field) if field else {"kind": FormVersion.Kind.TEXT})
        self.field, self.others, self.taken = field, others, taken
        known = field.get("choices") or [] if field else []
        self.known_values = {choice["value"] for choice in known}
        self.rows = _typed_rows(data) if data is not None else [_row(choice) for choice in known]
        self.choices_error = ""

    @property
    def offered_rows(self) -> list[ChoiceRow]:
        """The choices, and empty rows to write more into."""
        return [*self.rows, *(ChoiceRow() for _each in range(BLANK_ROWS))]

    @property
    def is_settled(self) -> bool:
        """Whether the field stands in a published version: it keeps its kind then."""
        return self.field is not None and self.field["key"] in self.taken

    def rearrange(self, act: str, row: int) -> None:
        """Change the rows as a button says, without saving: "remove", "up" or "down" the row of this number.

        Who is still arranging is not told what is wrong yet.
        """
        self._errors = ErrorDict()
        if not 0 <= row < len(self.rows):
            return
        if act == "remove":
            del self.rows[row]
        elif 0 <= (to := row + (1 if act == "down" else -1)) < len(self.rows):
            self.rows.insert(to, self.rows.pop(row))

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.is_settled and kind != self.taken[self.field["key"]]:  # type: ignore[index]  # settled: there is one
            raise ValidationError(
                _("This field was published with its kind and keeps it. Remove it and add another one.")
            )
        return kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        label = self._texts("label")
        if not label and not {"label_en", "label_da"} & set(self.errors):
            self.add_error("label_en", _("Give the field a label, in one language at least."))
        for language, text in label.items():
            if text.casefold() in {one["label"].get(language, "").casefold() for one in self.others}:
                self.add_error(f"label_{language}", _("Another field of this form has this label."))
        self._check_choices(cleaned.get("kind", ""))
        return cleaned

    def _texts(self, part: str) -> dict[str, str]:
        texts = {
            language: self.cleaned_data.get(f"{part}_{language}", "") for language in form_design.LANGUAGES
        }
        return form_design.written(**texts)

    def _check_choices(self, kind: str) -> None:
        if not form_design.has_choices(kind):
            return
        rows = [row for row in self.rows if not row.is_blank]
        _check_rows(rows)
        if len(rows) < form_design.LEAST_CHOICES:
            self.choices_error = _("Write at least two choices.")
        elif len(rows) > form_design.MOST_CHOICES:
            most = form_design.MOST_CHOICES
            self.choices_error = ngettext(
                "A field has at most %(most)d choice. Remove some.",
                "A field has at most %(most)d choices. Remove some.",
                most,
            ) % {"most": most}
        if self.choices_error or any(row.error for row in rows):
            self.add_error(None, self.choices_error or _("Look at the choices that are marked."))

    def designed(self, keys: Iterable[str]) -> Field:
        """Return the field as it goes into the draft; a new one gets a key that is not among `keys`."""
        label = self._texts("label")
        first = next(iter(label.values()))
        kind = self.cleaned_data["kind"]
        return {
            "key": self.field["key"] if self.field else form_design.new_key(first, {*keys, *self.taken}),
            "kind": kind,
            "label": label,
            "help": self._texts("help"),
            "required": self.cleaned_data["required"],
            "choices": self._choices() if form_design.has_choices(kind) else [],
        }

    def _choices(self) -> list[Field]:
        choices: list[Field] = []
        rows = [row for row in self.rows if not row.is_blank]
        # Kept choices keep their values; new ones get none of theirs.
        used: set[str] = set()
        for row in rows:
            value = row.value if row.value in self.known_values - used else ""
            value = value or form_design.new_key(row.en or row.da, self.known_values | used, "choice")
            used.add(value)
            choices.append({"value": value, "label": form_design.written(en=row.en, da=row.da)})
        return choices


def _initial(field: Field) -> dict[str, Any]:
    texts = {
        f"{part}_{language}": text
        for part in ("label", "help")
        for language, text in (field.get(part) or {}).items()
    }
    return {"kind": field["kind"], "required": field.get("required", False), **texts}


def _row(choice: Field) -> ChoiceRow:
    return ChoiceRow(choice["value"], choice["label"].get("en", ""), choice["label"].get("da", ""))


def _typed_rows(data: QueryDict) -> list[ChoiceRow]:
    """Return the rows that were sent, less the blank ones at the end: a list of one length for each part."""
    lists = (data.getlist(f"choice_{part}") for part in ("value", "en", "da"))
    cells = islice(zip_longest(*lists, fillvalue=""), MOST_ROWS)
    rows = [ChoiceRow(*(cell.strip() for cell in row)) for row in cells]
    while rows and rows[-1].is_blank:
        rows.pop()
    return rows


def _check_rows(rows: list[ChoiceRow]) -> None:
    """Say what is wrong with each choice: too long, not readable, or there already."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        texts = {("en", row.en.casefold()), ("da", row.da.casefold())} - {("en", ""), ("da", "")}
        if max(len(row.en), len(row.da)) > form_design.LONGEST_CHOICE:
            row.error = _("Write at most 100 characters.")
        elif "\x00" in row.en + row.da:
            row.error = _("There is a sign in here that cannot be saved. Type this choice anew.")
        elif texts & seen:
            row.error = _("This choice is there already.")
        seen |= texts
