"""Whatever else begins like the interface's addresses."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contacts.api.problems import Refused
from contacts.api.sharing import open_to_programs


@open_to_programs("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def unknown(request: HttpRequest, path: str) -> HttpResponse:
    """Answer 404 in a form that a program can read: the site's own page is for people."""
    raise Refused(404, _("There is nothing at this address."))
