"""The first page: find my officer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.forms.find import FindForm
from contacts.listing import answers_of, grouped, reading_order, rows_of
from contacts.views.kept import kept
from contacts.views.public import public_page
from sectors import division

# Up to so many sectors stand on the first page itself; beyond that it names the districts and links to the list.
SECTORS_ON_FIRST_PAGE = 60


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Ask where the citizen lives, and show the sectors on a map and in a list."""
    current = division.current()
    sectors = reading_order(current)
    shown = sectors if len(sectors) <= SECTORS_ON_FIRST_PAGE else ()
    answers = answers_of(shown)

    def write() -> HttpResponse:
        context = {
            "form": FindForm(),
            "count": len(sectors),
            "stations": grouped(rows_of(shown, answers)),
            "is_long": len(sectors) > SECTORS_ON_FIRST_PAGE,
        }
        return render(request, "contacts/home.html", context)

    return kept(request, (current.edition, answers), write)
