from django.http import Http404, HttpRequest, HttpResponse


def survey_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def survey_add(request: HttpRequest) -> HttpResponse:
    raise Http404


def survey_change(request: HttpRequest, uuid: str) -> HttpResponse:
    raise Http404
