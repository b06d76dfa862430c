"""Who was responsible at an address, or in a sector, on a date and at a time."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from audit.spreadsheets import csv_response
from officers.models import User
from overview.comparing.recalling import (
    CHOICES_SHOWN,
    Place,
    Recall,
    choices_of,
    first_release,
    places_of,
    recall_place,
    recall_sector,
    was_drawn,
)
from overview.comparing.tables import recall_table
from overview.forms.comparing import BackThenForm, sectors_of
from overview.gaps import DAYS_AHEAD
from overview.views.comparing import heading_user

PAGE = "overview/back_then.html"


@require_safe
def back_then(request: HttpRequest) -> HttpResponse:
    """Ask for a place and a date, and answer."""
    user = heading_user(request)
    if not {"q", "sector", "sector_name", "date", "lat"} & set(request.GET):
        nothing_personal(request)
        return render(request, PAGE, {"form": BackThenForm(user=user)})
    answer = _answered(request, user)
    _note(request, answer.get("recall"), ReadEntry.Verb.SHOWN)
    return render(request, PAGE, answer, status=422 if answer["form"].errors else 200)


@require_safe
def back_then_csv(request: HttpRequest) -> HttpResponse:
    """Hand the same answer out as a file; where there is none, the page says why."""
    user = heading_user(request)
    answer = _answered(request, user)
    recall = answer.get("recall")
    _note(request, recall, ReadEntry.Verb.EXPORTED)
    if recall is None:
        return render(request, PAGE, answer, status=422)
    return csv_response(f"back-then-{timezone.localdate(recall.at)}", *recall_table(recall))


def _note(request: HttpRequest, recall: Recall | None, verb: str) -> None:
    if recall is None:
        nothing_personal(request)
    else:
        sectors = [recall.sector.pk]
        shown(request, recall.officers, verb=verb, subject="officers.officer", sectors=sectors)


def _answered(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what is asked, and the answer if nothing is wrong about that."""
    form = BackThenForm(request.GET, user=user)
    if not form.is_valid():
        return {"form": form}
    return {"form": form, "at": form.cleaned_data["at"], **_answer(form, user)}


def _answer(form: BackThenForm, user: User) -> dict[str, Any]:
    """Return the answer, or a sentence that says why there is none, or choices."""
    asked, at = form.cleaned_data, form.cleaned_data["at"]
    if at > timezone.now():
        last = timezone.now() + datetime.timedelta(days=DAYS_AHEAD)
        return {"is_to_come": True, "is_near": timezone.localdate(at) <= timezone.localdate(last)}
    sector = asked["sector"]
    if sector is not None:
        if was_drawn(sector, at):
            return {"recall": recall_sector(sector, at)}
        return {"refusal": _("%(sector)s did not exist then.") % {"sector": sector}, **_first(user)}
    places = choices_of(_places(form), at)
    if not places:
        return {
            "refusal": _("The register does not know this address. Check the spelling, or choose a sector.")
        }
    if len(places) > 1:
        return {
            "choices": [(place, _query(place, asked)) for place in places[:CHOICES_SHOWN]],
            "left_out": max(len(places) - CHOICES_SHOWN, 0),
        }
    recall = recall_place(places[0], at, user)
    if recall is None:
        sentence = _("%(place)s did not lie in a sector of yours then.") % {"place": places[0].text}
        return {"refusal": sentence, **_first(user)}
    return {"recall": recall}


def _places(form: BackThenForm) -> list[Place]:
    """Return what the address may mean; a choice that was offered is its position."""
    position = form.cleaned_data["position"]
    if position is None:
        return places_of(form.cleaned_data["q"])
    return [Place(form.cleaned_data["q"] or _("This place"), *position)]


def _first(user: User) -> dict[str, Any]:
    """Return since when a division is known here: what lies before has no answer."""
    return {"first": first_release(sectors_of(user))}


def _query(place: Place, asked: dict[str, Any]) -> str:
    """Return the address of the same question about one of the choices."""
    values = {"q": place.text, "lat": round(place.lat, 6), "lon": round(place.lon, 6), "date": asked["date"]}
    if asked["time"]:
        values["time"] = f"{asked['time']:%H:%M}"
    return f"?{urlencode(values)}"
