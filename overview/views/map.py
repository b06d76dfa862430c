from django.http import Http404, HttpRequest, HttpResponse


def by_measure(request: HttpRequest) -> HttpResponse:
    raise Http404


def by_measure_csv(request: HttpRequest) -> HttpResponse:
    raise Http404
