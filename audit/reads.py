"""How a view says what it shows. What it has said is written before the page leaves; else the page does not leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelChoiceField
from django.http import HttpRequest

from audit.models import ReadEntry
from audit.recording import Read, of

# What every citizen may read: a form that offers no more shows nobody.
PUBLIC_KINDS = {"sectors.station", "sectors.district", "sectors.sector"}

View = TypeVar("View", bound=Callable[..., Any])


def shown(
    request: HttpRequest,
    objects: Model | Iterable[Any],
    *,
    verb: str = ReadEntry.Verb.SHOWN,
    purpose: str = "",
    subject: str = "",
    sectors: Iterable[int] = (),
) -> None:
    """Note the objects that the page shows: one, or those of the page of a list, evaluated here if they are not yet.

    With `subject` ("sectorlog.entry") the objects are primary keys of that model. The sectors are those that the
    objects name themselves, and `sectors`. A list that turned out empty is noted as well, if it says of what.
    """
    found = [objects] if isinstance(objects, Model) else list(objects)
    kinds: dict[str, list[Any]] = {}
    if kind := subject or (_kind(objects.model) if isinstance(objects, QuerySet) else ""):
        kinds[kind] = []
    elif not found:
        nothing_personal(request)
    for one in found:
        kinds.setdefault(kind or _kind(type(one)), []).append(one)
    reads = of(request).reads
    for kind, ones in kinds.items():
        keys = tuple(f"{kind}:{one if subject else one.pk}" for one in ones)
        places = () if subject else (place for one in ones if (place := _sector(one)) is not None)
        reads[Read(str(verb), kind, keys, tuple(sorted({*sectors, *places})), purpose)] = None


def offered(request: HttpRequest, form: BaseForm) -> None:
    """Note whom the form offers to choose from: a list as any other."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and not field.widget.is_hidden:
            choices = field.queryset
            if choices is not None and _kind(choices.model) not in PUBLIC_KINDS and (found := list(choices)):
                shown(request, found, verb=ReadEntry.Verb.LISTED)


def shows_nothing_personal(view: View) -> View:
    """Mark a view that shows no content about anybody, or to an account only what is its own."""
    view.shows_nothing_personal = True  # type: ignore[attr-defined]  # a mark, as login_required is one
    return view


def nothing_personal(request: HttpRequest) -> None:
    """Say the same of this answer alone: an empty form, a page before anything is chosen."""
    of(request).is_due = False


def _kind(model: type[Model]) -> str:
    return model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]  # abstract ones have no rows


def _sector(one: Model) -> int | None:
    return one.pk if _kind(type(one)) == "sectors.sector" else getattr(one, "sector_id", None)
