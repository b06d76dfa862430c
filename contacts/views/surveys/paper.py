from django.http import Http404, HttpRequest, HttpResponse


def survey_paper(request: HttpRequest, uuid: str, slug: str) -> HttpResponse:
    raise Http404
