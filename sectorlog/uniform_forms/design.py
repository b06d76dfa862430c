"""What a form may ask: fields made, moved and compared, within bounds. Nothing here touches the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from sectorlog.models import FormVersion, in_language
from sectors.spelling import slug_of

Field = dict[str, Any]
Kind = FormVersion.Kind

LANGUAGES = ("en", "da")
MOST_FIELDS, MOST_CHOICES, LEAST_CHOICES = 30, 40, 2
# Lengths in characters.
LONGEST_NAME, LONGEST_PURPOSE, LONGEST_LABEL, LONGEST_HELP, LONGEST_CHOICE = 60, 300, 120, 300, 100
LONGEST_KEY = 40
WITH_CHOICES = frozenset({Kind.CHOICE.value, Kind.CHOICES.value})


def state_of(version: FormVersion) -> str:
    """Return what tells one state of a draft from another: a page carries it, to see what happened meanwhile."""
    said = [version.template_id, version.number, version.name, version.purpose, version.fields]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def written(**texts: str) -> dict[str, str]:
    """Return the languages that something was written in: written(en="Visit", da="")."""
    return {language: text for language, text in texts.items() if text}


def new_key(text: str, taken: Collection[str], fallback: str = "field") -> str:
    """Return a key made of the text, in plain letters, that nobody has yet."""
    base = slug_of(text)[:LONGEST_KEY].strip("-") or fallback
    keys = (base if number == 1 else f"{base[: LONGEST_KEY - 4]}-{number}" for number in count(1))
    return next(key for key in keys if key not in taken)


def field_of(fields: Iterable[Field], key: str) -> Field | None:
    return next((one for one in fields if one["key"] == key), None)


def with_field(fields: Sequence[Field], field: Field) -> list[Field]:
    """Return the fields with this one in the place of its key, or at the end."""
    if field_of(fields, field["key"]) is None:
        return [*fields, field]
    return [field if one["key"] == field["key"] else one for one in fields]


def without(fields: Sequence[Field], key: str) -> list[Field]:
    return [one for one in fields if one["key"] != key]


def moved(fields: Sequence[Field], key: str, step: int) -> list[Field]:
    """Return the fields with that one `step` places further down; at the end of the list it stays where it is."""
    found = list(fields)
    place = next((index for index, one in enumerate(found) if one["key"] == key), None)
    if place is not None and 0 <= place + step < len(found):
        found.insert(place + step, found.pop(place))
    return found


def has_choices(kind: str) -> bool:
    return kind in WITH_CHOICES


def changes(before: FormVersion | None, after: FormVersion) -> list[str]:
    """Return what one version has different from another, in sentences; empty where nothing is."""
    if before is None:
        return []
    said = [*_texts(_("Name"), before.name, after.name), *_texts(_("Purpose"), before.purpose, after.purpose)]
    old = {one["key"]: one for one in before.fields}
    new = {one["key"]: one for one in after.fields}
    for key, one in new.items():
        if key not in old:
            said.append(_("New: “%(field)s” (%(kind)s).") % {"field": _name(one), "kind": kind_name(one)})
        elif old[key] != one:
            said += _field_changes(old[key], one)
    said += [_("Removed: “%(field)s”.") % {"field": _name(one)} for key, one in old.items() if key not in new]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        said.append(_("The fields are in another order."))
    return said


def kind_name(field: Field) -> str:
    """Return the kind of the field as people call it."""
    return str(Kind(field["kind"]).label) if field["kind"] in Kind.values else str(field["kind"])


def _name(field: Field) -> str:
    return in_language(field["label"])


def _field_changes(old: Field, new: Field) -> list[str]:
    name = _name(old)
    said = _texts(_("Label of “%(field)s”") % {"field": name}, old["label"], new["label"])
    said += _texts(_("Help of “%(field)s”") % {"field": name}, old.get("help"), new.get("help"))
    if old["kind"] != new["kind"]:
        kinds = {"field": name, "before": kind_name(old), "after": kind_name(new)}
        said.append(_("“%(field)s” was %(before)s and is %(after)s.") % kinds)
    if bool(old.get("required")) != bool(new.get("required")):
        sentence = (
            _("“%(field)s” must be answered.") if new.get("required") else _("“%(field)s” may stay empty.")
        )
        said.append(sentence % {"field": name})
    return said + _choice_changes(name, old.get("choices") or [], new.get("choices") or [])


def _choice_changes(name: str, old: list[Field], new: list[Field]) -> list[str]:
    before = {choice["value"]: choice for choice in old}
    after = {choice["value"]: choice for choice in new}
    said = []
    for value, choice in after.items():
        words = {"field": name, "choice": _name(choice)}
        if value not in before:
            said.append(_("“%(field)s” offers “%(choice)s”.") % words)
        else:
            title = _("Choice “%(choice)s” of “%(field)s”") % {**words, "choice": _name(before[value])}
            said += _texts(title, before[value]["label"], choice["label"])
    for value, choice in before.items():
        if value not in after:
            words = {"field": name, "choice": _name(choice)}
            said.append(_("“%(field)s” offers “%(choice)s” no more.") % words)
    if [value for value in before if value in after] != [value for value in after if value in before]:
        said.append(_("The choices of “%(field)s” are in another order.") % {"field": name})
    return said


def _texts(what: str, old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> list[str]:
    """Return a sentence for each language in which the text is another one."""
    names = {"en": _("English"), "da": _("Danish")}
    said = []
    for language in LANGUAGES:
        before, after = (old or {}).get(language) or "", (new or {}).get(language) or ""
        if before != after:
            words = {
                "what": what,
                "language": names[language],
                "before": before or "–",
                "after": after or "–",
            }
            said.append(_("%(what)s (%(language)s): “%(before)s” became “%(after)s”.") % words)
    return said
