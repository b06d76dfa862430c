"""Small pages, each with one habit."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from audit.context import because
from audit.reads import nothing_personal, shown, shows_nothing_personal
from config.urls import urlpatterns as site_urls
from sectors.models import Station


def page(request):
    shown(request, Station.objects.order_by("pk"), verb="listed")
    return HttpResponse("stations")


def silent(request):
    return HttpResponse("something about somebody")


@shows_nothing_personal
def empty(request):
    return HttpResponse("nothing")


def asks_first(request):
    nothing_personal(request)
    return HttpResponse("Why?")


@login_not_required
def public(request):
    return HttpResponse("public")


def change(request):
    because(request, "case 42")
    nothing_personal(request)
    Station.objects.update(phone="+45 00 00 99 99")
    if "shown" in request.GET:
        shown(request, Station.objects.all())
    status = int(request.GET.get("status", 200))
    if status == 404:
        raise Http404
    if status == 500:
        raise RuntimeError("broken")
    return HttpResponse("changed", status=status)


def dangling(request):
    """Refer to a row that is gone when the transaction ends, as when somebody else removes it meanwhile."""
    nothing_personal(request)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sectors_district (station_id, name, slug, phone, email)"
            " VALUES (999999, 'Nowhere', 'nowhere', '', '')"
        )
    return HttpResponse("made")


def broken_template(request):
    Station.objects.update(phone="+45 00 00 99 99")
    return TemplateResponse(request, "there/is/no/such.html")


urlpatterns = [
    path("page/", page),
    path("silent/", silent),
    path("empty/", empty),
    path("asks-first/", asks_first),
    path("public/", public),
    path("change/", change),
    path("broken-template/", broken_template),
    path("dangling/", dangling),
    *site_urls,
]
