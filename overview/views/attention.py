from django.http import Http404, HttpRequest, HttpResponse


def waiting(request: HttpRequest) -> HttpResponse:
    raise Http404


def waiting_csv(request: HttpRequest) -> HttpResponse:
    raise Http404
