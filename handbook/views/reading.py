"""The contents, a chapter, a passage, the search, what is new."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.reads import nothing_personal, shown
from handbook.models import Chapter, Passage, readable_stations
from handbook.permissions import can_agree_to_chapter, can_contribute, can_edit_handbook
from handbook.reading import news
from handbook.reading import search as searching
from handbook.reading.confirming import open_requests_for
from handbook.reading.page import page_of
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the reader's handbook; where there are several, or none has begun, show which there are."""
    nothing_personal(request)
    user = cast("User", request.user)
    stations = list(readable_stations(user).order_by("name"))
    if not stations:
        raise Http404
    begun = set(Chapter.objects.current().filter(station__in=stations).values_list("station", flat=True))
    if len(stations) == 1 and begun:
        return redirect("handbook:handbook_contents", stations[0].slug)
    rows = [
        {"station": one, "has_begun": one.pk in begun, "can_begin": can_edit_handbook(user, one)}
        for one in stations
    ]
    return render(request, "handbook/home.html", {"rows": rows})


@require_safe
def at(request: HttpRequest, anchor: str) -> HttpResponse:
    """Lead to a passage of one's own handbook; with several stations that of one's sectors first."""
    nothing_personal(request)
    user = cast("User", request.user)
    found = Passage.objects.visible_to(user).filter(anchor=anchor).select_related("chapter", "station")
    own = set(Sector.objects.filter(pk__in=user.standing.sectors).values_list("station", flat=True))
    passages = sorted(
        found, key=lambda row: (row.station_id not in own, not row.is_current, row.station.name)
    )
    if not passages:
        return _missing(request, list(readable_stations(user).order_by("name")))
    return _to_passage(request, passages[0])


@require_safe
def passage(request: HttpRequest, station: str, anchor: str) -> HttpResponse:
    """Lead to where the passage stands now, whichever chapter that is."""
    nothing_personal(request)
    where = station_or_404(request, station)
    found = Passage.objects.filter(station=where, anchor=anchor).select_related("chapter", "station").first()
    return _to_passage(request, found) if found else _missing(request, [where])


def _to_passage(request: HttpRequest, found: Passage) -> HttpResponse:
    has_practice = found.contributions.inserted().exists() if found.left_at else False
    if found.chapter.left_out_at is not None or (found.left_at and not has_practice):
        messages.info(request, _("Your station's handbook has no such point any more."))
        return redirect("handbook:handbook_contents", found.station.slug)
    url = reverse("handbook:chapter_detail", args=[found.station.slug, found.chapter.slug])
    return redirect(f"{url}#{found.anchor}")


def _missing(request: HttpRequest, stations: list[Station]) -> HttpResponse:
    """Answer that no handbook that the account reads has the point. Raises Http404 for who reads none."""
    if not stations:
        raise Http404
    return render(request, "handbook/passage_missing.html", {"stations": stations}, status=404)


def station_or_404(request: HttpRequest, slug: str) -> Station:
    """Return the station. Raises Http404 where the account does not read its handbook."""
    return get_object_or_404(readable_stations(cast("User", request.user)), slug=slug)


# --- The contents -------------------------------------------------------------------------------


@require_safe
def contents(request: HttpRequest, station: str) -> HttpResponse:
    """Show the chapters with their headings, what is new to the reader, and what they are asked to confirm."""
    nothing_personal(request)
    user, where, now = cast("User", request.user), station_or_404(request, station), timezone.now()
    new = news.new_passages(user, where)
    rows = _rows(where, news.read_times(user, where), new)
    context = {
        "station": where,
        "rows": rows,
        "new": new,
        "has_unread": any(row["first"] and not row["read_at"] for row in rows),
        "has_read": any(row["read_at"] for row in rows),
        "to_confirm": [one for one in open_requests_for(user) if one.passage.station_id == where.pk],
        "now": now.isoformat(),
        "longest_search": searching.LONGEST_SEARCH,
        **_rights(user, where),
    }
    return render(request, "handbook/contents.html", context)


def _rights(user: User, station: Station) -> dict[str, bool]:
    return {
        "can_edit": can_edit_handbook(user, station),
        "can_agree": can_agree_to_chapter(user, station),
        "can_contribute": can_contribute(user, station),
        "sees_queue": can_edit_handbook(user, station) or user.standing.is_reviewer,
    }


def _rows(
    station: Station, read_times: dict[int, datetime.datetime], new: list[news.NewPassage]
) -> list[dict[str, Any]]:
    """Return each chapter with its passages; `first` is its beginning, None while it has no text."""
    listed = Passage.objects.current().filter(station=station).defer("text_en", "text_da")
    passages = {chapter: list(rows) for chapter, rows in groupby(listed, lambda row: row.chapter_id)}
    rows = []
    for number, chapter in enumerate(station.chapters.current(), 1):
        found = passages.get(chapter.pk, [])
        rows.append(
            {
                "number": number,
                "chapter": chapter,
                "first": found[0] if found else None,
                "headings": [one for one in found if one.kind == Passage.Kind.HEADING],
                "points": [one for one in found if one.kind == Passage.Kind.POINT],
                "read_at": read_times.get(chapter.pk),
                "new": sum(one.passage.chapter_id == chapter.pk for one in new),
            }
        )
    return rows


# --- A chapter ----------------------------------------------------------------------------------


@require_safe
def chapter(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Show a chapter's text in force, with the practice below its passages and what is new to the reader."""
    user, where = cast("User", request.user), station_or_404(request, station)
    found = get_object_or_404(where.chapters.with_text(), slug=chapter)
    if found.left_out_at is not None:
        nothing_personal(request)
        messages.info(request, _("This chapter is not in the handbook any more."))
        return redirect("handbook:handbook_contents", where.slug)
    found.station, now = where, timezone.now()
    page = page_of(found, user)
    shown(request, page.contributions)
    beginnings = list(Passage.objects.current().filter(station=where, position=0).defer("text_en", "text_da"))
    context = {
        "station": where,
        "chapter": found,
        "text": found.text,
        "page": page,
        "number": list(where.chapters.current().values_list("pk", flat=True)).index(found.pk) + 1,
        "now": now.isoformat(),
        **_around(found, beginnings),
        **_rights(user, where),
    }
    return render(request, "handbook/chapter.html", context)


def _around(chapter: Chapter, beginnings: list[Passage]) -> dict[str, Any]:
    """Return the chapters with a text before and after this one, by their beginnings."""
    places = [one.chapter_id for one in beginnings]
    if chapter.pk not in places:
        return {"previous": None, "next": None}
    place = places.index(chapter.pk)
    return {
        "previous": beginnings[place - 1] if place else None,
        "next": beginnings[place + 1] if place + 1 < len(beginnings) else None,
    }


# --- Read ---------------------------------------------------------------------------------------


@require_POST
def mark_read(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Note that the reader has read the chapter as it stood on the page."""
    nothing_personal(request)
    user, where = cast("User", request.user), station_or_404(request, station)
    found = get_object_or_404(where.chapters.current(), slug=chapter)
    news.mark_read(user, [found], _seen(request))
    messages.success(request, _("Marked as read. What changes from now on is shown to you as new."))
    return redirect("handbook:handbook_contents", where.slug)


@require_POST
def mark_all_read(request: HttpRequest, station: str) -> HttpResponse:
    """Note that the reader has read the whole handbook as it stood on the page."""
    nothing_personal(request)
    user, where = cast("User", request.user), station_or_404(request, station)
    chapters = where.chapters.current().filter(revisions__state="in_force")
    news.mark_read(user, chapters, _seen(request))
    messages.success(request, _("All marked as read. What changes from now on is shown to you as new."))
    return redirect("handbook:handbook_contents", where.slug)


def _seen(request: HttpRequest) -> datetime.datetime:
    """Return when the page was made on which the button stood: what changed meanwhile has not been read.

    Now for a form that does not tell, or tells an instant to come.
    """
    now = timezone.now()
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    return min(seen, now) if seen is not None and timezone.is_aware(seen) else now


# --- The search ---------------------------------------------------------------------------------


@require_safe
def search(request: HttpRequest, station: str) -> HttpResponse:
    """Show where the handbook says something of the words that are asked for."""
    where = station_or_404(request, station)
    typed = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    is_long = len(typed) > searching.LONGEST_SEARCH
    found = searching.find(where, "" if is_long else typed)
    shown(request, [one.contribution for one in found.practice])
    context = {
        "station": where,
        "typed": typed[: searching.LONGEST_SEARCH],
        "is_long": is_long,
        "found": found,
        "longest_search": searching.LONGEST_SEARCH,
        "can_contribute": can_contribute(cast("User", request.user), where),
    }
    return render(request, "handbook/search.html", context, status=422 if is_long else 200)
