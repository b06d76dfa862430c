"""What source handling needs from the heads: a key for their district, words for their station."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.reads import shown, shows_nothing_personal
from officers.models import User
from sectorlog.forms.source_referrals import KeyForm, WordForm
from sectorlog.models import SourceKey, SourceReferral, SourceWord
from sectorlog.source_handling.keys import UnfitKey, change_key
from sectorlog.source_handling.signs import DEFAULT_WORDS
from sectors.models import District, Station


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def source_keys(request: HttpRequest) -> HttpResponse:
    """Show the keys of the districts that one heads; take the public half of a new one."""
    user = cast("User", request.user)
    if not user.standing.districts:
        raise Http404
    form = KeyForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid() and _changed(form, user):
        messages.success(
            request, _("The key is in use. What officers send from now on opens with your key file.")
        )
        return redirect("sectorlog:source_keys")
    keys = SourceKey.objects.filter(district__in=user.standing.districts).select_related("made_by")
    keys = keys.annotate(waiting=Coalesce(Subquery(_waiting_under_key()), 0)).order_by("-made_at")
    shown(request, keys)
    districts = District.objects.filter(pk__in=user.standing.districts).prefetch_related(
        Prefetch("source_keys", keys)
    )
    status = 422 if request.method == "POST" else 200
    return render(
        request, "sectorlog/source_keys.html", {"districts": districts, "form": form}, status=status
    )


def _waiting_under_key() -> QuerySet:
    """Return how many referrals wait that only the outer key opens."""
    waiting = SourceReferral.objects.waiting().filter(key=OuterRef("pk")).order_by()
    return waiting.values("key").annotate(count=Count("pk")).values("count")


def _changed(form: KeyForm, user: User) -> bool:
    """Put the key into use; a refusal goes into the form."""
    found = form.cleaned_data
    try:
        change_key(found["district"], found["public_key"], by=user)
    except UnfitKey as unfit:
        form.add_error(None, str(unfit))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@shows_nothing_personal
def source_words(request: HttpRequest) -> HttpResponse:
    """Show and change the words that make a form ask about source handling, station by station."""
    stations = _stations(cast("User", request.user))
    if not stations:
        raise Http404
    form = WordForm()
    if request.method == "POST":
        station = _named(request.POST.get("station", ""), stations)
        form = WordForm(request.POST, instance=SourceWord(station=station))
        if _act(request, station, form):
            return redirect("sectorlog:source_words")
    words = SourceWord.objects.filter(station__in=stations)
    lists = [(station, [word for word in words if word.station_id == station.pk]) for station in stations]
    context = {"lists": lists, "form": form, "default_words": DEFAULT_WORDS}
    return render(request, "sectorlog/source_words.html", context, status=422 if form.errors else 200)


def _stations(user: User) -> QuerySet[Station]:
    """Return the stations that `user` heads, or heads a district of."""
    standing = user.standing
    headed = Q(pk__in=standing.stations) | Q(districts__in=standing.districts)
    return Station.objects.filter(headed).distinct()


def _named(slug: str, stations: QuerySet[Station]) -> Station:
    """Return the one of these stations. Raises Http404."""
    for station in stations:
        if station.slug == slug or (not slug and len(stations) == 1):
            return station
    raise Http404


def _act(request: HttpRequest, station: Station, form: WordForm) -> bool:
    """Add, remove, or begin with the default list. The same twice is done once."""
    act = request.POST.get("act")
    own = SourceWord.objects.filter(station=station)
    if act == "remove":
        ticked = request.POST.getlist("word")
        own.filter(pk__in=[word.pk for word in own if word.word in ticked]).delete()
    elif act == "begin":
        words = [SourceWord(station=station, word=word) for word in DEFAULT_WORDS]
        SourceWord.objects.bulk_create(words, ignore_conflicts=True)
    elif form.is_valid():
        own.get_or_create(station=station, word=form.cleaned_data["word"])
    else:
        return False
    return True
