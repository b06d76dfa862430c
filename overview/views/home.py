from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    raise Http404


def meeting(request: HttpRequest) -> HttpResponse:
    raise Http404
