from django.http import Http404, HttpRequest, HttpResponse


def what_if(request: HttpRequest) -> HttpResponse:
    raise Http404


def release(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def release_csv(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def appointment(request: HttpRequest) -> HttpResponse:
    raise Http404


def back_then(request: HttpRequest) -> HttpResponse:
    raise Http404
