from django.http import Http404, HttpRequest, HttpResponse


def figure(request: HttpRequest) -> HttpResponse:
    raise Http404


def figure_csv(request: HttpRequest) -> HttpResponse:
    raise Http404


def chart(request: HttpRequest) -> HttpResponse:
    raise Http404
