"""`/api/v1/sectors` and `/api/v1/sectors/<slug>`: the sectors in force, their officers, and what these tell."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contacts.api.answers import site_of, told_as_json, with_officer
from contacts.api.problems import Refused
from contacts.api.sharing import READING, changing_seldom, open_to_programs
from contacts.listing import answers_of
from contacts.publishing.told import told_in
from contacts.views.kept import kept
from officers.responsibility import answerable
from sectors import division


@open_to_programs(*READING)
@changing_seldom
def sector_list(request: HttpRequest) -> HttpResponse:
    """Answer all sectors with their officers, by station and number."""
    current = division.current()
    answers = answers_of(current.sectors)

    def make() -> dict[str, Any]:
        rows = zip(current.sectors, answers, strict=True)
        return {"sectors": [with_officer(site_of(request), sector, answer) for sector, answer in rows]}

    return _kept(request, (current.edition, answers), make)


@open_to_programs(*READING)
@changing_seldom
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer one sector with its officer and all that is told about it."""
    current = division.current()
    sector = current.by_slug.get(slug)
    if sector is None:
        raise Refused(404, _("There is no sector of this name."))
    answer, told = answerable(sector.id), told_in(sector.id)

    def make() -> dict[str, Any]:
        site = site_of(request)
        return {**with_officer(site, sector, answer), **told_as_json(site, sector, answer, told)}

    return _kept(request, (current.edition, answer, told), make)


def _kept(request: HttpRequest, facts: Hashable, make: Callable[[], dict[str, Any]]) -> HttpResponse:
    response = kept(request, facts, lambda: HttpResponse(orjson.dumps(make())))
    response.headers["Content-Type"] = "application/json"
    return response
