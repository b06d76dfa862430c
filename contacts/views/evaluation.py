from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse


@login_not_required
def message_evaluate(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404
