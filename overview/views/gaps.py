from django.http import Http404, HttpRequest, HttpResponse


def calendar(request: HttpRequest) -> HttpResponse:
    raise Http404


def calendar_csv(request: HttpRequest) -> HttpResponse:
    raise Http404


def day(request: HttpRequest) -> HttpResponse:
    raise Http404


def day_csv(request: HttpRequest) -> HttpResponse:
    raise Http404
