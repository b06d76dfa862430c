from django.http import Http404, HttpRequest, HttpResponse


def survey_detail(request: HttpRequest, uuid: str) -> HttpResponse:
    raise Http404


def survey_csv(request: HttpRequest, uuid: str) -> HttpResponse:
    raise Http404
